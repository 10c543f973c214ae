using Keras.Graphs;

namespace Keras.Layers;

/// <summary>In training, turns some images into their negatives.</summary>
/// <remarks>Source: keras/src/layers/preprocessing/image_preprocessing/random_invert.py. As there, each value is subtracted from the brightest one, which gives a negative only where the darkest is 0.</remarks>
public sealed class RandomInvert : ColorAugmentation
{
    readonly (double Lower, double Upper) _factor;

    /// <summary>In training, turns some images into their negatives.</summary>
    /// <param name="factor">The probability that an image is changed: a number f for (0, f) or two between 0 and 1; default 1.</param>
    /// <param name="value_range">The darkest and the brightest value of the images; default 0 to 255.</param>
    /// <param name="seed">The seed; default a new one.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="bounding_box_format">The format of bounding boxes, such as "xyxy"; needed if inputs have boxes.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A number is outside its range, or a name is unknown.</exception>
    public RandomInvert(Factor? factor = null, ValueRange? value_range = null, long? seed = null, string? data_format = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null)
        : base(true, value_range, bounding_box_format, data_format, seed, name, dtype) => _factor = (factor ?? 1.0).Touching(0, 1, nameof(factor));

    private protected override Tensors Drawn(Tensor images, Seed seed) => Named(("apply_inversion", Chosen(seed, _factor, images)));

    private protected override Tensor Transformed(Tensor images, Tensors transformation) => Tf.SelectV2(PerImage(transformation["apply_inversion"]), Range.High - images, images);

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["factor"] = Form(_factor), ["value_range"] = Range.Form, ["seed"] = seed };
}
