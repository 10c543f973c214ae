using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Keras.Transformers;

/// <summary>The model families: one line for each task; further ones by <c>register</c>.</summary>
static class ModelRegistry
{
    static readonly ConcurrentDictionary<string, Func<PretrainedConfig>> Configs = new() { ["bert"] = () => new BertConfig() };

    /// <summary>Task -> model_type -> class.</summary>
    static readonly Dictionary<string, ConcurrentDictionary<string, Func<PretrainedConfig, DTypePolicy?, TFPreTrainedModel>>> Models = new()
    {
        [nameof(TFAutoModel)] = new() { ["bert"] = TFBertModel.Create },
        [nameof(TFAutoModelForTextEncoding)] = new() { ["bert"] = TFBertModel.Create },
        [nameof(TFAutoModelForPreTraining)] = new() { ["bert"] = TFBertForPreTraining.Create },
        [nameof(TFAutoModelWithLMHead)] = new() { ["bert"] = TFBertForMaskedLM.Create },
        [nameof(TFAutoModelForMaskedLM)] = new() { ["bert"] = TFBertForMaskedLM.Create },
        [nameof(TFAutoModelForCausalLM)] = new() { ["bert"] = TFBertLMHeadModel.Create },
        [nameof(TFAutoModelForNextSentencePrediction)] = new() { ["bert"] = TFBertForNextSentencePrediction.Create },
        [nameof(TFAutoModelForSequenceClassification)] = new() { ["bert"] = TFBertForSequenceClassification.Create },
        [nameof(TFAutoModelForMultipleChoice)] = new() { ["bert"] = TFBertForMultipleChoice.Create },
        [nameof(TFAutoModelForTokenClassification)] = new() { ["bert"] = TFBertForTokenClassification.Create },
        [nameof(TFAutoModelForQuestionAnswering)] = new() { ["bert"] = TFBertForQuestionAnswering.Create },
    };

    static string KnownTypes => string.Join(", ", Configs.Keys.Order());

    /// <summary>A new configuration of a kind of model.</summary>
    public static PretrainedConfig ConfigOf(string type, string where) => Configs.TryGetValue(type, out var make)
        ? make()
        : throw new ConfigException("A configuration is of an unknown model", where, $"model_type one of {KnownTypes}", $"\"{type}\"");

    /// <summary>The configuration in a parsed config.json.</summary>
    /// <exception cref="ConfigException">model_type is missing or unknown.</exception>
    public static PretrainedConfig ConfigOf(JsonObject json, string path)
    {
        if (json["model_type"] is not JsonValue value || !value.TryGetValue<string>(out var type))
            throw new ConfigException("A configuration does not say what model it is of", path, "\"model_type\": one of " + KnownTypes, json.ContainsKey("model_type") ? json["model_type"]?.ToJsonString() ?? "null" : "no model_type");
        var config = ConfigOf(type, path);
        config.Read(json, path);
        return config;
    }

    public static TFPreTrainedModel Create(string task, PretrainedConfig config, DTypePolicy? dtype = null) => Models[task].TryGetValue(config.model_type, out var make)
        ? make(config, dtype)
        : throw new ConfigException($"{task} has no class for this model", "model_type", string.Join(", ", Models[task].Keys.Order()), config.model_type);

    /// <summary>Makes a kind of configuration known.</summary>
    /// <exception cref="ArgumentException">It is known already.</exception>
    public static void Register(string type, Func<PretrainedConfig> make, bool exist_ok) => Add(Configs, type, make, nameof(AutoConfig), exist_ok);

    /// <summary>Makes a class known to a task.</summary>
    /// <exception cref="ArgumentException">The task has a class for this kind of model.</exception>
    public static void Register(string task, string type, Func<PretrainedConfig, DTypePolicy?, TFPreTrainedModel> make, bool exist_ok) => Add(Models[task], type, make, task, exist_ok);

    static void Add<T>(ConcurrentDictionary<string, T> known, string type, T make, string owner, bool replace)
    {
        if (replace) known[type] = make;
        else if (!known.TryAdd(type, make)) throw new ArgumentException($"{owner} knows the model_type \"{type}\" already. Use another, or exist_ok: true to replace it.");
    }

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
}
