namespace Keras.Losses;

/// <summary>How little two areas overlap, for segmentation: 1 - 2 · sum(y_true · y_pred) / (sum(y_true) + sum(y_pred)).</summary>
/// <remarks>Source: keras/src/losses/losses.py.</remarks>
public class Dice : Loss
{
    readonly int[]? _axis;

    /// <summary>The Dice loss, for segmentation: how little two areas overlap, 0 if they are equal.</summary>
    /// <param name="reduction">How the values are reduced to one, see <see cref="Loss"/>; default "sum_over_batch_size".</param>
    /// <param name="name">Its name; default "dice".</param>
    /// <param name="axis">The axes that make up an area; default all.</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    public Dice(string? reduction = "sum_over_batch_size", string name = "dice", int[]? axis = null, DTypePolicy? dtype = null) : base(name, reduction, dtype) => _axis = axis;

    /// <inheritdoc/>
    public override Tensor call(Tensor y_true, Tensor y_pred) => Compute(y_true, y_pred, _axis);

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["axis"] = _axis };

    internal static Tensor Compute(Tensor y_true, Tensor y_pred, int[]? axis)
    {
        (y_true, y_pred) = LossMath.Pair(y_true, y_pred);
        var overlap = LossMath.Sum(y_true * y_pred, axis);
        return 1 - (overlap * 2 / (LossMath.Sum(y_true, axis) + LossMath.Sum(y_pred, axis) + LossMath.Epsilon));
    }
}

public sealed partial class LossesApi
{
    /// <inheritdoc cref="Losses.Dice(string, string, int[], DTypePolicy)"/>
    public Dice Dice(string? reduction = "sum_over_batch_size", string name = "dice", int[]? axis = null, DTypePolicy? dtype = null) => new(reduction, name, axis, dtype);

    /// <summary>The Dice loss, for segmentation: how little two areas overlap, 0 if they are equal.</summary>
    /// <param name="y_true">The truth, any shape, 0 to 1.</param>
    /// <param name="y_pred">The predictions, of the truth's shape, floating, 0 to 1.</param>
    /// <param name="axis">The axes that make up an area; default all.</param>
    /// <returns>0 for equal areas to 1 for disjoint ones; a scalar, or without the given axes.</returns>
    public Tensor dice(Tensor y_true, Tensor y_pred, int[]? axis = null) => LossMath.Precise(y_true, y_pred, (t, p) => Losses.Dice.Compute(t, p, axis));
}
