using Keras.Graphs;

namespace Keras.Layers;

/// <summary>In training, distorts some images as if they were made of rubber.</summary>
/// <remarks>Source: keras/src/layers/preprocessing/image_preprocessing/random_elastic_transform.py; Simard et al., "Best practices for convolutional neural networks", 2003. The random
/// displacements are part of the transformation, so that masks follow their images; Keras draws new ones for the masks, takes rows for columns, and clips the masks to the range of values.</remarks>
public sealed class RandomElasticTransform : BaseImagePreprocessingLayer
{
    readonly (double Lower, double Upper) _factor, _scale;
    readonly string _interpolation, _fillMode;
    readonly double _fillValue;
    readonly ValueRange _range;

    /// <summary>In training, distorts some images as if they were made of rubber.</summary>
    /// <param name="factor">The probability that an image is changed: a number f for (0, f) or two between 0 and 1; default 1.</param>
    /// <param name="scale">The strength of the distortion, a number or two between 0 and 1; default 1.</param>
    /// <param name="interpolation">"bilinear" (default) or "nearest".</param>
    /// <param name="fill_mode">How pixels beyond the border are filled: "reflect" (default), "constant", "nearest", "wrap" or "mirror".</param>
    /// <param name="fill_value">The constant; default 0.</param>
    /// <param name="value_range">The range to which image values are clipped; default 0 to 255.</param>
    /// <param name="seed">The seed; default a new one.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="bounding_box_format">The format of boxes; the layer rejects boxes, as Keras does.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A number is outside its range, or a name is unknown.</exception>
    public RandomElasticTransform(Factor? factor = null, Factor? scale = null, string interpolation = "bilinear", string fill_mode = "reflect", double fill_value = 0, ValueRange? value_range = null,
        long? seed = null, string? data_format = null, string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) : base(bounding_box_format, data_format, seed, name, dtype)
    {
        Known.OneOf(interpolation, nameof(interpolation), "nearest", "bilinear");
        Known.OneOf(fill_mode, nameof(fill_mode), "constant", "nearest", "wrap", "mirror", "reflect");
        (_factor, _scale) = ((factor ?? 1.0).Touching(0, 1, nameof(factor)), (scale ?? 1.0).Within(0, 1, nameof(scale), from: 0));
        (_interpolation, _fillMode, _fillValue, _range) = (interpolation, fill_mode, Require.Finite(fill_value), value_range ?? ValueRange.Bytes);
    }

    private protected override Tensors? Drawn(Tensor images, Seed seed)
    {
        if (_scale.Upper == 0 || _factor.Upper == 0) return null;
        var chosen = Chosen(seed, _factor, images);
        var distortion = Uniform(seed, _scale, DType.Float32);
        var (batch, (height, width)) = (BatchOf(images), SizeOf(images));
        var noise = Api.keras.random.normal([2, batch, height, width], dtype: DType.Float32, seed: seed);
        return Named(("apply_transform", chosen), ("distortion_factor", distortion), ("dx", Slices.At(noise, 0, 0)), ("dy", Slices.At(noise, 0, 1)));
    }

    private protected override Tensor Transformed(Tensor images, Tensors transformation) => _range.Clip(Bent(images, transformation, _interpolation));

    private protected override Tensor TransformedMasks(Tensor masks, Tensors transformation) => Bent(masks, transformation, "nearest");

    Tensor Bent(Tensor images, Tensors transformation, string by)
    {
        var (height, width) = SizeOf(images);
        var factor = Tf.Cast(transformation["distortion_factor"], DType.Float32);
        var (longer, shorter) = (Tf.Maximum(height, width), Tf.Minimum(height, width));
        var (alpha, sigma) = (Tf.Cast(longer, DType.Float32) * (factor * 0.1), Tf.Cast(shorter, DType.Float32) * (factor * 0.05));
        var bent = Elastic.Bend(images, transformation["dx"], transformation["dy"], alpha, sigma, by, _fillMode, _fillValue, ChannelsFirst);
        return Tf.SelectV2(PerImage(transformation["apply_transform"]), bent, images);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config())
    {
        ["factor"] = new[] { _factor.Lower, _factor.Upper }, ["scale"] = new[] { _scale.Lower, _scale.Upper }, ["interpolation"] = _interpolation, ["fill_mode"] = _fillMode,
        ["fill_value"] = _fillValue, ["value_range"] = _range.Form, ["seed"] = seed,
    };
}
