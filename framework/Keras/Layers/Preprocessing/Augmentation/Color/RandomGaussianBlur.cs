using Keras.Graphs;

namespace Keras.Layers;

/// <summary>In training, blurs some images (Gaussian blur).</summary>
/// <remarks>Source: keras/src/layers/preprocessing/image_preprocessing/random_gaussian_blur.py.</remarks>
public sealed class RandomGaussianBlur : ColorAugmentation
{
    readonly (double Lower, double Upper) _factor, _sigma;
    readonly int[] _kernelSize;

    /// <summary>In training, blurs some images (Gaussian blur).</summary>
    /// <param name="factor">The probability that an image is blurred: a number f for (0, f) or two between 0 and 1; default 1.</param>
    /// <param name="kernel_size">Height and width of the kernel, odd; default 3.</param>
    /// <param name="sigma">The standard deviations, drawn for all images of a batch: a number f for (0, f) or two between 0 and 1; default 1.</param>
    /// <param name="value_range">The darkest and the brightest value of the images; default 0 to 255.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="seed">The seed; default a new one.</param>
    /// <param name="bounding_box_format">The format of bounding boxes, such as "xyxy"; needed if inputs have boxes.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A number is outside its range, or a name is unknown.</exception>
    public RandomGaussianBlur(Factor? factor = null, Axes? kernel_size = null, Factor? sigma = null, ValueRange? value_range = null, string? data_format = null, long? seed = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null)
        : base(true, value_range, bounding_box_format, data_format, seed, name, dtype)
    {
        (_factor, _sigma) = ((factor ?? 1.0).Touching(0, 1, nameof(factor)), (sigma ?? 1.0).Within(0, 1, nameof(sigma), from: 0));
        _kernelSize = ConfigForms.PerAxis(kernel_size ?? 3, 2, nameof(kernel_size));
        if (Array.Exists(_kernelSize, k => k % 2 == 0)) throw new ArgumentException($"The kernel_size is not odd. Expected: odd numbers. Received: {kernel_size}.", nameof(kernel_size));
    }

    private protected override Tensors Drawn(Tensor images, Seed seed) =>
        Named(("should_apply_blur", Chosen(seed, _factor, images)), ("blur_factor", Uniform(seed, _sigma, compute_dtype, 2) + 1e-6));

    private protected override Tensor Transformed(Tensor images, Tensors transformation)
    {
        var batch = ChannelsFirst ? Tf.Transpose(images, 0, 2, 3, 1) : images;
        var blurred = ImageOpsApi.Blurred(batch, (_kernelSize[0], _kernelSize[1]), transformation["blur_factor"]);
        return Range.Clip(Tf.SelectV2(PerImage(transformation["should_apply_blur"]), ChannelsFirst ? Tf.Transpose(blurred, 0, 3, 1, 2) : blurred, images));
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["factor"] = Form(_factor), ["kernel_size"] = _kernelSize, ["sigma"] = Form(_sigma), ["value_range"] = Range.Form, ["seed"] = seed };
}
