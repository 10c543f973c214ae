using Keras.Graphs;

namespace Keras;

/// <content>Borders and movements of images.</content>
public sealed partial class ImageOpsApi
{
    /// <summary>Crops the borders of images; give two of the three sizes of each axis.</summary>
    /// <param name="images">Images.</param>
    /// <param name="top_cropping">Rows left out above.</param>
    /// <param name="left_cropping">Columns left out at the left.</param>
    /// <param name="bottom_cropping">Rows left out below.</param>
    /// <param name="right_cropping">Columns left out at the right.</param>
    /// <param name="target_height">The height that remains.</param>
    /// <param name="target_width">The width that remains.</param>
    /// <param name="data_format">The position of the channel axis.</param>
    public Tensor crop_images(TensorLike images, int? top_cropping = null, int? left_cropping = null, int? bottom_cropping = null, int? right_cropping = null,
        int? target_height = null, int? target_width = null, string data_format = "channels_last") =>
        Kept(images)?.Run<Tensor>(images, top_cropping, left_cropping, bottom_cropping, right_cropping, target_height, target_width, data_format)
        ?? OnBatch(images.Tensor, data_format, "ops.image.crop_images", batch =>
    {
        var (top, height) = Part(Dim.Of(batch, 1), top_cropping, bottom_cropping, target_height, "height");
        var (left, width) = Part(Dim.Of(batch, 2), left_cropping, right_cropping, target_width, "width");
        var d = Dims.Of(batch);
        return Ops.slice(batch, [0, top, left, 0], [d[0], height, width, d[3]]);
    });

    static (Dim Start, Dim Size) Part(Dim whole, int? before, int? behind, int? target, string axis)
    {
        var (start, size) = (before, behind, target) switch
        {
            ({ } b, { } e, null) => ((Dim)b, whole - b - e),
            ({ } b, null, { } t) => (b, t),
            (null, { } e, { } t) => (whole - e - t, t),
            _ => throw new ArgumentException($"Exactly two of {(axis == "height" ? "top_cropping, bottom_cropping and target_height" : "left_cropping, right_cropping and target_width")} are needed."),
        };
        if (start.Known is < 0 || size.Known is < 0 || (whole.Known is { } w && start.Known is { } s && size.Known is { } n && s + n > w))
            throw new ShapeMismatchException("A part lies outside of an image", "ops.image.crop_images", $"a {axis} within {whole}", $"from {start} on {size}");
        return (start, size);
    }

    /// <summary>Pads images with zeros; give two of the three sizes of each axis.</summary>
    /// <param name="images">Images.</param>
    /// <param name="top_padding">Rows added above.</param>
    /// <param name="left_padding">Columns added at the left.</param>
    /// <param name="bottom_padding">Rows added below.</param>
    /// <param name="right_padding">Columns added at the right.</param>
    /// <param name="target_height">The height of the result.</param>
    /// <param name="target_width">The width of the result.</param>
    /// <param name="data_format">The position of the channel axis.</param>
    public Tensor pad_images(TensorLike images, int? top_padding = null, int? left_padding = null, int? bottom_padding = null, int? right_padding = null,
        int? target_height = null, int? target_width = null, string data_format = "channels_last") =>
        Kept(images)?.Run<Tensor>(images, top_padding, left_padding, bottom_padding, right_padding, target_height, target_width, data_format)
        ?? OnBatch(images.Tensor, data_format, "ops.image.pad_images", batch =>
    {
        var (top, bottom) = Borders(Dim.Of(batch, 1), top_padding, bottom_padding, target_height, "height");
        var (left, right) = Borders(Dim.Of(batch, 2), left_padding, right_padding, target_width, "width");
        var zero = Tf.Constant(0, batch.dtype);
        if (Dims.Create([top, bottom, left, right]) is { IsFullyKnown: true } known)
        {
            int[] sizes = [0, 0, .. known.Select(k => (int)k), 0, 0];
            return Tf.PadV2(batch, Tf.Constant(HostTensor.Of<int>(sizes, new Shape(4, 2))), zero);
        }
        return Tf.PadV2(batch, Tf.Stack([Tf.Int32(0, 0), Tf.Stack([top, bottom], 0), Tf.Stack([left, right], 0), Tf.Int32(0, 0)], 0), zero);
    });

    static (Dim Before, Dim Behind) Borders(Dim own, int? before, int? behind, int? target, string axis)
    {
        var (first, second) = (before, behind, target) switch
        {
            ({ } b, { } e, null) => ((Dim)b, (Dim)e),
            ({ } b, null, { } t) => (b, (Dim)t - own - b),
            (null, { } e, { } t) => ((Dim)t - own - e, e),
            _ => throw new ArgumentException($"Exactly two of {(axis == "height" ? "top_padding, bottom_padding and target_height" : "left_padding, right_padding and target_width")} are needed."),
        };
        return first.Known is < 0 || second.Known is < 0
            ? throw new ShapeMismatchException("An image is larger than its target", "ops.image.pad_images", $"a {axis} of at least {own}", $"borders of {first} and {second}")
            : (first, second);
    }

    /// <summary>Moves the pixels of images by an affine transform of their positions.</summary>
    /// <param name="images">Images.</param>
    /// <param name="transform">(8) or (B, 8): the place (x, y) of the result is taken from ((a0·x + a1·y + a2) / k, (b0·x + b1·y + b2) / k), k = c0·x + c1·y + 1.</param>
    /// <param name="interpolation">"bilinear" (default) or "nearest".</param>
    /// <param name="fill_mode">Outside: "constant" (default), "nearest", "reflect" or "wrap".</param>
    /// <param name="fill_value">The constant; default 0.</param>
    /// <param name="data_format">The position of the channel axis.</param>
    public Tensor affine_transform(TensorLike images, TensorLike transform, string interpolation = "bilinear", string fill_mode = "constant", double fill_value = 0, string data_format = "channels_last")
    {
        if (Kept(images, transform) is { } kept) return kept.Run<Tensor>(images, transform, interpolation, fill_mode, fill_value, data_format);
        Known.OneOf(interpolation, nameof(interpolation), "bilinear", "nearest");
        if (!Wrapping.TryGetValue(fill_mode, out var wrap)) throw Known.Unknown("fill_mode is unknown", fill_mode, nameof(fill_mode), Wrapping.Keys);
        var matrix = transform.As(DType.Float32);
        if (matrix.ndim == 1) matrix = Tf.ExpandDims(matrix, 0);
        return OnBatch(images.Tensor, data_format, "ops.image.affine_transform", batch =>
        {
            var (x, y) = SourcePlaces(matrix, Dim.Of(batch, 1), Dim.Of(batch, 2));
            (x, y) = (wrap(x, Tf.DimOf(batch, 2)), wrap(y, Tf.DimOf(batch, 1)));
            var floats = Tf.Cast(batch, batch.dtype == DType.Float64 ? DType.Float64 : DType.Float32);
            var moved = interpolation == "nearest" ? Taken(floats, HalfAway(x), HalfAway(y), fill_value) : Blended(floats, x, y, fill_value);
            return Tf.Cast(moved, batch.dtype);
        });
    }

    /// <summary>Maps positions outside to inside, for each fill mode, by TensorFlow's formulas.</summary>
    static readonly Dictionary<string, Func<Tensor, Tensor, Tensor>> Wrapping = new()
    {
        ["constant"] = (place, _) => place,
        ["nearest"] = (place, size) => Limited(place, size),
        ["wrap"] = (place, size) =>
        {
            var (length, last) = (Tf.Cast(size, place.dtype), Tf.Cast(size - Tf.Int32Scalar(1), place.dtype));
            var below = place + (length * (Cut(-place / last) + 1));
            var above = place - (length * Cut(place / last));
            var wrapped = Tf.SelectV2(Tf.Less(place, Tf.ZerosLike(place)), below, Tf.SelectV2(Tf.Greater(place, last), above, place));
            return Limited(Tf.SelectV2(Tf.LessEqual(length, Tf.OnesLike(length)), Tf.ZerosLike(place), wrapped), size);
        },
        ["reflect"] = (place, size) =>
        {
            var length = Tf.Cast(size, place.dtype);
            var period = length * 2;
            var below = Tf.SelectV2(Tf.Less(place, -period), place + (period * Cut(-place / period)), place);
            below = Tf.SelectV2(Tf.Less(below, -length), below + period, -below - 1);
            var above = place - (period * Cut(place / period));
            above = Tf.SelectV2(Tf.GreaterEqual(above, length), period - above - 1, above);
            var last = length - 1;
            return Limited(Tf.SelectV2(Tf.Less(place, Tf.ZerosLike(place)), below, Tf.SelectV2(Tf.Greater(place, last), above, place)), size);
        },
    };

    static Tensor Limited(Tensor place, Tensor size) => Tf.Minimum(Tf.Maximum(place, Tf.ZerosLike(place)), Tf.Cast(size - Tf.Int32Scalar(1), place.dtype));

    static Tensor Cut(Tensor x) => Tf.Sign(x) * Tf.Floor(Tf.Abs(x));

    static Tensor HalfAway(Tensor x) => Tf.Sign(x) * Tf.Floor(Tf.Abs(x) + 0.5);

    /// <summary>The source position of each result position (rows, columns), float32 (B, H, W).</summary>
    static (Tensor X, Tensor Y) SourcePlaces(Tensor transform, Dim rows, Dim columns)
    {
        Tensor Parameter(int i) => Tf.ExpandDims(Tf.ExpandDims(Slices.At(transform, 1, i), -1), -1);
        Tensor Numbers(Dim count) => Tf.Cast(Tf.Range(Tf.Int32Scalar(0), count, Tf.Int32Scalar(1)), DType.Float32);
        var (x, y) = (Tf.ExpandDims(Tf.ExpandDims(Numbers(columns), 0), 0), Tf.ExpandDims(Tf.ExpandDims(Numbers(rows), 0), -1));
        var k = (Parameter(6) * x) + (Parameter(7) * y) + 1;
        return (((Parameter(0) * x) + (Parameter(1) * y) + Parameter(2)) / k, ((Parameter(3) * x) + (Parameter(4) * y) + Parameter(5)) / k);
    }

    /// <summary>The elements at integer positions; a constant outside.</summary>
    static Tensor Taken(Tensor images, Tensor x, Tensor y, double fill)
    {
        var (rows, columns) = (Tf.DimOf(images, 1), Tf.DimOf(images, 2));
        var (row, column) = (Tf.Cast(y, DType.Int32), Tf.Cast(x, DType.Int32));
        Tensor Within(Tensor place, Tensor size) => Tf.LogicalAnd(Tf.GreaterEqual(place, Tf.Int32Scalar(0)), Tf.Less(place, size));
        var isInside = Tf.LogicalAnd(Within(row, rows), Within(column, columns));
        var place = (Tf.Minimum(Tf.Maximum(row, Tf.Int32Scalar(0)), rows - Tf.Int32Scalar(1)) * columns) + Tf.Minimum(Tf.Maximum(column, Tf.Int32Scalar(0)), columns - Tf.Int32Scalar(1));
        var d = Dims.Of(images);
        var flat = Tf.Reshape(images, Dims.Create([d[0], d[1] * d[2], d[3]]).ToTensor());
        place = Tf.BroadcastTo(place, Dims.Create([d[0], d[1], d[2]]).ToTensor());
        return Tf.SelectV2(Tf.ExpandDims(isInside, -1), Tf.Gather(flat, place, 1, batch_dims: 1), Tf.Constant(fill, images.dtype));
    }

    static Tensor Blended(Tensor images, Tensor x, Tensor y, double fill)
    {
        var (left, top) = (Tf.Floor(x), Tf.Floor(y));
        Tensor Share(Tensor weight) => Tf.Cast(Tf.ExpandDims(weight, -1), images.dtype);
        Tensor Row(Tensor row) => (Share(left + 1 - x) * Taken(images, left, row, fill)) + (Share(x - left) * Taken(images, left + 1, row, fill));
        return (Share(top + 1 - y) * Row(top)) + (Share(y - top) * Row(top + 1));
    }
}
