using Keras.Layers;
using Keras.Transformers;
using static Keras.Api;

namespace Keras.Examples;

/// <summary>The mean of a BERT's last states over the tokens, projected if asked, of length 1: a sentence's embedding.</summary>
sealed class SentenceEncoder(TFBertModel bert, int? projection = null) : Model
{
    readonly TFBertModel bert = bert;
    readonly Dense? projection = projection is { } size ? new(size, name: "projection") : null;

    public override Tensors call(Tensors inputs, bool training = false)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var states = bert.Apply(inputs, training: training).last_hidden_state;
        var mask = ops.expand_dims(ops.cast(inputs["attention_mask"].Single, "float32"), -1);
        Tensor mean = ops.sum(states * mask, axis: 1) / ops.sum(mask, axis: 1);
        if (projection is not null) mean = projection.Apply(mean);
        return mean / ops.sqrt(ops.sum(mean * mean, axis: -1, keepdims: true));
    }
}
