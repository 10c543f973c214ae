namespace Keras.Losses;

/// <summary>A loss made of a function of truth and predictions.</summary>
public class LossFunctionWrapper : Loss
{
    readonly Func<Tensor, Tensor, Tensor> _fn;

    /// <summary>A loss made of a function of truth and predictions.</summary>
    /// <param name="fn">Takes the truth and the predictions, in this order, and returns one value per sample.</param>
    /// <param name="reduction">How the values are reduced to one, see <see cref="Loss"/>; default "sum_over_batch_size".</param>
    /// <param name="name">Its name; default "loss_function_wrapper" with a number.</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    public LossFunctionWrapper(Func<Tensor, Tensor, Tensor> fn, string? reduction = "sum_over_batch_size", string? name = null, DTypePolicy? dtype = null)
        : base(name, reduction, dtype)
    {
        ArgumentNullException.ThrowIfNull(fn);
        _fn = fn;
    }

    /// <summary>The Keras function that this one wraps; null for a user-defined one.</summary>
    internal string? FunctionName { get; init; }

    /// <summary>The function that computes the values.</summary>
    internal Func<Tensor, Tensor, Tensor> Function => _fn;

    /// <summary>Whether class indices stay integers.</summary>
    internal bool TakesIndices { get; init; }

    /// <inheritdoc/>
    public override Tensor call(Tensor y_true, Tensor y_pred)
    {
        ArgumentNullException.ThrowIfNull(y_true);
        ArgumentNullException.ThrowIfNull(y_pred);
        (y_true, y_pred) = LossMath.SameRank(y_true, y_pred);
        return _fn(y_true, y_pred);
    }

    /// <summary>The arguments that recreate the loss, under Keras' keys: "fn" is the name of a Keras function.</summary>
    /// <exception cref="UnsupportedException">The function is user-defined.</exception>
    public override Dictionary<string, object?> get_config() => new(base.get_config())
    {
        ["fn"] = FunctionName ?? throw new UnsupportedException("A loss made of a function cannot be saved", name, remedy: "Make it a subclass of Loss."),
    };

    internal override Tensor ConvertTrue(Tensor y_true) => TakesIndices ? y_true : base.ConvertTrue(y_true);
}
