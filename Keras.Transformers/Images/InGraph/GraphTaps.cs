using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>
/// Pillow's factors along one axis, computed in the graph for a size that may be unknown until then: for each position of the result, the first source position and
/// the factors from there on, integers of 22 bits.
/// </summary>
/// <remarks>
/// The doubles match those of <see cref="Resampler"/>, operation by operation. Divisions are DivNoNan: Grappler replaces any other division by a constant by a product with its reciprocal,
/// which gives another double.
/// </remarks>
sealed class GraphTaps
{
    /// <summary>The support and weight function of each filter, by Pillow's number; the first, nearest, has none.</summary>
    static readonly (double Support, Func<Tensor, Tensor> Weight)[] Filters =
    [
        (0, x => x),
        (3, x => Within(Tf.Abs(x), 3, Tf.Mul(Sinc(x), Sinc(Tf.DivNoNan(x, Number(3)))))),
        (1, x => Tf.Maximum(Number(1) - Tf.Abs(x), Number(0))),
        (2, x => Cubic(Tf.Abs(x))),
        (0.5, x => Tf.SelectV2(Tf.LogicalAnd(Tf.Greater(x, Number(-0.5)), Tf.LessEqual(x, Number(0.5))), Number(1), Number(0))),
        (1, x => Within(Tf.Abs(x), 1, Tf.Mul(Sinc(x), Number(0.54) + (Number(0.46) * Tf.Cos(x * Number(Math.PI)))))),
    ];

    /// <summary>The first source position of each result, (N), int32.</summary>
    public required Tensor First { get; init; }

    /// <summary>The maximum number of source positions, a scalar, int32.</summary>
    public required Tensor Count { get; init; }

    /// <summary>The factors, (N, count), int32; 0 after the last used.</summary>
    public required Tensor Factors { get; init; }

    /// <summary>The last source position, a scalar, int32.</summary>
    public required Tensor Last { get; init; }

    /// <summary>The factors for resizing an axis of known size.</summary>
    public static GraphTaps Of(int size, int newSize, int resample)
    {
        var (first, factors) = Resampler.FactorsOf(size, newSize, resample);
        return new()
        {
            First = Tf.Int32(first), Count = Tf.Int32Scalar(factors.GetLength(1)), Last = Tf.Int32Scalar(size - 1),
            Factors = Tf.Constant(HostTensor.Of<int>([.. factors.Cast<int>()], new Shape(newSize, factors.GetLength(1)))),
        };
    }

    /// <summary>The factors for resizing an axis.</summary>
    /// <param name="size">The size of the axis, a scalar, int32.</param>
    /// <param name="newSize">The size of the result.</param>
    /// <param name="resample">Pillow's number of the filter.</param>
    public static GraphTaps Of(Tensor size, int newSize, int resample)
    {
        var (reach, weight) = Filters[resample];
        var scale = Tf.DivNoNan(Tf.Cast(size, DType.Float64), Number(newSize));
        var filterScale = Tf.Maximum(scale, Number(1));
        var support = Number(reach) * filterScale;
        var centers = Tf.Constant(HostTensor.Vector<double>([.. Enumerable.Range(0, newSize).Select(i => i + 0.5)])) * scale;
        var first = Tf.Maximum(Tf.Cast((centers - support) + Number(0.5), DType.Int32), Tf.Int32Scalar(0));
        var counts = Tf.Minimum(Tf.Cast((centers + support) + Number(0.5), DType.Int32), size) - first;
        var count = Tf.Max(counts, [0]);
        var taps = Tf.ExpandDims(Tf.Range(Tf.Int32Scalar(0), count, Tf.Int32Scalar(1)), 0);
        var places = taps + Tf.ExpandDims(first, 1);
        var distances = ((Tf.Cast(places, DType.Float64) - Tf.ExpandDims(centers, 1)) + Number(0.5)) * Tf.DivNoNan(Number(1), filterScale);
        var weights = Tf.SelectV2(Tf.Less(taps, Tf.ExpandDims(counts, 1)), weight(distances), Number(0));
        var scaled = Tf.DivNoNan(weights, Tf.Sum(weights, [1], keep_dims: true)) * Number(1 << Resampler.FactorBits);
        var half = Tf.SelectV2(Tf.Less(scaled, Number(0)), Number(-0.5), Number(0.5));
        return new() { First = first, Count = count, Factors = Tf.Cast(scaled + half, DType.Int32), Last = size - Tf.Int32Scalar(1) };
    }

    /// <summary>The positions that the filter "nearest" takes, (N), int32, by adding steps one by one as Pillow does.</summary>
    public static Tensor Nearest(Tensor size, int newSize)
    {
        var step = Tf.DivNoNan(Tf.Cast(size, DType.Float64), Number(newSize));
        var steps = Tf.Constant(HostTensor.Vector<double>([0.5, .. Enumerable.Repeat(1.0, newSize - 1)])) * step;
        return Tf.Minimum(Tf.Cast(Tf.Cumsum(steps, 0), DType.Int32), size - Tf.Int32Scalar(1));
    }

    static Tensor Number(double value) => Tf.Constant(value, DType.Float64);

    static Tensor Within(Tensor distance, double limit, Tensor weight) => Tf.SelectV2(Tf.Less(distance, Number(limit)), weight, Number(0));

    static Tensor Sinc(Tensor x)
    {
        var angle = x * Number(Math.PI);
        return Tf.SelectV2(Tf.Equal(x, Number(0)), Number(1), Tf.DivNoNan(Tf.Sin(angle), angle));
    }

    static Tensor Cubic(Tensor x)
    {
        const double a = -0.5;
        var near = ((((Number(a + 2) * x) - Number(a + 3)) * x) * x) + Number(1);
        var far = ((((x - Number(5)) * x) + Number(8)) * x - Number(4)) * Number(a);
        return Tf.SelectV2(Tf.Less(x, Number(1)), near, Within(x, 2, far));
    }
}
