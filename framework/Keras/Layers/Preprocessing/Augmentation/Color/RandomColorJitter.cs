namespace Keras.Layers;

/// <summary>In training, changes brightness, contrast, saturation and hue of each image, in this order.</summary>
/// <remarks>Source: keras/src/layers/preprocessing/image_preprocessing/random_color_jitter.py. A transformation is a dictionary of those of the single layers:
/// "random_brightness", "random_contrast", "random_saturation" and "random_hue"; in Keras there is none, and images are changed at random.</remarks>
public sealed class RandomColorJitter : ColorAugmentation
{
    readonly Factor? _brightness, _contrast, _saturation, _hue;
    readonly BaseImagePreprocessingLayer[] _layers;

    /// <summary>In training, changes brightness, contrast, saturation and hue of each image, in this order.</summary>
    /// <param name="value_range">The darkest and the brightest value of the images; default 0 to 255.</param>
    /// <param name="brightness_factor">That of <see cref="RandomBrightness"/>; default brightness stays.</param>
    /// <param name="contrast_factor">That of <see cref="RandomContrast"/>; default contrast stays.</param>
    /// <param name="saturation_factor">That of <see cref="RandomSaturation"/>; default saturation stays.</param>
    /// <param name="hue_factor">That of <see cref="RandomHue"/>; default hues stay.</param>
    /// <param name="seed">The seed; default a new one.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="bounding_box_format">The format of bounding boxes, such as "xyxy"; needed if inputs have boxes.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A factor is outside its range, or a name is unknown.</exception>
    public RandomColorJitter(ValueRange? value_range = null, Factor? brightness_factor = null, Factor? contrast_factor = null, Factor? saturation_factor = null, Factor? hue_factor = null, long? seed = null,
        string? data_format = null, string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) : base(true, value_range, bounding_box_format, data_format, seed, name, dtype)
    {
        (_brightness, _contrast, _saturation, _hue) = (brightness_factor, contrast_factor, saturation_factor, hue_factor);
        _layers = [.. Made(_brightness, f => new RandomBrightness(f, Range, seed, data_format, dtype: dtype)), .. Made(_contrast, f => new RandomContrast(f, Range, seed, data_format, dtype: dtype)),
            .. Made(_saturation, f => new RandomSaturation(f, Range, data_format, seed, dtype: dtype)), .. Made(_hue, f => new RandomHue(f, Range, data_format, seed, dtype: dtype))];
    }

    static IEnumerable<BaseImagePreprocessingLayer> Made(Factor? factor, Func<Factor, BaseImagePreprocessingLayer> make) => factor is null ? [] : [make(factor)];

    private protected override Tensors Drawn(Tensor images, Seed seed) => Augmentations.Draw(_layers, images, seed);

    private protected override Tensor Transformed(Tensor images, Tensors transformation) => _layers.Aggregate(images, (x, layer) => layer.transform_images(x, transformation[Augmentations.KeyOf(layer)]));

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config())
    {
        ["value_range"] = Range.Form, ["brightness_factor"] = _brightness?.Form, ["contrast_factor"] = _contrast?.Form, ["saturation_factor"] = _saturation?.Form, ["hue_factor"] = _hue?.Form, ["seed"] = seed,
    };
}
