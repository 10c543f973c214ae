using Keras.Layers;

namespace Keras.Utils;

/// <summary>One column of a table in a <see cref="FeatureSpace"/>: its dtype, the layer that prepares it, and the form of the result.</summary>
/// <remarks>A text names one of Keras' kinds: "float", "float_rescaled", "float_normalized", "float_discretized", "integer_categorical", "string_categorical", "integer_hashed", "string_hashed".
/// Source: keras/src/layers/preprocessing/feature_space.py.</remarks>
public sealed class Feature
{
    readonly string? _kind;
    readonly Layer? _preprocessor;

    Feature(string kind) => (_kind, output_mode, dtype) = (kind, "", DType.String);

    /// <summary>One column of a table in a <see cref="FeatureSpace"/>: its dtype, the layer that prepares it, and the form of the result.</summary>
    /// <param name="dtype">The column's dtype.</param>
    /// <param name="preprocessor">The layer that prepares it: (B, 1) to (B, N).</param>
    /// <param name="output_mode">"float" for unchanged numbers, "int" for categories as numbers, "one_hot" for vectors with an element for each category.</param>
    /// <exception cref="ArgumentException">The mode is another.</exception>
    public Feature(DType dtype, Layer preprocessor, string output_mode)
    {
        ArgumentNullException.ThrowIfNull(dtype);
        ArgumentNullException.ThrowIfNull(preprocessor);
        (this.dtype, _preprocessor, this.output_mode) = (dtype, preprocessor, Known.OneOf(output_mode, nameof(output_mode), "int", "one_hot", "float")!);
    }

    /// <summary>The column's dtype.</summary>
    public DType dtype { get; }

    /// <summary>The layer that prepares it.</summary>
    /// <exception cref="InvalidOperationException">It is a name of a kind, which the space makes a layer of.</exception>
    public Layer preprocessor => _preprocessor ?? throw new InvalidOperationException($"The feature \"{_kind}\" has no layer of its own yet: the FeatureSpace that it is given to makes one.");

    /// <summary>The form of the result: "float", "int" or "one_hot".</summary>
    public string output_mode { get; }

    /// <summary>One of Keras' kinds of features, by its name.</summary>
    public static implicit operator Feature(string kind) => new(kind ?? throw new ArgumentNullException(nameof(kind)));

    /// <summary>The feature, made from the name of its kind if that was given.</summary>
    internal Feature Made(string name, int hashing_dim, int num_discretization_bins) => _kind switch
    {
        null => this,
        "float" => FeatureSpace.@float(name),
        "float_rescaled" => FeatureSpace.float_rescaled(name: name),
        "float_normalized" => FeatureSpace.float_normalized(name),
        "float_discretized" => FeatureSpace.float_discretized(num_discretization_bins, name: name),
        "integer_categorical" => FeatureSpace.integer_categorical(name: name),
        "string_categorical" => FeatureSpace.string_categorical(name: name),
        "integer_hashed" => FeatureSpace.integer_hashed(hashing_dim, name: name),
        "string_hashed" => FeatureSpace.string_hashed(hashing_dim, name: name),
        _ => throw Known.NoneOf(_kind, "features", "float", "float_rescaled", "float_normalized", "float_discretized", "integer_categorical", "string_categorical", "integer_hashed", "string_hashed"),
    };

    internal Dictionary<string, object?> Serialized() => FeatureForms.Of(nameof(Feature), new() { ["dtype"] = dtype.Name, ["preprocessor"] = preprocessor.Serialized(), ["output_mode"] = output_mode });

    internal static Feature OfConfig(IReadOnlyDictionary<string, object?> config) => new(DType.Parse(FeatureForms.Text(config, "dtype")), LayerConfigs.Deserialize(FeatureForms.Part(config, "preprocessor")), FeatureForms.Text(config, "output_mode"));
}

/// <summary>A feature made from the combinations of two or more categories of a <see cref="FeatureSpace"/>.</summary>
public sealed class Cross
{
    /// <summary>A feature made from the combinations of two or more categories of a <see cref="FeatureSpace"/>.</summary>
    /// <param name="feature_names">The features, two or more.</param>
    /// <param name="crossing_dim">The number of bins that combinations are hashed into.</param>
    /// <param name="output_mode">"one_hot" (default) or "int".</param>
    /// <exception cref="ArgumentException">There are fewer than two names, or the mode is another.</exception>
    public Cross(IReadOnlyList<string> feature_names, int crossing_dim, string output_mode = "one_hot")
    {
        ArgumentNullException.ThrowIfNull(feature_names);
        if (feature_names.Count < 2) throw new ArgumentException($"A cross has too few features. Expected: two or more. Received: {Known.List(feature_names)}.", nameof(feature_names));
        (this.feature_names, this.crossing_dim, this.output_mode) = ([.. feature_names], ConfigForms.Positive(crossing_dim, nameof(crossing_dim)), Known.OneOf(output_mode, nameof(output_mode), "int", "one_hot")!);
    }

    Cross(params string[] names) => (feature_names, output_mode) = (names, "one_hot");

    /// <summary>The names of the features to combine.</summary>
    public IReadOnlyList<string> feature_names { get; }

    /// <summary>The number of bins; 0 for that of the space.</summary>
    public int crossing_dim { get; }

    /// <summary>"one_hot" or "int".</summary>
    public string output_mode { get; }

    /// <summary>The name of the combined feature.</summary>
    public string name => string.Join("_X_", feature_names);

    /// <summary>Two features, with the space's crossing_dim.</summary>
    public static implicit operator Cross((string, string) names) => new(names.Item1, names.Item2);

    /// <summary>Three features, with the space's crossing_dim.</summary>
    public static implicit operator Cross((string, string, string) names) => new(names.Item1, names.Item2, names.Item3);

    internal Cross Made(int dimension) => crossing_dim > 0 ? this : new(feature_names, dimension, output_mode);

    internal Dictionary<string, object?> Serialized() => FeatureForms.Of(nameof(Cross), new() { ["feature_names"] = feature_names.ToArray(), ["crossing_dim"] = crossing_dim, ["output_mode"] = output_mode });

    internal static Cross OfConfig(IReadOnlyDictionary<string, object?> config) => new([.. ((System.Collections.IEnumerable?)config.GetValueOrDefault("feature_names") ?? Array.Empty<object>()).Cast<string>()],
        Convert.ToInt32(config.GetValueOrDefault("crossing_dim"), System.Globalization.CultureInfo.InvariantCulture), FeatureForms.Text(config, "output_mode"));
}
