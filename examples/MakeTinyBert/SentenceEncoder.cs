using Keras.Layers;
using Keras.Transformers;
using static Keras.Api;

namespace Keras.Examples;

/// <summary>A sentence's embedding, of length 1: the mean of a BERT's last states over the tokens; for a student, its projected pooler output.</summary>
sealed class SentenceEncoder(TFBertModel bert, int? projection = null) : Model
{
    readonly TFBertModel bert = bert;
    readonly Dense? projection = projection is { } size ? new(size, name: "projection") : null;

    public override Tensors call(Tensors inputs, bool training = false)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var outputs = bert.Apply(inputs, training: training);
        Tensor embedding = projection is not null ? projection.Apply(outputs.pooler_output) : Mean(outputs.last_hidden_state, inputs["attention_mask"]);
        return embedding / ops.sqrt(ops.sum(embedding * embedding, axis: -1, keepdims: true));
    }

    static Tensor Mean(Tensor states, Tensor mask)
    {
        var weights = ops.expand_dims(ops.cast(mask, "float32"), -1);
        return ops.sum(states * weights, axis: 1) / ops.sum(weights, axis: 1);
    }
}
