using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Keras.Files;
using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>The options of text generation: the content of a generation_config.json, with Hugging Face's names and defaults.</summary>
/// <remarks>Keys of a file that are unknown here are kept and written back. Source: transformers/generation/configuration_utils.py.</remarks>
/// <example>
/// <code>
/// var tokenizer = AutoTokenizer.from_pretrained("gpt2");
/// var model = TFAutoModelForCausalLM.from_pretrained("gpt2");
/// var options = new GenerationConfig { max_new_tokens = 30, do_sample = true, top_p = 0.9, seed = 1 };
/// int[] prompt = [.. tokenizer.encode("Once upon a time")];
/// var output = model.generate(prompt, options);
/// options.save_pretrained("my-gpt2");   // writes generation_config.json
/// </code>
/// </example>
public sealed partial class GenerationConfig : IEquatable<GenerationConfig>
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "generation_config.json";

    /// <summary>The version of transformers whose names, defaults and rules apply.</summary>
    const string Version = "4.46.3";

    /// <summary>Keys in files that have no effect here, or only affect another library's speed.</summary>
    static readonly HashSet<string> WithoutEffect =
    [
        "transformers_version", "_from_model_config", "_commit_hash", "is_assistant", "assistant_confidence_threshold", "assistant_lookbehind", "target_lookbehind", "assistant_early_exit",
        "cache_implementation", "cache_config", "return_legacy_cache", "generation_kwargs", "disable_compile", "compile_config", "trust_remote_code",
    ];

    readonly Dictionary<string, object?> _values = [];
    readonly SortedDictionary<string, JsonNode?> _others = new(StringComparer.Ordinal);
    readonly HashSet<string> _changed = [];
    HashSet<string> _warned = [];
    string? _source;

    /// <summary>Creates a configuration with the default options.</summary>
    public GenerationConfig() { }

    T Get<T>([CallerMemberName] string name = "") => (T)(_values.TryGetValue(name, out var value) ? value : GenerationOption.ByName[name].Default)!;

    void Set(object? value, [CallerMemberName] string name = "") => Change(name, GenerationOption.ByName[name].Read(value, $"{nameof(GenerationConfig)}.{name}"));

    void Change(string name, object? value)
    {
        _values[name] = value;
        _changed.Add(name);
    }

    /// <summary>Where an option was set, for errors: the file only if the program has not changed it since.</summary>
    string Where(string name) => _source is null || _changed.Contains(name) ? $"{nameof(GenerationConfig)}.{name}" : $"{_source}, {name}";

    object? ValueOf(GenerationOption option) => _values.TryGetValue(option.Name, out var value) ? value : option.Default;

    /// <summary>Creates an independent copy of the options.</summary>
    public GenerationConfig Clone()
    {
        // Values are never modified in place; copies do not repeat a warning.
        var copy = new GenerationConfig { _source = _source, _warned = _warned };
        foreach (var (name, value) in _values) copy._values[name] = value;
        copy._changed.UnionWith(_changed);
        foreach (var (key, value) in _others) copy._others[key] = value?.DeepClone();
        return copy;
    }

    /// <summary>Returns a copy with changed options, as the arguments of <c>generate</c> change them.</summary>
    /// <param name="options">Values by name; null turns an option off: <c>eos_token_id</c> null means that no token ends a text.</param>
    /// <exception cref="ConfigException">There is no such option, or a value does not fit.</exception>
    public GenerationConfig update(IReadOnlyDictionary<string, object?> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var changed = Clone();
        foreach (var (name, value) in options)
        {
            if (!GenerationOption.ByName.TryGetValue(name, out var option)) throw Unknown(name);
            changed.Change(name, option.Read(value is JsonElement json ? OptionKind.Plain(json) : value is JsonNode node ? OptionKind.Plain(JsonElement.Parse(node.ToJsonString())) : value, $"{nameof(GenerationConfig)}.{name}"));
        }
        changed.validate();
        return changed;
    }

    static ConfigException Unknown(string name)
    {
        var names = GenerationOption.ByName.Keys.Order(StringComparer.Ordinal);
        return new("Generation has no such option", $"{nameof(GenerationConfig)}.{name}", $"one of {string.Join(", ", names)}", Known.Say(name), Known.Nearest(name, names).TrimStart() is { Length: > 0 } near ? near : null);
    }

    /// <summary>Reads the generation_config.json of a folder or of a repository of the hub.</summary>
    /// <param name="pretrained_model_name_or_path">The folder, or a repository of the hub, "organisation/name".</param>
    /// <param name="subfolder">The folder within it that holds the files; default none.</param>
    /// <param name="revision">The branch, tag or commit of a repository of the hub; default "main".</param>
    /// <param name="token">The token for the hub; default HF_TOKEN, otherwise what <c>login</c> stored.</param>
    /// <param name="cache_dir">The cache of downloads; default HF_HUB_CACHE, HF_HOME/hub or ~/.cache/huggingface/hub.</param>
    /// <param name="local_files_only">Whether only local files are used, without asking the hub; default false.</param>
    /// <param name="force_download">Whether files are downloaded even if the cache has them; default false.</param>
    /// <exception cref="RepositoryNotFoundException">There is neither such a folder nor such a repository.</exception>
    /// <exception cref="HfHubHttpException">The hub failed, or is needed and cannot be asked.</exception>
    /// <exception cref="ConfigException">The file is missing or damaged, or a value does not fit.</exception>
    public static GenerationConfig from_pretrained(string pretrained_model_name_or_path,
        string subfolder = "", string? revision = null, string? token = null, string? cache_dir = null, bool local_files_only = false, bool force_download = false)
    {
        var folder = PretrainedSource.Folder(pretrained_model_name_or_path, subfolder, new(revision, token, cache_dir, local_files_only, force_download), FileName);
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) throw new ConfigException("There is no generation configuration", path, $"a folder with {FileName}", Directory.Exists(folder) ? "a folder without it" : "no such folder", "Make one from the model's configuration: GenerationConfig.from_model_config.");
        try
        {
            return Read(JsonPlace.Read(path).Members().Select(m => (m.Name, m.Value.Element)), path);
        }
        catch (FileFormatException e)
        {
            throw new ConfigException("A generation configuration is damaged", e.Where, e.Expected, e.Received, inner: e);
        }
    }

    static GenerationConfig Read(IEnumerable<(string Name, JsonElement Value)> members, string path)
    {
        var config = new GenerationConfig { _source = path };
        foreach (var (name, value) in members)
        {
            if (GenerationOption.ByName.TryGetValue(name, out var option)) config._values[name] = option.Read(OptionKind.Plain(value), config.Where(name));
            else config._others[name] = JsonNode.Parse(value.GetRawText());
        }
        var strange = config._others.Where(o => !WithoutEffect.Contains(o.Key) && !IsOff(o.Value)).Select(o => o.Key).ToArray();
        if (strange.Length > 0) config.WarnOnce($"{path}: the keys {string.Join(", ", strange)} are unknown; they are kept and have no effect.");
        config.validate();
        return config;
    }

    /// <summary>Whether an option is off, so that it has no effect, known or not.</summary>
    static bool IsOff(JsonNode? value) => value is null || value.GetValueKind() == JsonValueKind.False || value is JsonArray { Count: 0 } or JsonObject { Count: 0 };

    /// <summary>Takes the options from a model's configuration: its special tokens, and what older files store there.</summary>
    /// <param name="model_config">The configuration.</param>
    /// <exception cref="ConfigException">A value does not fit.</exception>
    public static GenerationConfig from_model_config(PretrainedConfig model_config)
    {
        ArgumentNullException.ThrowIfNull(model_config);
        using var json = JsonDocument.Parse(model_config.to_json_string());
        static IEnumerable<(string Name, JsonElement Value)> Options(JsonElement members) =>
            members.EnumerateObject().Where(m => GenerationOption.ByName.ContainsKey(m.Name) && m.Value.ValueKind != JsonValueKind.Null).Select(m => (m.Name, m.Value));
        var own = Options(json.RootElement).ToList();
        if (json.RootElement.TryGetProperty("decoder", out var decoder) && decoder.ValueKind == JsonValueKind.Object)
        {
            // What a composed model's configuration omits, its decoder's may hold.
            own.RemoveAll(o => GenerationOption.ByName[o.Name] is var option && option.IsDefault(option.Read(OptionKind.Plain(o.Value), o.Name)));
            own.AddRange(Options(decoder).ExceptBy(own.Select(o => o.Name), o => o.Name).ToList());
        }
        var config = Read(own, model_config.GetType().Name);
        // Models return these only if the configuration says so; so does generation.
        if (config.output_attentions || config.output_hidden_states || config.output_scores || config.output_logits) config.return_dict_in_generate = true;
        return config;
    }

    /// <summary>Writes generation_config.json into a folder: the options that differ from the defaults, and unknown keys of the file that was read.</summary>
    /// <param name="save_directory">The folder; it is created if missing.</param>
    /// <exception cref="ConfigException">A value does not fit.</exception>
    public void save_pretrained(string save_directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(save_directory);
        validate();
        Directory.CreateDirectory(save_directory);
        AtomicFile.WriteAllText(Path.Combine(save_directory, FileName), to_json_string());
    }

    /// <summary>The content of generation_config.json.</summary>
    public string to_json_string()
    {
        var json = Json();
        json.TryAdd("transformers_version", Version);
        return new JsonObject(json.Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))).ToJsonString(Indented) + "\n";
    }

    SortedDictionary<string, JsonNode?> Json()
    {
        var json = new SortedDictionary<string, JsonNode?>(_others, StringComparer.Ordinal);
        foreach (var option in GenerationOption.All)
            if (ValueOf(option) is var value && !option.IsDefault(value)) json[option.Name] = value is null ? null : option.Kind.Write(value);
        return json;
    }

    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Warns only once for a configuration and all its copies.</summary>
    internal void WarnOnce(string message)
    {
        lock (_warned)
            if (!_warned.Add(message)) return;
        Diagnostics.Warn(message);
    }

    /// <summary>Whether both have the same options.</summary>
    public bool Equals(GenerationConfig? other) => other is not null && GenerationOption.All.All(o => o.JsonOf(ValueOf(o)) == o.JsonOf(other.ValueOf(o)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GenerationConfig);

    /// <summary>The same value for all, since every option can change.</summary>
    public override int GetHashCode() => GenerationOption.All.Count;

    /// <summary>The name of the class and the content of generation_config.json.</summary>
    public override string ToString() => $"{nameof(GenerationConfig)} {to_json_string()}";
}
