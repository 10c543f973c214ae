namespace Keras.Layers;

/// <summary>The base of dropout layers that zero whole channels.</summary>
/// <remarks>Source: keras/src/layers/regularization/spatial_dropout.py.</remarks>
public abstract class SpatialDropout : Dropout
{
    readonly string? _dataFormat;

    /// <summary>The base of dropout layers that zero whole channels.</summary>
    private protected SpatialDropout(int rank, double rate, long? seed, string? dataFormat, string? name, DTypePolicy? dtype) : base(rate, null, seed, name, dtype)
    {
        _dataFormat = dataFormat;
        input_spec = new(ndim: rank + 2);
    }

    private protected override Dims? NoiseDims(Tensor x) =>
        Dims.Create([.. Enumerable.Range(0, x.ndim).Select(axis => axis == 0 || axis == (_dataFormat == "channels_first" ? 1 : x.ndim - 1) ? Dim.Of(x, axis) : 1)]);

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config()
    {
        var config = base.get_config();
        // Keras' config of these layers differs from that of others.
        config.Remove("noise_shape");
        config.Remove("trainable");
        config["dtype"] = dtype_policy.name;
        if (_dataFormat is not null) config["data_format"] = _dataFormat;
        return config;
    }
}

/// <summary>In training, zeroes whole channels of (B, T, C).</summary>
public sealed class SpatialDropout1D : SpatialDropout
{
    /// <summary>In training, zeroes whole channels of (B, T, C).</summary>
    /// <param name="rate">The probability, 0 to 1.</param>
    /// <param name="seed">The seed; default a new one.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public SpatialDropout1D(double rate, long? seed = null, string? name = null, DTypePolicy? dtype = null) : base(1, rate, seed, null, name, dtype) { }
}

/// <summary>In training, zeroes whole channels of (B, H, W, C), or (B, C, H, W).</summary>
public sealed class SpatialDropout2D : SpatialDropout
{
    /// <summary>In training, zeroes whole channels of (B, H, W, C), or (B, C, H, W).</summary>
    /// <param name="rate">The probability, 0 to 1.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="seed">The seed; default a new one.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public SpatialDropout2D(double rate, string? data_format = null, long? seed = null, string? name = null, DTypePolicy? dtype = null)
        : base(2, rate, seed, ConfigForms.DataFormat(data_format), name, dtype) { }
}

/// <summary>In training, zeroes whole channels of (B, D, H, W, C), or (B, C, D, H, W).</summary>
public sealed class SpatialDropout3D : SpatialDropout
{
    /// <summary>In training, zeroes whole channels of (B, D, H, W, C), or (B, C, D, H, W).</summary>
    /// <param name="rate">The probability, 0 to 1.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="seed">The seed; default a new one.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public SpatialDropout3D(double rate, string? data_format = null, long? seed = null, string? name = null, DTypePolicy? dtype = null)
        : base(3, rate, seed, ConfigForms.DataFormat(data_format), name, dtype) { }
}
