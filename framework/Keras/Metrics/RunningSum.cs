using Keras.Graphs;

namespace Keras.Metrics;

/// <summary>Exact sums over many batches: a float32 total stops counting at 2^24, and an integer one has no fractions.</summary>
/// <remarks>The rounding error of each addition is kept in a second float64 variable and added with the next (Kahan, 1965). The first has Keras' name, dtype and value; the second is
/// in no list and no file.</remarks>
static class RunningSum
{
    /// <summary>Adds a value to a metric's variable.</summary>
    public static void Gather(this Variable total, Tensor value)
    {
        var lost = total.Lost ?? throw new InvalidOperationException($"{total.name} is not a variable of a metric.");
        var (before, added) = (total.value, Tf.Cast(value, DType.Float64) + lost.value);
        var after = before + Tf.Cast(total.dtype.IsFloating ? added : Tf.Floor(added), total.dtype);
        lost.assign(added - (total.dtype.IsFloating ? Tf.Cast(after, DType.Float64) - Tf.Cast(before, DType.Float64) : Tf.Floor(added)));
        total.assign(after);
    }

    /// <summary>The complete sum in a floating-point dtype.</summary>
    public static Tensor Whole(this Variable total, DType dtype) => Tf.Cast(Tf.Cast(total.value, DType.Float64) + total.Lost!.value, dtype);

    /// <summary>Sums all elements in float64.</summary>
    public static Tensor Exact(Tensor x) => x.dtype.IsFloating ? Tf.Sum(Tf.Cast(x, DType.Float64)) : Tf.Sum(x);

    /// <summary>Sums over axes in float64.</summary>
    public static Tensor Exact(Tensor x, ReadOnlySpan<int> axes) => Tf.Sum(x.dtype.IsFloating ? Tf.Cast(x, DType.Float64) : x, axes);
}
