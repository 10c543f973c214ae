using System.Text.Json.Nodes;

namespace Keras.Transformers;

/// <summary>The options of BERT's normalisation; null if not given.</summary>
sealed record BertOptions(bool? Lower, bool? Strip, bool? Chinese, bool? Clean)
{
    public static readonly BertOptions NotSaid = new(null, null, null, null);

    /// <summary>Fills in missing options from tokenizer_config.json, then tokenizer.json, then BERT's defaults.</summary>
    public BertOptions Or(TokenizerFiles files, BertTokenizerJson? json)
    {
        // With a tokenizer.json without a normaliser, the text stays as it is.
        var normalizer = json is null ? NotSaid : json.Normalizer ?? new(false, null, false, false);
        return new(
            Lower ?? Setting("do_lower_case", normalizer.Lower) ?? true,
            Strip ?? Setting("strip_accents", normalizer.Strip),
            Chinese ?? Setting("tokenize_chinese_chars", normalizer.Chinese) ?? true,
            Clean ?? Setting("clean_text", normalizer.Clean) ?? true);

        bool? Setting(string name, bool? ofJson) => files.Setting(name) is { Exists: true } setting ? setting.FlagOrNull() : ofJson;
    }

    /// <summary>The options of tokenizer.json's normaliser.</summary>
    public static BertOptions Read(JsonPlace normalizer) => new(
        normalizer["lowercase"].FlagOrNull(), normalizer["strip_accents"].FlagOrNull(), normalizer["handle_chinese_chars"].FlagOrNull(), normalizer["clean_text"].FlagOrNull());

    /// <summary>Creates the normaliser that the slow tokenizer applies before it splits words.</summary>
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
