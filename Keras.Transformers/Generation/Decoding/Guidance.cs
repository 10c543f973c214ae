using static Keras.Api;

namespace Keras.Transformers;

/// <summary>Classifier-free guidance: moves scores away from those without the prompt, or with a negative one: log p + (scale - 1) · (log p - log q).</summary>
/// <param name="scale">How far to move scores; 1 changes nothing.</param>
/// <param name="decoder">The model with the other prompt, one row for each generated row.</param>
/// <remarks>It computes the model a second time for each token. Source: Sanchez et al. 2023, "Stay on topic with Classifier-Free Guidance";
/// transformers/generation/logits_process.py, UnbatchedClassifierFreeGuidanceLogitsProcessor.</remarks>
sealed class Guidance(double scale, Decoder decoder) : LogitsProcessor, IDisposable
{
    int _length;

    public override Tensor Apply(Tensor input_ids, Tensor scores)
    {
        var length = (int)input_ids.shape[1];
        Tensors step;
        if (_length == 0) step = decoder.Begin(null);
        else
        {
            decoder.Add(input_ids[.., (length - 1)..].ToArray<int>());
            step = decoder.Step(null, null);
        }
        _length = length;
        var without = ops.log_softmax(step["logits"].Single[.., 0]);
        return ((ops.log_softmax(scores) - without) * scale) + without;
    }

    public void Dispose() => decoder.Dispose();
}
