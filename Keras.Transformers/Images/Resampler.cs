using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Keras.Images;

namespace Keras.Transformers;

/// <summary>The part of an image to resize.</summary>
readonly record struct ResampleBox(double Left, double Top, double Right, double Bottom)
{
    public double Width => Right - Left;

    public double Height => Bottom - Top;
}

/// <summary>Resizes 8-bit images with Pillow's values: two passes with 22-bit integer factors, rounded to bytes in between.</summary>
static class Resampler
{
    public const int FactorBits = 22;
    const int Half = 1 << (FactorBits - 1);

    /// <summary>The number of bytes after the samples that vector loads may read.</summary>
    const int Slack = 64;

    /// <summary>The filters by Pillow's number: support and weight function.</summary>
    internal static readonly (string Name, double Support, Func<double, double> Weight)[] Filters =
    [
        ("nearest", 0, _ => 0),
        ("lanczos", 3, x => Math.Abs(x) < 3 ? Sinc(x) * Sinc(x / 3) : 0),
        ("bilinear", 1, x => Math.Max(1 - Math.Abs(x), 0)),
        ("bicubic", 2, x => Cubic(Math.Abs(x))),
        ("box", 0.5, x => x is > -0.5 and <= 0.5 ? 1 : 0),
        ("hamming", 1, x => x == 0 ? 1 : Math.Abs(x) >= 1 ? 0 : Math.Sin(x * Math.PI) / (x * Math.PI) * (0.54 + (0.46 * Math.Cos(x * Math.PI)))),
    ];

    static double Sinc(double x) => x == 0 ? 1 : Math.Sin(x * Math.PI) / (x * Math.PI);

    static double Cubic(double x)
    {
        const double a = -0.5;
        return x < 1 ? ((((a + 2) * x) - (a + 3)) * x * x) + 1 : x < 2 ? ((((x - 5) * x) + 8) * x - 4) * a : 0;
    }

    /// <summary>Checks that a filter has this number.</summary>
    /// <exception cref="ValueRangeException">There is no such filter.</exception>
    public static void CheckFilter(int resample)
    {
        if ((uint)resample >= (uint)Filters.Length)
            throw new ValueRangeException("There is no such filter", "resample", string.Join(", ", Filters.Select((f, i) => $"{i} ({f.Name})")), $"{resample}");
    }

    /// <summary>Resizes an image.</summary>
    /// <param name="pixels">(height, width, channels).</param>
    /// <param name="width">The image's width.</param>
    /// <param name="height">The image's height.</param>
    /// <param name="channels">1 to 4.</param>
    /// <param name="newWidth">The width of the result.</param>
    /// <param name="newHeight">The height of the result.</param>
    /// <param name="resample">Pillow's number of the filter.</param>
    /// <param name="scratch">Rents the array of the result, which may be longer than the result.</param>
    /// <param name="box">The part to resize; null for all of it.</param>
    /// <param name="gap">How many times larger than the result a fast preliminary reduction leaves the image; null for none.</param>
    public static byte[] Resize(ReadOnlySpan<byte> pixels, int width, int height, int channels, int newWidth, int newHeight, int resample, Scratch scratch, ResampleBox? box = null, double? gap = null)
    {
        CheckFilter(resample);
        var part = box ?? new(0, 0, width, height);
        if (newWidth == width && newHeight == height && part == new ResampleBox(0, 0, width, height)) return Copy(pixels[..(width * height * channels)], scratch);
        if (resample == 0) return Nearest(pixels, width, height, channels, newWidth, newHeight, part, scratch);
        if (gap is { } times)
        {
            var (across, down) = (Math.Max((int)(part.Width / newWidth / times), 1), Math.Max((int)(part.Height / newHeight / times), 1));
            if (across > 1 || down > 1)
            {
                var (marginX, marginY) = ((Filters[resample].Support - 0.5) * part.Width / newWidth, (Filters[resample].Support - 0.5) * part.Height / newHeight);
                var (left, top) = (Math.Max((int)(part.Left - marginX), 0), Math.Max((int)(part.Top - marginY), 0));
                var (right, bottom) = (Math.Min((int)Math.Ceiling(part.Right + marginX), width), Math.Min((int)Math.Ceiling(part.Bottom + marginY), height));
                pixels = Reduce(pixels, width, channels, left, top, right, bottom, across, down, scratch);
                (width, height) = ((right - left + across - 1) / across, (bottom - top + down - 1) / down);
                part = new((part.Left - left) / across, (part.Top - top) / down, (part.Right - left) / across, (part.Bottom - top) / down);
            }
        }
        var needsAcross = newWidth != width || part.Left != 0 || part.Right != newWidth;
        var needsDown = newHeight != height || part.Top != 0 || part.Bottom != newHeight;
        var across1 = needsAcross ? ResampleTaps.Of(width, part.Left, part.Right, newWidth, resample) : null;
        var down1 = needsDown ? ResampleTaps.Of(height, part.Top, part.Bottom, newHeight, resample) : null;
        if (across1 is null) return down1 is null ? Copy(pixels[..(width * height * channels)], scratch) : Down(pixels, width * channels, down1, newHeight, scratch);
        if (down1 is null) return Across(pixels, width, height, channels, across1, newWidth, scratch);
        return IsDownFirst(height, width, newHeight, newWidth)
            ? Across(Down(pixels, width * channels, down1, newHeight, scratch), width, newHeight, channels, across1, newWidth, scratch)
            : Down(Across(pixels, width, height, channels, across1, newWidth, scratch), newWidth * channels, down1, newHeight, scratch);
    }

    static byte[] Copy(ReadOnlySpan<byte> pixels, Scratch scratch)
    {
        var copy = scratch.Take<byte>(pixels.Length);
        pixels.CopyTo(copy);
        return copy;
    }

    /// <summary>Whether the height changes first: Pillow runs the pass that saves more first.</summary>
    public static bool IsDownFirst(int height, int width, int newHeight, int newWidth) => newHeight < height && height - newHeight > 2 * (width - newWidth);

    /// <summary>For each position of a resized axis, the first source position and the factors from there on, with 0 after the last used.</summary>
    public static (int[] First, int[,] Factors) FactorsOf(int size, int newSize, int resample)
    {
        var taps = ResampleTaps.Of(size, 0, size, newSize, resample);
        var factors = new int[newSize, taps.Counts.Max()];
        for (var i = 0; i < newSize; i++)
            for (var k = 0; k < taps.Counts[i]; k++) factors[i, k] = taps.Factors[(i * taps.Stride) + k];
        return ([.. taps.Starts], factors);
    }

    /// <summary>The positions that the filter "nearest" takes.</summary>
    public static int[] NearestPlaces(int size, int newSize) => Steps(0, (double)size / newSize, newSize, size);

    static byte[] Nearest(ReadOnlySpan<byte> pixels, int width, int height, int channels, int newWidth, int newHeight, ResampleBox box, Scratch scratch)
    {
        var (columns, rows) = (Steps(box.Left, box.Width / newWidth, newWidth, width), Steps(box.Top, box.Height / newHeight, newHeight, height));
        var result = scratch.TakeZeros<byte>(newWidth * newHeight * channels);
        for (int y = 0, to = 0; y < newHeight; y++)
            for (var x = 0; x < newWidth; x++, to += channels)
                if (rows[y] >= 0 && columns[x] >= 0) pixels.Slice(((rows[y] * width) + columns[x]) * channels, channels).CopyTo(result.AsSpan(to));
        return result;
    }

    static int[] Steps(double start, double step, int count, int size)
    {
        var steps = new int[count];
        var at = start + (step * 0.5);
        for (var i = 0; i < count; i++, at += step) steps[i] = at >= 0 && at < size ? (int)at : -1;
        return steps;
    }

    /// <summary>Averages rectangles of pixels, smaller ones at the right and lower edge.</summary>
    static byte[] Reduce(ReadOnlySpan<byte> pixels, int width, int channels, int left, int top, int right, int bottom, int across, int down, Scratch scratch)
    {
        var (newWidth, newHeight) = ((right - left + across - 1) / across, (bottom - top + down - 1) / down);
        var result = scratch.Take<byte>(newWidth * newHeight * channels);
        for (int y = 0, to = 0; y < newHeight; y++)
            for (var x = 0; x < newWidth; x++)
                for (var c = 0; c < channels; c++)
                {
                    var (startX, startY) = (left + (x * across), top + (y * down));
                    var (endX, endY) = (Math.Min(startX + across, right), Math.Min(startY + down, bottom));
                    var count = (endX - startX) * (endY - startY);
                    var sum = (uint)(count / 2);
                    for (var row = startY; row < endY; row++)
                        for (var column = startX; column < endX; column++) sum += pixels[(((row * width) + column) * channels) + c];
                    var inverse = (uint)(4294967296f / (256f * count));
                    result[to++] = (byte)((sum * inverse) >> 24);
                }
        return result;
    }

    static byte Clipped(int sum) => (byte)Math.Clamp(sum >> FactorBits, byte.MinValue, byte.MaxValue);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static byte[] Across(ReadOnlySpan<byte> pixels, int width, int height, int channels, ResampleTaps taps, int newWidth, Scratch scratch)
    {
        var result = scratch.Take<byte>(newWidth * height * channels);
        if (channels == 3 && Avx2.IsSupported)
        {
            // Copies one row at a time to where vector loads may read past its end.
            var row = scratch.TakeZeros<byte>((width * 3) + Slack);
            for (var y = 0; y < height; y++)
            {
                pixels.Slice(y * width * 3, width * 3).CopyTo(row);
                AcrossColours(row, taps, result.AsSpan(y * newWidth * 3, newWidth * 3));
            }
            return result;
        }
        for (int y = 0, to = 0; y < height; y++)
            for (var x = 0; x < newWidth; x++)
                for (var c = 0; c < channels; c++)
                {
                    var (sum, from) = (Half, (((y * width) + taps.Starts[x]) * channels) + c);
                    foreach (var factor in taps.Factors.AsSpan(x * taps.Stride, taps.Counts[x]))
                    {
                        sum += pixels[from] * factor;
                        from += channels;
                    }
                    result[to++] = Clipped(sum);
                }
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void AcrossColours(byte[] row, ResampleTaps taps, Span<byte> target)
    {
        // Of 16 bytes, five pixels: pixels 0 and 1 colour by colour in the lower half, 2 and 3 in the upper; each byte becomes a number of 16 bits.
        var pairs = Vector256.Create(0, 255, 3, 255, 1, 255, 4, 255, 2, 255, 5, 255, 255, 255, 255, 255, 6, 255, 9, 255, 7, 255, 10, 255, 8, 255, 11, 255, 255, 255, 255, 255);
        ref var bytes = ref MemoryMarshal.GetArrayDataReference(row);
        ref var lows = ref MemoryMarshal.GetArrayDataReference(taps.Low);
        ref var highs = ref MemoryMarshal.GetArrayDataReference(taps.High);
        for (int x = 0, to = 0; x < taps.Starts.Length; x++, to += 3)
        {
            var (low, high) = (Vector256<int>.Zero, Vector256<int>.Zero);
            var (from, at) = (taps.Starts[x] * 3, x * taps.Stride * 4);
            for (var k = 0; k < taps.Counts[x]; k += 4, from += 12, at += 16)
            {
                var four = Vector128.LoadUnsafe(ref bytes, (nuint)from);
                var numbers = Avx2.Shuffle(Vector256.Create(four, four), pairs).AsInt16();
                low += Avx2.MultiplyAddAdjacent(numbers, Vector256.LoadUnsafe(ref lows, (nuint)at));
                high += Avx2.MultiplyAddAdjacent(numbers, Vector256.LoadUnsafe(ref highs, (nuint)at));
            }
            var both = (high << ResampleTaps.LowBits) + low;
            var sums = (both.GetLower() + both.GetUpper() + Vector128.Create(Half)) >> FactorBits;
            var clipped = Sse2.PackUnsignedSaturate(Sse2.PackSignedSaturate(sums, sums), default).AsUInt32()[0];
            (target[to], target[to + 1], target[to + 2]) = ((byte)clipped, (byte)(clipped >> 8), (byte)(clipped >> 16));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static byte[] Down(ReadOnlySpan<byte> pixels, int stride, ResampleTaps taps, int newHeight, Scratch scratch)
    {
        var result = scratch.Take<byte>(stride * newHeight);
        for (var y = 0; y < newHeight; y++)
        {
            var factors = taps.Factors.AsSpan(y * taps.Stride, taps.Counts[y]);
            var target = result.AsSpan(y * stride, stride);
            var source = pixels[(taps.Starts[y] * stride)..];
            var x = 0;
            for (; x <= stride - Vector128<byte>.Count; x += Vector128<byte>.Count) DownLanes(source, stride, factors, x).CopyTo(target[x..]);
            for (; x < stride; x++)
            {
                var sum = Half;
                for (var k = 0; k < factors.Length; k++) sum += source[(k * stride) + x] * factors[k];
                target[x] = Clipped(sum);
            }
        }
        return result;
    }

    static Vector128<byte> DownLanes(ReadOnlySpan<byte> source, int stride, ReadOnlySpan<int> factors, int x)
    {
        var (a, b) = (Vector256.Create(Half), Vector256.Create(Half));
        for (var k = 0; k < factors.Length; k++)
        {
            var (lower, upper) = Vector256.Widen(Vector256.WidenLower(Vector128.Create(source.Slice((k * stride) + x, Vector128<byte>.Count)).ToVector256Unsafe()));
            var factor = Vector256.Create(factors[k]);
            a += lower.AsInt32() * factor;
            b += upper.AsInt32() * factor;
        }
        var zero = Vector256<int>.Zero;
        var numbers = Vector256.NarrowWithSaturation(Vector256.Max(a >> FactorBits, zero).AsUInt32(), Vector256.Max(b >> FactorBits, zero).AsUInt32());
        return Vector128.NarrowWithSaturation(numbers.GetLower(), numbers.GetUpper());
    }
}
