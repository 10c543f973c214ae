namespace Keras.Layers;

/// <summary>Shrinks or stretches sequences (B, T, C) to a given length; each step is the mean of its window.</summary>
/// <remarks>Source: keras/src/layers/pooling/adaptive_average_pooling1d.py.</remarks>
public sealed class AdaptiveAveragePooling1D : AdaptivePooling
{
    /// <summary>Shrinks or stretches sequences (B, T, C) to a given length; each step is the mean of its window.</summary>
    /// <param name="output_size">The size of the output.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public AdaptiveAveragePooling1D(Axes output_size, string? data_format = null, string? name = null, DTypePolicy? dtype = null) : base(1, output_size, data_format, name, dtype) { }

    private protected override Tensor Pool(Tensor x) => Api.ops.adaptive_average_pool(x, OutputSize, Format);
}

/// <summary>Brings images (B, H, W, C) to a given height and width; each pixel is the mean of its window.</summary>
/// <remarks>Source: keras/src/layers/pooling/adaptive_average_pooling2d.py.</remarks>
public sealed class AdaptiveAveragePooling2D : AdaptivePooling
{
    /// <summary>Brings images (B, H, W, C) to a given height and width; each pixel is the mean of its window.</summary>
    /// <param name="output_size">The size of the output, one number or one for each axis.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public AdaptiveAveragePooling2D(Axes output_size, string? data_format = null, string? name = null, DTypePolicy? dtype = null) : base(2, output_size, data_format, name, dtype) { }

    private protected override Tensor Pool(Tensor x) => Api.ops.adaptive_average_pool(x, OutputSize, Format);
}

/// <summary>Brings volumes (B, D, H, W, C) to a given size; each element is the mean of its window.</summary>
/// <remarks>Source: keras/src/layers/pooling/adaptive_average_pooling3d.py.</remarks>
public sealed class AdaptiveAveragePooling3D : AdaptivePooling
{
    /// <summary>Brings volumes (B, D, H, W, C) to a given size; each element is the mean of its window.</summary>
    /// <param name="output_size">The size of the output, one number or one for each axis.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public AdaptiveAveragePooling3D(Axes output_size, string? data_format = null, string? name = null, DTypePolicy? dtype = null) : base(3, output_size, data_format, name, dtype) { }

    private protected override Tensor Pool(Tensor x) => Api.ops.adaptive_average_pool(x, OutputSize, Format);
}
