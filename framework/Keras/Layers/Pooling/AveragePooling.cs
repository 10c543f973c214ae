namespace Keras.Layers;

/// <summary>The mean of each window of (B, T, C).</summary>
/// <remarks>Source: keras/src/layers/pooling/average_pooling1d.py.</remarks>
public sealed class AveragePooling1D : Pooling
{
    /// <summary>The mean of each window of (B, T, C).</summary>
    /// <param name="pool_size">The size of the window; default 2.</param>
    /// <param name="strides">The step of the window; default its size.</param>
    /// <param name="padding">"valid" (default) or "same".</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A size, the padding or the data format is none of these.</exception>
    public AveragePooling1D(Axes? pool_size = null, Axes? strides = null, string padding = "valid", string? data_format = null, string? name = null, DTypePolicy? dtype = null)
        : base(1, pool_size ?? 2, strides, padding, data_format, name, dtype) { }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false) => Api.ops.average_pool(inputs, PoolSize, Strides, Padding, Format);
}

/// <summary>The mean of each window of (B, H, W, C).</summary>
/// <remarks>Source: keras/src/layers/pooling/average_pooling2d.py.</remarks>
public sealed class AveragePooling2D : Pooling
{
    /// <summary>The mean of each window of (B, H, W, C).</summary>
    /// <param name="pool_size">The size of the window, one number or one for each axis; default 2.</param>
    /// <param name="strides">The step of the window; default its size.</param>
    /// <param name="padding">"valid" (default) or "same".</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A size, the padding or the data format is none of these.</exception>
    public AveragePooling2D(Axes? pool_size = null, Axes? strides = null, string padding = "valid", string? data_format = null, string? name = null, DTypePolicy? dtype = null)
        : base(2, pool_size ?? 2, strides, padding, data_format, name, dtype) { }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false) => Api.ops.average_pool(inputs, PoolSize, Strides, Padding, Format);
}

/// <summary>The mean of each window of (B, D, H, W, C).</summary>
/// <remarks>Source: keras/src/layers/pooling/average_pooling3d.py.</remarks>
public sealed class AveragePooling3D : Pooling
{
    /// <summary>The mean of each window of (B, D, H, W, C).</summary>
    /// <param name="pool_size">The size of the window, one number or one for each axis; default 2.</param>
    /// <param name="strides">The step of the window; default its size.</param>
    /// <param name="padding">"valid" (default) or "same".</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A size, the padding or the data format is none of these.</exception>
    public AveragePooling3D(Axes? pool_size = null, Axes? strides = null, string padding = "valid", string? data_format = null, string? name = null, DTypePolicy? dtype = null)
        : base(3, pool_size ?? 2, strides, padding, data_format, name, dtype) { }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false) => Api.ops.average_pool(inputs, PoolSize, Strides, Padding, Format);
}
