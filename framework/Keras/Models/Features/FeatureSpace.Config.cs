namespace Keras.Utils;

// The feature space in files.
public sealed partial class FeatureSpace
{
    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config()
    {
        using var shared = SharedObjects.Enter();
        return new()
        {
            ["features"] = _features.ToDictionary(f => f.Key, f => (object?)f.Value.Serialized()), ["output_mode"] = _outputMode, ["crosses"] = _crosses.Select(c => (object?)c.Serialized()).ToArray(),
            ["crossing_dim"] = _crossingDim, ["hashing_dim"] = _hashingDim, ["num_discretization_bins"] = _bins, ["name"] = name,
        };
    }

    internal override Dictionary<string, object?>? BuildConfig => _features.ToDictionary(f => f.Key, f => (object?)(f.Value.preprocessor.BuildConfig ?? []));

    private protected override Dictionary<string, object?> ObjectForm() => SerializedObject.Of("keras.utils", nameof(FeatureSpace), get_config());

    /// <summary>Makes a space without its learned state, which is loaded from weights and files beside the config.</summary>
    internal static FeatureSpace OfConfig(IReadOnlyDictionary<string, object?> config)
    {
        using var shared = SharedObjects.Enter();
        int Number(string key) => config.TryGetValue(key, out var value) ? Convert.ToInt32(value, System.Globalization.CultureInfo.InvariantCulture) : 32;
        static IReadOnlyDictionary<string, object?> Form(object? form) => FeatureForms.Part((IReadOnlyDictionary<string, object?>)form!, "config");
        var features = FeatureForms.Part(config, "features").ToDictionary(f => f.Key, f => f.Value is string kind ? kind : Feature.OfConfig(Form(f.Value)));
        var crosses = (config.GetValueOrDefault("crosses") as System.Collections.IEnumerable)?.Cast<object>().Select(c => Cross.OfConfig(Form(c))).ToList();
        return new(features, FeatureForms.Text(config, "output_mode"), crosses, Number("crossing_dim"), Number("hashing_dim"), Number("num_discretization_bins"), config.GetValueOrDefault("name") as string)
        {
            _isOfConfig = true, built = true,
        };
    }
}
