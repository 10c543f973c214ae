using Keras.Graphs;

namespace Keras.Losses;

/// <summary>The negative cosine of the angle between truth and predictions: -1 for the same direction, 0 for right angles, 1 for opposite directions.</summary>
/// <remarks>Source: keras/src/losses/losses.py; as there, <see cref="Loss.get_config"/> leaves the axis out.</remarks>
public class CosineSimilarity : Loss
{
    readonly int _axis;

    /// <summary>The negative cosine of the angle between truth and predictions.</summary>
    /// <param name="axis">The axis of the vectors; default -1.</param>
    /// <param name="reduction">How the values are reduced to one, see <see cref="Loss"/>; default "sum_over_batch_size".</param>
    /// <param name="name">Its name; default "cosine_similarity".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    public CosineSimilarity(int axis = -1, string? reduction = "sum_over_batch_size", string name = "cosine_similarity", DTypePolicy? dtype = null)
        : base(name, reduction, dtype) => _axis = axis;

    /// <inheritdoc/>
    public override Tensor call(Tensor y_true, Tensor y_pred) => Compute(y_true, y_pred, _axis);

    internal static Tensor Compute(Tensor y_true, Tensor y_pred, int axis) => -Cosine(y_true, y_pred, axis);

    internal static Tensor Cosine(Tensor y_true, Tensor y_pred, int axis)
    {
        (y_true, y_pred) = LossMath.Pair(y_true, y_pred);
        axis = LossMath.Axis(axis, y_pred, "cosine_similarity");
        return Tf.Sum(LossMath.Normalize(y_true, axis) * LossMath.Normalize(y_pred, axis), [axis]);
    }
}

public sealed partial class LossesApi
{
    /// <inheritdoc cref="Losses.CosineSimilarity(int, string, string, DTypePolicy)"/>
    public CosineSimilarity CosineSimilarity(int axis = -1, string? reduction = "sum_over_batch_size", string name = "cosine_similarity", DTypePolicy? dtype = null) =>
        new(axis, reduction, name, dtype);

    /// <summary>The negative cosine of the angle between truth and predictions.</summary>
    /// <param name="y_true">The truth, (B, ..., D).</param>
    /// <param name="y_pred">The predictions, (B, ..., D), floating.</param>
    /// <param name="axis">The axis of the vectors; default -1.</param>
    /// <returns>The loss of each sample, (B, ...), in [-1, 1].</returns>
    public Tensor cosine_similarity(Tensor y_true, Tensor y_pred, int axis = -1) => LossMath.Precise(y_true, y_pred, (t, p) => Losses.CosineSimilarity.Compute(t, p, axis));
}
