using Keras.Graphs;

namespace Keras.Losses;

/// <summary>The base of losses: how far predictions are from the truth, as one number to minimise, or one per sample. Derive from it for a loss of your own.</summary>
/// <remarks>Override <see cref="call"/> to make a loss. Source: keras/src/losses/loss.py.</remarks>
/// <example>
/// <code>
/// var model = keras.Sequential([keras.Input([4]), keras.layers.Dense(1)]);
/// model.compile(optimizer: "adam", loss: new Fourth());
///
/// sealed class Fourth() : Keras.Losses.Loss("fourth")
/// {
///     public override Tensor call(Tensor y_true, Tensor y_pred) =&gt; ops.mean(ops.power(y_pred - y_true, 4), axis: -1);
/// }
/// </code>
/// </example>
public abstract class Loss
{
    static readonly string?[] Reductions = ["sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none", null];

    /// <summary>The base of losses: how far predictions are from the truth, as one number to minimise, or one per sample. Derive from it for a loss of your own.</summary>
    /// <param name="name">Its name; default the class name in snake case with a number.</param>
    /// <param name="reduction">"sum_over_batch_size" or "mean" (sum divided by the number of values), "sum", "mean_with_sample_weight" (sum divided by
    /// the sum of the sample weights), "none" or null (one value per sample); default "sum_over_batch_size".</param>
    /// <param name="dtype">The dtype to compute in, of a policy its compute dtype; default keras.config.floatx().</param>
    /// <exception cref="ArgumentException">The reduction is not one of these.</exception>
    protected Loss(string? name = null, string? reduction = "sum_over_batch_size", DTypePolicy? dtype = null)
    {
        this.name = name ?? LayerNames.New(GetType());
        this.reduction = Known.OneOf(reduction, nameof(reduction), Reductions);
        this.dtype = dtype?.compute_dtype ?? ConfigApi.FloatX;
    }

    /// <summary>The name of the loss.</summary>
    public string name { get; internal set; }

    /// <summary>How the values of the samples become one number, such as "sum_over_batch_size"; null or "none" keeps them.</summary>
    public string? reduction { get; }

    /// <summary>The dtype of the result; the loss is computed in it, of 16-bit floats in float32.</summary>
    public DType dtype { get; }

    /// <summary>Computes the values before reduction, usually one per sample; override it.</summary>
    /// <param name="y_true">The truth, (B, ...), in <see cref="dtype"/>, float32 at least.</param>
    /// <param name="y_pred">The predictions, (B, ...), in <see cref="dtype"/>, float32 at least.</param>
    /// <returns>One value per sample, usually (B, ...) without the last axis.</returns>
    public abstract Tensor call(Tensor y_true, Tensor y_pred);

    /// <summary>Computes the loss: Keras' <c>loss(y_true, y_pred)</c>.</summary>
    /// <param name="y_true">The truth, (B, ...), any numeric dtype.</param>
    /// <param name="y_pred">The predictions, (B, ...), any numeric dtype.</param>
    /// <param name="sample_weight">The weight of each value, (B) or as the values; default 1.</param>
    /// <param name="mask">Which values count at all, as the values, bool; default the mask that the predictions carry.</param>
    /// <returns>A scalar in <see cref="dtype"/>; without reduction the values.</returns>
    /// <exception cref="ShapeMismatchException">The shapes of truth and predictions do not fit each other.</exception>
    /// <exception cref="DTypeMismatchException">Truth or predictions are not numbers.</exception>
    public Tensor Apply(Tensor y_true, Tensor y_pred, Tensor? sample_weight = null, Tensor? mask = null)
    {
        ArgumentNullException.ThrowIfNull(y_true);
        ArgumentNullException.ThrowIfNull(y_pred);
        var inputMask = mask ?? y_pred.KerasMask;
        using (NameScope.Enter(name))
        {
            var losses = call(ConvertTrue(Numeric(y_true, nameof(y_true))), Tf.Cast(Numeric(y_pred, nameof(y_pred)), Precise));
            return Tf.Cast(LossReduction.Reduce(Tf.Cast(losses, Precise), sample_weight, Both(inputMask, losses.KerasMask), reduction), dtype);
        }
    }

    /// <summary>The arguments that recreate the object, under Keras' keys.</summary>
    public virtual Dictionary<string, object?> get_config() => new() { ["name"] = name, ["reduction"] = reduction };

    /// <summary>Casts the truth to the dtype that <see cref="call"/> takes; losses on class indices override this to keep integers.</summary>
    internal virtual Tensor ConvertTrue(Tensor y_true) => Tf.Cast(y_true, Precise);

    /// <summary>The dtype to compute in: float32 for 16-bit losses, where epsilon vanishes and sums overflow.</summary>
    DType Precise => dtype.Size < 4 ? DType.Float32 : dtype;

    Tensor Numeric(Tensor tensor, string argument) => tensor.dtype.IsNumeric
        ? tensor
        : throw new DTypeMismatchException($"A loss was given a tensor that does not hold numbers, {argument}", name, "a numeric dtype", tensor.dtype.Name);

    static Tensor? Both(Tensor? a, Tensor? b) => a is null ? b : b is null ? a : Tf.LogicalAnd(Tf.Cast(a, DType.Bool), Tf.Cast(b, DType.Bool));

    /// <inheritdoc/>
    public override string ToString() => $"<{GetType().Name} name={name}>";
}
