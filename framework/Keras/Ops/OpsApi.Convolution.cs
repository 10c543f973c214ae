using Keras.Graphs;

namespace Keras;

/// <content>Convolutions and pools of one to three spatial axes. Arguments for each spatial axis are one number for all, or one each;
/// <c>data_format</c> is "channels_last" (default) or "channels_first"; <c>padding</c> "valid" (default) or "same".</content>
public sealed partial class OpsApi
{
    /// <summary>Convolution: slides a kernel over one to three spatial axes.</summary>
    /// <param name="inputs">(B, spatial..., I).</param>
    /// <param name="kernel">(spatial..., I / groups, O).</param>
    /// <param name="strides">How far the window moves at each step; default 1.</param>
    /// <param name="padding">"valid", or "same" for an output of the inputs' size divided by the strides.</param>
    /// <param name="data_format">The position of the channel axis.</param>
    /// <param name="dilation_rate">The distance between elements of the window; default 1.</param>
    /// <returns>(B, spatial..., O).</returns>
    public Tensor conv(TensorLike inputs, TensorLike kernel, Axes? strides = null, string padding = "valid", string data_format = "channels_last", Axes? dilation_rate = null)
    {
        if (Kept(inputs, kernel) is { } kept) return kept.Run<Tensor>(inputs, kernel, strides, padding, data_format, dilation_rate);
        var (x, filter) = PromoteFloat(inputs, kernel);
        var window = Windows.Of(x, data_format, padding, strides, dilation_rate, "ops.conv");
        return window.Run(x, image => Grouped(image, filter, window));
    }

    static Tensor Grouped(Tensor image, Tensor filter, Windows window)
    {
        var (channels, own) = (image.shape[-1], filter.shape[-2]);
        if (channels < 0 || own < 0) throw new ShapeMismatchException("The number of channels is unknown", "ops.conv", "a known last dimension", $"{image.shape} and {filter.shape}");
        if (own == 0 || channels % own != 0 || filter.shape[-1] % (channels / own) != 0)
            throw new ShapeMismatchException("A kernel does not fit its inputs", "ops.conv", $"{channels} input channels, or a divisor of them and of the filters", filter.shape.ToString());
        if (channels == own) return window.Convolve(image, filter);
        // The engines' own kernels for groups have no gradient outside XLA.
        var groups = checked((int)(channels / own));
        var (images, filters) = (Tf.Split(image, groups, image.ndim - 1), Tf.Split(filter, groups, filter.ndim - 1));
        return Tf.Concat([.. images.Select((part, i) => window.Convolve(part, filters[i]))], image.ndim - 1);
    }

    /// <summary>Convolution of each channel by itself; of one or two spatial axes.</summary>
    /// <param name="inputs">(B, spatial..., I).</param>
    /// <param name="kernel">(spatial..., I, multiplier).</param>
    /// <param name="strides">How far the window moves at each step; default 1.</param>
    /// <param name="padding">"valid" or "same".</param>
    /// <param name="data_format">The position of the channel axis.</param>
    /// <param name="dilation_rate">The distance between elements of the window; default 1.</param>
    /// <returns>(B, spatial..., I · multiplier).</returns>
    public Tensor depthwise_conv(TensorLike inputs, TensorLike kernel, Axes? strides = null, string padding = "valid", string data_format = "channels_last", Axes? dilation_rate = null)
    {
        if (Kept(inputs, kernel) is { } kept) return kept.Run<Tensor>(inputs, kernel, strides, padding, data_format, dilation_rate);
        var (x, filter) = PromoteFloat(inputs, kernel);
        var window = Windows.Of(x, data_format, padding, strides, dilation_rate, "ops.depthwise_conv");
        return window.Run(x, image => window.Depthwise(image, filter));
    }

    /// <summary>Convolution of each channel by itself, then of the channels at each place.</summary>
    /// <param name="inputs">(B, spatial..., I).</param>
    /// <param name="depthwise_kernel">(spatial..., I, multiplier).</param>
    /// <param name="pointwise_kernel">(1..., I · multiplier, O).</param>
    /// <param name="strides">How far the window moves at each step; default 1.</param>
    /// <param name="padding">"valid" or "same".</param>
    /// <param name="data_format">The position of the channel axis.</param>
    /// <param name="dilation_rate">The distance between elements of the window; default 1.</param>
    /// <returns>(B, spatial..., O).</returns>
    public Tensor separable_conv(TensorLike inputs, TensorLike depthwise_kernel, TensorLike pointwise_kernel, Axes? strides = null, string padding = "valid", string data_format = "channels_last", Axes? dilation_rate = null) =>
        Kept(inputs, depthwise_kernel, pointwise_kernel)?.Run<Tensor>(inputs, depthwise_kernel, pointwise_kernel, strides, padding, data_format, dilation_rate)
        ?? conv(depthwise_conv(inputs, depthwise_kernel, strides, padding, data_format, dilation_rate), pointwise_kernel, 1, "same", data_format);

    /// <summary>Transposed convolution: the gradient of a convolution by its inputs.</summary>
    /// <param name="inputs">(B, spatial..., I).</param>
    /// <param name="kernel">(spatial..., O, I).</param>
    /// <param name="strides">The factor by which the outputs are larger; default 1.</param>
    /// <param name="padding">"valid" or "same".</param>
    /// <param name="output_padding">The additional length of each output axis; default by the padding.</param>
    /// <param name="data_format">The position of the channel axis.</param>
    /// <param name="dilation_rate">The distance between elements of the window; default 1.</param>
    /// <returns>(B, spatial..., O).</returns>
    public Tensor conv_transpose(TensorLike inputs, TensorLike kernel, Axes? strides = null, string padding = "valid", Axes? output_padding = null, string data_format = "channels_last", Axes? dilation_rate = null)
    {
        if (Kept(inputs, kernel) is { } kept) return kept.Run<Tensor>(inputs, kernel, strides, padding, output_padding, data_format, dilation_rate);
        var (x, filter) = PromoteFloat(inputs, kernel);
        var window = Windows.Of(x, data_format, padding, strides, dilation_rate, "ops.conv_transpose");
        return window.Run(x, image => window.Transposed(image, filter, output_padding));
    }

    /// <summary>The largest elements of windows.</summary>
    /// <param name="inputs">(B, spatial..., C).</param>
    /// <param name="pool_size">The size of the window.</param>
    /// <param name="strides">How far the window moves at each step; default its size.</param>
    /// <param name="padding">"valid" or "same".</param>
    /// <param name="data_format">The position of the channel axis.</param>
    public Tensor max_pool(TensorLike inputs, Axes pool_size, Axes? strides = null, string padding = "valid", string data_format = "channels_last") =>
        Kept(inputs)?.Run<Tensor>(inputs, pool_size, strides, padding, data_format)
        ?? Pool(inputs.Tensor, pool_size, strides, padding, data_format, Tf.MaxPool, "ops.max_pool");

    /// <summary>The means of windows; padded positions do not count.</summary>
    /// <param name="inputs">(B, spatial..., C).</param>
    /// <param name="pool_size">The size of the window.</param>
    /// <param name="strides">How far the window moves at each step; default its size.</param>
    /// <param name="padding">"valid" or "same".</param>
    /// <param name="data_format">The position of the channel axis.</param>
    public Tensor average_pool(TensorLike inputs, Axes pool_size, Axes? strides = null, string padding = "valid", string data_format = "channels_last") =>
        Kept(inputs)?.Run<Tensor>(inputs, pool_size, strides, padding, data_format)
        ?? Pool(Float(inputs), pool_size, strides, padding, data_format, Tf.AvgPool, "ops.average_pool");

    static Tensor Pool(Tensor x, Axes pool_size, Axes? strides, string padding, string data_format, Func<Tensor, int[], int[], string, Tensor> pool, string where)
    {
        ArgumentNullException.ThrowIfNull(pool_size);
        Windows.CheckPositive(pool_size, where, nameof(pool_size));
        var window = Windows.Of(x, data_format, padding, strides ?? pool_size, null, where);
        return window.Run(x, image => window.Pooled(image, pool_size, pool));
    }

    /// <summary>The means of as many windows as wanted, which cover an axis evenly.</summary>
    /// <param name="inputs">(B, spatial..., C); the spatial axes are known.</param>
    /// <param name="output_size">The output's spatial axes.</param>
    /// <param name="data_format">The position of the channel axis.</param>
    public Tensor adaptive_average_pool(TensorLike inputs, Axes output_size, string data_format = "channels_last") =>
        Kept(inputs)?.Run<Tensor>(inputs, output_size, data_format)
        ?? AdaptivePool(Float(inputs), output_size, data_format, "ops.adaptive_average_pool", part => (x, axis) => Tf.Mean(x, [axis], keep_dims: true));

    /// <summary>The largest elements of as many windows as wanted, which cover an axis evenly.</summary>
    /// <param name="inputs">(B, spatial..., C); the spatial axes are known.</param>
    /// <param name="output_size">The output's spatial axes.</param>
    /// <param name="data_format">The position of the channel axis.</param>
    public Tensor adaptive_max_pool(TensorLike inputs, Axes output_size, string data_format = "channels_last") =>
        Kept(inputs)?.Run<Tensor>(inputs, output_size, data_format)
        ?? AdaptivePool(inputs.Tensor, output_size, data_format, "ops.adaptive_max_pool", part => (x, axis) => Tf.Max(x, [axis], keep_dims: true));

    static Tensor AdaptivePool(Tensor x, Axes output_size, string data_format, string where, Func<int, Func<Tensor, int, Tensor>> reduce)
    {
        ArgumentNullException.ThrowIfNull(output_size);
        var window = Windows.Of(x, data_format, "valid", null, null, where);
        var sizes = window.Spread(output_size, where, nameof(output_size));
        return window.Run(x, image =>
        {
            for (var i = 0; i < sizes.Length; i++)
            {
                var (axis, size) = (i + 1, image.shape[i + 1]);
                if (size < 0) throw new ShapeMismatchException("The size of a spatial axis is unknown", where, "known spatial dimensions", image.shape.ToString());
                var count = sizes[i];
                var parts = Enumerable.Range(0, count).Select(k => reduce(k)(Slices.Of(image, axis, (int)(k * size / count), (int)((((k + 1) * size) + count - 1) / count)), axis));
                image = Tf.Concat([.. parts], axis);
            }
            return image;
        });
    }

    /// <summary>Windows of images as columns.</summary>
    /// <param name="x">(B, C, H, W).</param>
    /// <param name="kernel_size">Height and width of a window.</param>
    /// <param name="dilation">The distance between elements of a window; default 1.</param>
    /// <param name="padding">Zeros around the image; default 0.</param>
    /// <param name="stride">How far the window moves at each step; default 1.</param>
    /// <returns>(B, C · height · width, windows).</returns>
    public Tensor unfold(TensorLike x, Axes kernel_size, Axes? dilation = null, Axes? padding = null, Axes? stride = null)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, kernel_size, dilation, padding, stride);
        ArgumentNullException.ThrowIfNull(kernel_size);
        var images = x.Tensor;
        if (images.ndim != 4) throw new ShapeMismatchException("The images to take windows of have the wrong rank", "ops.unfold", "rank 4", images.shape.ToString());
        int[] Both(Axes? a, int least, string name) => Pair(a, least, "ops.unfold", name);
        var (size, rates, border, steps) = (Both(kernel_size, 1, nameof(kernel_size)), Both(dilation, 1, nameof(dilation)), Both(padding, 0, nameof(padding)), Both(stride, 1, nameof(stride)));
        if (border[0] + border[1] > 0) images = pad(images, [[0, 0], [0, 0], [border[0], border[0]], [border[1], border[1]]]);
        var parts = new List<Tensor>();
        for (var row = 0; row < size[0]; row++)
            for (var column = 0; column < size[1]; column++)
                parts.Add(Strided(Strided(images, 2, row * rates[0], (size[0] - 1 - row) * rates[0], steps[0]), 3, column * rates[1], (size[1] - 1 - column) * rates[1], steps[1]));
        var windows = Tf.Stack([.. parts], 2);
        var d = Dims.Of(windows);
        return Tf.Reshape(windows, Dims.Create([d[0], d[1] * d[2], d[3] * d[4]]).ToTensor());
    }

    /// <summary>One number for each of two axes.</summary>
    static int[] Pair(Axes? given, int least, string where, string name) => given is null ? [least, least]
        : given.Count is not (1 or 2) || given.Any(n => n < least) ? throw new ValueRangeException("The numbers of a window are out of range", where, $"{name} of at least {least}, 1 or 2 numbers", given.ToString())
        : [given[0], given[given.Count - 1]];

    /// <summary>Every n-th element of an axis, without some at both ends.</summary>
    static Tensor Strided(Tensor x, int axis, int before, int behind, int step) => Slices.Of(x, axis, before, behind == 0 ? null : -behind, step);
}
