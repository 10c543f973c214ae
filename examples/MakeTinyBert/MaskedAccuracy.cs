using Keras.Metrics;
using static Keras.Api;

namespace Keras.Examples;

/// <summary>The share of the asked tokens (label not -100) that get the highest score.</summary>
sealed class MaskedAccuracy : Metric
{
    readonly Variable hits, asked;

    public MaskedAccuracy() : base(name: "masked_accuracy") => (hits, asked) = (add_variable(name: "hits"), add_variable(name: "asked"));

    public override void update_state(Tensor y_true, Tensor y_pred, Tensor? sample_weight = null)
    {
        hits.assign_add(ops.sum(ops.cast(ops.equal(ops.cast(y_true, "int32"), ops.argmax(y_pred, axis: -1)), "float32")));
        asked.assign_add(ops.sum(ops.cast(ops.not_equal(y_true, -100), "float32")));
    }

    public override Tensors result() => hits.value / asked.value;
}
