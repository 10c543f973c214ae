using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Keras.Engines.Torch;

/// <summary>Softmax of the scores of one query of attention. Weights that would be subnormal are 0, which the op's own kernel keeps.</summary>
static unsafe class Softmax
{
    /// <summary>What is done to the numbers before.</summary>
    /// <param name="Scale">The factor of each.</param>
    /// <param name="Added">What is added then: as many numbers, or one for all of them; 0 for nothing.</param>
    /// <param name="IsRow">Whether it is as many numbers.</param>
    /// <param name="Masks">Whether those below <see cref="Lowest"/> replace a number, whatever it is, instead of being added.</param>
    public readonly record struct Before(float Scale = 1, nint Added = 0, bool IsRow = false, bool Masks = false);

    /// <summary>The limit below which an added number masks.</summary>
    const float Lowest = -1e38f;

    /// <summary>Replaces a row by its softmax.</summary>
    public static void Run(float* row, int count, in Before before)
    {
        if (Vector512.IsHardwareAccelerated) Run<WideFloats>(row, count, before);
        else Run<PlainFloats>(row, count, before);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run<T>(float* row, int count, in Before before) where T : struct, IFloatLanes<T>
    {
        var rest = count % T.Count;
        var whole = count - rest;
        // What does not fill a vector is computed in one that is filled with numbers that add nothing.
        float* last = stackalloc float[T.Count], lastAdded = stackalloc float[T.Count];
        var added = (float*)before.Added;
        T scale = T.All(before.Scale), one = T.All(added == null || before.IsRow ? 0 : *added), lowest = T.All(before.Masks ? Lowest : float.NegativeInfinity), least = T.All(float.NegativeInfinity), most = least;
        if (!before.IsRow) added = null;
        for (var i = 0; i < whole; i += T.Count)
        {
            var value = Changed(T.Load(row + i), scale, added == null ? one : T.Load(added + i), lowest);
            value.Store(row + i);
            most = T.Max(value, most);
        }
        if (rest > 0)
        {
            for (var i = 0; i < rest; i++) (last[i], lastAdded[i]) = (row[whole + i], added == null ? 0 : added[whole + i]);
            var value = T.First(rest, Changed(T.Load(last), scale, added == null ? one : T.Load(lastAdded), lowest), least);
            value.Store(last);
            most = T.Max(value, most);
        }
        T greatest = T.All(T.Greatest(most)), sum = T.All(0);
        for (var i = 0; i < whole; i += T.Count) sum += Power(row + i, greatest);
        if (rest > 0) sum += Power(last, greatest);
        var factor = T.All(1 / T.Sum(sum));
        for (var i = 0; i < whole; i += T.Count) (T.Load(row + i) * factor).Store(row + i);
        if (rest == 0) return;
        (T.Load(last) * factor).Store(last);
        for (var i = 0; i < rest; i++) row[whole + i] = last[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T Changed<T>(T value, T scale, T added, T lowest) where T : struct, IFloatLanes<T> => T.IfLess(added, lowest, added, T.Fused(value, scale, added));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T Power<T>(float* at, T greatest) where T : struct, IFloatLanes<T>
    {
        var power = FloatMath.ExpUpToZero(T.Load(at) - greatest);
        power.Store(at);
        return power;
    }
}
