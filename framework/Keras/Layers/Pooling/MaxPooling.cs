namespace Keras.Layers;

/// <summary>The greatest value of each window of (B, T, C).</summary>
/// <remarks>Source: keras/src/layers/pooling/max_pooling1d.py.</remarks>
public sealed class MaxPooling1D : Pooling
{
    /// <summary>The greatest value of each window of (B, T, C).</summary>
    /// <param name="pool_size">The size of the window; default 2.</param>
    /// <param name="strides">The step of the window; default its size.</param>
    /// <param name="padding">"valid" (default) or "same".</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A size, the padding or the data format is none of these.</exception>
    public MaxPooling1D(Axes? pool_size = null, Axes? strides = null, string padding = "valid", string? data_format = null, string? name = null, DTypePolicy? dtype = null)
        : base(1, pool_size ?? 2, strides, padding, data_format, name, dtype) { }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false) => Api.ops.max_pool(inputs, PoolSize, Strides, Padding, Format);
}

/// <summary>The greatest value of each window of (B, H, W, C).</summary>
/// <remarks>Source: keras/src/layers/pooling/max_pooling2d.py.</remarks>
public sealed class MaxPooling2D : Pooling
{
    /// <summary>The greatest value of each window of (B, H, W, C).</summary>
    /// <param name="pool_size">The size of the window, one number or one for each axis; default 2.</param>
    /// <param name="strides">The step of the window; default its size.</param>
    /// <param name="padding">"valid" (default) or "same".</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A size, the padding or the data format is none of these.</exception>
    public MaxPooling2D(Axes? pool_size = null, Axes? strides = null, string padding = "valid", string? data_format = null, string? name = null, DTypePolicy? dtype = null)
        : base(2, pool_size ?? 2, strides, padding, data_format, name, dtype) { }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false) => Api.ops.max_pool(inputs, PoolSize, Strides, Padding, Format);
}

/// <summary>The greatest value of each window of (B, D, H, W, C).</summary>
/// <remarks>Source: keras/src/layers/pooling/max_pooling3d.py.</remarks>
public sealed class MaxPooling3D : Pooling
{
    /// <summary>The greatest value of each window of (B, D, H, W, C).</summary>
    /// <param name="pool_size">The size of the window, one number or one for each axis; default 2.</param>
    /// <param name="strides">The step of the window; default its size.</param>
    /// <param name="padding">"valid" (default) or "same".</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A size, the padding or the data format is none of these.</exception>
    public MaxPooling3D(Axes? pool_size = null, Axes? strides = null, string padding = "valid", string? data_format = null, string? name = null, DTypePolicy? dtype = null)
        : base(3, pool_size ?? 2, strides, padding, data_format, name, dtype) { }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false) => Api.ops.max_pool(inputs, PoolSize, Strides, Padding, Format);
}
