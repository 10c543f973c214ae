namespace Keras.Layers;

public sealed partial class LayersApi
{
    /// <inheritdoc cref="Layers.ActivityRegularization(double, double, string, DTypePolicy)"/>
    public ActivityRegularization ActivityRegularization(double l1 = 0, double l2 = 0, string? name = null, DTypePolicy? dtype = null) => new(l1, l2, name, dtype);

    /// <inheritdoc cref="Layers.AlphaDropout(double, Shape, long?, string, DTypePolicy)"/>
    public AlphaDropout AlphaDropout(double rate, Shape? noise_shape = null, long? seed = null, string? name = null, DTypePolicy? dtype = null) =>
        new(rate, noise_shape, seed, name, dtype);

    /// <inheritdoc cref="Layers.Dropout(double, Shape, long?, string, DTypePolicy)"/>
    public Dropout Dropout(double rate, Shape? noise_shape = null, long? seed = null, string? name = null, DTypePolicy? dtype = null) =>
        new(rate, noise_shape, seed, name, dtype);

    /// <inheritdoc cref="Layers.GaussianDropout(double, long?, string, DTypePolicy)"/>
    public GaussianDropout GaussianDropout(double rate, long? seed = null, string? name = null, DTypePolicy? dtype = null) => new(rate, seed, name, dtype);

    /// <inheritdoc cref="Layers.GaussianNoise(double, long?, string, DTypePolicy)"/>
    public GaussianNoise GaussianNoise(double stddev, long? seed = null, string? name = null, DTypePolicy? dtype = null) => new(stddev, seed, name, dtype);

    /// <inheritdoc cref="Layers.SpatialDropout1D(double, long?, string, DTypePolicy)"/>
    public SpatialDropout1D SpatialDropout1D(double rate, long? seed = null, string? name = null, DTypePolicy? dtype = null) => new(rate, seed, name, dtype);

    /// <inheritdoc cref="Layers.SpatialDropout2D(double, string, long?, string, DTypePolicy)"/>
    public SpatialDropout2D SpatialDropout2D(double rate, string? data_format = null, long? seed = null, string? name = null, DTypePolicy? dtype = null) =>
        new(rate, data_format, seed, name, dtype);

    /// <inheritdoc cref="Layers.SpatialDropout3D(double, string, long?, string, DTypePolicy)"/>
    public SpatialDropout3D SpatialDropout3D(double rate, string? data_format = null, long? seed = null, string? name = null, DTypePolicy? dtype = null) =>
        new(rate, data_format, seed, name, dtype);
}
