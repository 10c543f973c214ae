using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Keras.Transformers;

/// <summary>The known families: the built-in ones and those that users register.</summary>
static class ModelFamilies
{
    /// <summary>The built-in families.</summary>
    public static readonly IReadOnlyList<ModelFamily> Own =
    [
        BertFamily.Declaration,
        Gpt2Family.Declaration,
        ViTFamily.Declaration,
        EncoderDecoderFamily.Declaration,
        VisionEncoderDecoderFamily.Declaration,
        VisionTextDualEncoderFamily.Declaration,
    ];

    static readonly ConcurrentDictionary<string, ModelFamily> Known = new(Own.Select(f => KeyValuePair.Create(f.ModelType, f)));

    static readonly Lock Changing = new();

    /// <summary>Every family, sorted by name.</summary>
    public static IReadOnlyList<ModelFamily> All => [.. Known.Values.OrderBy(f => f.ModelType, StringComparer.Ordinal)];

    /// <summary>Finds a family; an undeclared one follows Hugging Face's general rules.</summary>
    public static ModelFamily Of(string type) => Known.GetValueOrDefault(type) ?? new() { ModelType = type };

    /// <summary>The model_type of a configuration, or of the part that a family names.</summary>
    /// <param name="config">The configuration as stored in its file.</param>
    /// <param name="part">The key of that part; null for none.</param>
    public static JsonPlace TypeIn(JsonPlace config, Func<ModelFamily, string?> part)
    {
        // A part may itself be a composed model.
        while (config["model_type"].TextOrNull() is { } type && part(Of(type)) is { } key) config = config[key];
        return config["model_type"];
    }

    static string TypesWith(Func<ModelFamily, object?> part) => string.Join(", ", All.Where(f => part(f) is not null).Select(f => f.ModelType));

    /// <summary>Makes a new configuration for a kind of model.</summary>
    /// <exception cref="ConfigException">There is no such kind.</exception>
    public static PretrainedConfig ConfigOf(string type, string where) => Known.GetValueOrDefault(type)?.Config is { } make
        ? make()
        : throw new ConfigException("A configuration is of an unknown model", where, $"model_type one of {TypesWith(f => f.Config)}", $"\"{type}\"");

    /// <summary>Makes the configuration from a parsed config.json.</summary>
    /// <exception cref="ConfigException">model_type is missing or unknown.</exception>
    public static PretrainedConfig ConfigOf(JsonObject json, string path)
    {
        if (json["model_type"] is not JsonValue value || !value.TryGetValue<string>(out var type))
            throw new ConfigException("A configuration does not say what model it is of", path, "\"model_type\": one of " + TypesWith(f => f.Config), json.ContainsKey("model_type") ? json["model_type"]?.ToJsonString() ?? "null" : "no model_type");
        var config = ConfigOf(type, path);
        config.Read(json, path);
        return config;
    }

    /// <summary>Makes a new model for a task.</summary>
    /// <exception cref="ConfigException">The task has no class for this kind of model.</exception>
    public static TFPreTrainedModel Create(Type task, PretrainedConfig config, DTypePolicy? dtype = null) => Of(config.model_type).Tasks.TryGetValue(task, out var made)
        ? made.Create(config, dtype)
        : throw new ConfigException($"{task.Name} has no class for this model", "model_type", TypesWith(f => f.Tasks.GetValueOrDefault(task)), config.model_type);

    public static void Add(ModelFamily family, bool replace)
    {
        if (replace) Known[family.ModelType] = family;
        else if (!Known.TryAdd(family.ModelType, family)) throw Taken(nameof(ModelFamily), family.ModelType);
    }

    /// <summary>Adds a part to a family, or starts a new one.</summary>
    /// <param name="type">The family.</param>
    /// <param name="owner">The owner of the part, for the error.</param>
    /// <param name="has">Whether the family already has the part.</param>
    /// <param name="add">Adds it.</param>
    /// <param name="replace">Whether another part may be replaced.</param>
    /// <exception cref="ArgumentException">The family already has such a part.</exception>
    public static void Extend(string type, string owner, Func<ModelFamily, bool> has, Func<ModelFamily, ModelFamily> add, bool replace)
    {
        lock (Changing)
        {
            var family = Of(type);
            if (has(family) && !replace) throw Taken(owner, type);
            Known[type] = add(family);
        }
    }

    static ArgumentException Taken(string owner, string type) => new($"{owner} knows the model_type \"{type}\" already. Use another, or exist_ok: true to replace it.");
}
