using Keras.Graphs;

namespace Keras.Layers;

/// <summary>In training, zooms each image in or out about its centre.</summary>
/// <remarks>Source: keras/src/layers/preprocessing/image_preprocessing/random_zoom.py. Positive factors show more of what surrounds the image, negative ones come closer.</remarks>
public sealed class RandomZoom : AffineAugmentation
{
    readonly Factor _heightFactor;
    readonly Factor? _widthFactor;
    readonly (double Lower, double Upper) _height, _width;

    /// <summary>In training, zooms each image in or out about its centre.</summary>
    /// <param name="height_factor">How much the height changes, a number f for (-f, f) or two, above -1 and up to 1.</param>
    /// <param name="width_factor">The change of the width; default as the height, which keeps the aspect ratio.</param>
    /// <param name="fill_mode">How pixels beyond the border are filled: "reflect" (default), "wrap", "constant" or "nearest".</param>
    /// <param name="interpolation">"bilinear" (default) or "nearest".</param>
    /// <param name="seed">The seed; default a new one.</param>
    /// <param name="fill_value">The constant; default 0.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="bounding_box_format">The format of bounding boxes, such as "xyxy"; needed if inputs have boxes.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A factor is outside its range, or a name is unknown.</exception>
    public RandomZoom(Factor height_factor, Factor? width_factor = null, string fill_mode = "reflect", string interpolation = "bilinear", long? seed = null, double fill_value = 0, string? data_format = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) : base(fill_mode, interpolation, fill_value, bounding_box_format, data_format, seed, name, dtype)
    {
        ArgumentNullException.ThrowIfNull(height_factor);
        (_heightFactor, _widthFactor) = (height_factor, width_factor);
        _height = height_factor.Within(-1, 1, nameof(height_factor), isOpenBelow: true);
        _width = width_factor?.Within(-1, 1, nameof(width_factor), isOpenBelow: true) ?? _height;
    }

    private protected override Tensors Drawn(Tensor images, Seed seed)
    {
        var batch = BatchOf(images);
        var height = Uniform(seed, (1 + _height.Lower, 1 + _height.Upper), DType.Float32, batch, 1);
        var width = _widthFactor is null ? height : Uniform(seed, (1 + _width.Lower, 1 + _width.Upper), DType.Float32, batch, 1);
        return Named(("height_zoom", height), ("width_zoom", width), ("input_shape", Tf.ShapeOf(images)));
    }

    private protected override Tensor MatrixOf(Tensors transformation, Tensor height, Tensor width)
    {
        var (zoomX, zoomY) = (transformation["width_zoom"].Single, transformation["height_zoom"].Single);
        var zero = Tf.ZerosLike(zoomX);
        return Matrix(zoomX, zero, Offset(zoomX, width), zero, zoomY, Offset(zoomY, height));
    }

    /// <summary>The position of the image's first row or column that keeps the centre in place.</summary>
    static Tensor Offset(Tensor zoom, Tensor length) => (Tf.Cast(length, zoom.dtype) - 1) / 2 * (1 - zoom);

    private protected override Tensors TransformedBoxes(Tensors boxes, Tensors transformation)
    {
        var (height, width) = SizeOf(transformation);
        var (left, right) = Seen(transformation["width_zoom"].Single, width);
        var (top, bottom) = Seen(transformation["height_zoom"].Single, height);
        var (a, b, c, d) = BoxFormat.Columns(BoxTensors.Convert(boxes["boxes"].Single, bounding_box_format!, "xyxy", height, width));
        static Tensor Within(Tensor place, Tensor from, Tensor to) => Tf.Minimum(Tf.Maximum(place, from), to) - from;
        var cut = Tf.Concat([Within(a, left, right), Within(b, top, bottom), Within(c, left, right), Within(d, top, bottom)], 2);
        var relative = BoxTensors.Clip(BoxTensors.With(boxes, BoxTensors.Convert(cut, "xyxy", "rel_xyxy", bottom - top, right - left)), null, null, "rel_xyxy");
        return BoxTensors.Convert(relative, "rel_xyxy", bounding_box_format!, height, width);
    }

    /// <summary>The part of an axis that stays visible, (B, 1, 1).</summary>
    static (Tensor From, Tensor To) Seen(Tensor zoom, Tensor length)
    {
        var from = Tf.ExpandDims(Offset(zoom, length), -1);
        return (from, (Tf.ExpandDims(zoom, -1) * Tf.Cast(length, zoom.dtype)) + from);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["height_factor"] = _heightFactor.Form, ["width_factor"] = _widthFactor?.Form };
}
