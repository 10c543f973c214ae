namespace Keras.Layers;

/// <summary>Reduces sequences (B, T, C) to (B, C): the largest value of each channel.</summary>
/// <remarks>Source: keras/src/layers/pooling/global_max_pooling1d.py.</remarks>
public sealed class GlobalMaxPooling1D : GlobalPooling
{
    /// <summary>Reduces sequences (B, T, C) to (B, C): the largest value of each channel.</summary>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="keepdims">Whether to keep the spatial axes, with size 1; default false.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public GlobalMaxPooling1D(string? data_format = null, bool keepdims = false, string? name = null, DTypePolicy? dtype = null) : base(1, data_format, keepdims, name, dtype) { }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false) => Api.ops.max(inputs, Spatial, KeepDims);
}

/// <summary>Reduces images (B, H, W, C) to (B, C): the largest value of each channel.</summary>
/// <remarks>Source: keras/src/layers/pooling/global_max_pooling2d.py.</remarks>
public sealed class GlobalMaxPooling2D : GlobalPooling
{
    /// <summary>Reduces images (B, H, W, C) to (B, C): the largest value of each channel.</summary>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="keepdims">Whether to keep the spatial axes, with size 1; default false.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public GlobalMaxPooling2D(string? data_format = null, bool keepdims = false, string? name = null, DTypePolicy? dtype = null) : base(2, data_format, keepdims, name, dtype) { }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false) => Api.ops.max(inputs, Spatial, KeepDims);
}

/// <summary>Reduces volumes (B, D, H, W, C) to (B, C): the largest value of each channel.</summary>
/// <remarks>Source: keras/src/layers/pooling/global_max_pooling3d.py.</remarks>
public sealed class GlobalMaxPooling3D : GlobalPooling
{
    /// <summary>Reduces volumes (B, D, H, W, C) to (B, C): the largest value of each channel.</summary>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="keepdims">Whether to keep the spatial axes, with size 1; default false.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public GlobalMaxPooling3D(string? data_format = null, bool keepdims = false, string? name = null, DTypePolicy? dtype = null) : base(3, data_format, keepdims, name, dtype) { }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false) => Api.ops.max(inputs, Spatial, KeepDims);
}
