using Keras.Graphs;

namespace Keras.Layers;

/// <summary>In training, applies several chains of augmentations to each image and blends the results with each other and the image.</summary>
/// <remarks>Source: keras/src/layers/preprocessing/image_preprocessing/aug_mix.py; Hendrycks et al., "AugMix", 2019. Which augmentations are chained is drawn anew for each batch also
/// in compiled functions, where Keras keeps those of the first. A step of a transformation is a dictionary of "layer_idx", where a number beyond the last layer changes nothing, and "transforms".
/// Boxes stay as they are, and masks are blended as images are, as in Keras: give a mask one channel for each class.</remarks>
public sealed class AugMix : BaseImagePreprocessingLayer
{
    static readonly string[] Basic = ["random_shear", "random_translation", "random_rotation", "random_posterization", "solarization", "auto_contrast", "equalization"];
    static readonly string[] All = [.. Basic, "random_brightness", "random_color_degeneration", "random_contrast", "random_sharpness"];

    readonly (double Lower, double Upper) _factor;
    readonly ValueRange _range;
    readonly int _numChains, _chainDepth;
    readonly double _alpha;
    readonly bool _allOps;
    readonly string _interpolation;
    readonly BaseImagePreprocessingLayer[] _layers;

    /// <summary>In training, applies several chains of augmentations to each image and blends the results with each other and the image.</summary>
    /// <param name="value_range">The darkest and the brightest value of the images; default 0 to 255.</param>
    /// <param name="num_chains">The number of chains; default 3.</param>
    /// <param name="chain_depth">The number of steps of a chain; default 3.</param>
    /// <param name="factor">How strong the augmentations are, a number f for (0, f) or two between 0 and 1; default 0.3.</param>
    /// <param name="alpha">The parameter of the distributions of the shares, above 0; default 1.</param>
    /// <param name="all_ops">Whether brightness, colour, contrast and sharpness are among the augmentations; default true.</param>
    /// <param name="interpolation">"bilinear" (default) or "nearest".</param>
    /// <param name="seed">The seed; default a new one.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="bounding_box_format">The format of bounding boxes, such as "xyxy"; needed if inputs have boxes.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A number is outside its range, or a name is unknown.</exception>
    public AugMix(ValueRange? value_range = null, int num_chains = 3, int chain_depth = 3, Factor? factor = null, double alpha = 1, bool all_ops = true, string interpolation = "bilinear", long? seed = null,
        string? data_format = null, string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) : base(bounding_box_format, data_format, seed, name, dtype)
    {
        (_range, _numChains, _chainDepth) = (value_range ?? ValueRange.Bytes, Require.Count(1, num_chains), Require.Count(0, chain_depth));
        (_factor, _alpha, _allOps, _interpolation) = ((factor ?? 0.3).Within(0, 1, nameof(factor), from: 0), Require.Positive(alpha), all_ops, interpolation);
        _layers = Augmentations.Make(new(_factor, _range, interpolation, seed, data_format, bounding_box_format, dtype), all_ops ? All : Basic);
    }

    private protected override Tensors Drawn(Tensor images, Seed seed)
    {
        var shares = Api.keras.random.gamma([_numChains], _alpha, seed: seed);
        var kept = Api.keras.random.beta(Dims.Create([]), _alpha, _alpha, seed: seed);
        // One index more than there are layers, for a step that changes nothing.
        var numbers = Api.keras.random.randint([_numChains, _chainDepth], 0, _layers.Length + 1, seed: seed);
        Tensors Step(int chain, int step) => Named(("layer_idx", Slices.At(Slices.At(numbers, 0, chain), 0, step)), ("transforms", Augmentations.Draw(_layers, images, seed)));
        Tensors Chain(int chain) => new(Enumerable.Range(0, _chainDepth).Select(step => Step(chain, step)));
        return Named(("chain_mixing_weights", shares / Tf.Sum(shares)), ("weight_sample", kept), ("chain_transforms", new Tensors(Enumerable.Range(0, _numChains).Select(Chain))));
    }

    Tensor Blended(Tensor x, Tensors transformation, Func<BaseImagePreprocessingLayer, Tensor, Tensors?, Tensor> transform)
    {
        var (shares, kept) = (Tf.Cast(transformation["chain_mixing_weights"], x.dtype), Tf.Cast(transformation["weight_sample"], x.dtype));
        var mixed = Tf.ZerosLike(x);
        var chains = transformation["chain_transforms"];
        for (var chain = 0; chain < chains.Count; chain++)
        {
            var changed = chains[chain].Aggregate(x, (t, step) => Augmentations.Apply(_layers, step["layer_idx"], t, step["transforms"], transform));
            mixed += changed * Slices.At(shares, 0, chain);
        }
        return (kept * x) + ((1 - kept) * mixed);
    }

    private protected override Tensor Transformed(Tensor images, Tensors transformation) => _range.Clip(Blended(images, transformation, (layer, x, own) => layer.transform_images(x, own)));

    private protected override Tensor TransformedMasks(Tensor masks, Tensors transformation) => Blended(Tf.Cast(masks, compute_dtype), transformation, (layer, x, own) => layer.transform_segmentation_masks(x, own));

    private protected override bool MovesBoxes => false;

    private protected override Tensors TransformedBoxes(Tensors boxes, Tensors transformation) => boxes;

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config())
    {
        ["value_range"] = _range.Form, ["num_chains"] = _numChains, ["chain_depth"] = _chainDepth, ["factor"] = new[] { _factor.Lower, _factor.Upper }, ["alpha"] = _alpha, ["all_ops"] = _allOps,
        ["interpolation"] = _interpolation, ["seed"] = seed,
    };
}
