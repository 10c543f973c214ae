using Keras.Graphs;

namespace Keras;

/// <summary>Reads image files into tensors, with the values of TensorFlow's decoders.</summary>
static class ImageData
{
    public static readonly string[] Formats = [".bmp", ".gif", ".jpeg", ".jpg", ".png"];

    static readonly float[] Luma = [0.299f, 0.587f, 0.114f];

    public static int ChannelsOf(string color_mode) => Known.OneOf(color_mode, nameof(color_mode), "rgb", "rgba", "grayscale") switch { "rgba" => 4, "rgb" => 3, _ => 1 };

    /// <summary>The image, uint8 (H, W, C).</summary>
    /// <exception cref="FileFormatException">The file is not an image.</exception>
    public static Tensor Read(string path, int channels)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            // GIF files are only decoded as RGB, BMP files as stored or as RGB; JPEG files have no alpha channel, so it is opaque.
            var stored = bytes switch
            {
                [(byte)'G', (byte)'I', (byte)'F', ..] => 3,
                [(byte)'B', (byte)'M', ..] when channels == 1 => 0,
                [0xFF, 0xD8, ..] when channels == 4 => 3,
                _ => channels,
            };
            var image = Tf.DecodeImage(Tf.Constant(HostTensor.OfStrings(Shape.Scalar, [bytes])), stored, DType.UInt8);
            if (image.ndim == 4) image = image[0];
            if (image.shape[2] == channels) return image;
            if (channels == 1) return Tf.Cast(Api.ops.round(Tf.Sum(Tf.Cast(Tf.Slice(image, [0, 0, 0], [-1, -1, 3]), DType.Float32) * Tensor.Of(Luma), [2], keep_dims: true)), DType.UInt8);
            return Tf.Concat([image, Tf.Cast(Tf.Full(image.shape.With(2, 1), 255, DType.Int32), DType.UInt8)], 2);
        }
        catch (EngineException e)
        {
            throw new FileFormatException("A file is not an image that can be read", path, "a PNG, JPEG, GIF or BMP file", e.Received ?? e.Message, "Leave it out of the folder, or save it again.", e);
        }
    }

    /// <summary>Resizes as <c>tf.image.resize</c>: to float32, except "nearest", which keeps the dtype.</summary>
    public static Tensor Resized(Tensor image, int height, int width, string interpolation)
    {
        var resized = Api.ops.image.resize(Tf.Cast(image, DType.Float32), (height, width), interpolation);
        return interpolation == "nearest" ? Tf.Cast(resized, image.dtype) : resized;
    }

    /// <summary>Crops the centre to the target's aspect ratio, then resizes.</summary>
    public static Tensor Cropped(Tensor image, int height, int width, string interpolation)
    {
        var (rows, columns) = (image.shape[0], image.shape[1]);
        var cropRows = Math.Max(Math.Min(rows, (long)((double)(columns * height) / width)), 1);
        var cropColumns = Math.Max(Math.Min(columns, (long)((double)(rows * width) / height)), 1);
        int[] start = [(int)((rows - cropRows) / 2), (int)((columns - cropColumns) / 2), 0];
        var part = Tf.Slice(image, start, [(int)cropRows, (int)cropColumns, -1]);
        return Resized(part, height, width, interpolation);
    }

    /// <summary>Resizes the whole image and centres it in borders of 0, as <c>tf.image.resize_with_pad</c>.</summary>
    public static Tensor Padded(Tensor image, int height, int width, string interpolation)
    {
        var ratio = Math.Max((float)image.shape[1] / width, (float)image.shape[0] / height);
        float rows = image.shape[0] / ratio, columns = image.shape[1] / ratio;
        var resized = Resized(image, Math.Max(1, (int)MathF.Floor(rows)), Math.Max(1, (int)MathF.Floor(columns)), interpolation);
        int top = Math.Max(0, (int)MathF.Floor((height - rows) / 2)), left = Math.Max(0, (int)MathF.Floor((width - columns) / 2));
        var borders = Tensor.Of(new[,] { { top, (int)(height - top - resized.shape[0]) }, { left, (int)(width - left - resized.shape[1]) }, { 0, 0 } });
        return Tf.PadV2(resized, borders, Tf.Constant(0, resized.dtype));
    }
}
