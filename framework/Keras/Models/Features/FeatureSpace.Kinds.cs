using Keras.Layers;

namespace Keras.Utils;

// Keras' kinds of features.
public sealed partial class FeatureSpace
{
    static string LayerName(string kind, string? name) => $"{name ?? LayerNames.New(kind)}_preprocessor";

    /// <summary>A feature of the combinations of several categories.</summary>
    /// <inheritdoc cref="Cross(IReadOnlyList{string}, int, string)"/>
    public static Cross cross(IReadOnlyList<string> feature_names, int crossing_dim, string output_mode = "one_hot") => new(feature_names, crossing_dim, output_mode);

    /// <summary>A column that a layer of your own prepares.</summary>
    /// <inheritdoc cref="Feature(DType, Layer, string)"/>
    public static Feature feature(DType dtype, Layer preprocessor, string output_mode) => new(dtype, preprocessor, output_mode);

    /// <summary>A number, unchanged.</summary>
    /// <param name="name">The prefix of the layer's name; default by kind.</param>
    public static Feature @float(string? name = null) => new(DType.Float32, new TFDIdentity(LayerName("float", name)), "float");

    /// <summary>A number times a factor, plus an offset.</summary>
    /// <param name="scale">The factor; default 1.</param>
    /// <param name="offset">The value to add; default 0.</param>
    /// <param name="name">The prefix of the layer's name; default by kind.</param>
    public static Feature float_rescaled(double scale = 1, double offset = 0, string? name = null) => new(DType.Float32, new Rescaling(scale, offset, LayerName("float_rescaled", name)), "float");

    /// <summary>A number less its mean, divided by its standard deviation.</summary>
    /// <param name="name">The prefix of the layer's name; default by kind.</param>
    public static Feature float_normalized(string? name = null) => new(DType.Float32, new Normalization(-1, name: LayerName("float_normalized", name)), "float");

    /// <summary>The bin that a number falls into.</summary>
    /// <param name="num_bins">The number of bins.</param>
    /// <param name="bin_boundaries">Their boundaries, one fewer; default learned by adapt.</param>
    /// <param name="output_mode">"one_hot" (default) or "int".</param>
    /// <param name="name">The prefix of the layer's name; default by kind.</param>
    /// <exception cref="ArgumentException">There are not one fewer boundaries than bins.</exception>
    public static Feature float_discretized(int num_bins, double[]? bin_boundaries = null, string output_mode = "one_hot", string? name = null)
    {
        ConfigForms.Positive(num_bins, nameof(num_bins));
        if (bin_boundaries is not null && bin_boundaries.Length + 1 != num_bins)
            throw new ArgumentException($"The number of boundaries does not fit num_bins. Expected: one fewer, {num_bins - 1}. Received: {bin_boundaries.Length}.", nameof(bin_boundaries));
        return new(DType.Float32, new Discretization(bin_boundaries, bin_boundaries is null ? num_bins : null, name: LayerName("float_discretized", name)), output_mode);
    }

    /// <summary>An integer that stands for a category, by a vocabulary that adapt learns.</summary>
    /// <param name="max_tokens">The largest number of categories, the unknown ones included; default any number.</param>
    /// <param name="num_oov_indices">The number of categories for unknown numbers; default 1.</param>
    /// <param name="output_mode">"one_hot" (default) or "int".</param>
    /// <param name="name">The prefix of the layer's name; default by kind.</param>
    public static Feature integer_categorical(int? max_tokens = null, int num_oov_indices = 1, string output_mode = "one_hot", string? name = null) =>
        new(DType.Int32, new IntegerLookup(max_tokens, num_oov_indices, name: LayerName("integer_categorical", name)), output_mode);

    /// <summary>A text that stands for a category, by a vocabulary that adapt learns.</summary>
    /// <param name="max_tokens">The largest number of categories, the unknown ones included; default any number.</param>
    /// <param name="num_oov_indices">The number of categories for unknown texts; default 1.</param>
    /// <param name="output_mode">"one_hot" (default) or "int".</param>
    /// <param name="name">The prefix of the layer's name; default by kind.</param>
    public static Feature string_categorical(int? max_tokens = null, int num_oov_indices = 1, string output_mode = "one_hot", string? name = null) =>
        new(DType.String, new StringLookup(max_tokens, num_oov_indices, name: LayerName("string_categorical", name)), output_mode);

    /// <summary>A text that stands for a category, hashed into bins.</summary>
    /// <param name="num_bins">The number of bins.</param>
    /// <param name="output_mode">"one_hot" (default) or "int".</param>
    /// <param name="name">The prefix of the layer's name; default by kind.</param>
    public static Feature string_hashed(int num_bins, string output_mode = "one_hot", string? name = null) => new(DType.String, new Hashing(num_bins, name: LayerName("string_hashed", name)), output_mode);

    /// <summary>An integer that stands for a category, hashed into bins.</summary>
    /// <param name="num_bins">The number of bins.</param>
    /// <param name="output_mode">"one_hot" (default) or "int".</param>
    /// <param name="name">The prefix of the layer's name; default by kind.</param>
    public static Feature integer_hashed(int num_bins, string output_mode = "one_hot", string? name = null) => new(DType.Int32, new Hashing(num_bins, name: LayerName("integer_hashed", name)), output_mode);
}
