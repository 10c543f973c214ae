using Keras.Constraints;
using Keras.Initializers;
using Keras.Regularizers;

namespace Keras.Layers;

/// <summary>The window of a convolution.</summary>
sealed class ConvWindow
{
    /// <exception cref="ArgumentException">A size, the padding or the data format is unknown, or strides and dilation are both used.</exception>
    public ConvWindow(Axes kernel_size, Axes? strides, string padding, string? data_format, Axes? dilation_rate, int rank, bool causal = false)
    {
        ArgumentNullException.ThrowIfNull(kernel_size);
        Size = ConfigForms.PerAxis(kernel_size, rank, nameof(kernel_size));
        Strides = ConfigForms.PerAxis(strides ?? 1, rank, nameof(strides));
        Dilation = ConfigForms.PerAxis(dilation_rate ?? 1, rank, nameof(dilation_rate));
        Format = ConfigForms.DataFormat(data_format);
        Padding = padding is "valid" or "same" || (causal && padding == "causal") ? padding
            : throw Known.NoneOf(padding, nameof(padding), causal ? ["valid", "same", "causal"] : ["valid", "same"]);
        if (Padding == "causal" && Format != "channels_last") throw new ArgumentException("Padding \"causal\" is not supported with channels first. Use data_format \"channels_last\".", nameof(padding));
        if (Strides.Any(s => s > 1) && Dilation.Any(d => d > 1)) throw new ArgumentException("strides and dilation_rate are both above 1. Leave one out.", nameof(strides));
    }

    public int[] Size { get; }

    public int[] Strides { get; }

    public int[] Dilation { get; }

    public string Format { get; }

    public string Padding { get; }

    /// <summary>The axis of the channels.</summary>
    public int ChannelAxis => Format == "channels_first" ? 1 : -1;

    /// <summary>The shape of a kernel with this window.</summary>
    public Shape Kernel(params long[] channels) => new([.. Size.Select(s => (long)s), .. channels]);

    /// <summary>The output size along an axis of this size.</summary>
    public long SizeAfter(long size, int axis) => Padding == "same" ? (size + Strides[axis] - 1) / Strides[axis]
        : (size - (Dilation[axis] * (Size[axis] - 1)) + Strides[axis] - 1) / Strides[axis];

    /// <summary>Pads the inputs in front if the padding is causal; also gives the padding that the convolution applies.</summary>
    public (Tensor Inputs, string Padding) Padded(Tensor x) => Padding == "causal"
        ? (Api.ops.pad(x, [[0, 0], [Dilation[0] * (Size[0] - 1), 0], [0, 0]]), "valid") : (x, Padding);

    /// <summary>Adds the bias of each channel and applies the activation.</summary>
    public Tensor Finished(Tensor x, Variable? bias, ActivationFunction? activation)
    {
        if (bias is not null) x += Format == "channels_last" ? bias.value : Api.ops.reshape(bias.value, Dims.Create([1, bias.shape[0], .. Enumerable.Repeat((Dim)1, Size.Length)]));
        return activation is null ? x : activation.Apply(x);
    }

    public void AddTo(Dictionary<string, object?> config)
    {
        config["kernel_size"] = Size;
        config["strides"] = Strides;
        config["padding"] = Padding;
        config["data_format"] = Format;
        config["dilation_rate"] = Dilation;
    }
}

/// <summary>The initializer, regularizer and constraint of a weight.</summary>
sealed class WeightOptions(Initializer? initializer, Regularizer? regularizer, Constraint? constraint)
{
    public Initializer Initializer { get; } = initializer ?? new GlorotUniform();

    public Regularizer? Regularizer => regularizer;

    public Constraint? Constraint => constraint;

    public void AddTo(Dictionary<string, object?> config, string name)
    {
        config[$"{name}_initializer"] = Initializer.Serialized();
        config[$"{name}_regularizer"] = regularizer.Serialized();
        config[$"{name}_constraint"] = constraint.Serialized();
    }
}
