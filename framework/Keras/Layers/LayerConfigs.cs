using Keras.Layers;

namespace Keras;

/// <summary>Makes layers of their configs, and finds their classes by name.</summary>
static class LayerConfigs
{
    /// <summary>What every layer's config may hold beside the parameters of its constructor.</summary>
    static readonly string[] Common = ["trainable", "dtype", "name", "activity_regularizer", "quantization_config", "sparse", "ragged"];

    /// <summary>As Keras writes a layer: its class, its config, and the shapes that it was built for.</summary>
    public static Dictionary<string, object?> Serialize(Layer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        if (layer is KerasOperation operation) return operation.ToConfig();
        var (type, config) = (layer.GetType(), layer.get_config());
        var isOwn = layer is not Functional && !LayersApi.Classes.ContainsValue(type);
        if (isOwn) RequireWhole(layer, config);
        var (module, registered) = layer is Functional ? ("keras.src.models.functional", "Functional") : isOwn ? (type.Namespace ?? "", type.Name) : (layer is Sequential ? "keras" : "keras.layers", null);
        var serialized = SerializedObject.Of(module, layer is Functional ? "Functional" : type.Name, config);
        serialized["registered_name"] = registered;
        if (layer is Functional) serialized["build_config"] = new Dictionary<string, object?> { ["input_shape"] = null };
        else if (layer.BuildConfig is { } build) serialized["build_config"] = build;
        if (layer is Model model) serialized["compile_config"] = model.get_compile_config();
        return serialized;
    }

    /// <summary>A class of a user's own has to write all that its constructor takes, or it would come back as another layer.</summary>
    static void RequireWhole(Layer layer, Dictionary<string, object?> config)
    {
        string[] missing = [.. SerializedObject.ParametersOf(layer.GetType()).Where(p => !Common.Contains(p) && !config.ContainsKey(p))];
        if (missing.Length > 0)
            throw new UnsupportedException("A layer cannot be written into a config", $"'{layer.name}' ({layer.GetType().Name})", "a get_config with all that the constructor takes",
                $"none of {string.Join(", ", missing)}", "Override get_config, or save the weights alone with save_weights.");
    }

    public static Layer Deserialize(IReadOnlyDictionary<string, object?> serialized, IReadOnlyDictionary<string, Type>? custom)
    {
        var name = serialized.GetValueOrDefault("class_name") as string
            ?? throw new ArgumentException($"A serialized layer has no class_name. Received the keys: {string.Join(", ", serialized.Keys)}.", nameof(serialized));
        var config = serialized.GetValueOrDefault("config") as IReadOnlyDictionary<string, object?>
            ?? throw new ArgumentException($"A serialized layer has no config ({name}).", nameof(serialized));
        if (!(custom?.TryGetValue(name, out var type) ?? false) && !LayersApi.Classes.TryGetValue(name, out type))
            throw new ArgumentException($"Unknown class of a layer. Expected: one of {string.Join(", ", LayersApi.Classes.Keys)}, or one in custom_objects. Received: \"{name}\".", nameof(serialized));
        var layer = Make(type!, config, custom);
        if (BuildShape(serialized) is { } shape && layer is not Model) layer.BuildFor(shape);
        return layer;
    }

    /// <summary>The shape of the single input that a serialized layer was built for.</summary>
    static Shape? BuildShape(IReadOnlyDictionary<string, object?> serialized)
    {
        var shape = (serialized.GetValueOrDefault("build_config") as IReadOnlyDictionary<string, object?>)?.GetValueOrDefault("input_shape");
        if (shape is not System.Collections.IEnumerable items || shape is string) return null;
        object?[] dims = [.. items.Cast<object?>()];
        return Array.TrueForAll(dims, d => d is null or IConvertible) ? Shape.Create([.. dims.Select(d => d is null ? (long?)null : Convert.ToInt64(d, System.Globalization.CultureInfo.InvariantCulture))]) : null;
    }

    public static Layer Make(Type type, IReadOnlyDictionary<string, object?> config, IReadOnlyDictionary<string, Type>? custom = null)
    {
        if (type == typeof(Sequential)) return Sequential.FromConfig(config, custom);
        if (type == typeof(Functional)) return Functional.FromConfig(config, custom);
        if (config.GetValueOrDefault("quantization_config") is not null)
            throw new UnsupportedException("A layer is quantized", $"layer '{config.GetValueOrDefault("name")}'", "quantization_config: null", "a quantization", "Save the model before it is quantized.");
        if (config.GetValueOrDefault("sparse") is true || config.GetValueOrDefault("ragged") is true)
            throw new UnsupportedException("There are no sparse and no ragged tensors", $"layer '{config.GetValueOrDefault("name")}'", "sparse: false and ragged: false", "true");
        var parameters = type.GetConstructors().SelectMany(c => c.GetParameters()).Select(p => p.Name).ToHashSet();
        var given = config.Where(c => !Common.Contains(c.Key) || parameters.Contains(c.Key)).ToDictionary(c => c.Key, c => c.Value);
        // The policy "null" of a config is the default one.
        if (given.TryGetValue("dtype", out var dtype) && dtype is null) given.Remove("dtype");
        // Keras' axis: null is every axis together; here null is the default, and an empty list that.
        if (type == typeof(Normalization) && given.TryGetValue("axis", out var axis) && axis is null) given["axis"] = Array.Empty<int>();
        var layer = SerializedObject.Construct<Layer>(type, given);
        if (config.GetValueOrDefault("trainable") is false) layer.trainable = false;
        return layer;
    }
}
