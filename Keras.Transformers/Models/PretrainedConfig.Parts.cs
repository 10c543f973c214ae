using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Keras.Transformers;

/// <content>Configurations of models that are made of models: each part is a separate object under a key.</content>
public abstract partial class PretrainedConfig
{
    readonly Dictionary<string, PretrainedConfig> _parts = [];

    /// <summary>The keys of the parts' configurations in a composed model: "encoder" and "decoder"; default none.</summary>
    protected virtual IReadOnlyList<string> PartNames => [];

    /// <summary>The existing parts, by key.</summary>
    internal IReadOnlyDictionary<string, PretrainedConfig> Parts => _parts;

    /// <summary>Gets the configuration of a part; changing it changes this configuration.</summary>
    /// <exception cref="ConfigException">There is no configuration of this part.</exception>
    protected PretrainedConfig Part([CallerMemberName] string key = "") => _parts.TryGetValue(key, out var part) ? part
        : throw new ConfigException("A configuration lacks that of a part", Where(key), "a configuration with its model_type", "nothing", $"Give {GetType().Name}.{key} the configuration of a model.");

    /// <summary>Sets the configuration of a part.</summary>
    protected void SetPart(PretrainedConfig value, [CallerMemberName] string key = "") =>
        (_parts[key], _isValid) = (value ?? throw new ArgumentNullException(key), false);

    /// <summary>Reads the parts from a file's values.</summary>
    void ReadParts(string source)
    {
        foreach (var name in PartNames)
        {
            if (!_values.Remove(name, out var node)) continue;
            _parts[name] = ModelFamilies.ConfigOf(node as JsonObject ?? throw new ConfigException("A configuration value is of the wrong type", Where(name), "an object with model_type", node?.ToJsonString() ?? "null"), $"{source}, {name}");
        }
    }

    /// <summary>Makes a deep copy.</summary>
    internal PretrainedConfig Copy() => ModelFamilies.ConfigOf((JsonObject)JsonNode.Parse(to_json_string())!, _source ?? GetType().Name);

    /// <summary>The value of a key, known or not; null if there is none.</summary>
    internal JsonNode? Value(string key) => _values[key];

    /// <summary>Whether a setting is one of this class.</summary>
    internal bool Knows(string key) => Keys.Contains(key) || CommonKeys.Contains(key) || PartNames.Contains(key);

    /// <summary>A number by its common name across families, such as "hidden_size"; null if there is none.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "Trimming keeps the assemblies of layers and records whole: Keras.Torch.targets.")]
    internal double? Common(string name) => GetType().GetProperty(attribute_map.GetValueOrDefault(name, name))?.GetValue(this) is IConvertible value and (int or float or double)
        ? value.ToDouble(System.Globalization.CultureInfo.InvariantCulture) : null;
}
