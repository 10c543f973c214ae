using Keras.Graphs;

namespace Keras;

public sealed partial class UtilsApi
{
#pragma warning disable CA1822 // Instance methods, because in Python they are called on the module.
    /// <summary>Loads an image file as a tensor.</summary>
    /// <param name="path">A PNG, JPEG, GIF or BMP file.</param>
    /// <param name="color_mode">"rgb" (default), "rgba" or "grayscale".</param>
    /// <param name="target_size">Height and width; default as in the file.</param>
    /// <param name="interpolation">"nearest" (default), "bilinear", "bicubic" or "lanczos"; all but the first see all that a smaller image covers.</param>
    /// <param name="keep_aspect_ratio">Whether to crop the middle of each image to the aspect ratio of the target; default false.</param>
    /// <returns>uint8 (H, W, C), which <see cref="img_to_array"/> makes numbers of.</returns>
    /// <exception cref="FileFormatException">The file is not an image; the message has its path.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <remarks>Pixels are those of TensorFlow's decoders, which differ from Pillow's by a few units in JPEG files. Source: keras/src/utils/image_utils.py.</remarks>
    public Tensor load_img(string path, string color_mode = "rgb", (int Height, int Width)? target_size = null, string interpolation = "nearest", bool keep_aspect_ratio = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var channels = ImageData.ChannelsOf(color_mode);
        var method = Known.OneOf(interpolation, nameof(interpolation), "nearest", "bilinear", "bicubic", "lanczos") == "lanczos" ? "lanczos3" : interpolation;
        if (target_size is { } given && (given.Height < 1 || given.Width < 1)) throw new ArgumentOutOfRangeException(nameof(target_size), given, "The size is out of range. Expected: a positive height and width.");
        var image = ImageData.Read(path, channels);
        if (target_size is not { } size || (image.shape[0], image.shape[1]) == (size.Height, size.Width)) return image;
        var resized = Api.ops.image.resize(Tf.Cast(image, DType.Float32), size, method, antialias: method != "nearest", crop_to_aspect_ratio: keep_aspect_ratio);
        return Tf.Cast(Api.ops.clip(Api.ops.round(resized), 0, 255), DType.UInt8);
    }

    /// <summary>Turns an image into an array of numbers.</summary>
    /// <param name="img">(H, W, C) or (H, W).</param>
    /// <param name="data_format">"channels_last" (default), or "channels_first" for (C, H, W).</param>
    /// <param name="dtype">The numbers' dtype; default <c>floatx</c>.</param>
    /// <exception cref="ShapeMismatchException">It has another number of axes.</exception>
    public Tensor img_to_array(TensorLike img, string? data_format = null, DType? dtype = null)
    {
        var isFirst = Layers.ConfigForms.DataFormat(data_format) == "channels_first";
        var x = Api.ops.convert_to_tensor(img);
        if (x.ndim is not (2 or 3)) throw new ShapeMismatchException("The array has the wrong rank for an image", nameof(img_to_array), "(H, W, C) or (H, W)", x.shape.ToString());
        if (x.ndim == 2) x = Tf.ExpandDims(x, 2);
        return Tf.Cast(isFirst ? Tf.Transpose(x, 2, 0, 1) : x, dtype ?? ConfigApi.FloatX);
    }

    /// <summary>Turns an array of numbers into an image.</summary>
    /// <param name="x">(H, W, C) of 1, 3 or 4 channels.</param>
    /// <param name="data_format">"channels_last" (default), or "channels_first" if x is (C, H, W).</param>
    /// <param name="scale">Whether the smallest number becomes 0 and the largest 255; default true.</param>
    /// <param name="dtype">The dtype to compute in; default <c>floatx</c>.</param>
    /// <returns>uint8 (H, W, C), truncated.</returns>
    /// <exception cref="ShapeMismatchException">It has other axes or channels.</exception>
    public Tensor array_to_img(TensorLike x, string? data_format = null, bool scale = true, DType? dtype = null)
    {
        var isFirst = Layers.ConfigForms.DataFormat(data_format) == "channels_first";
        var image = Tf.Cast(Api.ops.convert_to_tensor(x), dtype ?? ConfigApi.FloatX);
        if (image.ndim == 3 && isFirst) image = Tf.Transpose(image, 1, 2, 0);
        if (image.ndim != 3 || image.shape[2] is not (1 or 3 or 4)) throw new ShapeMismatchException("The array is not an image with 1, 3 or 4 channels", nameof(array_to_img), "(H, W, C)", image.shape.ToString());
        if (scale)
        {
            image -= Api.ops.min(image);
            image = Tf.DivNoNan(image, Api.ops.max(image)) * Tf.Constant(255, image.dtype);
        }
        return Tf.Cast(Tf.Cast(image, DType.Int32), DType.UInt8);
    }

    /// <summary>Writes an array of numbers as an image file.</summary>
    /// <param name="path">The file; it is replaced as a whole.</param>
    /// <param name="x">(H, W, C) of 1, 3 or 4 channels.</param>
    /// <param name="data_format">"channels_last" (default), or "channels_first" if x is (C, H, W).</param>
    /// <param name="file_format">"png"; default by the file's name.</param>
    /// <param name="scale">Whether the smallest number becomes 0 and the largest 255; default true.</param>
    /// <exception cref="UnsupportedException">The format is another than PNG.</exception>
    /// <exception cref="ShapeMismatchException">The numbers have other axes or channels.</exception>
    /// <exception cref="IOException">The disk cannot be written.</exception>
    public void save_img(string path, TensorLike x, string? data_format = null, string? file_format = null, bool scale = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var format = (file_format ?? Path.GetExtension(path).TrimStart('.')).ToLowerInvariant();
        if (format != "png") throw new UnsupportedException("An image cannot be written in this format", nameof(save_img), "a name that ends in .png, or file_format: \"png\"", $"\"{format}\"");
        Files.AtomicFile.WriteAllBytes(path, Tf.EncodePng(array_to_img(x, data_format, scale)).ToArray<byte[]>()[0]);
    }
#pragma warning restore CA1822
}
