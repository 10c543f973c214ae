using System.Text.Json.Nodes;

namespace Keras.Transformers;

/// <summary>The model families: one line each.</summary>
static class ModelRegistry
{
    static readonly Dictionary<string, Func<PretrainedConfig>> Configs = new()
    {
        ["bert"] = () => new BertConfig(),
    };

    /// <summary>Task -> model_type -> class.</summary>
    static readonly Dictionary<string, Dictionary<string, Func<PretrainedConfig, TFPreTrainedModel>>> Models = new()
    {
        [nameof(TFAutoModel)] = new() { ["bert"] = TFBertModel.Create },
        [nameof(TFAutoModelForSequenceClassification)] = new() { ["bert"] = TFBertForSequenceClassification.Create },
    };

    /// <summary>The configuration in a parsed config.json.</summary>
    /// <exception cref="ConfigException">model_type is missing or unknown.</exception>
    public static PretrainedConfig ConfigOf(JsonObject json, string path)
    {
        if (json["model_type"] is not JsonValue value || !value.TryGetValue<string>(out var type))
            throw new ConfigException("A configuration does not say what model it is of", path, "\"model_type\": one of " + string.Join(", ", Configs.Keys.Order()), json.ContainsKey("model_type") ? json["model_type"]!.ToJsonString() : "no model_type");
        if (!Configs.TryGetValue(type, out var make))
            throw new ConfigException("A configuration is of an unknown model", path, $"model_type one of {string.Join(", ", Configs.Keys.Order())}", $"\"{type}\"");
        var config = make();
        config.Read(json, path);
        return config;
    }

    public static TFPreTrainedModel Create(string task, PretrainedConfig config) => Models[task].TryGetValue(config.model_type, out var make)
        ? make(config)
        : throw new ConfigException($"{task} has no class for this model", "model_type", string.Join(", ", Models[task].Keys.Order()), config.model_type);

    public static void Override(PretrainedConfig config, int? num_labels, IReadOnlyDictionary<int, string>? id2label, IReadOnlyDictionary<string, object?>? settings)
    {
        if (id2label is not null) config.id2label = id2label;
        if (num_labels is { } count)
        {
            if (id2label is not null && id2label.Count != count) throw new ConfigException("num_labels and id2label differ", "from_pretrained", $"{count} names", $"{id2label.Count}");
            config.num_labels = count;
        }
        if (settings is not null) config.Update(settings);
    }

    public static TFPreTrainedModel Load(string task, string folder, int? num_labels, IReadOnlyDictionary<int, string>? id2label, bool ignoreMismatched, IReadOnlyDictionary<string, object?>? settings)
    {
        var (json, path) = PretrainedConfig.ReadFile(folder);
        var config = ConfigOf(json, path);
        Override(config, num_labels, id2label, settings);
        var model = Create(task, config);
        model.LoadWeights(folder, ignoreMismatched);
        return model;
    }
}
