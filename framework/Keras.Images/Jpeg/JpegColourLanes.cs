using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Keras.Images;

/// <summary>Converts YCbCr to red, green and blue, 16 pixels at once.</summary>
/// <remarks>libjpeg's factors are integers in 65536ths, and each sum is rounded once. A factor above 1/2 is split into an integer and a remainder, so that the products
/// fit 16 bits: the high half of the product with the doubled chroma value, halved and rounded, is the rounded product.</remarks>
static class JpegColourLanes
{
    const int Bits = 16;
    const int One = 1 << Bits;
    const int Half = One / 2;
    const int RedOfCr = (int)((1.402 * One) + 0.5), BlueOfCb = (int)((1.772 * One) + 0.5);
    const int GreenOfCr = (int)((0.71414 * One) + 0.5), GreenOfCb = (int)((0.34414 * One) + 0.5);
    const byte Middle = 128;

    /// <summary>Converts a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FromYCbCr(ReadOnlySpan<byte> y, ReadOnlySpan<byte> cb, ReadOnlySpan<byte> cr, Span<byte> target)
    {
        var x = 0;
        for (; x <= y.Length - Vector128<byte>.Count; x += Vector128<byte>.Count)
        {
            var (yLow, yHigh) = Numbers(y, x, 0);
            var (cbLow, cbHigh) = Numbers(cb, x, Middle);
            var (crLow, crHigh) = Numbers(cr, x, Middle);
            var (redLow, greenLow, blueLow) = Colours(yLow, cbLow, crLow);
            var (redHigh, greenHigh, blueHigh) = Colours(yHigh, cbHigh, crHigh);
            Interleave(Bytes(redLow, redHigh), Bytes(greenLow, greenHigh), Bytes(blueLow, blueHigh), target[(x * 3)..]);
        }
        for (var to = x * 3; x < y.Length; x++, to += 3)
        {
            int brightness = y[x], blue = cb[x] - Middle, red = cr[x] - Middle;
            target[to] = Limited(brightness + (((RedOfCr * red) + Half) >> Bits));
            target[to + 1] = Limited(brightness + ((Half - (GreenOfCb * blue) - (GreenOfCr * red)) >> Bits));
            target[to + 2] = Limited(brightness + (((BlueOfCb * blue) + Half) >> Bits));
        }
    }

    static byte Limited(int value) => (byte)Math.Clamp(value, byte.MinValue, byte.MaxValue);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (Vector128<short> Lower, Vector128<short> Upper) Numbers(ReadOnlySpan<byte> row, int x, short middle)
    {
        var (lower, upper) = Vector128.Widen(Vector128.Create(row.Slice(x, Vector128<byte>.Count)));
        return (lower.AsInt16() - Vector128.Create(middle), upper.AsInt16() - Vector128.Create(middle));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (Vector128<short> Red, Vector128<short> Green, Vector128<short> Blue) Colours(Vector128<short> y, Vector128<short> cb, Vector128<short> cr)
    {
        var one = Vector128.Create((short)1);
        var red = ((JpegLanes.TimesHigh(cr + cr, RedOfCr - One) + one) >> 1) + cr;
        var blue = ((JpegLanes.TimesHigh(cb + cb, BlueOfCb - (2 * One)) + one) >> 1) + cb + cb;
        var (low, high) = JpegLanes.Products(cb, cr, -GreenOfCb, One - GreenOfCr);
        var half = Vector128.Create(Half);
        var green = JpegLanes.Narrow((low + half) >> Bits, (high + half) >> Bits) - cr;
        return (y + red, y + green, y + blue);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<byte> Bytes(Vector128<short> lower, Vector128<short> upper)
    {
        var zero = Vector128<short>.Zero;
        return Vector128.NarrowWithSaturation(Vector128.Max(lower, zero).AsUInt16(), Vector128.Max(upper, zero).AsUInt16());
    }

    /// <summary>Interleaves 16 pixels of three colours into 48 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Interleave(Vector128<byte> red, Vector128<byte> green, Vector128<byte> blue, Span<byte> target)
    {
        const byte no = 0xFF;
        target = target[..48];
        (Vector128.Shuffle(red, Vector128.Create((byte)0, no, no, 1, no, no, 2, no, no, 3, no, no, 4, no, no, 5))
            | Vector128.Shuffle(green, Vector128.Create(no, 0, no, no, 1, no, no, 2, no, no, 3, no, no, 4, no, no))
            | Vector128.Shuffle(blue, Vector128.Create(no, no, 0, no, no, 1, no, no, 2, no, no, 3, no, no, 4, no))).CopyTo(target);
        (Vector128.Shuffle(red, Vector128.Create(no, no, 6, no, no, 7, no, no, 8, no, no, 9, no, no, 10, no))
            | Vector128.Shuffle(green, Vector128.Create((byte)5, no, no, 6, no, no, 7, no, no, 8, no, no, 9, no, no, 10))
            | Vector128.Shuffle(blue, Vector128.Create(no, 5, no, no, 6, no, no, 7, no, no, 8, no, no, 9, no, no))).CopyTo(target[16..]);
        (Vector128.Shuffle(red, Vector128.Create(no, 11, no, no, 12, no, no, 13, no, no, 14, no, no, 15, no, no))
            | Vector128.Shuffle(green, Vector128.Create(no, no, 11, no, no, 12, no, no, 13, no, no, 14, no, no, 15, no))
            | Vector128.Shuffle(blue, Vector128.Create((byte)10, no, no, 11, no, no, 12, no, no, 13, no, no, 14, no, no, 15))).CopyTo(target[32..]);
    }
}
