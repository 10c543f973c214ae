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
        var serialized = layer is Functional ? SerializedObject.Of("keras.src.models.functional", "Functional", layer.get_config())
            : LayersApi.Classes.ContainsValue(layer.GetType()) ? SerializedObject.Of(layer is Sequential ? "keras" : "keras.layers", layer.GetType().Name, layer.get_config())
            : SerializedObject.OfOwnClass(layer, layer.get_config(), Common);
        if (layer is Functional) serialized["registered_name"] = "Functional";
        if (layer is Functional) serialized["build_config"] = new Dictionary<string, object?> { ["input_shape"] = null };
        else if (layer.BuildConfig is { } build) serialized["build_config"] = build;
        if (layer is Model model) serialized["compile_config"] = model.get_compile_config();
        return serialized;
    }

    /// <summary>Makes the layer of a serialized form; classes of a user's own are those of <see cref="CustomObjects"/>.</summary>
    /// <exception cref="ArgumentException">The class is unknown, or its config does not fit.</exception>
    public static Layer Deserialize(IReadOnlyDictionary<string, object?> serialized)
    {
        var name = serialized.GetValueOrDefault("class_name") as string
            ?? throw new ArgumentException($"A serialized layer has no class_name. Received the keys: {string.Join(", ", serialized.Keys)}.", nameof(serialized));
        var config = serialized.GetValueOrDefault("config") as IReadOnlyDictionary<string, object?>
            ?? throw new ArgumentException($"A serialized layer has no config ({name}).", nameof(serialized));
        var layer = Make(CustomObjects.Find(serialized, name, LayersApi.Classes), config);
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

    public static Layer Make(Type type, IReadOnlyDictionary<string, object?> config)
    {
        if (type == typeof(Sequential)) return Sequential.OfConfig(config);
        if (type == typeof(Functional)) return Functional.OfConfig(config);
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
