using Keras.Utils;

namespace Keras;

public sealed partial class UtilsApi
{
#pragma warning disable CA1822 // An instance method, because in Python it is called on the module.
    /// <inheritdoc cref="Utils.FeatureSpace(IReadOnlyDictionary{string, Feature}, string, IReadOnlyList{Cross}, int, int, int, string)"/>
    public FeatureSpace FeatureSpace(IReadOnlyDictionary<string, Feature> features, string output_mode = "concat", IReadOnlyList<Cross>? crosses = null, int crossing_dim = 32, int hashing_dim = 32,
        int num_discretization_bins = 32, string? name = null) => new(features, output_mode, crosses, crossing_dim, hashing_dim, num_discretization_bins, name);
#pragma warning restore CA1822
}
