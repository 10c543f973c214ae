using Keras.Graphs;

namespace Keras.Layers;

/// <summary>In training, turns some images grey; they keep three channels.</summary>
/// <remarks>Source: keras/src/layers/preprocessing/image_preprocessing/random_grayscale.py. Images keep their dtype, and configs do not hold the seed, as there.</remarks>
public sealed class RandomGrayscale : ColorAugmentation
{
    readonly double _factor;

    /// <summary>In training, turns some images grey; they keep three channels.</summary>
    /// <param name="factor">The probability that an image loses its colour, 0 to 1; default 0.5.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="seed">The seed; default a new one.</param>
    /// <param name="bounding_box_format">The format of bounding boxes, such as "xyxy"; needed if inputs have boxes.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A number is outside its range, or a name is unknown.</exception>
    public RandomGrayscale(double factor = 0.5, string? data_format = null, long? seed = null, string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null)
        : base(true, null, bounding_box_format, data_format, seed, name, dtype) => _factor = ConfigForms.Rate(factor, nameof(factor));

    private protected override bool KeepsDType => true;

    private protected override Tensors Drawn(Tensor images, Seed seed)
    {
        var chances = Uniform(seed, (0, 1), null, BatchOf(images), 1, 1, 1);
        return Tf.Less(chances, Tf.Constant(_factor, chances.dtype));
    }

    private protected override Tensor Transformed(Tensor images, Tensors transformation) =>
        Tf.SelectV2(transformation.Single, Api.ops.image.rgb_to_grayscale(Colored(images), data_format), images);

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["factor"] = _factor };
}
