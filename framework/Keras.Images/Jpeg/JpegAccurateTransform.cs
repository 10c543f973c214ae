using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Keras.Images;

/// <summary>The inverse cosine transform of Loeffler, Ligtenberg and Moschytz (1989): 12 products per row, in 32 bits.</summary>
sealed class JpegAccurateTransform : JpegTransform
{
    /// <summary>The fraction bits of the factors, and of the numbers between the two passes.</summary>
    const int FactorBits = 13;
    const int PointBits = 2;

    /// <summary>The paper's cosines, summed and subtracted.</summary>
    const int F0298 = 2446, F0390 = 3196, F0541 = 4433, F0765 = 6270, F0899 = 7373, F1175 = 9633, F1501 = 12299, F1847 = 15137, F1961 = 16069, F2053 = 16819, F2562 = 20995, F3072 = 25172;

    readonly short[] _steps = new short[JpegBlock.Size];

    /// <summary>Creates the transform of a component.</summary>
    /// <param name="steps">Its quantization table, row by row.</param>
    public JpegAccurateTransform(ReadOnlySpan<ushort> steps)
    {
        for (var i = 0; i < JpegBlock.Size; i++) _steps[i] = (short)steps[i];
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Apply(ReadOnlySpan<short> block, Span<byte> samples, int stride)
    {
        if (IsFlat(block))
        {
            Fill(samples, stride, (byte)(Math.Clamp(((short)(block[0] * _steps[0]) + 4) >> 3, sbyte.MinValue, sbyte.MaxValue) + Middle));
            return;
        }
        ref var coefficients = ref MemoryMarshal.GetReference(block);
        ref var steps = ref MemoryMarshal.GetArrayDataReference(_steps);
        var a = Vector128.LoadUnsafe(ref coefficients) * Vector128.LoadUnsafe(ref steps);
        var b = Vector128.LoadUnsafe(ref coefficients, 8) * Vector128.LoadUnsafe(ref steps, 8);
        var c = Vector128.LoadUnsafe(ref coefficients, 16) * Vector128.LoadUnsafe(ref steps, 16);
        var d = Vector128.LoadUnsafe(ref coefficients, 24) * Vector128.LoadUnsafe(ref steps, 24);
        var e = Vector128.LoadUnsafe(ref coefficients, 32) * Vector128.LoadUnsafe(ref steps, 32);
        var f = Vector128.LoadUnsafe(ref coefficients, 40) * Vector128.LoadUnsafe(ref steps, 40);
        var g = Vector128.LoadUnsafe(ref coefficients, 48) * Vector128.LoadUnsafe(ref steps, 48);
        var h = Vector128.LoadUnsafe(ref coefficients, 56) * Vector128.LoadUnsafe(ref steps, 56);
        Pass(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h, FactorBits - PointBits);
        JpegLanes.Transpose(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h);
        Pass(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h, FactorBits + PointBits + 3);
        JpegLanes.Transpose(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h);
        Write(samples, stride, 0, a, b);
        Write(samples, stride, 2, c, d);
        Write(samples, stride, 4, e, f);
        Write(samples, stride, 6, g, h);
    }

    /// <summary>Transforms each column; the results are rounded and shifted right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Pass(ref Vector128<short> a, ref Vector128<short> b, ref Vector128<short> c, ref Vector128<short> d,
        ref Vector128<short> e, ref Vector128<short> f, ref Vector128<short> g, ref Vector128<short> h, [ConstantExpected] int shift)
    {
        var (low2, high2) = JpegLanes.Products(c, g, F0541 + F0765, F0541);
        var (low3, high3) = JpegLanes.Products(c, g, F0541, F0541 - F1847);
        var (lowSum, highSum) = Whole(a + e);
        var (lowDifference, highDifference) = Whole(a - e);
        var rounding = Vector128.Create(1 << (shift - 1));

        var (sum73, sum51) = (h + d, f + b);
        var (lowA, highA) = JpegLanes.Products(sum73, sum51, F1175 - F1961, F1175);
        var (lowB, highB) = JpegLanes.Products(sum73, sum51, F1175, F1175 - F0390);
        var (lowH, highH) = JpegLanes.Products(h, b, F0298 - F0899, -F0899);
        var (lowBeta, highBeta) = JpegLanes.Products(h, b, -F0899, F1501 - F0899);
        var (lowF, highF) = JpegLanes.Products(f, d, F2053 - F2562, -F2562);
        var (lowD, highD) = JpegLanes.Products(f, d, -F2562, F3072 - F2562);
        var (low0, high0) = (lowH + lowA, highH + highA);
        var (low1, high1) = (lowF + lowB, highF + highB);
        var (low7, high7) = (lowD + lowA, highD + highA);
        var (low9, high9) = (lowBeta + lowB, highBeta + highB);

        (a, h) = Ends(lowSum + low2 + rounding, highSum + high2 + rounding, low9, high9, shift);
        (b, g) = Ends(lowDifference + low3 + rounding, highDifference + high3 + rounding, low7, high7, shift);
        (c, f) = Ends(lowDifference - low3 + rounding, highDifference - high3 + rounding, low1, high1, shift);
        (d, e) = Ends(lowSum - low2 + rounding, highSum - high2 + rounding, low0, high0, shift);
    }

    /// <summary>Computes sum and difference of even and odd parts, narrowed to 16 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (Vector128<short> Sum, Vector128<short> Difference) Ends(Vector128<int> lowEven, Vector128<int> highEven, Vector128<int> lowOdd, Vector128<int> highOdd, [ConstantExpected] int shift) =>
        (JpegLanes.Narrow((lowEven + lowOdd) >> shift, (highEven + highOdd) >> shift), JpegLanes.Narrow((lowEven - lowOdd) >> shift, (highEven - highOdd) >> shift));

    /// <summary>Widens numbers to 32 bits with the factors' fraction bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (Vector128<int> Lower, Vector128<int> Upper) Whole(Vector128<short> x)
    {
        var (lower, upper) = Vector128.Widen(x);
        return (lower << FactorBits, upper << FactorBits);
    }
}
