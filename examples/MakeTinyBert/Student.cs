using Keras.Layers;
using Keras.Transformers;
using static Keras.Api;

namespace Keras.Examples;

/// <summary>A BERT that imitates its teacher: each token's state predicts the teacher's, and the first, from which classifiers start,
/// the embedding of the whole text.</summary>
sealed class Student(TFBertForMaskedLM model, int teacherWidth) : Model
{
    readonly TFBertForMaskedLM model = model;
    readonly Dense states = new(teacherWidth, name: "states");
    readonly Dense sentence = new(teacherWidth, name: "sentence");

    public override Tensors call(Tensors inputs, bool training = false)
    {
        var outputs = model.Apply(new CallArguments(inputs, training).WithOption("output_hidden_states", true));
        var last = outputs.hidden_states![^1].Single;
        Tensor embedding = sentence.Apply(last[.., 0]);
        return new Dictionary<string, Tensors>
        {
            ["states"] = states.Apply(last),
            ["sentence"] = embedding / ops.sqrt(ops.sum(embedding * embedding, axis: -1, keepdims: true)),
        };
    }

    /// <summary>The squared distance of the states, plus 1 minus the cosine of the embeddings.</summary>
    public override Tensor compute_loss(Tensors? x = null, Tensors? y = null, Tensors? y_pred = null, Tensors? sample_weight = null, bool training = true)
    {
        var isToken = ops.cast(x!["attention_mask"], "float32");
        var distances = ops.mean(ops.square(y_pred!["states"].Single - y!["states"].Single), axis: -1);
        var cosine = ops.mean(ops.sum(y_pred["sentence"].Single * y["sentence"].Single, axis: -1));
        return (ops.sum(distances * isToken) / ops.sum(isToken)) + 1 - cosine;
    }
}
