using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Keras.Transformers;

/// <summary>An image during preprocessing, channels last: bytes, or numbers of another dtype, stored as float64 without loss.</summary>
sealed class PixelBlock
{
    /// <summary>The scale of bytes: Hugging Face resizes numbers from 0 to 1 as bytes.</summary>
    const double ByteScale = 1 / 255.0;

    readonly byte[]? _bytes;
    readonly double[]? _numbers;
    readonly DType _dtype;

    PixelBlock(int height, int width, int channels, byte[]? bytes, double[]? numbers, DType dtype) =>
        (Height, Width, Channels, _bytes, _numbers, _dtype) = (height, width, channels, bytes, numbers, dtype);

    public int Height { get; }

    public int Width { get; }

    public int Channels { get; }

    /// <summary>Creates a block from a decoded image.</summary>
    public static PixelBlock Of(Picture picture) => picture.Mode is "1" or "I;16" or "P"
        ? throw WrongChannels($"a picture of mode {picture.Mode}")
        : new(picture.Height, picture.Width, picture.Channels, picture.Pixels, null, DType.UInt8);

    /// <summary>Makes the error for an image without 1 or 3 channels.</summary>
    public static ShapeMismatchException WrongChannels(string received) =>
        new("An image has another number of channels", "images", "1 or 3", received, "Convert it with Picture.Convert(\"RGB\"), or set do_convert_rgb.");

    /// <summary>Creates a block from samples with three axes.</summary>
    /// <remarks>Integers other than bytes become int32 or int64, floats float32 or float64.</remarks>
    /// <exception cref="ShapeMismatchException">An axis is empty.</exception>
    /// <exception cref="ValueRangeException">A sample is not a finite number.</exception>
    public static PixelBlock Of(HostTensor samples, bool isChannelsFirst)
    {
        var dims = samples.Shape.ToArray();
        if (samples.Data.Length == 0) throw new ShapeMismatchException("An image has no pixels", "images", "no axis of 0", samples.Shape.ToString());
        var (channels, height, width) = isChannelsFirst ? ((int)dims[0], (int)dims[1], (int)dims[2]) : ((int)dims[2], (int)dims[0], (int)dims[1]);
        if (samples.DType == DType.UInt8) return new(height, width, channels, Last(samples.Data, isChannelsFirst, channels), null, DType.UInt8);
        var numbers = samples.ToDouble();
        if (numbers.FirstOrDefault(n => !double.IsFinite(n)) is not 0 and var wrong) throw new ValueRangeException("A sample is not a finite number", "images", "finite numbers", $"{wrong}");
        // Floats narrower than float32 are computed in float32.
        var dtype = samples.DType == DType.Float64 ? DType.Float64 : samples.DType.IsFloating ? DType.Float32 : samples.DType.Size > sizeof(int) || samples.DType == DType.UInt32 ? DType.Int64 : DType.Int32;
        return new(height, width, channels, null, Last(numbers, isChannelsFirst, channels), dtype);
    }

    static T[] Last<T>(T[] values, bool isChannelsFirst, int channels)
    {
        if (!isChannelsFirst || channels == 1) return values;
        var (result, plane) = (new T[values.Length], values.Length / channels);
        for (var c = 0; c < channels; c++)
            for (var i = 0; i < plane; i++) result[(i * channels) + c] = values[(c * plane) + i];
        return result;
    }

    /// <summary>Resizes the image. Numbers from 0 to 1 stay in this range.</summary>
    /// <exception cref="ValueRangeException">Numbers are neither byte values nor between 0 and 1.</exception>
    public PixelBlock Resize(HeightWidth size, int resample)
    {
        var (source, isScaled) = _bytes is not null ? (_bytes, false) : Bytes(_numbers!);
        var resized = Resampler.Resize(source, Width, Height, Channels, size.Width, size.Height, resample);
        return isScaled
            ? new(size.Height, size.Width, Channels, null, Array.ConvertAll(resized, b => (double)(float)(b * ByteScale)), DType.Float32)
            : new(size.Height, size.Width, Channels, resized, null, DType.UInt8);
    }

    /// <summary>Crops the centre of the image, with 0 outside it.</summary>
    public PixelBlock Crop(HeightWidth size) =>
        new(size.Height, size.Width, Channels, _bytes is null ? null : Middle(_bytes, size), _numbers is null ? null : Middle(_numbers, size), _dtype);

    T[] Middle<T>(T[] values, HeightWidth size)
    {
        var result = new T[size.Height * size.Width * Channels];
        var (top, left) = (MiddleStart(Height, size.Height), MiddleStart(Width, size.Width));
        var (first, last) = (Math.Max(0, -left), Math.Min(size.Width, Width - left));
        for (var y = Math.Max(0, -top); y < Math.Min(size.Height, Height - top); y++)
            values.AsSpan((((y + top) * Width) + first + left) * Channels, (last - first) * Channels).CopyTo(result.AsSpan(((y * size.Width) + first) * Channels));
        return result;

        // If the difference is odd, the larger part is cut at the end, or added at the front.
        static int MiddleStart(int size, int kept) => (int)Math.Floor((size - kept) / 2.0);
    }

    static (byte[] Bytes, bool IsScaled) Bytes(double[] numbers)
    {
        var (least, most, isWhole) = (double.MaxValue, double.MinValue, true);
        foreach (var number in numbers)
        {
            (least, most) = (Math.Min(least, number), Math.Max(most, number));
            var whole = Math.Truncate(number);
            isWhole &= Math.Abs(number - whole) <= 1e-8 + (1e-5 * Math.Abs(whole));
        }
        var limit = isWhole ? byte.MaxValue : 1;
        if (least < 0 || most > limit)
            throw new ValueRangeException("Samples cannot be resized", "images", "whole numbers from 0 to 255, or numbers from 0 to 1", $"numbers from {least} to {most}", "Scale the samples, or leave do_resize off.");
        return (Array.ConvertAll(numbers, n => (byte)(isWhole ? n : (float)(n * byte.MaxValue))), !isWhole);
    }

    /// <summary>Scales and normalises the samples, both optional, and puts them into the wanted order.</summary>
    /// <param name="factor">The factor; null for none.</param>
    /// <param name="normalize">Mean and standard deviation of each channel; null for none.</param>
    /// <param name="isChannelsFirst">Whether the result is (channels, height, width).</param>
    public HostTensor Finish(double? factor, (double[] Mean, double[] Deviation)? normalize, bool isChannelsFirst)
    {
        var shape = isChannelsFirst ? new Shape(Channels, Height, Width) : new Shape(Height, Width, Channels);
        var dtype = factor is not null ? DType.Float32 : normalize is null || _dtype.IsFloating ? _dtype : DType.Float32;
        if (_bytes is not null && dtype == DType.UInt8) return HostTensor.OfBytes(dtype, shape, Ordered(_bytes, isChannelsFirst));
        if (dtype == DType.Float32)
        {
            var result = new byte[(long)Height * Width * Channels * sizeof(float)];
            var target = MemoryMarshal.Cast<byte, float>(result.AsSpan());
            for (var c = 0; c < Channels; c++) FinishChannel(c, factor, normalize, target, isChannelsFirst);
            return HostTensor.OfBytes(dtype, shape, result);
        }
        var numbers = Ordered(_numbers!, isChannelsFirst);
        if (normalize is var (mean, deviation))
            for (var i = 0; i < numbers.Length; i++)
            {
                var c = isChannelsFirst ? i / (Height * Width) : i % Channels;
                numbers[i] = (numbers[i] - mean[c]) / deviation[c];
            }
        if (dtype == DType.Float64) return HostTensor.Of<double>(numbers, shape);
        return dtype == DType.Int64 ? HostTensor.Of<long>(Array.ConvertAll(numbers, n => (long)n), shape) : HostTensor.Of<int>(Array.ConvertAll(numbers, n => (int)n), shape);
    }

    /// <summary>Computes as Hugging Face does: scales in float64, rounds to float32, then normalises in float32.</summary>
    static float Finished(double sample, double? factor, float mean, float deviation, bool isNormalized)
    {
        var value = factor is { } f ? (float)(sample * f) : (float)sample;
        return isNormalized ? (value - mean) / deviation : value;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void FinishChannel(int c, double? factor, (double[] Mean, double[] Deviation)? normalize, Span<float> target, bool isChannelsFirst)
    {
        var (mean, deviation) = normalize is var (m, d) ? ((float)m[c], (float)d[c]) : (0f, 1f);
        var (to, step, plane) = isChannelsFirst ? (c * Height * Width, 1, Height * Width) : (c, Channels, Height * Width);
        if (_bytes is not null)
        {
            // A byte has only 256 values, so compute each once.
            Span<float> table = stackalloc float[256];
            for (var i = 0; i < table.Length; i++) table[i] = Finished(i, factor, mean, deviation, normalize is not null);
            for (int i = 0, from = c; i < plane; i++, from += Channels, to += step) target[to] = table[_bytes[from]];
            return;
        }
        for (int i = 0, from = c; i < plane; i++, from += Channels, to += step) target[to] = Finished(_numbers![from], factor, mean, deviation, normalize is not null);
    }

    T[] Ordered<T>(T[] values, bool isChannelsFirst)
    {
        if (!isChannelsFirst || Channels == 1) return (T[])values.Clone();
        var (result, plane) = (new T[values.Length], Height * Width);
        for (var c = 0; c < Channels; c++)
            for (int i = 0, from = c; i < plane; i++, from += Channels) result[(c * plane) + i] = values[from];
        return result;
    }
}
