using System.Text.Json.Nodes;

namespace Keras.Transformers;

/// <summary>The options of BERT's normalisation; null: not said.</summary>
sealed record BertOptions(bool? Lower, bool? Strip, bool? Chinese, bool? Clean)
{
    public static readonly BertOptions NotSaid = new(null, null, null, null);

    /// <summary>What is not said, taken from tokenizer_config.json, else from tokenizer.json, else BERT's defaults.</summary>
    public BertOptions Or(TokenizerFiles files, BertTokenizerJson? json)
    {
        // A tokenizer.json without a normaliser changes nothing in the text.
        var normalizer = json is null ? null
            : json.Normalizer ?? new JsonObject { ["lowercase"] = false, ["handle_chinese_chars"] = false, ["clean_text"] = false };
        return new(
            Lower ?? Setting("do_lower_case", "lowercase") ?? true,
            Strip ?? Setting("strip_accents", "strip_accents"),
            Chinese ?? Setting("tokenize_chinese_chars", "handle_chinese_chars") ?? true,
            Clean ?? Setting("clean_text", "clean_text") ?? true);

        bool? Setting(string name, string nameInJson) =>
            files.Object(TokenizerFiles.Config)?.ContainsKey(name) == true ? TokenJson.Bool(files.Setting(name)) : TokenJson.Bool(normalizer?[nameInJson]);
    }

    /// <summary>What the slow tokenizer does before it looks at single words.</summary>
    public BertNormalizer MakeSlowNormalizer() => new(UnicodeEdition.Slow, Clean!.Value, Chinese!.Value, false, Lower!.Value);

    public bool StripsAccents => Strip ?? Lower!.Value;

    public BertNormalizer MakeNormalizer() => new(UnicodeEdition.Fast, Clean!.Value, Chinese!.Value, StripsAccents, Lower!.Value);

    public JsonObject ToJson() => new()
    {
        ["type"] = "BertNormalizer",
        ["clean_text"] = Clean,
        ["handle_chinese_chars"] = Chinese,
        ["strip_accents"] = Strip,
        ["lowercase"] = Lower,
    };
}
