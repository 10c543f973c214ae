using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Keras.Images;

/// <summary>Vector operations for JPEG's transforms and colours, on eight 16-bit numbers at once.</summary>
static class JpegLanes
{
    /// <summary>Multiplies by a factor and returns the high halves of the products.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> TimesHigh(Vector128<short> x, int factor)
    {
        if (Sse2.IsSupported) return Sse2.MultiplyHigh(x, Vector128.Create((short)factor));
        var (lower, upper) = Vector128.Widen(x);
        return Vector128.Narrow((lower * factor) >> 16, (upper * factor) >> 16);
    }

    /// <summary>Computes x * factorX + y * factorY in 32 bits, for the lower and the upper four lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector128<int> Lower, Vector128<int> Upper) Products(Vector128<short> x, Vector128<short> y, int factorX, int factorY)
    {
        if (Sse2.IsSupported)
        {
            var factors = Vector128.Create((factorX & 0xFFFF) | (factorY << 16)).AsInt16();
            return (Sse2.MultiplyAddAdjacent(Sse2.UnpackLow(x, y), factors), Sse2.MultiplyAddAdjacent(Sse2.UnpackHigh(x, y), factors));
        }
        var ((xLower, xUpper), (yLower, yUpper)) = (Vector128.Widen(x), Vector128.Widen(y));
        return ((xLower * factorX) + (yLower * factorY), (xUpper * factorX) + (yUpper * factorY));
    }

    /// <summary>Narrows 32-bit numbers to 16 bits with saturation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Narrow(Vector128<int> lower, Vector128<int> upper) =>
        Sse2.IsSupported ? Sse2.PackSignedSaturate(lower, upper) : Vector128.NarrowWithSaturation(lower, upper);

    /// <summary>Transposes an 8 x 8 matrix.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(ref Vector128<short> a, ref Vector128<short> b, ref Vector128<short> c, ref Vector128<short> d,
        ref Vector128<short> e, ref Vector128<short> f, ref Vector128<short> g, ref Vector128<short> h)
    {
        // Three rounds interleave halves: of numbers, of pairs, of fours.
        var (ae, be, ce, de) = (Zip(a, e), Zip(b, f), Zip(c, g), Zip(d, h));
        var (aceg0, aceg1, bdfh0, bdfh1) = (Zip(ae.Lower, ce.Lower), Zip(ae.Upper, ce.Upper), Zip(be.Lower, de.Lower), Zip(be.Upper, de.Upper));
        (a, b) = Zip(aceg0.Lower, bdfh0.Lower);
        (c, d) = Zip(aceg0.Upper, bdfh0.Upper);
        (e, f) = Zip(aceg1.Lower, bdfh1.Lower);
        (g, h) = Zip(aceg1.Upper, bdfh1.Upper);
    }

    /// <summary>Interleaves the numbers of two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (Vector128<short> Lower, Vector128<short> Upper) Zip(Vector128<short> x, Vector128<short> y)
    {
        if (Sse2.IsSupported) return (Sse2.UnpackLow(x, y), Sse2.UnpackHigh(x, y));
        var (isEven, lower) = (Vector128.Create((short)-1, 0, -1, 0, -1, 0, -1, 0), Vector128.Create((short)0, 0, 1, 1, 2, 2, 3, 3));
        var upper = lower + Vector128.Create((short)4);
        return (Vector128.ConditionalSelect(isEven, Vector128.Shuffle(x, lower), Vector128.Shuffle(y, lower)),
            Vector128.ConditionalSelect(isEven, Vector128.Shuffle(x, upper), Vector128.Shuffle(y, upper)));
    }
}
