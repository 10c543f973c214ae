namespace Keras.Tests.HalfPrecision;

/// <summary>Results in a 16-bit float beside those in float32 of the same numbers.</summary>
static class HalfComparison
{
    public static readonly DType[] Halves = [DType.Float16, DType.BFloat16];

    /// <summary>Whether everything is compiled by XLA too, which takes seconds for each case: where KERAS_HALF_XLA is set.</summary>
    public static readonly bool WithXla = Environment.GetEnvironmentVariable("KERAS_HALF_XLA") is { Length: > 0 };

    public static readonly RunMode[] Modes = WithXla ? [RunMode.Eager, RunMode.Graph, RunMode.Xla] : [RunMode.Eager, RunMode.Graph];

    /// <summary>What a half may be off by, in parts of the largest number of the result: four roundings.</summary>
    static double ToleranceOf(DType half) => half == DType.Float16 ? 1.0 / 512 : 1.0 / 64;

    /// <summary>The largest finite number.</summary>
    static double LargestOf(DType half) => half == DType.Float16 ? 65504 : 3.38e38;

    /// <summary>Floats in a half.</summary>
    public static Tensor Narrow(Tensor x, DType half) => x.dtype == DType.Float32 ? Api.ops.cast(x, half) : x;

    /// <summary>Floats as near to a half as float32 holds them, which is exactly.</summary>
    public static Tensor Rounded(Tensor x, DType half) => x.dtype == DType.Float32 ? Api.ops.cast(Api.ops.cast(x, half), DType.Float32) : x;

    /// <summary>The largest absolute number that the half can hold.</summary>
    public static double Largest(Tensor x, DType half) => x.RequireEager().ToHost().ToDouble().Select(Math.Abs).Where(v => double.IsFinite(v) && v <= LargestOf(half)).DefaultIfEmpty().Max();

    /// <summary>Finite wherever the half could hold the number, and near it; null where that is so.</summary>
    /// <param name="actual">Computed in the half.</param>
    /// <param name="expected">Computed in float32 from the same numbers.</param>
    /// <param name="half">The half.</param>
    /// <param name="factor">How many times the tolerance is allowed.</param>
    /// <param name="among">The largest number that the result stands beside; default its own.</param>
    public static string? Difference(Tensor actual, Tensor expected, DType half, double factor = 1, double among = 0)
    {
        if (actual.dtype.IsComplex || expected.dtype.IsComplex) return null;
        if (!actual.shape.Equals(expected.shape)) return $"shape {actual.shape} instead of {expected.shape}";
        var (a, e) = (actual.RequireEager().ToHost().ToDouble(), expected.RequireEager().ToHost().ToDouble());
        var largest = LargestOf(half);
        var scale = Math.Max(among, Largest(expected, half));
        // Below this a float16 has no more digits.
        var limit = Math.Max(factor * ToleranceOf(half) * scale, half == DType.Float16 ? 6e-8 : 0);
        for (var i = 0; i < e.Length; i++)
        {
            if (!double.IsFinite(e[i]) || Math.Abs(e[i]) > largest || a[i].Equals(e[i])) continue;
            if (!double.IsFinite(a[i]) || Math.Abs(a[i] - e[i]) > limit) return $"element {i} is {a[i]:g6} instead of {e[i]:g6} (largest {scale:g4})";
        }
        return null;
    }
}
