using Keras.Graphs;

namespace Keras.Constraints;

/// <summary>The base of constraints on the length of vectors along some axes.</summary>
/// <param name="axis">The axes of a vector.</param>
public abstract class NormConstraint(Axes axis) : Constraint
{
    /// <summary>The norm of each vector; reduced axes keep size 1.</summary>
    private protected Tensor Norms(Tensor w) => Tf.Sqrt(Api.ops.sum(Tf.Square(w), axis, keepdims: true));

    /// <summary>Rescales vectors to the desired norms.</summary>
    private protected static Tensor WithNorms(Tensor w, Tensor desired, Tensor norms) => w * (desired / (norms + Api.keras.config.epsilon()));

    /// <summary>The axes as configs store them: a number or a list.</summary>
    private protected object AxisConfig => axis.Count == 1 ? axis[0] : axis.ToArray();
}

/// <summary>Keeps weight vectors from growing longer than a limit.</summary>
/// <param name="max_value">The limit; default 2.</param>
/// <param name="axis">The axes of a vector; default 0, the inputs of a dense kernel.</param>
public sealed class MaxNorm(double max_value = 2, Axes? axis = null) : NormConstraint(axis ?? 0)
{
    readonly double _highest = Require.AtLeast(0, max_value);

    /// <inheritdoc/>
    public override Tensor call(Tensor w)
    {
        var norms = Norms(w);
        return WithNorms(w, Api.ops.clip(norms, 0, _highest), norms);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new() { ["max_value"] = _highest, ["axis"] = AxisConfig };
}

/// <summary>Keeps weights from becoming negative: negative ones are set to 0.</summary>
public sealed class NonNeg : Constraint
{
    /// <inheritdoc/>
    public override Tensor call(Tensor w) => Tf.Relu(w);
}

/// <summary>Scales each weight vector to length 1.</summary>
/// <param name="axis">The axes of a vector; default 0, the inputs of a dense kernel.</param>
public sealed class UnitNorm(Axes? axis = null) : NormConstraint(axis ?? 0)
{
    /// <inheritdoc/>
    public override Tensor call(Tensor w) => w / (Norms(w) + Api.keras.config.epsilon());

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new() { ["axis"] = AxisConfig };
}

/// <summary>Keeps the length of weight vectors within a range, or moves it towards the range by a rate.</summary>
/// <param name="min_value">The minimum length; default 0.</param>
/// <param name="max_value">The maximum length; default 1.</param>
/// <param name="rate">The fraction of the way; default 1.</param>
/// <param name="axis">The axes of a vector; default 0, the inputs of a dense kernel.</param>
public sealed class MinMaxNorm(double min_value = 0, double max_value = 1, double rate = 1, Axes? axis = null) : NormConstraint(axis ?? 0)
{
    readonly double _least = Require.AtLeast(0, min_value), _highest = Require.AtLeast(min_value, max_value), _rate = Require.Share(rate);

    /// <inheritdoc/>
    public override Tensor call(Tensor w)
    {
        var norms = Norms(w);
        return WithNorms(w, (Api.ops.clip(norms, _least, _highest) * _rate) + (norms * (1 - _rate)), norms);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new() { ["min_value"] = _least, ["max_value"] = _highest, ["rate"] = _rate, ["axis"] = AxisConfig };
}
