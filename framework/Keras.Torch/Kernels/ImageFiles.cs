using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Keras.Images;

namespace Keras.Engines.Torch;

/// <summary>Decodes image files to tensors and encodes tensors.</summary>
static class ImageFiles
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["DecodeImage"] = Decode,
        ["DecodeJpeg"] = DecodeJpeg,
        ["EncodePng"] = Encode,
    };

    static void Decode(KernelCall c)
    {
        var channels = c.Int("channels");
        if (channels is not (0 or 1 or 3 or 4)) throw c.Fail("0, 1, 3 or 4 channels", $"{channels}");
        var dtype = c.DTypes[0];
        if (dtype != DType.UInt8 && dtype != DType.UInt16 && dtype != DType.Float32) throw c.NotFor(dtype);
        var bytes = File(c);
        var (image, isGif) = Read(c, bytes, channels, c.Flag("expand_animations"));
        var shape = new Shape(image.Height, image.Width, image.Channels);
        Convert(image, bytes.AsSpan().StartsWith(PngReader.Signature), c.Result(0, isGif ? new Shape(image.Frames, image.Height, image.Width, image.Channels) : shape));
    }

    static byte[] File(KernelCall c) => c.Strings(0).Values is [var bytes] ? bytes : throw c.Fail("one file", $"{c.Strings(0).Values.Length} files");

    /// <summary>Decodes JPEG and, like TensorFlow's op, also PNG and GIF files; scaling down and recovery of damaged files are not supported.</summary>
    static void DecodeJpeg(KernelCall c)
    {
        if (c.Int("channels") is not (0 or 1 or 3) || c.Int("ratio") != 1 || !c.Flag("fancy_upscaling") || c.Flag("try_recover_truncated"))
            throw c.Fail("0, 1 or 3 channels, ratio 1, fancy_upscaling true, try_recover_truncated false",
                $"{c.Int("channels")}, {c.Int("ratio")}, {c.Flag("fancy_upscaling")}, {c.Flag("try_recover_truncated")}");
        var method = c.Get<string>("dct_method");
        if (method is not ("" or "INTEGER_FAST" or "INTEGER_ACCURATE")) throw c.Fail("dct_method \"\", INTEGER_FAST or INTEGER_ACCURATE", $"\"{method}\"");
        var bytes = File(c);
        if (bytes.AsSpan().StartsWith("BM"u8)) throw c.Fail("a JPEG, PNG or GIF file", "a BMP file", "An image could not be decoded");
        var image = Read(c, bytes, c.Int("channels"), allFrames: false, isAccurate: method == "INTEGER_ACCURATE").Image;
        Convert(image, isPng: false, c.Result(0, new Shape(image.Height, image.Width, image.Channels)));
    }

    /// <summary>Reads an image, and whether it stays a list of frames.</summary>
    static (Raster Image, bool IsList) Read(KernelCall c, byte[] bytes, int channels, bool allFrames, bool isAccurate = false)
    {
        try
        {
            if (bytes.AsSpan().StartsWith(PngReader.Signature)) return (PngReader.Read(bytes, channels), false);
            if (bytes is [0xFF, 0xD8, 0xFF, ..])
                return channels != 4 ? (JpegReader.Read(bytes, channels, isAccurate), false) : throw c.Fail("0, 1 or 3 channels for a JPEG image", $"{channels}");
            if (bytes.AsSpan().StartsWith("GIF8"u8))
                return channels is 0 or 3 ? (GifReader.Read(bytes, allFrames), allFrames) : throw c.Fail("0 or 3 channels for a GIF image", $"{channels}");
            if (bytes.AsSpan().StartsWith("BM"u8)) return (BmpReader.Read(bytes, channels), false);
        }
        catch (FileFormatException e)
        {
            throw new EngineException("An image could not be decoded", c.Where, received: e.Message, inner: e) { IsOfInput = true };
        }
        throw c.Fail("a PNG, JPEG, GIF or BMP file", $"{bytes.Length} bytes that begin as none of them", "An image could not be decoded");
    }

    /// <summary>Converts samples to the result's dtype. As in TensorFlow, PNG is widened through 16 bits that repeat the 8, other formats by a factor.</summary>
    static void Convert(Raster image, bool isPng, TorchTensor result)
    {
        var count = image.Count;
        if (result.DType == DType.UInt8)
        {
            var target = result.As<byte>();
            if (!image.IsWide) image.Bytes.CopyTo(target);
            else
                for (var i = 0; i < count; i++) target[i] = (byte)(image.Wide[i] >> 8);
            return;
        }
        var widening = image.IsWide ? 1 : isPng ? 257 : 256;
        if (result.DType == DType.UInt16)
        {
            var target = result.As<ushort>();
            for (var i = 0; i < count; i++) target[i] = (ushort)(image[i] * widening);
        }
        else
        {
            var target = result.As<float>();
            var (factor, scale) = (isPng ? widening : 1, isPng ? (float)(1.0 / ushort.MaxValue) : (float)(1.0 / byte.MaxValue));
            for (var i = 0; i < count; i++) target[i] = image[i] * factor * scale;
        }
    }

    static void Encode(KernelCall c)
    {
        var images = c.Tensor(0);
        if (images.DType != DType.UInt8 && images.DType != DType.UInt16) throw c.NotFor(images.DType);
        var dims = images.Shape.ToArray();
        if (dims.Length < 3 || dims[^1] is < 1 or > 4 || dims[^2] < 1 || dims[^3] < 1) throw c.Fail("images (..., H, W, 1 to 4), not empty", images.Shape.ToString());
        var compression = c.Int("compression");
        if (compression is < -1 or > 9) throw c.Fail("compression -1 to 9", $"{compression}");
        var (height, width, channels, size) = ((int)dims[^3], (int)dims[^2], (int)dims[^1], images.DType.Size);
        var length = (long)height * width * channels * size;
        if (length > Array.MaxLength / 2) throw c.Fail($"at most {Array.MaxLength / 2} bytes", $"{length} bytes of {images.Shape}", "An image is too large for a PNG file");
        var files = new byte[images.Count * size / length][];
        for (var i = 0; i < files.Length; i++) files[i] = PngWriter.Write(BigEndian(images, i * length, (int)length), height, width, channels, size * 8, compression);
        c.Result(0, files, images.Shape[..^3]);
    }

    static unsafe ReadOnlySpan<byte> BigEndian(TorchTensor images, long start, int length)
    {
        var bytes = new ReadOnlySpan<byte>(images.Data + start, length);
        if (images.DType == DType.UInt8) return bytes;
        var swapped = new ushort[length / 2];
        BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, ushort>(bytes), swapped);
        return MemoryMarshal.AsBytes<ushort>(swapped);
    }
}
