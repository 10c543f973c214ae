using System.Text.Json.Nodes;

namespace Keras.Transformers;

/// <summary>The BERT-specific parts of a tokenizer.json.</summary>
/// <param name="Model">The vocabulary.</param>
/// <param name="UnkToken">The token for unknown words.</param>
/// <param name="Decoder">The decoder's prefix of continuing pieces and whether it cleans up; null: tokens are joined by spaces.</param>
/// <param name="Normalizer">The normaliser's options; null if there is none.</param>
/// <param name="Template">Where special tokens go.</param>
sealed record BertTokenizerJson(WordPieceModel Model, string UnkToken, (string Prefix, bool CleanUp)? Decoder, BertOptions? Normalizer, SequenceTemplate Template)
{
    /// <exception cref="FileFormatException">The file is damaged.</exception>
    /// <exception cref="UnsupportedException">The file describes another kind of tokenizer.</exception>
    public static BertTokenizerJson Read(TokenizerJson json)
    {
        var (model, unkToken) = json.Model("WordPiece", m => (ReadModel(m, json.FileLength), m["unk_token"].Text()));
        var normalizer = json.Part<BertOptions?>("normalizer", ("BertNormalizer", BertOptions.Read), (null, _ => null));
        json.Part("pre_tokenizer", ("BertPreTokenizer", _ => true));
        var decoder = json.Part<(string, bool)?>("decoder", ("WordPiece", d => (d["prefix"].Text(), d["cleanup"].Flag())), (null, _ => null));
        return new(model, unkToken, decoder, normalizer, json.PostProcessor("TemplateProcessing", "BertProcessing", null).Template);
    }

    public static JsonObject WriteModel(WordPieceModel model, string unkToken) => new()
    {
        ["type"] = "WordPiece",
        ["unk_token"] = unkToken,
        ["continuing_subword_prefix"] = model.ContinuingSubwordPrefix,
        ["max_input_chars_per_word"] = model.MaxInputCharsPerWord,
        ["vocab"] = VocabularyJson.Write(model.IdLimit, model.IdToToken),
    };

    public static JsonObject? WriteDecoder((string Prefix, bool CleanUp)? decoder) =>
        decoder is { } d ? new() { ["type"] = "WordPiece", ["prefix"] = d.Prefix, ["cleanup"] = d.CleanUp } : null;

    static WordPieceModel ReadModel(JsonPlace model, long fileLength) =>
        new(VocabularyJson.Read(model["vocab"], fileLength), model["continuing_subword_prefix"].Text(), model["max_input_chars_per_word"].Length(0));
}
