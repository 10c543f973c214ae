namespace Keras.Layers;

/// <summary>The greatest value of windows of (B, T, C) that make an output of a given size.</summary>
/// <remarks>Source: keras/src/layers/pooling/adaptive_max_pooling1d.py.</remarks>
public sealed class AdaptiveMaxPooling1D : AdaptivePooling
{
    /// <summary>The greatest value of windows of (B, T, C) that make an output of a given size.</summary>
    /// <param name="output_size">The size of the output.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public AdaptiveMaxPooling1D(Axes output_size, string? data_format = null, string? name = null, DTypePolicy? dtype = null) : base(1, output_size, data_format, name, dtype) { }

    private protected override Tensor Pool(Tensor x) => Api.ops.adaptive_max_pool(x, OutputSize, Format);
}

/// <summary>The greatest value of windows of (B, H, W, C) that make an output of a given size.</summary>
/// <remarks>Source: keras/src/layers/pooling/adaptive_max_pooling2d.py.</remarks>
public sealed class AdaptiveMaxPooling2D : AdaptivePooling
{
    /// <summary>The greatest value of windows of (B, H, W, C) that make an output of a given size.</summary>
    /// <param name="output_size">The size of the output, one number or one for each axis.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public AdaptiveMaxPooling2D(Axes output_size, string? data_format = null, string? name = null, DTypePolicy? dtype = null) : base(2, output_size, data_format, name, dtype) { }

    private protected override Tensor Pool(Tensor x) => Api.ops.adaptive_max_pool(x, OutputSize, Format);
}

/// <summary>The greatest value of windows of (B, D, H, W, C) that make an output of a given size.</summary>
/// <remarks>Source: keras/src/layers/pooling/adaptive_max_pooling3d.py.</remarks>
public sealed class AdaptiveMaxPooling3D : AdaptivePooling
{
    /// <summary>The greatest value of windows of (B, D, H, W, C) that make an output of a given size.</summary>
    /// <param name="output_size">The size of the output, one number or one for each axis.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public AdaptiveMaxPooling3D(Axes output_size, string? data_format = null, string? name = null, DTypePolicy? dtype = null) : base(3, output_size, data_format, name, dtype) { }

    private protected override Tensor Pool(Tensor x) => Api.ops.adaptive_max_pool(x, OutputSize, Format);
}
