namespace Keras.Layers;

public sealed partial class LayersApi
{
    /// <inheritdoc cref="Layers.Cropping1D(Borders, string, DTypePolicy)"/>
    public Cropping1D Cropping1D(Borders? cropping = null, string? name = null, DTypePolicy? dtype = null) => new(cropping, name, dtype);

    /// <inheritdoc cref="Layers.Cropping2D(Borders, string, string, DTypePolicy)"/>
    public Cropping2D Cropping2D(Borders? cropping = null, string? data_format = null, string? name = null, DTypePolicy? dtype = null) => new(cropping, data_format, name, dtype);

    /// <inheritdoc cref="Layers.Cropping3D(Borders, string, string, DTypePolicy)"/>
    public Cropping3D Cropping3D(Borders? cropping = null, string? data_format = null, string? name = null, DTypePolicy? dtype = null) => new(cropping, data_format, name, dtype);

    /// <inheritdoc cref="Layers.Flatten(string, string, DTypePolicy)"/>
    public Flatten Flatten(string? data_format = null, string? name = null, DTypePolicy? dtype = null) => new(data_format, name, dtype);

    /// <inheritdoc cref="Layers.Permute(Axes, string, DTypePolicy)"/>
    public Permute Permute(Axes dims, string? name = null, DTypePolicy? dtype = null) => new(dims, name, dtype);

    /// <inheritdoc cref="Layers.RepeatVector(int, string, DTypePolicy)"/>
    public RepeatVector RepeatVector(int n, string? name = null, DTypePolicy? dtype = null) => new(n, name, dtype);

    /// <inheritdoc cref="Layers.Reshape(Shape, string, DTypePolicy)"/>
    public Reshape Reshape(Shape target_shape, string? name = null, DTypePolicy? dtype = null) => new(target_shape, name, dtype);

    /// <inheritdoc cref="Layers.UpSampling1D(int, string, DTypePolicy)"/>
    public UpSampling1D UpSampling1D(int size = 2, string? name = null, DTypePolicy? dtype = null) => new(size, name, dtype);

    /// <inheritdoc cref="Layers.UpSampling2D(Axes, string, string, string, DTypePolicy)"/>
    public UpSampling2D UpSampling2D(Axes? size = null, string? data_format = null, string interpolation = "nearest", string? name = null, DTypePolicy? dtype = null) =>
        new(size, data_format, interpolation, name, dtype);

    /// <inheritdoc cref="Layers.UpSampling3D(Axes, string, string, DTypePolicy)"/>
    public UpSampling3D UpSampling3D(Axes? size = null, string? data_format = null, string? name = null, DTypePolicy? dtype = null) => new(size, data_format, name, dtype);

    /// <inheritdoc cref="Layers.ZeroPadding1D(Borders, string, string, DTypePolicy)"/>
    public ZeroPadding1D ZeroPadding1D(Borders? padding = null, string? data_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(padding, data_format, name, dtype);

    /// <inheritdoc cref="Layers.ZeroPadding2D(Borders, string, string, DTypePolicy)"/>
    public ZeroPadding2D ZeroPadding2D(Borders? padding = null, string? data_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(padding, data_format, name, dtype);

    /// <inheritdoc cref="Layers.ZeroPadding3D(Borders, string, string, DTypePolicy)"/>
    public ZeroPadding3D ZeroPadding3D(Borders? padding = null, string? data_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(padding, data_format, name, dtype);
}
