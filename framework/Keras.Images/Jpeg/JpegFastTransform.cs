using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Keras.Images;

/// <summary>The inverse cosine transform of Arai, Agui and Nakajima (1988), in 16 bits.</summary>
/// <remarks>It follows their flow graph, with the input scales multiplied into the quantization table.</remarks>
sealed class JpegFastTransform : JpegTransform
{
    const int Side = JpegBlock.Side;

    /// <summary>The fraction bits of the numbers between the two passes; after the second pass they are 3 more, for its eightfold sums.</summary>
    const int PointBits = 2;

    /// <summary>The fraction bits of the factors below: the root of 2; twice the cosine of pi / 8; twice its difference from the sine, and its sum with it.</summary>
    const int FactorBits = 8;
    const int SquareRoot2 = 362;
    const int TwiceCosine = 473;
    const int CosineDifference = 277;
    const int CosineSumLess1 = 669 - 256;

    readonly short[] _factors = new short[JpegBlock.Size];

    /// <summary>Creates the transform of a component.</summary>
    /// <param name="steps">Its quantization table, row by row.</param>
    public JpegFastTransform(ReadOnlySpan<ushort> steps)
    {
        const int scaleBits = 14;
        for (var i = 0; i < JpegBlock.Size; i++)
        {
            var scale = (long)Math.Round(Scale(i / Side) * Scale(i % Side) * (1 << scaleBits), MidpointRounding.AwayFromZero);
            _factors[i] = (short)(((steps[i] * scale) + (1 << (scaleBits - PointBits - 1))) >> (scaleBits - PointBits));
        }
    }

    static double Scale(int k) => k == 0 ? 1 : Math.Cos(k * Math.PI / 16) * Math.Sqrt(2);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Apply(ReadOnlySpan<short> block, Span<byte> samples, int stride)
    {
        if (IsFlat(block))
        {
            Fill(samples, stride, (byte)(Math.Clamp((short)(block[0] * _factors[0]) >> (PointBits + 3), sbyte.MinValue, sbyte.MaxValue) + Middle));
            return;
        }
        ref var coefficients = ref MemoryMarshal.GetReference(block);
        ref var factors = ref MemoryMarshal.GetArrayDataReference(_factors);
        var a = Vector128.LoadUnsafe(ref coefficients) * Vector128.LoadUnsafe(ref factors);
        var b = Vector128.LoadUnsafe(ref coefficients, 8) * Vector128.LoadUnsafe(ref factors, 8);
        var c = Vector128.LoadUnsafe(ref coefficients, 16) * Vector128.LoadUnsafe(ref factors, 16);
        var d = Vector128.LoadUnsafe(ref coefficients, 24) * Vector128.LoadUnsafe(ref factors, 24);
        var e = Vector128.LoadUnsafe(ref coefficients, 32) * Vector128.LoadUnsafe(ref factors, 32);
        var f = Vector128.LoadUnsafe(ref coefficients, 40) * Vector128.LoadUnsafe(ref factors, 40);
        var g = Vector128.LoadUnsafe(ref coefficients, 48) * Vector128.LoadUnsafe(ref factors, 48);
        var h = Vector128.LoadUnsafe(ref coefficients, 56) * Vector128.LoadUnsafe(ref factors, 56);
        Pass(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h);
        JpegLanes.Transpose(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h);
        Pass(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h);
        JpegLanes.Transpose(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h);
        Write(samples, stride, 0, a >> (PointBits + 3), b >> (PointBits + 3));
        Write(samples, stride, 2, c >> (PointBits + 3), d >> (PointBits + 3));
        Write(samples, stride, 4, e >> (PointBits + 3), f >> (PointBits + 3));
        Write(samples, stride, 6, g >> (PointBits + 3), h >> (PointBits + 3));
    }

    /// <summary>Transforms each column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Pass(ref Vector128<short> a, ref Vector128<short> b, ref Vector128<short> c, ref Vector128<short> d,
        ref Vector128<short> e, ref Vector128<short> f, ref Vector128<short> g, ref Vector128<short> h)
    {
        var (sum04, difference04) = (a + e, a - e);
        var sum26 = c + g;
        var rest26 = Times(c - g, SquareRoot2) - sum26;
        var (even0, even3) = (sum04 + sum26, sum04 - sum26);
        var (even1, even2) = (difference04 + rest26, difference04 - rest26);

        var (sum53, difference53) = (f + d, f - d);
        var (sum17, difference17) = (b + h, b - h);
        var common = TimesShifted((difference53 << PointBits) + (difference17 << PointBits), TwiceCosine);
        var odd0 = sum17 + sum53;
        var odd1 = TimesShifted(difference53 << PointBits, -CosineSumLess1) - difference53 + common - odd0;
        var odd2 = Times(sum17 - sum53, SquareRoot2) - odd1;
        var odd3 = Times(difference17, CosineDifference) - common + odd2;

        (a, h) = (even0 + odd0, even0 - odd0);
        (b, g) = (even1 + odd1, even1 - odd1);
        (c, f) = (even2 + odd2, even2 - odd2);
        (e, d) = (even3 + odd3, even3 - odd3);
    }

    /// <summary>Multiplies by a factor in 256ths, rounded down.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<short> Times(Vector128<short> x, int factor) => TimesShifted(x << PointBits, factor);

    /// <summary>Multiplies numbers that are already shifted, so that the high halves of the products are the results.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<short> TimesShifted(Vector128<short> x, int factor) => JpegLanes.TimesHigh(x, factor << (16 - FactorBits - PointBits));
}
