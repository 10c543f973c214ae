using Keras.Graphs;

namespace Keras.Layers;

/// <summary>In training, covers a rectangle of some images with noise or a colour.</summary>
/// <remarks>Source: keras/src/layers/preprocessing/image_preprocessing/random_erasing.py.</remarks>
public sealed class RandomErasing : ColorAugmentation
{
    readonly (double Lower, double Upper) _factor, _scale;
    readonly PerChannel? _fillValue;

    /// <summary>In training, covers a rectangle of some images with noise or a colour.</summary>
    /// <param name="factor">The probability that an image is changed: a number f for (0, f) or two between 0 and 1; default 1.</param>
    /// <param name="scale">Between which numbers one is drawn for the height and one for the width; its root is the share of that side that is covered. Two between 0 and 1; default 0.02 to 0.33.</param>
    /// <param name="fill_value">The value of the rectangle, or one for each of three channels; default normal noise.</param>
    /// <param name="value_range">The darkest and the brightest value of the images; default 0 to 255.</param>
    /// <param name="seed">The seed; default a new one.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="bounding_box_format">The format of bounding boxes, such as "xyxy"; needed if inputs have boxes.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A number is outside its range, or a name is unknown.</exception>
    public RandomErasing(Factor? factor = null, Factor? scale = null, PerChannel? fill_value = null, ValueRange? value_range = null, long? seed = null, string? data_format = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null)
        : base(true, value_range, bounding_box_format, data_format, seed, name, dtype)
    {
        (_factor, _scale, _fillValue) = ((factor ?? 1.0).Touching(0, 1, nameof(factor)), (scale ?? (0.02, 0.33)).Within(0, 1, nameof(scale), from: 0), fill_value);
        if (fill_value is { IsList: true, Values.Length: not 3 }) throw new ArgumentException($"The fill_value has the wrong length. Expected: one number, or one for each of three channels. Received: {Known.Say(fill_value.Values)}.", nameof(fill_value));
    }

    private protected override Tensors Drawn(Tensor images, Seed seed)
    {
        var shares = Tf.Sqrt(Uniform(seed, _scale, DType.Float32, BatchOf(images), 2));
        var (height, width) = SizeOf(images);
        var columns = Cuts.Draw(seed, Slices.At(shares, 1, 0), width);
        var rows = Cuts.Draw(seed, Slices.At(shares, 1, 1), height);
        return Named(("batch_masks", Cuts.Mask(images, rows, columns, ChannelsFirst)), ("apply_erasing", Chosen(seed, _factor, images)), ("fill_value", Range.Clip(Fill(images, seed))));
    }

    Tensor Fill(Tensor images, Seed seed)
    {
        var shape = Dims.Of(images);
        if (_fillValue is null) return Api.keras.random.normal(shape, dtype: compute_dtype, seed: seed) * Range.High;
        if (_fillValue.IsList && images.shape[ChannelAxis(images.ndim)] is not (3 or < 0))
            throw new ShapeMismatchException("The images do not have the channels of fill_value", Where, "3 channels", images.shape.ToString(), "Give one number, which is that of all channels.");
        var value = Tf.Cast(_fillValue.IsList ? Tensor.Of(_fillValue.Values) : Tensor.Of(_fillValue.Values[0]), compute_dtype);
        return Tf.BroadcastTo(_fillValue.IsList && ChannelsFirst ? Tf.Reshape(value, Tf.Int32(3, 1, 1)) : value, shape.ToTensor());
    }

    private protected override Tensor Transformed(Tensor images, Tensors transformation)
    {
        var erased = Tf.SelectV2(transformation["batch_masks"], Tf.Cast(transformation["fill_value"], images.dtype), images);
        return Tf.SelectV2(PerImage(transformation["apply_erasing"]), erased, images);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["factor"] = Form(_factor), ["scale"] = Form(_scale), ["fill_value"] = _fillValue is null ? null : _fillValue.IsList ? _fillValue.Values : _fillValue.Values[0], ["value_range"] = Range.Form, ["seed"] = seed };
}
