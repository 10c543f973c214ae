namespace Keras.Layers;

/// <summary>Shortens sequences (B, T, C): replaces each window of steps by its mean.</summary>
/// <remarks>Source: keras/src/layers/pooling/average_pooling1d.py.</remarks>
public sealed class AveragePooling1D : Pooling
{
    /// <summary>Shortens sequences (B, T, C): replaces each window of steps by its mean.</summary>
    /// <param name="pool_size">The size of the window; default 2.</param>
    /// <param name="strides">How far the window moves at each step; default its size.</param>
    /// <param name="padding">"valid" (default) or "same".</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A size, the padding or the data format is invalid.</exception>
    public AveragePooling1D(Axes? pool_size = null, Axes? strides = null, string padding = "valid", string? data_format = null, string? name = null, DTypePolicy? dtype = null)
        : base(1, pool_size ?? 2, strides, padding, data_format, name, dtype) { }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false) => Api.ops.average_pool(inputs, PoolSize, Strides, Padding, Format);
}

/// <summary>Shrinks images (B, H, W, C): replaces each window of pixels by its mean.</summary>
/// <remarks>Source: keras/src/layers/pooling/average_pooling2d.py.</remarks>
public sealed class AveragePooling2D : Pooling
{
    /// <summary>Shrinks images (B, H, W, C): replaces each window of pixels by its mean.</summary>
    /// <param name="pool_size">The size of the window, one number or one for each axis; default 2.</param>
    /// <param name="strides">How far the window moves at each step; default its size.</param>
    /// <param name="padding">"valid" (default) or "same".</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A size, the padding or the data format is invalid.</exception>
    public AveragePooling2D(Axes? pool_size = null, Axes? strides = null, string padding = "valid", string? data_format = null, string? name = null, DTypePolicy? dtype = null)
        : base(2, pool_size ?? 2, strides, padding, data_format, name, dtype) { }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false) => Api.ops.average_pool(inputs, PoolSize, Strides, Padding, Format);
}

/// <summary>Shrinks volumes (B, D, H, W, C): replaces each window by its mean.</summary>
/// <remarks>Source: keras/src/layers/pooling/average_pooling3d.py.</remarks>
public sealed class AveragePooling3D : Pooling
{
    /// <summary>Shrinks volumes (B, D, H, W, C): replaces each window by its mean.</summary>
    /// <param name="pool_size">The size of the window, one number or one for each axis; default 2.</param>
    /// <param name="strides">How far the window moves at each step; default its size.</param>
    /// <param name="padding">"valid" (default) or "same".</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A size, the padding or the data format is invalid.</exception>
    public AveragePooling3D(Axes? pool_size = null, Axes? strides = null, string padding = "valid", string? data_format = null, string? name = null, DTypePolicy? dtype = null)
        : base(3, pool_size ?? 2, strides, padding, data_format, name, dtype) { }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false) => Api.ops.average_pool(inputs, PoolSize, Strides, Padding, Format);
}
