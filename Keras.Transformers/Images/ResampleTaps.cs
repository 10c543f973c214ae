using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Keras.Transformers;

/// <summary>For each result position, the first source position and the factors from there on.</summary>
sealed class ResampleTaps
{
    /// <summary>A factor is split in two, so that the product of each part and a byte suits 16-bit vectors.</summary>
    public const int LowBits = 11;

    /// <summary>Caches the last few axes, unless they are very long, since images come in few sizes.</summary>
    const int MostKept = 32, LongestKept = 1 << 14;

    static readonly ConcurrentDictionary<(int Size, double From, double To, int NewSize, int Resample), ResampleTaps> Kept = [];

    public required int[] Starts;
    public required int[] Counts;
    public required int[] Factors;
    public required int Stride;

    /// <summary>The two parts of the factors, in vector order: four taps per vector, the first two in its lower half, each pair four times.</summary>
    public required short[] Low;
    public required short[] High;

    /// <summary>Computes the factors that resample a part of an axis to a number of positions.</summary>
    public static ResampleTaps Of(int size, double from, double to, int newSize, int resample)
    {
        var key = (size, from, to, newSize, resample);
        if (Kept.TryGetValue(key, out var kept)) return kept;
        var taps = Compute(size, from, to, newSize, resample);
        if (taps.Factors.Length > LongestKept) return taps;
        if (Kept.Count >= MostKept) Kept.Clear();
        return Kept[key] = taps;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static ResampleTaps Compute(int size, double from, double to, int newSize, int resample)
    {
        var (_, reach, weight) = Resampler.Filters[resample];
        var scale = (to - from) / newSize;
        var filterScale = Math.Max(scale, 1);
        var support = reach * filterScale;
        var stride = ((((int)Math.Ceiling(support) * 2) + 1) + 3) / 4 * 4;
        var (starts, counts, factors) = (new int[newSize], new int[newSize], new int[newSize * stride]);
        var weights = new double[stride];
        for (var i = 0; i < newSize; i++)
        {
            var center = from + ((i + 0.5) * scale);
            var first = Math.Max((int)(center - support + 0.5), 0);
            var count = Math.Min((int)(center + support + 0.5), size) - first;
            var sum = 0.0;
            for (var k = 0; k < count; k++) sum += weights[k] = weight((k + first - center + 0.5) * (1 / filterScale));
            for (var k = 0; k < count; k++)
            {
                var factor = (sum != 0 ? weights[k] / sum : weights[k]) * (1 << Resampler.FactorBits);
                factors[(i * stride) + k] = (int)(factor < 0 ? factor - 0.5 : factor + 0.5);
            }
            (starts[i], counts[i]) = (first, count);
        }
        var (low, high) = (new short[factors.Length * 4], new short[factors.Length * 4]);
        for (var i = 0; i < factors.Length; i++)
        {
            // The position of tap i: its vector of 16, its half, and one of four pairs there.
            var place = (i / 4 * 16) + (i % 4 / 2 * 8) + (i % 2);
            for (var pair = 0; pair < 8; pair += 2) (low[place + pair], high[place + pair]) = ((short)(factors[i] & ((1 << LowBits) - 1)), (short)(factors[i] >> LowBits));
        }
        return new() { Starts = starts, Counts = counts, Factors = factors, Stride = stride, Low = low, High = high };
    }
}
