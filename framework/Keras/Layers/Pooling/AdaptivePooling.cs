using Keras.Graphs;

namespace Keras.Layers;

/// <summary>The base of pooling layers whose output has a given size, whatever the size of the input.</summary>
/// <remarks>Source: keras/src/layers/pooling/base_adaptive_pooling.py.</remarks>
public abstract class AdaptivePooling : Layer
{
    /// <summary>Makes a pooling over this many spatial axes.</summary>
    private protected AdaptivePooling(int rank, Axes output_size, string? data_format, string? name, DTypePolicy? dtype) : base(name, dtype: dtype)
    {
        (OutputSize, Format) = (ConfigForms.PerAxis(output_size, rank, nameof(output_size)), ConfigForms.DataFormat(data_format));
        input_spec = new(ndim: rank + 2);
        built = true;
    }

    private protected int[] OutputSize { get; }

    private protected string Format { get; }

    /// <summary>Pools the windows.</summary>
    private protected abstract Tensor Pool(Tensor x);

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        Tensor x = inputs;
        // While the size is only known when the model runs, there is a shape but no windows.
        return !x.shape[1..].IsFullyKnown && Graph.Current is { IsScratch: true } ? Graph.Scratch.AddPlaceholder(x.dtype, compute_output_shape(x.shape), "pooled") : Pool(x);
    }

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape)
    {
        ArgumentNullException.ThrowIfNull(input_shape);
        for (var i = 0; i < OutputSize.Length; i++) input_shape = input_shape.With((Format == "channels_first" ? 2 : 1) + i, OutputSize[i]);
        return input_shape;
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["output_size"] = OutputSize, ["data_format"] = Format };
}
