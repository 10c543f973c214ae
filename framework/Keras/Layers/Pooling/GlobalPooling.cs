namespace Keras.Layers;

/// <summary>The base of layers that make one value of each channel.</summary>
/// <remarks>Source: keras/src/layers/pooling/base_global_pooling.py.</remarks>
public abstract class GlobalPooling : Layer
{
    /// <summary>A pooling of a number of spatial axes.</summary>
    private protected GlobalPooling(int rank, string? data_format, bool keepdims, string? name, DTypePolicy? dtype) : base(name, dtype: dtype)
    {
        (Format, KeepDims) = (ConfigForms.DataFormat(data_format), keepdims);
        Spatial = [.. Enumerable.Range(Format == "channels_first" ? 2 : 1, rank)];
        input_spec = new(ndim: rank + 2);
        built = true;
    }

    private protected string Format { get; }

    private protected bool KeepDims { get; }

    /// <summary>The axes that go.</summary>
    private protected int[] Spatial { get; }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["data_format"] = Format, ["keepdims"] = KeepDims };
}
