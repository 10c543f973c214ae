namespace Keras.Layers;

/// <summary>The base of pooling layers that reduce each window to one value.</summary>
/// <remarks>Source: keras/src/layers/pooling/base_pooling.py.</remarks>
public abstract class Pooling : Layer
{
    /// <summary>Makes a pooling over this many spatial axes.</summary>
    private protected Pooling(int rank, Axes pool_size, Axes? strides, string padding, string? data_format, string? name, DTypePolicy? dtype) : base(name, dtype: dtype)
    {
        Known.OneOf(padding, nameof(padding), "valid", "same");
        PoolSize = ConfigForms.PerAxis(pool_size, rank, nameof(pool_size));
        Strides = ConfigForms.PerAxis(strides ?? pool_size, rank, nameof(strides));
        (Padding, Format) = (padding, ConfigForms.DataFormat(data_format));
        input_spec = new(ndim: rank + 2);
        built = true;
    }

    private protected int[] PoolSize { get; }

    private protected int[] Strides { get; }

    private protected string Padding { get; }

    private protected string Format { get; }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() =>
        new(base.get_config()) { ["pool_size"] = PoolSize, ["padding"] = Padding, ["strides"] = Strides, ["data_format"] = Format };
}
