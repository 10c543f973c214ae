using System.Diagnostics.CodeAnalysis;

namespace Keras;

/// <summary>Makes layers from their configs, and finds their classes by name.</summary>
static class LayerConfigs
{
    /// <summary>What every layer's config may hold besides the parameters of its constructor.</summary>
    public static readonly string[] Common = ["trainable", "dtype", "name", "activity_regularizer", "quantization_config", "sparse", "ragged"];

    /// <summary>Keras' own layers. This class may not refer to them, so a class above it sets the table.</summary>
    public static Lazy<LayerTable> Table { get; set; } = null!;

    /// <summary>Keras' own layers and models by their names.</summary>
    public static IReadOnlyDictionary<string, Type> Classes => Table.Value.Classes;

    public static bool IsOfKeras(Type type) => Table.Value.Classes.ContainsValue(type);

    /// <summary>Makes the layer from its serialized form; user-defined classes come from <see cref="CustomObjects"/>.</summary>
    /// <exception cref="ArgumentException">The class is unknown, or its config does not fit.</exception>
    public static Layer Deserialize(IReadOnlyDictionary<string, object?> serialized)
    {
        using var shared = SharedObjects.Enter();
        return shared.Made(serialized, () => New(serialized));
    }

    static Layer New(IReadOnlyDictionary<string, object?> serialized)
    {
        var name = serialized.GetValueOrDefault("class_name") as string
            ?? throw new ArgumentException($"A serialized layer has no class_name. Received the keys: {Known.List(serialized.Keys)}.", nameof(serialized));
        var config = serialized.GetValueOrDefault("config") as IReadOnlyDictionary<string, object?>
            ?? throw new ArgumentException($"A serialized layer has no config ({name}).", nameof(serialized));
        var layer = Make(CustomObjects.Find(serialized, name, Classes), config);
        if (BuildShape(serialized) is { } shape) layer.BuildOfConfig(shape);
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

    /// <summary>Makes a layer of a class from its config.</summary>
    /// <exception cref="ArgumentException">The config does not fit.</exception>
    public static Layer Make(Type type, IReadOnlyDictionary<string, object?> config) => Table.Value.Makers.TryGetValue(type, out var make) ? make(config) : Construct(type, config);

    /// <summary>Calls the constructor with the config's values.</summary>
    /// <exception cref="UnsupportedException">The layer is quantized, sparse or ragged.</exception>
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Trimming keeps the assemblies of layers and records whole: Keras.Torch.targets.")]
    public static Layer Construct(Type type, IReadOnlyDictionary<string, object?> config)
    {
        if (config.GetValueOrDefault("quantization_config") is not null)
            throw new UnsupportedException("A quantized layer cannot be loaded", $"layer '{config.GetValueOrDefault("name")}'", "quantization_config: null", "a quantization", "Save the model before it is quantized.");
        if (config.GetValueOrDefault("sparse") is true || config.GetValueOrDefault("ragged") is true)
            throw new UnsupportedException("Sparse and ragged tensors are not supported", $"layer '{config.GetValueOrDefault("name")}'", "sparse: false and ragged: false", "true");
        var parameters = type.GetConstructors().SelectMany(c => c.GetParameters()).Select(p => p.Name).ToHashSet();
        var given = config.Where(c => !Common.Contains(c.Key) || parameters.Contains(c.Key)).ToDictionary(c => c.Key, c => c.Value);
        // The policy "null" of a config is the default one.
        if (given.TryGetValue("dtype", out var dtype) && dtype is null) given.Remove("dtype");
        var layer = SerializedObject.Construct<Layer>(type, given);
        if (config.GetValueOrDefault("trainable") is false) layer.trainable = false;
        return layer;
    }
}

/// <summary>The layers that configs name.</summary>
/// <param name="Classes">The classes by their names.</param>
/// <param name="Makers">How to make layers from a config that do not just pass it to their constructor.</param>
sealed record LayerTable(Dictionary<string, Type> Classes, Dictionary<Type, Func<IReadOnlyDictionary<string, object?>, Layer>> Makers);
