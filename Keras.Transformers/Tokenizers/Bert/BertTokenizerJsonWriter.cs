using System.Text.Json.Nodes;

namespace Keras.Transformers;

/// <summary>Writes tokenizer.json as Hugging Face's tokenizers library reads it.</summary>
static class BertTokenizerJsonWriter
{
    public static JsonObject Write(
        WordPieceModel model, string unkToken, (string Prefix, bool CleanUp)? decoder, JsonObject? normalizer, SequenceTemplate template,
        IEnumerable<KeyValuePair<int, AddedToken>> addedTokens, Func<int, string> tokenOf) => new()
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray([.. addedTokens.Select(t => AddedToken(t.Key, t.Value))]),
            ["normalizer"] = normalizer,
            ["pre_tokenizer"] = new JsonObject { ["type"] = "BertPreTokenizer" },
            ["post_processor"] = template == SequenceTemplate.Plain ? null : PostProcessor(template, tokenOf),
            ["decoder"] = decoder is { } d ? new JsonObject { ["type"] = "WordPiece", ["prefix"] = d.Prefix, ["cleanup"] = d.CleanUp } : null,
            ["model"] = new JsonObject
            {
                ["type"] = "WordPiece",
                ["unk_token"] = unkToken,
                ["continuing_subword_prefix"] = model.ContinuingSubwordPrefix,
                ["max_input_chars_per_word"] = model.MaxInputCharsPerWord,
                ["vocab"] = Vocabulary(model),
            },
        };

    static JsonObject Vocabulary(WordPieceModel model) => new(Enumerable.Range(0, model.IdLimit)
        .Where(id => model.IdToToken(id) is not null).Select(id => KeyValuePair.Create(model.IdToToken(id)!, (JsonNode?)id)));

    static JsonObject AddedToken(int id, AddedToken token)
    {
        var json = TokenJson.Write(token, withSpecial: true);
        json.Insert(0, "id", id);
        return json;
    }

    static JsonObject PostProcessor(SequenceTemplate template, Func<int, string> tokenOf) => new()
    {
        ["type"] = "TemplateProcessing",
        ["single"] = new JsonArray([.. template.Single.Select(Piece)]),
        ["pair"] = new JsonArray([.. template.Pair.Select(Piece)]),
        ["special_tokens"] = new JsonObject(template.Single.Concat(template.Pair).Where(p => p.Sequence < 0).DistinctBy(p => p.Name)
            .Select(p => KeyValuePair.Create(p.Name, (JsonNode?)new JsonObject
            {
                ["id"] = p.Name,
                ["ids"] = new JsonArray([.. p.Ids.Select(i => (JsonNode?)i)]),
                ["tokens"] = new JsonArray([.. p.Ids.Select(i => (JsonNode?)tokenOf(i))]),
            }))),
    };

    static JsonObject Piece(TemplatePiece piece) => piece.Sequence < 0
        ? new() { ["SpecialToken"] = new JsonObject { ["id"] = piece.Name, ["type_id"] = piece.TypeId } }
        : new() { ["Sequence"] = new JsonObject { ["id"] = piece.Sequence == 0 ? "A" : "B", ["type_id"] = piece.TypeId } };
}
