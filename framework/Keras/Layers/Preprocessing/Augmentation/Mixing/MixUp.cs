using Keras.Graphs;

namespace Keras.Layers;

/// <summary>In training, blends each image with another of the batch, and their labels in the same proportion.</summary>
/// <remarks>Source: keras/src/layers/preprocessing/image_preprocessing/mix_up.py; Zhang et al., "mixup", 2018. Masks are blended as images are, and the labels of an image's
/// boxes are followed by those of the other's, as the boxes are; Keras mixes up the axes of both.</remarks>
public sealed class MixUp : BaseImagePreprocessingLayer
{
    readonly double _alpha;

    /// <summary>In training, blends each image with another of the batch, and their labels in the same proportion.</summary>
    /// <param name="alpha">Both parameters of the beta distribution of the proportion, above 0; the smaller, the more one image dominates. Default 0.2.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="seed">The seed; default a new one.</param>
    /// <param name="bounding_box_format">The format of bounding boxes, such as "xyxy"; needed if inputs have boxes.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">alpha is not above 0, or a name is unknown.</exception>
    public MixUp(double alpha = 0.2, string? data_format = null, long? seed = null, string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null)
        : base(bounding_box_format, data_format, seed, name, dtype) => _alpha = Require.Positive(alpha);

    private protected override Tensors Drawn(Tensor images, Seed seed)
    {
        var batch = BatchOf(images);
        var order = Order(batch, seed);
        return Named(("mix_weight", Api.keras.random.beta([batch], _alpha, _alpha, seed: seed)), ("permutation_order", order));
    }

    /// <summary>The indices of a batch's images in random order.</summary>
    internal static Tensor Order(Dim batch, Seed seed) => Api.keras.random.shuffle(Tf.Range(Tf.Int32Scalar(0), batch, Tf.Int32Scalar(1)), seed: seed);

    private protected override Tensor Transformed(Tensor images, Tensors transformation) => Blended(images, transformation);

    /// <summary>Mixes labels in the same proportion as their images.</summary>
    internal static Tensor Mixed(Tensor labels, Tensors transformation)
    {
        var x = labels.dtype.IsFloating && labels.dtype != DType.Float64 ? labels : Tf.Cast(labels, ConfigApi.FloatX);
        var weight = Tf.Reshape(Tf.Cast(transformation["mix_weight"], x.dtype), Tf.Int32([-1, .. Enumerable.Repeat(1, Math.Max(x.ndim - 1, 0))]));
        return (weight * x) + ((1 - weight) * Tf.Gather(x, transformation["permutation_order"], 0));
    }

    static Tensor Blended(Tensor images, Tensors transformation)
    {
        var weight = PerImage(Tf.Cast(transformation["mix_weight"], images.dtype));
        return (weight * images) + ((1 - weight) * Tf.Gather(images, transformation["permutation_order"], 0));
    }

    private protected override Tensor TransformedLabels(Tensor labels, Tensors transformation) => Mixed(labels, transformation);

    private protected override Tensor TransformedMasks(Tensor masks, Tensors transformation) => Blended(Tf.Cast(masks, compute_dtype), transformation);

    private protected override Tensors TransformedBoxes(Tensors boxes, Tensors transformation)
    {
        Tensor Joined(Tensor x) => Tf.Concat([x, Tf.Gather(x, transformation["permutation_order"], 0)], 1);
        return BoxTensors.With(boxes, Joined(boxes["boxes"]), Joined(boxes["labels"]));
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["alpha"] = _alpha, ["seed"] = seed };
}
