using Keras.Regularizers;

namespace Keras.Layers;

/// <summary>The base of all convolutions: the window, the bias and the activation.</summary>
public abstract class Convolution : Layer
{
    readonly ActivationFunction? _activation;
    readonly bool _useBias;
    readonly WeightOptions _bias;

    /// <summary>Makes a convolution over this many spatial axes.</summary>
    private protected Convolution(int rank, ConvWindow window, ActivationFunction? activation, bool use_bias, WeightOptions bias, Regularizer? activity_regularizer, string? name, DTypePolicy? dtype, bool trainable)
        : base(name, trainable, dtype)
    {
        (Window, _activation, _useBias, _bias) = (window, activation, use_bias, bias);
        this.activity_regularizer = activity_regularizer;
        input_spec = new(min_ndim: rank + 2);
    }

    private protected ConvWindow Window { get; }

    /// <summary>The bias, one for each output channel; null without one.</summary>
    public Variable? bias { get; private set; }

    private protected Variable AddKernel(Shape shape, WeightOptions options, string name) =>
        add_weight(shape, options.Initializer, regularizer: options.Regularizer, constraint: options.Constraint, name: name);

    private protected void AddBias(long channels)
    {
        if (_useBias) bias = AddKernel(new Shape(channels), _bias, "bias");
    }

    /// <summary>The number of input channels; later inputs must have the same.</summary>
    private protected int Channels(Shape input_shape)
    {
        var channels = ConfigForms.KnownDim(input_shape, Window.ChannelAxis, this);
        input_spec = new(min_ndim: Window.Size.Length + 2, axes: new Dictionary<int, long> { [Window.ChannelAxis] = channels });
        return channels;
    }

    /// <summary>The convolution without bias and activation.</summary>
    private protected abstract Tensor Convolve(Tensor x, string padding);

    private protected override bool TakesWholeNumbers => true;

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        var (x, padding) = Window.Padded(inputs);
        return Window.Finished(Convolve(x, padding), bias, _activation);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config()
    {
        var config = new Dictionary<string, object?>(base.get_config())
        {
            ["activation"] = _activation?.ConfigName ?? "linear",
            ["use_bias"] = _useBias,
            ["activity_regularizer"] = activity_regularizer.Serialized(),
        };
        Window.AddTo(config);
        _bias.AddTo(config, "bias");
        return config;
    }
}

/// <summary>The base of <see cref="Conv1D"/>, <see cref="Conv2D"/> and <see cref="Conv3D"/>; the kernel is (spatial..., I / groups, filters).</summary>
/// <remarks>Source: keras/src/layers/convolutional/base_conv.py.</remarks>
public abstract class BaseConv : Convolution
{
    readonly int _filters;
    readonly int _groups;
    readonly WeightOptions _kernel;

    /// <summary>Makes a convolution over this many spatial axes.</summary>
    private protected BaseConv(int rank, int filters, ConvWindow window, int groups, ActivationFunction? activation, bool use_bias, WeightOptions kernel, WeightOptions bias, Regularizer? activity_regularizer,
        string? name, DTypePolicy? dtype, bool trainable) : base(rank, window, activation, use_bias, bias, activity_regularizer, name, dtype, trainable)
    {
        (_filters, _groups, _kernel) = (ConfigForms.Positive(filters, nameof(filters)), ConfigForms.Positive(groups, nameof(groups)), kernel);
        if (filters % groups != 0) throw new ArgumentException($"The groups do not divide the filters. Expected: filters divisible by groups. Received: filters={filters}, groups={groups}.", nameof(groups));
    }

    /// <summary>The filters, (window, channels / groups, filters).</summary>
    public Variable kernel { get; private set; } = null!;

    /// <inheritdoc/>
    /// <exception cref="ShapeMismatchException">The groups do not divide the input channels, or the window is larger than the inputs.</exception>
    public override void build(Shape input_shape)
    {
        var channels = Channels(input_shape);
        if (channels % _groups != 0) throw new ShapeMismatchException("Groups do not divide the channels", $"layer '{name}'", $"channels that {_groups} groups divide", $"{channels}");
        kernel = AddKernel(Window.Kernel(channels / _groups, _filters), _kernel, "kernel");
        AddBias(_filters);
        built = true;
    }

    private protected override Tensor Convolve(Tensor x, string padding) => Api.ops.conv(x, kernel.value, Window.Strides, padding, Window.Format, Window.Dilation);

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config()
    {
        var config = new Dictionary<string, object?>(base.get_config()) { ["filters"] = _filters, ["groups"] = _groups };
        _kernel.AddTo(config, "kernel");
        return config;
    }
}

/// <summary>The base of transposed convolutions; the kernel is (spatial..., filters, I).</summary>
/// <remarks>Source: keras/src/layers/convolutional/base_conv_transpose.py.</remarks>
public abstract class BaseConvTranspose : Convolution
{
    readonly int _filters;
    readonly int[]? _outputPadding;
    readonly WeightOptions _kernel;

    /// <summary>Makes a transposed convolution over this many spatial axes.</summary>
    private protected BaseConvTranspose(int rank, int filters, ConvWindow window, Axes? output_padding, ActivationFunction? activation, bool use_bias, WeightOptions kernel, WeightOptions bias,
        Regularizer? activity_regularizer, string? name, DTypePolicy? dtype, bool trainable) : base(rank, window, activation, use_bias, bias, activity_regularizer, name, dtype, trainable) =>
        (_filters, _outputPadding, _kernel) = (ConfigForms.Positive(filters, nameof(filters)), output_padding is null ? null : BelowStrides(ConfigForms.PerAxis(output_padding, rank, nameof(output_padding), least: 0), window.Strides), kernel);

    /// <summary>Checks the output padding: with a whole stride or more, no convolution has this output.</summary>
    static int[] BelowStrides(int[] output_padding, int[] strides) => output_padding.Zip(strides).All(p => p.First < p.Second) ? output_padding
        : throw new ArgumentException($"The output_padding is too large. Expected: an output_padding below the strides ({string.Join(", ", strides)}). Received: {Known.List(output_padding)}.", nameof(output_padding));

    /// <summary>The filters, (window, filters, channels).</summary>
    public Variable kernel { get; private set; } = null!;

    /// <inheritdoc/>
    public override void build(Shape input_shape)
    {
        kernel = AddKernel(Window.Kernel(_filters, Channels(input_shape)), _kernel, "kernel");
        AddBias(_filters);
        built = true;
    }

    private protected override Tensor Convolve(Tensor x, string padding) =>
        Api.ops.conv_transpose(x, kernel.value, Window.Strides, padding, _outputPadding is null ? null : (Axes)_outputPadding, Window.Format, Window.Dilation);

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config()
    {
        var config = new Dictionary<string, object?>(base.get_config()) { ["filters"] = _filters, ["output_padding"] = _outputPadding };
        _kernel.AddTo(config, "kernel");
        return config;
    }
}

/// <summary>The base of depthwise convolutions; the kernel is (spatial..., I, depth_multiplier).</summary>
/// <remarks>Source: keras/src/layers/convolutional/base_depthwise_conv.py.</remarks>
public abstract class BaseDepthwiseConv : Convolution
{
    readonly int _depthMultiplier;
    readonly WeightOptions _kernel;

    /// <summary>Makes a depthwise convolution over this many spatial axes.</summary>
    private protected BaseDepthwiseConv(int rank, int depth_multiplier, ConvWindow window, ActivationFunction? activation, bool use_bias, WeightOptions kernel, WeightOptions bias, Regularizer? activity_regularizer,
        string? name, DTypePolicy? dtype, bool trainable) : base(rank, window, activation, use_bias, bias, activity_regularizer, name, dtype, trainable) =>
        (_depthMultiplier, _kernel) = (ConfigForms.Positive(depth_multiplier, nameof(depth_multiplier)), kernel);

    /// <summary>The filters, (window, channels, depth_multiplier).</summary>
    public Variable kernel { get; private set; } = null!;

    /// <inheritdoc/>
    public override void build(Shape input_shape)
    {
        var channels = Channels(input_shape);
        kernel = AddKernel(Window.Kernel(channels, _depthMultiplier), _kernel, "kernel");
        AddBias(channels * _depthMultiplier);
        built = true;
    }

    private protected override Tensor Convolve(Tensor x, string padding) => Api.ops.depthwise_conv(x, kernel.value, Window.Strides, padding, Window.Format, Window.Dilation);

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config()
    {
        var config = new Dictionary<string, object?>(base.get_config()) { ["depth_multiplier"] = _depthMultiplier };
        _kernel.AddTo(config, "depthwise");
        return config;
    }
}

/// <summary>The base of separable convolutions; the kernels are (spatial..., I, depth_multiplier) and (1..., I · depth_multiplier, filters).</summary>
/// <remarks>Source: keras/src/layers/convolutional/base_separable_conv.py.</remarks>
public abstract class BaseSeparableConv : Convolution
{
    readonly int _filters;
    readonly int _depthMultiplier;
    readonly WeightOptions _depthwise;
    readonly WeightOptions _pointwise;

    /// <summary>Makes a separable convolution over this many spatial axes.</summary>
    private protected BaseSeparableConv(int rank, int filters, int depth_multiplier, ConvWindow window, ActivationFunction? activation, bool use_bias, WeightOptions depthwise, WeightOptions pointwise,
        WeightOptions bias, Regularizer? activity_regularizer, string? name, DTypePolicy? dtype, bool trainable) : base(rank, window, activation, use_bias, bias, activity_regularizer, name, dtype, trainable)
    {
        (_filters, _depthMultiplier) = (ConfigForms.Positive(filters, nameof(filters)), ConfigForms.Positive(depth_multiplier, nameof(depth_multiplier)));
        (_depthwise, _pointwise) = (depthwise, pointwise);
    }

    /// <summary>The weights that filter each channel separately.</summary>
    public Variable depthwise_kernel { get; private set; } = null!;

    /// <summary>The weights that mix the channels.</summary>
    public Variable pointwise_kernel { get; private set; } = null!;

    /// <inheritdoc/>
    public override void build(Shape input_shape)
    {
        var channels = Channels(input_shape);
        depthwise_kernel = AddKernel(Window.Kernel(channels, _depthMultiplier), _depthwise, "depthwise_kernel");
        pointwise_kernel = AddKernel(new Shape([.. Enumerable.Repeat(1L, Window.Size.Length), channels * _depthMultiplier, _filters]), _pointwise, "pointwise_kernel");
        AddBias(_filters);
        built = true;
    }

    private protected override Tensor Convolve(Tensor x, string padding) =>
        Api.ops.separable_conv(x, depthwise_kernel.value, pointwise_kernel.value, Window.Strides, padding, Window.Format, Window.Dilation);

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config()
    {
        var config = new Dictionary<string, object?>(base.get_config()) { ["filters"] = _filters, ["depth_multiplier"] = _depthMultiplier };
        _depthwise.AddTo(config, "depthwise");
        _pointwise.AddTo(config, "pointwise");
        return config;
    }
}
