using Keras.Graphs;

namespace Keras.Regularizers;

/// <summary>Penalises both absolute values and squares of weights: adds l1 · Σ|x| + l2 · Σx² to the loss.</summary>
public sealed class L1L2 : Regularizer
{
    /// <summary>Penalises both absolute values and squares of weights: adds l1 · Σ|x| + l2 · Σx² to the loss.</summary>
    /// <param name="l1">The factor of the absolute values; default 0.</param>
    /// <param name="l2">The factor of the squares; default 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A factor is negative or not finite.</exception>
    public L1L2(double l1 = 0, double l2 = 0) => (this.l1, this.l2) = (Factor(l1, nameof(l1)), Factor(l2, nameof(l2)));

    /// <summary>The factor of the absolute values.</summary>
    public double l1 { get; }

    /// <summary>The factor of the squares.</summary>
    public double l2 { get; }

    /// <inheritdoc/>
    public override Tensor call(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        var loss = Tf.Constant(0, x.dtype);
        if (l1 != 0) loss += Tf.Sum(Tf.Abs(x)) * l1;
        if (l2 != 0) loss += Tf.Sum(Tf.Square(x)) * l2;
        return loss;
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new() { ["l1"] = l1, ["l2"] = l2 };
}

/// <summary>Penalises the absolute values of weights, so that many become 0: adds l1 · Σ|x| to the loss.</summary>
public sealed class L1 : Regularizer
{
    /// <summary>Penalises the absolute values of weights, so that many become 0: adds l1 · Σ|x| to the loss.</summary>
    /// <param name="l1">The factor; default 0.01.</param>
    /// <exception cref="ArgumentOutOfRangeException">The factor is negative or not finite.</exception>
    public L1(double l1 = 0.01) => this.l1 = Factor(l1, nameof(l1));

    /// <summary>The factor of the penalty.</summary>
    public double l1 { get; }

    /// <inheritdoc/>
    public override Tensor call(Tensor x) => Tf.Sum(Tf.Abs(x)) * l1;

    /// <inheritdoc/>
    /// <remarks>As in Keras, rounded to float32.</remarks>
    public override Dictionary<string, object?> get_config() => new() { ["l1"] = (double)(float)l1 };
}

/// <summary>Penalises the squares of weights, so that they stay small: adds l2 · Σx² to the loss.</summary>
public sealed class L2 : Regularizer
{
    /// <summary>Penalises the squares of weights, so that they stay small: adds l2 · Σx² to the loss.</summary>
    /// <param name="l2">The factor; default 0.01.</param>
    /// <exception cref="ArgumentOutOfRangeException">The factor is negative or not finite.</exception>
    public L2(double l2 = 0.01) => this.l2 = Factor(l2, nameof(l2));

    /// <summary>The factor of the penalty.</summary>
    public double l2 { get; }

    /// <inheritdoc/>
    public override Tensor call(Tensor x) => Tf.Sum(Tf.Square(x)) * l2;

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new() { ["l2"] = l2 };
}
