using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Keras.Files;
using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>The configuration of a model, its sizes and options: the content of a config.json, under Hugging Face's keys.</summary>
/// <remarks>Every key of the file is kept and written back. A key that is neither a property nor on the list of those without effect here causes a warning.
/// Files of transformers 4 (<c>torch_dtype</c>) and 5 (<c>dtype</c>) are read. Source: transformers/configuration_utils.py.</remarks>
public abstract partial class PretrainedConfig
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "config.json";

    /// <summary>Keys that a file may hold but that have no effect here.</summary>
    static readonly HashSet<string> WithoutEffect =
    [
        "_name_or_path", "name_or_path", "architectures", "transformers_version", "torch_dtype", "dtype", "gradient_checkpointing", "tokenizer_class", "prefix",
        "finetuning_task", "task_specific_params", "torchscript", "use_bfloat16", "pruned_heads", "bos_token_id", "eos_token_id",
        "sep_token_id", "decoder_start_token_id", "tie_encoder_decoder", "is_encoder_decoder", "_num_labels", "language", "attn_implementation", "_attn_implementation_autoset", "chunk_size_feed_forward",
    ];

    /// <summary>An upper limit for labels: with a damaged file's number, default names would fill the memory.</summary>
    const int MostLabels = 1 << 20;

    readonly JsonObject _values = [];
    string? _source;

    /// <summary>The value of "model_type" in files: "bert".</summary>
    public abstract string model_type { get; }

    /// <summary>The keys that are properties of this class, in the order in which they are written.</summary>
    protected abstract IReadOnlyList<string> Keys { get; }

    /// <summary>Further keys that files of this family contain and that have no effect here.</summary>
    protected virtual IReadOnlyList<string> KeysWithoutEffect => [];

    /// <summary>Other families' names for the same keys: "hidden_size" for "n_embd". They are read but never written.</summary>
    protected virtual IReadOnlyDictionary<string, string> attribute_map => System.Collections.Immutable.ImmutableDictionary<string, string>.Empty;

    static readonly string[] CommonKeys =
    [
        "output_hidden_states", "output_attentions", "return_dict", "is_decoder", "add_cross_attention", "cross_attention_hidden_size", "tie_word_embeddings", "id2label", "label2id", "num_labels",
        "problem_type", "pad_token_id", "tf_legacy_loss",
    ];

    /// <summary>Whether models return the hidden states of every layer; default false.</summary>
    public bool output_hidden_states { get => Get(false); set => Set(value); }

    /// <summary>Whether models return attention probabilities; default false.</summary>
    public bool output_attentions { get => Get(false); set => Set(value); }

    /// <summary>Whether models called as layers, and predict, return outputs by name instead of a list; default true. Typed calls always return outputs by name.</summary>
    public bool return_dict { get => Get(true); set => Set(value); }

    /// <summary>Whether the output layer shares the table of word vectors; default true.</summary>
    public bool tie_word_embeddings { get => Get(true); set => Set(value); }

    /// <summary>Whether a token attends only to itself and earlier ones; default false.</summary>
    public bool is_decoder { get => Get(false); set => Set(value); }

    /// <summary>Whether layers also attend to an encoder's states; default false.</summary>
    public bool add_cross_attention { get => Get(false); set => Set(value); }

    /// <summary>The id that pads batches; null if there is none.</summary>
    public int? pad_token_id { get => Get<int?>(DefaultPadTokenId); set => Set(value); }

    /// <summary>The padding id for files that contain none.</summary>
    protected virtual int? DefaultPadTokenId => null;

    /// <summary>Whether losses of words, tokens and next sentences are returned for each one that has a label, (labels), instead of as their mean; default false.</summary>
    /// <remarks>How many there are depends on the data, so XLA cannot compile such a loss.</remarks>
    public bool tf_legacy_loss { get => Get(false); set => Set(value); }

    /// <summary>"regression", "single_label_classification" or "multi_label_classification"; null means regression for one label, otherwise multi-label if labels are floats for each
    /// class, (B, num_labels), otherwise single-label.</summary>
    public string? problem_type { get => Get<string?>(null); set => Set(value); }

    /// <summary>The name of each class; default LABEL_0, LABEL_1 for two classes.</summary>
    public IReadOnlyDictionary<int, string> id2label
    {
        get => _values["id2label"] is JsonObject labels ? ReadLabels(labels) : DefaultLabels(Get<int?>(null, "num_labels") ?? 2);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _values["id2label"] = new JsonObject(value.OrderBy(l => l.Key).Select(l => KeyValuePair.Create(Text(l.Key), (JsonNode?)l.Value)));
            _values["label2id"] = new JsonObject(value.OrderBy(l => l.Key).DistinctBy(l => l.Value).Select(l => KeyValuePair.Create(l.Value, (JsonNode?)l.Key)));
            _values.Remove("num_labels");
        }
    }

    /// <summary>The number of each class by its name; the inverse of <see cref="id2label"/>.</summary>
    public IReadOnlyDictionary<string, int> label2id => id2label.DistinctBy(l => l.Value).ToDictionary(l => l.Value, l => l.Key);

    /// <summary>The number of classes; changing it gives the classes new names.</summary>
    public int num_labels
    {
        get => _values["id2label"] is JsonObject labels ? labels.Count : Get<int?>(null) ?? 2;
        set
        {
            if (value is < 1 or > MostLabels) throw WrongCount(value);
            if (value != num_labels || _values["id2label"] is null) id2label = DefaultLabels(value);
        }
    }

    Dictionary<int, string> ReadLabels(JsonObject labels)
    {
        var names = new Dictionary<int, string>();
        foreach (var (key, value) in labels)
        {
            if (!int.TryParse(key, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var id) || names.ContainsKey(id))
                throw new ConfigException("A label has no number of its own", Where("id2label"), "a number from 0, each once", $"\"{key}\"");
            names.Add(id, value is JsonValue name ? name.ToString() : throw new ConfigException("A label has no name", Where($"id2label.{key}"), "a string", value?.ToJsonString() ?? "null"));
        }
        return names;
    }

    static Dictionary<int, string> DefaultLabels(int count) => Enumerable.Range(0, count).ToDictionary(i => i, i => $"LABEL_{i}");

    static string Text(int value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Gets a key's value, or a default if the file has none.</summary>
    /// <exception cref="ConfigException">The value is of another type.</exception>
    protected T Get<T>(T otherwise, [CallerMemberName] string key = "")
    {
        if (!_values.TryGetPropertyValue(key, out var node)) return otherwise;
        if (node is null) return Nullable.GetUnderlyingType(typeof(T)) is null ? otherwise : default!;
        try
        {
            return ConfigValues.Read<T>(node);
        }
        catch (JsonException e)
        {
            throw new ConfigException("A configuration value is of the wrong type", Where(key), NameOf(typeof(T)), node.ToJsonString(), inner: e);
        }
    }

    static string NameOf(Type type) => Nullable.GetUnderlyingType(type) is { } inner ? $"{NameOf(inner)} or null"
        : type == typeof(string) ? "text" : type == typeof(bool) ? "true or false" : type == typeof(int) ? "a whole number"
        : type == typeof(HeightWidth) ? "a whole number or a list of two" : "a number";

    /// <summary>The location of a key's value, for errors: the key, with the file if the configuration came from one.</summary>
    protected string Where(string key) => _source is null ? key : $"{_source}, {key}";

    /// <summary>Rejects a number outside its range.</summary>
    /// <exception cref="ConfigException">The number is outside its range.</exception>
    protected void EnsureInRange(string key, double value, double least, double most)
    {
        if (!(value >= least && value <= most)) throw new ConfigException("A configuration value is out of range", Where(key), $"{least} to {most}", $"{value}");
    }

    ConfigException WrongCount(int value) => new("A model cannot have so many labels", Where("num_labels"), $"1 to {MostLabels}", Text(value));

    /// <summary>Sets a key's value.</summary>
    protected void Set<T>(T value, [CallerMemberName] string key = "") => (_values[key], _isValid) = (ConfigValues.Write(value), false);

    /// <summary>Sets several keys by name, as keyword arguments of <c>from_pretrained</c> do.</summary>
    /// <exception cref="ConfigException">The class has no such key.</exception>
    public void Update(IEnumerable<KeyValuePair<string, object?>> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        foreach (var (name, value) in values)
        {
            var key = attribute_map.GetValueOrDefault(name, name);
            if (PartNames.Contains(key)) SetPart(value as PretrainedConfig ?? throw new ConfigException("A part's configuration is of the wrong type", Where(key), "a PretrainedConfig", value?.GetType().Name ?? "null"), key);
            else if (key == "num_labels" && value is int count) num_labels = count;
            else if (key == "id2label" && value is IReadOnlyDictionary<int, string> labels) id2label = labels;
            else if (Keys.Contains(key) || CommonKeys.Contains(key)) Set(value, key);
            else throw new ConfigException("A model has no such setting", $"{GetType().Name}.{key}", $"one of {string.Join(", ", Keys.Concat(CommonKeys).Order())}", key);
        }
        EnsureValid();
    }

    /// <summary>Checks the values against each other; override it for a family's own rules.</summary>
    /// <exception cref="ConfigException">The values do not fit each other.</exception>
    protected virtual void Validate() { }

    bool _isValid;

    /// <summary>Checks the values once after each change.</summary>
    internal void EnsureValid()
    {
        foreach (var part in _parts.Values) part.EnsureValid();
        if (_isValid && _parts.Count == 0) return;
        Validate();
        _isValid = true;
    }

    internal void Read(JsonObject json, string source)
    {
        _source = source;
        // A key's own name takes precedence if a file has both.
        foreach (var (key, value) in json.OrderBy(v => !attribute_map.ContainsKey(v.Key))) _values[attribute_map.GetValueOrDefault(key, key)] = value?.DeepClone();
        _isValid = false;
        ReadParts(source);
        EnsureReadable();
        // Generation options in old files are read by GenerationConfig.from_model_config.
        var unknown = _values.Select(v => v.Key).Where(k => k != "model_type" && !Keys.Contains(k) && !CommonKeys.Contains(k) && !WithoutEffect.Contains(k) && !KeysWithoutEffect.Contains(k) && !GenerationOption.ByName.ContainsKey(k)).Order().ToArray();
        if (unknown.Length > 0) Diagnostics.Warn($"{source}: the keys {string.Join(", ", unknown)} are unknown to {GetType().Name}; they are kept and have no effect.");
        EnsureValid();
    }

    /// <summary>Reads every value once, so that a wrong type is reported with the file, not at first use.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "Trimming keeps the assemblies of layers and records whole: Keras.Torch.targets.")]
    void EnsureReadable()
    {
        if (_values["id2label"] is { } labels and not JsonObject) throw new ConfigException("A configuration value is of the wrong type", Where("id2label"), "an object", labels.ToJsonString());
        if (num_labels is < 1 or > MostLabels) throw WrongCount(num_labels);
        foreach (var key in Keys.Concat(CommonKeys)) GetType().GetProperty(key)?.GetValue(this, BindingFlags.DoNotWrapExceptions, null, null, null);
        if (_values["architectures"] is { } names && (names is not JsonArray list || list.Any(n => n is not JsonValue name || !name.TryGetValue<string>(out _))))
            throw new ConfigException("A configuration value is of the wrong type", Where("architectures"), "a list of names", names.ToJsonString());
    }

    /// <summary>The content of config.json: every key of this class, and unknown keys from the file that was read.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "Trimming keeps the assemblies of layers and records whole: Keras.Torch.targets.")]
    public string to_json_string()
    {
        var json = new JsonObject { ["model_type"] = model_type };
        foreach (var key in Keys) json[key] = ConfigValues.Write(GetType().GetProperty(key)!.GetValue(this));
        foreach (var (key, value) in _values) json[key] = value?.DeepClone();
        foreach (var (key, part) in _parts) json[key] = JsonNode.Parse(part.to_json_string());
        return new JsonObject(json.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))).ToJsonString(Indented) + "\n";
    }

    /// <summary>The name of the class and the content of config.json.</summary>
    public override string ToString() => $"{GetType().Name} {to_json_string()}";

    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal string[] Architectures
    {
        get => _values["architectures"] is JsonArray names ? [.. names.Select(n => n!.GetValue<string>())] : [];
        set => _values["architectures"] = new JsonArray([.. value.Select(v => (JsonNode?)v)]);
    }

    /// <summary>The dtype of the weights: "dtype" as in transformers 5, otherwise "torch_dtype".</summary>
    internal string? WeightDType
    {
        get => (_values["dtype"] ?? _values["torch_dtype"]) is JsonValue value && value.TryGetValue<string>(out var name) ? name : null;
        set => _values[_values.ContainsKey("dtype") ? "dtype" : "torch_dtype"] = value;
    }

    /// <summary>Writes config.json into a folder.</summary>
    public void save_pretrained(string save_directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(save_directory);
        Directory.CreateDirectory(save_directory);
        AtomicFile.WriteAllText(Path.Combine(save_directory, FileName), to_json_string());
    }

    /// <summary>Reads a folder's config.json.</summary>
    /// <exception cref="ConfigException">The file is missing or not a JSON object.</exception>
    internal static (JsonObject Json, string Path) ReadFile(string folder)
    {
        if (!Directory.Exists(folder))
            throw new ConfigException("There is no such model folder", folder, "a folder with config.json and weights", "nothing", "Give the path of a downloaded model.");
        var path = System.IO.Path.Combine(folder, FileName);
        if (!File.Exists(path)) throw new ConfigException("A model folder has no configuration", folder, FileName, string.Join(", ", Directory.GetFiles(folder).Select(System.IO.Path.GetFileName).Order().Take(12)));
        try
        {
            return (JsonObject.Create(JsonPlace.Read(path).Element)!, path);
        }
        catch (FileFormatException e)
        {
            throw new ConfigException("A configuration is damaged", e.Where, e.Expected, e.Received, inner: e);
        }
    }
}

/// <summary>Thrown when a configuration is missing, damaged or contradicts itself.</summary>
public sealed class ConfigException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null, Exception? inner = null)
    : KerasException(what, where, expected, received, remedy, inner);
