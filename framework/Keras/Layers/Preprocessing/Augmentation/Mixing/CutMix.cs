using Keras.Graphs;

namespace Keras.Layers;

/// <summary>In training, pastes a rectangle of another image of the batch into each image, and mixes the labels by area.</summary>
/// <remarks>Source: keras/src/layers/preprocessing/image_preprocessing/cut_mix.py; Yun et al., "CutMix", 2019. A single image stays as it is.</remarks>
public sealed class CutMix : BaseImagePreprocessingLayer
{
    readonly (double Lower, double Upper) _factor;

    /// <summary>In training, pastes a rectangle of another image of the batch into each image, and mixes the labels by area.</summary>
    /// <param name="factor">Both parameters of the beta distribution of the share that an image keeps: a number f for (0, f) or two between 0 and 1; default 1.</param>
    /// <param name="seed">The seed; default a new one.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="bounding_box_format">The format of boxes; the layer rejects boxes, as Keras does.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">The factor is outside its range, or a name is unknown.</exception>
    public CutMix(Factor? factor = null, long? seed = null, string? data_format = null, string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null)
        : base(bounding_box_format, data_format, seed, name, dtype) => _factor = (factor ?? 1.0).Within(0, 1, nameof(factor), from: 0);

    private protected override Tensors? Drawn(Tensor images, Seed seed)
    {
        if (images.ndim == 3) return null;
        var (batch, (height, width)) = (BatchOf(images), SizeOf(images));
        // Areas would overflow half precision.
        var alpha = Uniform(seed, _factor, DType.Float32) + 1e-6;
        var kept = Api.keras.random.beta([batch], alpha, alpha, DType.Float32, seed);
        var share = Tf.Sqrt(1 - kept);
        var columns = Cuts.Draw(seed, share, width);
        var rows = Cuts.Draw(seed, share, height);
        var area = (columns.To - columns.From) * (rows.To - rows.From) / (Tf.Cast(height, share.dtype) * Tf.Cast(width, share.dtype));
        return Named(("permutation_order", MixUp.Order(batch, seed)), ("batch_masks", Cuts.Mask(images, rows, columns, ChannelsFirst)), ("mix_weight", PerImage(1 - area)));
    }

    private protected override Tensor Transformed(Tensor images, Tensors transformation) =>
        Tf.SelectV2(transformation["batch_masks"], Tf.Gather(images, transformation["permutation_order"], 0), images);

    private protected override Tensor TransformedLabels(Tensor labels, Tensors transformation) => MixUp.Mixed(labels, transformation);

    private protected override Tensor TransformedMasks(Tensor masks, Tensors transformation)
    {
        // Masks have the same rectangle as the image, whatever their number of channels.
        var rectangle = transformation["batch_masks"].Single;
        var at = ChannelAxis(4);
        return Tf.SelectV2(Slices.Of(rectangle, at, 0, 1), Tf.Gather(masks, transformation["permutation_order"], 0), masks);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["factor"] = new[] { _factor.Lower, _factor.Upper }, ["seed"] = seed };
}
