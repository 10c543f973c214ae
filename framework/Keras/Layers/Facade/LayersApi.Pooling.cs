namespace Keras.Layers;

public sealed partial class LayersApi
{
    /// <inheritdoc cref="Layers.AdaptiveAveragePooling1D(Axes, string, string, DTypePolicy)"/>
    public AdaptiveAveragePooling1D AdaptiveAveragePooling1D(Axes output_size, string? data_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(output_size, data_format, name, dtype);

    /// <inheritdoc cref="Layers.AdaptiveAveragePooling2D(Axes, string, string, DTypePolicy)"/>
    public AdaptiveAveragePooling2D AdaptiveAveragePooling2D(Axes output_size, string? data_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(output_size, data_format, name, dtype);

    /// <inheritdoc cref="Layers.AdaptiveAveragePooling3D(Axes, string, string, DTypePolicy)"/>
    public AdaptiveAveragePooling3D AdaptiveAveragePooling3D(Axes output_size, string? data_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(output_size, data_format, name, dtype);

    /// <inheritdoc cref="Layers.AdaptiveMaxPooling1D(Axes, string, string, DTypePolicy)"/>
    public AdaptiveMaxPooling1D AdaptiveMaxPooling1D(Axes output_size, string? data_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(output_size, data_format, name, dtype);

    /// <inheritdoc cref="Layers.AdaptiveMaxPooling2D(Axes, string, string, DTypePolicy)"/>
    public AdaptiveMaxPooling2D AdaptiveMaxPooling2D(Axes output_size, string? data_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(output_size, data_format, name, dtype);

    /// <inheritdoc cref="Layers.AdaptiveMaxPooling3D(Axes, string, string, DTypePolicy)"/>
    public AdaptiveMaxPooling3D AdaptiveMaxPooling3D(Axes output_size, string? data_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(output_size, data_format, name, dtype);

    /// <inheritdoc cref="Layers.AveragePooling1D(Axes, Axes, string, string, string, DTypePolicy)"/>
    public AveragePooling1D AveragePooling1D(Axes? pool_size = null, Axes? strides = null, string padding = "valid", string? data_format = null, string? name = null,
        DTypePolicy? dtype = null) =>
        new(pool_size, strides, padding, data_format, name, dtype);

    /// <inheritdoc cref="Layers.AveragePooling2D(Axes, Axes, string, string, string, DTypePolicy)"/>
    public AveragePooling2D AveragePooling2D(Axes? pool_size = null, Axes? strides = null, string padding = "valid", string? data_format = null, string? name = null,
        DTypePolicy? dtype = null) =>
        new(pool_size, strides, padding, data_format, name, dtype);

    /// <inheritdoc cref="Layers.AveragePooling3D(Axes, Axes, string, string, string, DTypePolicy)"/>
    public AveragePooling3D AveragePooling3D(Axes? pool_size = null, Axes? strides = null, string padding = "valid", string? data_format = null, string? name = null,
        DTypePolicy? dtype = null) =>
        new(pool_size, strides, padding, data_format, name, dtype);

    /// <inheritdoc cref="Layers.GlobalAveragePooling1D(string, bool, string, DTypePolicy)"/>
    public GlobalAveragePooling1D GlobalAveragePooling1D(string? data_format = null, bool keepdims = false, string? name = null, DTypePolicy? dtype = null) =>
        new(data_format, keepdims, name, dtype);

    /// <inheritdoc cref="Layers.GlobalAveragePooling2D(string, bool, string, DTypePolicy)"/>
    public GlobalAveragePooling2D GlobalAveragePooling2D(string? data_format = null, bool keepdims = false, string? name = null, DTypePolicy? dtype = null) =>
        new(data_format, keepdims, name, dtype);

    /// <inheritdoc cref="Layers.GlobalAveragePooling3D(string, bool, string, DTypePolicy)"/>
    public GlobalAveragePooling3D GlobalAveragePooling3D(string? data_format = null, bool keepdims = false, string? name = null, DTypePolicy? dtype = null) =>
        new(data_format, keepdims, name, dtype);

    /// <inheritdoc cref="Layers.GlobalMaxPooling1D(string, bool, string, DTypePolicy)"/>
    public GlobalMaxPooling1D GlobalMaxPooling1D(string? data_format = null, bool keepdims = false, string? name = null, DTypePolicy? dtype = null) =>
        new(data_format, keepdims, name, dtype);

    /// <inheritdoc cref="Layers.GlobalMaxPooling2D(string, bool, string, DTypePolicy)"/>
    public GlobalMaxPooling2D GlobalMaxPooling2D(string? data_format = null, bool keepdims = false, string? name = null, DTypePolicy? dtype = null) =>
        new(data_format, keepdims, name, dtype);

    /// <inheritdoc cref="Layers.GlobalMaxPooling3D(string, bool, string, DTypePolicy)"/>
    public GlobalMaxPooling3D GlobalMaxPooling3D(string? data_format = null, bool keepdims = false, string? name = null, DTypePolicy? dtype = null) =>
        new(data_format, keepdims, name, dtype);

    /// <inheritdoc cref="Layers.MaxPooling1D(Axes, Axes, string, string, string, DTypePolicy)"/>
    public MaxPooling1D MaxPooling1D(Axes? pool_size = null, Axes? strides = null, string padding = "valid", string? data_format = null, string? name = null,
        DTypePolicy? dtype = null) =>
        new(pool_size, strides, padding, data_format, name, dtype);

    /// <inheritdoc cref="Layers.MaxPooling2D(Axes, Axes, string, string, string, DTypePolicy)"/>
    public MaxPooling2D MaxPooling2D(Axes? pool_size = null, Axes? strides = null, string padding = "valid", string? data_format = null, string? name = null,
        DTypePolicy? dtype = null) =>
        new(pool_size, strides, padding, data_format, name, dtype);

    /// <inheritdoc cref="Layers.MaxPooling3D(Axes, Axes, string, string, string, DTypePolicy)"/>
    public MaxPooling3D MaxPooling3D(Axes? pool_size = null, Axes? strides = null, string padding = "valid", string? data_format = null, string? name = null,
        DTypePolicy? dtype = null) =>
        new(pool_size, strides, padding, data_format, name, dtype);
}
