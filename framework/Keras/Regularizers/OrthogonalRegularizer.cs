using Keras.Graphs;

namespace Keras.Regularizers;

/// <summary>Pushes the rows or columns of a matrix towards being orthogonal: factor · half the sum of |cosine| over pairs of different ones, divided by the number of pairs.</summary>
public sealed class OrthogonalRegularizer : Regularizer
{
    /// <summary>Pushes the rows or columns of a matrix towards being orthogonal: factor · half the sum of |cosine| over pairs of different ones, divided by the number of pairs.</summary>
    /// <param name="factor">The factor; default 0.01.</param>
    /// <param name="mode">"rows" (default) or "columns".</param>
    /// <exception cref="ArgumentException">The mode is another.</exception>
    public OrthogonalRegularizer(double factor = 0.01, string mode = "rows")
    {
        Known.OneOf(mode, nameof(mode), "rows", "columns");
        (this.factor, this.mode) = (Factor(factor, nameof(factor)), mode);
    }

    /// <summary>The factor of the penalty.</summary>
    public double factor { get; }

    /// <summary>"rows" or "columns".</summary>
    public string mode { get; }

    /// <inheritdoc/>
    /// <exception cref="ShapeMismatchException">x is not a matrix.</exception>
    public override Tensor call(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.ndim != 2) throw new ShapeMismatchException("Only matrices can be regularized to be orthogonal", nameof(OrthogonalRegularizer), "rank 2", x.shape.ToString());
        var rows = Api.ops.normalize(mode == "rows" ? x : Tf.Transpose(x, 1, 0), axis: 1);
        var cosines = Tf.MatMul(rows, Tf.Transpose(rows, 1, 0));
        var size = checked((int)rows.shape[0]);
        var others = Tf.Abs(cosines * (1 - Api.ops.eye(size, dtype: x.dtype)));
        return Tf.Sum(others) * (factor * 0.5 / Math.Max(1, size * (size - 1) / 2.0));
    }

    /// <inheritdoc/>
    /// <remarks>As in Keras, the factor is rounded to float32.</remarks>
    public override Dictionary<string, object?> get_config() => new() { ["factor"] = (double)(float)factor, ["mode"] = mode };
}
