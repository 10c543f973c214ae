using System.Globalization;
using System.Text.Json.Nodes;

namespace Keras.Transformers;

public abstract partial class PreTrainedTokenizerBase
{
    /// <summary>The other settings of the file, written back as they are.</summary>
    JsonObject _settings = [];

    /// <summary>The class of the processor that the tokenizer is a part of, for its settings file.</summary>
    internal string ProcessorClass { set => _settings["processor_class"] = value; }

    /// <summary>Writes the tokenizer's files, each completely or not at all; <c>from_pretrained</c> and Hugging Face's transformers read them.</summary>
    /// <param name="save_directory">The folder; it is created if needed.</param>
    /// <returns>The paths of the files.</returns>
    public IReadOnlyList<string> save_pretrained(string save_directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(save_directory);
        Directory.CreateDirectory(save_directory);
        var paths = new List<string>();
        Write(TokenizerFiles.Config, TokenJson.Sorted(Settings()));
        Write(TokenizerFiles.SpecialTokensMap, TokenJson.Sorted(SpecialTokensMap()));
        var added = new JsonObject(_added.Ids.Where(t => VocabularyId(t.Key) is null).Select(t => KeyValuePair.Create(t.Key, (JsonNode?)t.Value)));
        if (added.Count > 0) Write(TokenizerFiles.AddedTokens, TokenJson.Sorted(added));
        else File.Delete(Path.Combine(save_directory, TokenizerFiles.AddedTokens)); // of an earlier state
        foreach (var (name, text) in VocabularyFiles()) Write(name, text);
        return paths;

        void Write(string name, string text)
        {
            var path = Path.Combine(save_directory, name);
            Keras.Files.AtomicFile.WriteAllText(path, text);
            paths.Add(path);
        }
    }

    /// <summary>The names and contents of the vocabulary's files, for saving.</summary>
    protected abstract IEnumerable<(string Name, string Text)> VocabularyFiles();

    /// <summary>Adds the class's own settings to those that are saved. By default there are none.</summary>
    protected virtual void WriteSettings(JsonObject settings) { }

    /// <summary>Reads what all tokenizers share from the files of a folder: settings, special and added tokens, and padding and truncation of tokenizer.json. Call it after the
    /// vocabulary has been read.</summary>
    /// <param name="files">The folder.</param>
    /// <param name="overrides">The caller's arguments instead.</param>
    /// <exception cref="FileFormatException">A file is damaged.</exception>
    protected void ReadSettings(TokenizerFiles files, TokenizerOverrides overrides)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(overrides);
        var json = files.Json(Kind);
        var settings = files.Object(TokenizerFiles.Config);
        _settings = settings.Exists ? JsonObject.Create(settings.Element)! : [];
        padding_side = overrides.PaddingSide ?? Side(nameof(padding_side)) ?? json?.PaddingSide ?? padding_side;
        truncation_side = overrides.TruncationSide ?? Side(nameof(truncation_side)) ?? json?.TruncationSide ?? truncation_side;
        model_max_length = overrides.ModelMaxLength ?? Length(nameof(model_max_length)) ?? Length("max_len") ?? NoMaxLength;
        clean_up_tokenization_spaces = settings[nameof(clean_up_tokenization_spaces)].FlagOrNull() ?? clean_up_tokenization_spaces;
        split_special_tokens = settings[nameof(split_special_tokens)].FlagOrNull() ?? split_special_tokens;
        pad_token_type_id = settings[nameof(pad_token_type_id)] is { HasValue: true } type ? type.Whole() : json?.PadTypeId ?? pad_token_type_id;
        if (settings[nameof(model_input_names)] is { HasValue: true } names)
            model_input_names = names.Items().Select(n => n.Text()).ToArray() is { Length: > 0 } columns ? columns : throw names.Wrong("at least one column");

        AddTokens(json?.AddedTokens ?? []);
        ReadSpecialTokens(files, overrides);
        AddTokens(TokensOfSettings(files));
        AddMissingSpecialTokens();

        string? Side(string name) => settings[name] is { HasValue: true } side ? side.OneOf("left", "right") : null;

        int? Length(string name) => settings[name] is { HasValue: true } length ? length.Length(0) : null;
    }

    void ReadSpecialTokens(TokenizerFiles files, TokenizerOverrides overrides)
    {
        // Folders whose settings list the added tokens are complete; in older ones special_tokens_map.json takes precedence.
        var settings = files.Object(TokenizerFiles.Config);
        var written = files.Object(TokenizerFiles.SpecialTokensMap);
        var map = settings[nameof(added_tokens_decoder)].HasValue ? default : written;
        foreach (var role in SpecialTokenRoles)
        {
            if (overrides.SpecialTokens.TryGetValue(role, out var given)) SetSpecial(role, SpecialToken.Plain(given));
            else if (First(map[role], settings[role]) is { HasValue: true } token) SetSpecial(role, OfJson(Fuller(token, written[role])));
            else if (!settings[role].Exists && Kind.SpecialTokens.TryGetValue(role, out var content)) SetSpecial(role, SpecialToken.Plain(content));
        }
        // transformers 5 has another name for the list.
        var additional = First(map[AdditionalSpecialTokens], settings[AdditionalSpecialTokens], settings["extra_special_tokens"]);
        if (additional.HasValue) SetAdditional(additional.Items().Select(OfJson));

        // The settings have only a token's text; the same token may already be present with its options.
        static JsonPlace Fuller(JsonPlace token, JsonPlace other) =>
            token.IsText && other.HasValue && !other.IsText && other["content"].TextOrNull() == token.Text() ? other : token;

        static JsonPlace First(params ReadOnlySpan<JsonPlace> places)
        {
            foreach (var place in places)
                if (place.HasValue) return place;
            return default;
        }

        static SpecialToken OfJson(JsonPlace token) => new(TokenJson.Read(token, special: true), token.IsText);
    }

    /// <summary>The added tokens of tokenizer_config.json, or, in older folders, of added_tokens.json.</summary>
    List<(int Id, AddedToken Token)> TokensOfSettings(TokenizerFiles files)
    {
        if (files.Setting(nameof(added_tokens_decoder)) is { HasValue: true } decoder)
            return [.. decoder.Members().Select(t => (Id(t.Name, t.Value), TokenJson.Read(t.Value, special: false)))];
        if (files.Object(TokenizerFiles.AddedTokens) is not { Exists: true } added) return [];
        var special = all_special_tokens.ToHashSet();
        var known = get_added_vocab();
        return [.. added.Members().Where(t => !known.ContainsKey(t.Name)).Select(t => (t.Value.Whole(), new AddedToken(t.Name, special: special.Contains(t.Name))))];

        static int Id(string name, JsonPlace token) => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id < int.MaxValue
            ? id
            : throw new FileFormatException("A token's id is not a number", token.Where, "a whole number from 0", $"\"{name}\"");
    }

    JsonObject Settings()
    {
        var settings = (JsonObject)_settings.DeepClone();
        foreach (var role in SpecialTokenRoles)
            if (Special(role) is { } content) settings[role] = content;
            else if (settings.ContainsKey(role)) settings[role] = null;
        settings.Remove("extra_special_tokens");
        settings.Remove(AdditionalSpecialTokens);
        if (_additional.Count > 0) settings[AdditionalSpecialTokens] = new JsonArray([.. additional_special_tokens.Select(t => (JsonNode?)t)]);
        settings[nameof(added_tokens_decoder)] = new JsonObject(_added.ById.Select(t => KeyValuePair.Create(
            t.Key.ToString(CultureInfo.InvariantCulture), (JsonNode?)TokenJson.Write(t.Value, withSpecial: true))));
        settings[nameof(clean_up_tokenization_spaces)] = clean_up_tokenization_spaces;
        settings[nameof(model_max_length)] = model_max_length == NoMaxLength ? JsonNode.Parse(TokenJson.NoMaxLength) : model_max_length;
        settings["tokenizer_class"] = Kind.Classes[0];
        if (settings.ContainsKey(nameof(model_input_names)) || !model_input_names.SequenceEqual(Kind.model_input_names))
            settings[nameof(model_input_names)] = new JsonArray([.. model_input_names.Select(n => (JsonNode?)n)]);
        WriteIfSet(nameof(padding_side), padding_side, "right");
        WriteIfSet(nameof(truncation_side), truncation_side, "right");
        WriteIfSet(nameof(pad_token_type_id), pad_token_type_id, 0);
        WriteIfSet(nameof(split_special_tokens), split_special_tokens, false);
        WriteSettings(settings);
        return settings;

        void WriteIfSet(string name, JsonNode? value, JsonNode? unset)
        {
            if (settings.ContainsKey(name) || !JsonNode.DeepEquals(value, unset)) settings[name] = value;
        }
    }

    JsonObject SpecialTokensMap()
    {
        var map = new JsonObject();
        foreach (var role in SpecialTokenRoles)
            if (_special.TryGetValue(role, out var token)) map[role] = Json(token);
        if (_additional.Count > 0) map[AdditionalSpecialTokens] = new JsonArray([.. _additional.Select(Json)]);
        return map;

        static JsonNode? Json(SpecialToken token) => token.IsPlain ? token.Token.content : TokenJson.Write(token.Token, withSpecial: false);
    }
}
