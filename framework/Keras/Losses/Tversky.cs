namespace Keras.Losses;

/// <summary>Dice loss with separate prices for missed and for wrong areas, for segmentation: 1 - hits / (hits + alpha · missed + beta · wrong).</summary>
/// <remarks>Source: keras/src/losses/losses.py of Keras 3.15, where alpha weights misses, although its documentation says the opposite.</remarks>
public class Tversky : Loss
{
    readonly double _alpha;
    readonly double _beta;
    readonly int[]? _axis;

    /// <summary>How little two areas overlap, with separate prices for missed and for wrong areas.</summary>
    /// <param name="alpha">The price of missed areas (false negatives); default 0.5.</param>
    /// <param name="beta">The price of wrongly found areas (false positives); default 0.5.</param>
    /// <param name="reduction">How the values are reduced to one, see <see cref="Loss"/>; default "sum_over_batch_size".</param>
    /// <param name="name">Its name; default "tversky".</param>
    /// <param name="axis">The axes that make up an area; default all.</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    public Tversky(double alpha = 0.5, double beta = 0.5, string? reduction = "sum_over_batch_size", string name = "tversky", int[]? axis = null, DTypePolicy? dtype = null)
        : base(name, reduction, dtype) => (_alpha, _beta, _axis) = (Require.AtLeast(0, alpha), Require.AtLeast(0, beta), axis);

    /// <inheritdoc/>
    public override Tensor call(Tensor y_true, Tensor y_pred) => Compute(y_true, y_pred, _alpha, _beta, _axis);

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["alpha"] = _alpha, ["beta"] = _beta, ["axis"] = _axis };

    internal static Tensor Compute(Tensor y_true, Tensor y_pred, double alpha, double beta, int[]? axis)
    {
        (y_true, y_pred) = LossMath.Pair(y_true, y_pred);
        var hits = LossMath.Sum(y_true * y_pred, axis);
        var missed = LossMath.Sum(y_true * (1 - y_pred), axis);
        var wrong = LossMath.Sum((1 - y_true) * y_pred, axis);
        return 1 - (hits / (hits + (missed * alpha) + (wrong * beta) + LossMath.Epsilon));
    }
}

public sealed partial class LossesApi
{
    /// <inheritdoc cref="Losses.Tversky(double, double, string, string, int[], DTypePolicy)"/>
    public Tversky Tversky(double alpha = 0.5, double beta = 0.5, string? reduction = "sum_over_batch_size", string name = "tversky", int[]? axis = null,
        DTypePolicy? dtype = null) => new(alpha, beta, reduction, name, axis, dtype);

    /// <summary>How little two areas overlap, with separate prices for missed and for wrong areas.</summary>
    /// <param name="y_true">The truth, any shape, 0 to 1.</param>
    /// <param name="y_pred">The predictions, of the truth's shape, floating, 0 to 1.</param>
    /// <param name="alpha">The price of missed areas (false negatives); default 0.5.</param>
    /// <param name="beta">The price of wrongly found areas (false positives); default 0.5.</param>
    /// <param name="axis">The axes that make up an area; default all.</param>
    /// <returns>0 for equal areas to 1 for disjoint ones; a scalar, or without the given axes.</returns>
    public Tensor tversky(Tensor y_true, Tensor y_pred, double alpha = 0.5, double beta = 0.5, int[]? axis = null) =>
        LossMath.Precise(y_true, y_pred, (t, p) => Losses.Tversky.Compute(t, p, Require.AtLeast(0, alpha), Require.AtLeast(0, beta), axis));
}
