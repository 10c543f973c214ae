using System.Runtime.CompilerServices;
using Keras.Graphs;

namespace Keras;

/// <summary>keras.ops.image: operations on images (H, W, C) or (B, H, W, C), or with <c>data_format: "channels_first"</c> (C, H, W) or (B, C, H, W).</summary>
/// <remarks>Source: keras/src/ops/image.py, on its TensorFlow backend.</remarks>
public sealed partial class ImageOpsApi
{
    internal ImageOpsApi() { }

    static OpsApi Ops => OpsApi.Instance;

    /// <summary>As the method of the same name in <see cref="OpsApi"/>.</summary>
    static KeptOp? Kept(TensorLike a, TensorLike? b = null, [CallerMemberName] string name = "") => a.IsKept || b is { IsKept: true } ? new($"image.{name}") : null;

    /// <summary>Runs a function with a batch axis and channels last.</summary>
    static Tensor OnBatch(Tensor images, string data_format, string where, Func<Tensor, Tensor> compute)
    {
        if (images.ndim is not (3 or 4)) throw new ShapeMismatchException("The images have the wrong rank", where, "rank 3, or 4 with a batch", images.shape.ToString());
        Known.OneOf(data_format, nameof(data_format), "channels_last", "channels_first");
        var batch = images.ndim == 4 ? images : Tf.ExpandDims(images, 0);
        var result = data_format == "channels_last" ? compute(batch) : Tf.Transpose(compute(Tf.Transpose(batch, 0, 2, 3, 1)), 0, 3, 1, 2);
        return images.ndim == 4 ? result : Tf.Squeeze(result, 0);
    }

    /// <summary>Resizes images.</summary>
    /// <param name="images">Images.</param>
    /// <param name="size">Height and width of the result.</param>
    /// <param name="interpolation">"bilinear" (default), "nearest", "bicubic", "lanczos3" or "lanczos5".</param>
    /// <param name="antialias">Whether each result averages all the pixels it covers if the image shrinks; default false.</param>
    /// <param name="crop_to_aspect_ratio">Whether to crop the middle of each image to the aspect ratio of the target; default false.</param>
    /// <param name="pad_to_aspect_ratio">Whether borders make up the wanted proportions; default false.</param>
    /// <param name="fill_mode">The fill mode of borders: "constant".</param>
    /// <param name="fill_value">The value of borders; default 0.</param>
    /// <param name="data_format">The position of the channel axis.</param>
    public Tensor resize(TensorLike images, (int Height, int Width) size, string interpolation = "bilinear", bool antialias = false, bool crop_to_aspect_ratio = false,
        bool pad_to_aspect_ratio = false, string fill_mode = "constant", double fill_value = 0, string data_format = "channels_last")
    {
        if (Kept(images) is { } kept) return kept.Run<Tensor>(images, size, interpolation, antialias, crop_to_aspect_ratio, pad_to_aspect_ratio, fill_mode, fill_value, data_format);
        if (size.Height < 1 || size.Width < 1) throw new ArgumentOutOfRangeException(nameof(size), size, "The size is out of range. Expected: two whole numbers of at least 1.");
        if (pad_to_aspect_ratio && crop_to_aspect_ratio) throw new ArgumentException("Only one of pad_to_aspect_ratio and crop_to_aspect_ratio can be true.");
        Known.OneOf(interpolation, nameof(interpolation), [.. Resizing.Methods]);
        if (fill_mode != "constant") throw new UnsupportedException("The fill_mode is not supported", "ops.image.resize", "fill_mode: \"constant\"", $"\"{fill_mode}\"");
        return OnBatch(images.Tensor, data_format, "ops.image.resize", batch =>
        {
            if (crop_to_aspect_ratio) batch = Cropped(batch, size.Height, size.Width);
            if (pad_to_aspect_ratio) batch = Padded(batch, size.Height, size.Width, fill_value);
            return Resizing.Resize(batch, 1, size.Height, size.Width, interpolation, antialias);
        });
    }

    /// <summary>Resizes images (B, H, W, C) to a size that may be known only when the graph runs.</summary>
    internal Tensor Resized(Tensor images, Dim height, Dim width, string interpolation) => Resizing.Resize(images, 1, height, width, interpolation, antialias: false);

    static Tensor Cropped(Tensor images, int height, int width)
    {
        var (rows, columns) = (Dim.Of(images, 1), Dim.Of(images, 2));
        var (wantedRows, wantedColumns) = (AtMost(Share(columns, height, width), rows), AtMost(Share(rows, width, height), columns));
        var d = Dims.Of(images);
        Dims start = [0, (rows - wantedRows) / 2, (columns - wantedColumns) / 2, 0];
        return Ops.slice(images, start, [d[0], wantedRows, wantedColumns, d[3]]);
    }

    static Tensor Padded(Tensor images, int height, int width, double fill)
    {
        var (rows, columns) = (Dim.Of(images, 1), Dim.Of(images, 2));
        var (top, left) = (AtLeast((Share(columns, height, width) - rows) / 2, 0), AtLeast((Share(rows, width, height) - columns) / 2, 0));
        if (top.Known is { } rowsMore && left.Known is { } columnsMore)
            return Ops.pad(images, [[0, 0], [(int)rowsMore, (int)rowsMore], [(int)columnsMore, (int)columnsMore], [0, 0]], "constant", fill);
        var paddings = Tf.Stack([Tf.Int32(0, 0), Tf.Stack([top, top], 0), Tf.Stack([left, left], 0), Tf.Int32(0, 0)], 0);
        var padded = Tf.PadV2(images, paddings, Tf.Constant(fill, images.dtype));
        return padded;
    }

    /// <summary>A length times a ratio as Keras computes it: in float32, truncated.</summary>
    static Dim Share(Dim length, int wanted, int against) => length.Known is { } known ? (long)((float)(known * wanted) / against)
        : Tf.Cast(Tf.Cast(length * wanted, DType.Float32) / against, DType.Int32);

    static Dim AtMost(Dim a, Dim b) => a.Known is { } x && b.Known is { } y ? Math.Max(Math.Min(x, y), 1) : Tf.Maximum(Tf.Minimum(a, b), Tf.Int32Scalar(1));

    static Dim AtLeast(Dim a, int least) => a.Known is { } x ? Math.Max(x, least) : Tf.Maximum(a, Tf.Int32Scalar(least));

    /// <summary>Red, green and blue as brightness: one channel.</summary>
    public Tensor rgb_to_grayscale(TensorLike images, string data_format = "channels_last") =>
        Kept(images)?.Run<Tensor>(images, data_format)
        ?? OnBatch(images.Tensor, data_format, "ops.image.rgb_to_grayscale", batch =>
    {
        var floats = batch.dtype.IsFloating ? batch : Tf.Cast(batch, DType.Float32);
        var weights = Tf.Cast(Tf.Constant(HostTensor.Vector(0.2989f, 0.5870f, 0.1140f)), floats.dtype);
        return Tf.Cast(Tf.Sum(floats * weights, [-1], keep_dims: true), batch.dtype);
    });

    /// <summary>Red, green and blue in [0, 1] as hue, saturation and value in [0, 1].</summary>
    public Tensor rgb_to_hsv(TensorLike images, string data_format = "channels_last") =>
        Kept(images)?.Run<Tensor>(images, data_format)
        ?? OnBatch(images.Tensor, data_format, "ops.image.rgb_to_hsv", batch =>
    {
        var channels = Tf.Unstack(RequireFloat(batch, "ops.image.rgb_to_hsv"), 3, 3);
        var (red, green, blue) = (channels[0], channels[1], channels[2]);
        var value = Tf.Maximum(Tf.Maximum(red, green), blue);
        var range = value - Tf.Minimum(Tf.Minimum(red, green), blue);
        var saturation = Tf.DivNoNan(range, value);
        var sextant = Tf.SelectV2(Tf.Equal(value, red), Tf.DivNoNan(green - blue, range),
            Tf.SelectV2(Tf.Equal(value, green), Tf.DivNoNan(blue - red, range) + 2, Tf.DivNoNan(red - green, range) + 4));
        var hue = Tf.SelectV2(Tf.Greater(range, Tf.ZerosLike(range)), sextant / 6, Tf.ZerosLike(range));
        return Tf.Stack([Tf.SelectV2(Tf.Less(hue, Tf.ZerosLike(hue)), hue + 1, hue), saturation, value], 3);
    });

    /// <summary>Hue, saturation and value in [0, 1] as red, green and blue in [0, 1].</summary>
    public Tensor hsv_to_rgb(TensorLike images, string data_format = "channels_last") =>
        Kept(images)?.Run<Tensor>(images, data_format)
        ?? OnBatch(images.Tensor, data_format, "ops.image.hsv_to_rgb", batch =>
    {
        var channels = Tf.Unstack(RequireFloat(batch, "ops.image.hsv_to_rgb"), 3, 3);
        var (angle, saturation, value) = (channels[0] * 6, channels[1], channels[2]);
        Tensor One(Tensor share) => ((((Ops.clip(share, 0, 1)) - 1) * saturation) + 1) * value;
        return Tf.Stack([One(Tf.Abs(angle - 3) - 1), One(2 - Tf.Abs(angle - 2)), One(2 - Tf.Abs(angle - 4))], 3);
    });

    static Tensor RequireFloat(Tensor images, string where) => images.dtype.IsFloating ? images
        : throw new DTypeMismatchException("Colours of this dtype cannot be converted", where, "a floating dtype", images.dtype.Name, "Divide by 255.");

    /// <summary>Cuts images into windows, each of which becomes one position.</summary>
    /// <param name="images">Images.</param>
    /// <param name="size">The window's height and width.</param>
    /// <param name="strides">The window's step; default its size.</param>
    /// <param name="dilation_rate">The distance between the window's elements; default 1.</param>
    /// <param name="padding">"valid" (default) or "same".</param>
    /// <param name="data_format">The position of the channel axis.</param>
    /// <returns>(B, rows, columns, height · width · C).</returns>
    public Tensor extract_patches(TensorLike images, Axes size, Axes? strides = null, int dilation_rate = 1, string padding = "valid", string data_format = "channels_last")
    {
        if (Kept(images) is { } kept) return kept.Run<Tensor>(images, size, strides, dilation_rate, padding, data_format);
        ArgumentNullException.ThrowIfNull(size);
        if (size.Count > 2 || size.Any(n => n < 1)) throw new ValueRangeException("The numbers of a window are out of range", "ops.image.extract_patches", "size of at least 1, 1 or 2 numbers", size.ToString());
        Require.Count(1, dilation_rate);
        var (height, width) = (size[0], size[size.Count - 1]);
        return OnBatch(images.Tensor, data_format, "ops.image.extract_patches", batch =>
        {
            if (batch.shape[-1] is not (> 0 and var channels)) throw new ShapeMismatchException("The number of channels is unknown", "ops.image.extract_patches", "a known last dimension", batch.shape.ToString());
            var count = checked((int)(height * width * channels));
            var kernel = Tf.Reshape(Ops.eye(count, dtype: batch.dtype), Tf.Int32(height, width, (int)channels, count));
            return Ops.conv(batch, kernel, strides ?? size, padding, "channels_last", dilation_rate);
        });
    }

    /// <summary>Reads a tensor's elements at fractional positions.</summary>
    /// <param name="inputs">A tensor of rank N.</param>
    /// <param name="coordinates">Positions, (N, ...).</param>
    /// <param name="order">0 for the nearest element, 1 for linear interpolation.</param>
    /// <param name="fill_mode">Outside: "constant" (default), "nearest", "wrap", "mirror" or "reflect".</param>
    /// <param name="fill_value">The constant; default 0.</param>
    /// <remarks>"reflect" mirrors with the last element repeated (a b c | c b a), but without the first one repeated (c b | a b c), as Keras does on TensorFlow.</remarks>
    /// <exception cref="UnsupportedException">The order is higher.</exception>
    public Tensor map_coordinates(TensorLike inputs, TensorLike coordinates, int order, string fill_mode = "constant", double fill_value = 0)
    {
        if (Kept(inputs, coordinates) is { } kept) return kept.Run<Tensor>(inputs, coordinates, order, fill_mode, fill_value);
        var (tensor, places) = (inputs.Tensor, coordinates.Tensor);
        if (order is not (0 or 1)) throw new UnsupportedException("Interpolation of this order is not supported", "ops.image.map_coordinates", "order 0 or 1", $"{order}");
        if (places.ndim < 1 || (places.shape[0] >= 0 && places.shape[0] != tensor.ndim))
            throw new ShapeMismatchException("The places do not have a coordinate for each axis", "ops.image.map_coordinates", $"a first dimension of {tensor.ndim}", places.shape.ToString());
        return Sampling.At(tensor, order == 1 && !places.dtype.IsFloating ? Tf.Cast(places, DType.Float32) : places, order, fill_mode, fill_value);
    }

    /// <summary>Blurs images (Gaussian blur), with zeros around them.</summary>
    /// <param name="images">Images.</param>
    /// <param name="kernel_size">Height and width of the kernel; default 3.</param>
    /// <param name="sigma">Its standard deviations; default 1.</param>
    /// <param name="data_format">The position of the channel axis.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or a standard deviation 0 or not a number.</exception>
    public Tensor gaussian_blur(TensorLike images, (int Height, int Width)? kernel_size = null, (double Height, double Width)? sigma = null, string data_format = "channels_last")
    {
        if (Kept(images) is { } kept) return kept.Run<Tensor>(images, kernel_size, sigma, data_format);
        var (size, deviation) = (kernel_size ?? (3, 3), sigma ?? (1, 1));
        if (size.Height < 1 || size.Width < 1) throw new ArgumentOutOfRangeException(nameof(kernel_size), size, "The size is out of range. Expected: two whole numbers of at least 1.");
        if (double.IsNaN(deviation.Height) || double.IsNaN(deviation.Width) || deviation.Height == 0 || deviation.Width == 0)
            throw new ArgumentOutOfRangeException(nameof(sigma), deviation, "The deviation is out of range. Expected: two numbers that are not 0.");
        return OnBatch(images.Tensor, data_format, "ops.image.gaussian_blur", batch =>
            Blurred(RequireFloat(batch, "ops.image.gaussian_blur"), size, Tf.Constant(HostTensor.Vector((float)deviation.Height, (float)deviation.Width))));
    }

    /// <summary>Blurs images (B, H, W, C) with a Gaussian whose standard deviations (2) may be known only when a graph runs.</summary>
    /// <remarks>As in Keras, the first deviation is that of the columns, and a kernel that is not square is made as (width, height), whose values are then laid out row by row as (height, width).</remarks>
    internal static Tensor Blurred(Tensor batch, (int Height, int Width) size, Tensor sigma)
    {
        var (columns, rows) = (Bell(size.Height, Slices.At(sigma, 0, 0)), Bell(size.Width, Slices.At(sigma, 0, 1)));
        var plane = Tf.ExpandDims(rows, 1) * Tf.ExpandDims(columns, 0);
        var kernel = Tf.Cast(Tf.Reshape(plane, Tf.Int32(size.Height, size.Width, 1, 1)), batch.dtype);
        return Ops.depthwise_conv(batch, Tf.Tile(kernel, Dims.Create([1, 1, Dim.Of(batch, 3), 1]).ToTensor()), padding: "same");
    }

    static Tensor Bell(int size, Tensor sigma)
    {
        var places = Tf.Constant(HostTensor.Of<float>([.. Enumerable.Range(0, size).Select(i => i - ((size - 1) / 2f))], new Shape(size)));
        var values = Tf.Exp(Tf.Square(places / Tf.Cast(sigma, DType.Float32)) * -0.5);
        return values / Tf.Sum(values);
    }
}
