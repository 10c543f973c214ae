namespace Keras.Layers;

public sealed partial class LayersApi
{
    /// <inheritdoc cref="Layers.CategoryEncoding(int, string, string, DTypePolicy)"/>
    public CategoryEncoding CategoryEncoding(int num_tokens, string output_mode = "multi_hot", string? name = null, DTypePolicy? dtype = null) =>
        new(num_tokens, output_mode, name, dtype);

    /// <inheritdoc cref="Layers.CenterCrop(int, int, string, string, DTypePolicy)"/>
    public CenterCrop CenterCrop(int height, int width, string? data_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(height, width, data_format, name, dtype);

    /// <inheritdoc cref="Layers.Normalization(Axes, PerChannel, PerChannel, bool, string, DTypePolicy)"/>
    public Normalization Normalization(Axes? axis = null, PerChannel? mean = null, PerChannel? variance = null, bool invert = false, string? name = null,
        DTypePolicy? dtype = null) =>
        new(axis, mean, variance, invert, name, dtype);

    /// <inheritdoc cref="Layers.Rescaling(PerChannel, PerChannel, string, DTypePolicy)"/>
    public Rescaling Rescaling(PerChannel scale, PerChannel? offset = null, string? name = null, DTypePolicy? dtype = null) => new(scale, offset, name, dtype);

    /// <inheritdoc cref="Layers.Resizing(int, int, string, bool, bool, string, double, bool, string, string, DTypePolicy)"/>
    public Resizing Resizing(int height, int width, string interpolation = "bilinear", bool crop_to_aspect_ratio = false, bool pad_to_aspect_ratio = false,
        string fill_mode = "constant", double fill_value = 0, bool antialias = false, string? data_format = null, string? name = null, DTypePolicy? dtype = null) =>
        new(height, width, interpolation, crop_to_aspect_ratio, pad_to_aspect_ratio, fill_mode, fill_value, antialias, data_format, name, dtype);
}
