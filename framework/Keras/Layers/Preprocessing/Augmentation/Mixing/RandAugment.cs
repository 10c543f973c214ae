using Keras.Graphs;

namespace Keras.Layers;

/// <summary>In training, applies a few of eleven augmentations, chosen at random for each batch, one after another.</summary>
/// <remarks>Source: keras/src/layers/preprocessing/image_preprocessing/rand_augment.py; Cubuk et al., "RandAugment", 2019. Boxes go through the chosen layers in the layers' own
/// order, each once, as in Keras.</remarks>
public sealed class RandAugment : BaseImagePreprocessingLayer
{
    readonly (double Lower, double Upper) _factor;
    readonly ValueRange _range;
    readonly int _numOps;
    readonly string _interpolation;
    readonly BaseImagePreprocessingLayer[] _layers;

    /// <summary>In training, applies a few of eleven augmentations, chosen at random for each batch, one after another.</summary>
    /// <param name="value_range">The darkest and the brightest value of the images; default 0 to 255.</param>
    /// <param name="num_ops">The number of augmentations; default 2.</param>
    /// <param name="factor">How strong they are, a number f for (0, f) or two between 0 and 1; default 0.5.</param>
    /// <param name="interpolation">"bilinear" (default) or "nearest".</param>
    /// <param name="seed">The seed; default a new one.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="bounding_box_format">The format of bounding boxes, such as "xyxy"; needed if inputs have boxes.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A number is outside its range, or a name is unknown.</exception>
    public RandAugment(ValueRange? value_range = null, int num_ops = 2, Factor? factor = null, string interpolation = "bilinear", long? seed = null, string? data_format = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) : base(bounding_box_format, data_format, seed, name, dtype)
    {
        (_range, _numOps, _factor, _interpolation) = (value_range ?? ValueRange.Bytes, Require.Count(0, num_ops), (factor ?? 0.5).Within(0, 1, nameof(factor), from: 0), interpolation);
        _layers = Augmentations.Make(new(_factor, _range, interpolation, seed, data_format, bounding_box_format, dtype), "random_shear", "random_translation", "random_rotation", "random_brightness",
            "random_color_degeneration", "random_contrast", "random_sharpness", "random_posterization", "solarization", "auto_contrast", "equalization");
    }

    private protected override Tensors Drawn(Tensor images, Seed seed) =>
        Named(("layer_idxes", Api.keras.random.randint([_numOps], 0, _layers.Length, seed: seed)), ("transforms", Augmentations.Draw(_layers, images, seed)));

    Tensor Chained(Tensor x, Tensors transformation, Func<BaseImagePreprocessingLayer, Tensor, Tensors?, Tensor> transform) => Enumerable.Range(0, _numOps)
        .Aggregate(x, (changed, i) => Augmentations.Apply(_layers, Slices.At(transformation["layer_idxes"], 0, i), changed, transformation["transforms"], transform));

    private protected override Tensor Transformed(Tensor images, Tensors transformation) => Chained(images, transformation, (layer, x, own) => layer.transform_images(x, own));

    private protected override Tensor TransformedMasks(Tensor masks, Tensors transformation) => Chained(masks, transformation, (layer, x, own) => layer.transform_segmentation_masks(x, own));

    private protected override Tensors TransformedBoxes(Tensors boxes, Tensors transformation)
    {
        for (var i = 0; i < _layers.Length; i++)
        {
            var (key, layer) = (Augmentations.KeyOf(_layers[i]), _layers[i]);
            var isChosen = Tf.Any(Tf.Equal(Tf.Cast(transformation["layer_idxes"], DType.Int32), Tf.Int32Scalar(i)), [0]);
            var moved = layer.transform_bounding_boxes(boxes, transformation["transforms"].TryGet(key, out var own) ? own : null);
            boxes = BoxTensors.With(boxes, Tf.SelectV2(isChosen, moved["boxes"], boxes["boxes"]), Tf.SelectV2(isChosen, moved["labels"], boxes["labels"]));
        }
        return boxes;
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config())
    {
        ["value_range"] = _range.Form, ["num_ops"] = _numOps, ["factor"] = new[] { _factor.Lower, _factor.Upper }, ["interpolation"] = _interpolation, ["seed"] = seed,
    };
}
