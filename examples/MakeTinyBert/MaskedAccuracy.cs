using Keras.Metrics;
using static Keras.Api;

namespace Keras.Examples;

/// <summary>The fraction of masked tokens predicted right; the model's weights mark the masked tokens.</summary>
sealed class MaskedAccuracy : Metric
{
    readonly Variable hits, asked;

    public MaskedAccuracy() : base(name: "masked_accuracy") => (hits, asked) = (add_variable(name: "hits"), add_variable(name: "asked"));

    public override void update_state(Tensor y_true, Tensor y_pred, Tensor? sample_weight = null)
    {
        var isHit = ops.cast(ops.equal(ops.cast(y_true, "int32"), ops.argmax(y_pred, axis: -1)), "float32");
        var isAsked = sample_weight ?? ops.ones_like(isHit);
        hits.assign_add(ops.sum(isHit * isAsked));
        asked.assign_add(ops.sum(isAsked));
    }

    public override Tensors result() => hits.value / asked.value;
}
