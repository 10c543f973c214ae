using Keras.Graphs;

namespace Keras.Layers;

/// <summary>Reduces sequences (B, T, C) to (B, C): the mean of each channel, over the steps that the mask keeps.</summary>
/// <remarks>Source: keras/src/layers/pooling/global_average_pooling1d.py.</remarks>
public sealed class GlobalAveragePooling1D : GlobalPooling
{
    /// <summary>Reduces sequences (B, T, C) to (B, C): the mean of each channel, over the steps that the mask keeps.</summary>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="keepdims">Whether to keep the spatial axes, with size 1; default false.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public GlobalAveragePooling1D(string? data_format = null, bool keepdims = false, string? name = null, DTypePolicy? dtype = null) : base(1, data_format, keepdims, name, dtype) { supports_masking = true; }

    /// <inheritdoc/>
    public override Tensors call(CallArguments args)
    {
        ArgumentNullException.ThrowIfNull(args);
        Tensor x = args.Inputs;
        if (args.Mask is not { } mask) return Mean(x);
        var wide = Wide(x);
        var steps = Tf.ExpandDims(Tf.Cast(mask, wide.dtype), Format == "channels_first" ? 1 : 2);
        // The mean of no steps is 0.
        return Tf.Cast(Tf.DivNoNan(Api.ops.sum(wide * steps, Spatial, KeepDims), Api.ops.sum(steps, Spatial, KeepDims)), x.dtype);
    }

    /// <inheritdoc/>
    public override Tensor? compute_mask(Tensors inputs, Tensor? mask) => null;
}

/// <summary>Reduces images (B, H, W, C) to (B, C): the mean of each channel.</summary>
/// <remarks>Source: keras/src/layers/pooling/global_average_pooling2d.py.</remarks>
public sealed class GlobalAveragePooling2D : GlobalPooling
{
    /// <summary>Reduces images (B, H, W, C) to (B, C): the mean of each channel.</summary>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="keepdims">Whether to keep the spatial axes, with size 1; default false.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public GlobalAveragePooling2D(string? data_format = null, bool keepdims = false, string? name = null, DTypePolicy? dtype = null) : base(2, data_format, keepdims, name, dtype) { }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false) => Mean(inputs);
}

/// <summary>Reduces volumes (B, D, H, W, C) to (B, C): the mean of each channel.</summary>
/// <remarks>Source: keras/src/layers/pooling/global_average_pooling3d.py.</remarks>
public sealed class GlobalAveragePooling3D : GlobalPooling
{
    /// <summary>Reduces volumes (B, D, H, W, C) to (B, C): the mean of each channel.</summary>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="keepdims">Whether to keep the spatial axes, with size 1; default false.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public GlobalAveragePooling3D(string? data_format = null, bool keepdims = false, string? name = null, DTypePolicy? dtype = null) : base(3, data_format, keepdims, name, dtype) { }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false) => Mean(inputs);
}
