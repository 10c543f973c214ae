using System.Text.Json.Nodes;

namespace Keras.Transformers;

/// <summary>The post_processor of a tokenizer.json.</summary>
/// <param name="Template">Where special tokens go.</param>
/// <param name="TrimsOffsets">Whether the offsets of byte-level tokens leave out white space at their ends.</param>
/// <param name="AddsPrefixSpace">Whether the text's first space counts as added by the tokenizer, so that it is not trimmed.</param>
sealed record PostProcessor(SequenceTemplate Template, bool TrimsOffsets = false, bool AddsPrefixSpace = false)
{
    static readonly Dictionary<string, Func<JsonPlace, PostProcessor>> Readers = new()
    {
        ["TemplateProcessing"] = p => new(new SequenceTemplate(Pieces(p, "single", 1), Pieces(p, "pair", 2))),
        ["BertProcessing"] = p => new(OfTokens(p, SequenceTemplate.Bert)),
        ["RobertaProcessing"] = p => OfByteLevel(p, OfTokens(p, SequenceTemplate.Roberta)),
        ["ByteLevel"] = p => OfByteLevel(p, SequenceTemplate.Plain),
    };

    /// <summary>The reader for a type; null for no post-processor.</summary>
    public static Func<JsonPlace, PostProcessor> ReaderOf(string? type) => type is null ? _ => new(SequenceTemplate.Plain) : Readers[type];

    /// <summary>Writes a template as TemplateProcessing; null if it inserts nothing.</summary>
    public static JsonObject? Write(SequenceTemplate template, Func<int, string> tokenOf) => template == SequenceTemplate.Plain ? null : new()
    {
        ["type"] = "TemplateProcessing",
        ["single"] = new JsonArray([.. template.Single.Select(WritePiece)]),
        ["pair"] = new JsonArray([.. template.Pair.Select(WritePiece)]),
        ["special_tokens"] = new JsonObject(template.Single.Concat(template.Pair).Where(p => p.Sequence < 0).DistinctBy(p => p.Name)
            .Select(p => KeyValuePair.Create(p.Name, (JsonNode?)new JsonObject
            {
                ["id"] = p.Name,
                ["ids"] = new JsonArray([.. p.Ids.Select(i => (JsonNode?)i)]),
                ["tokens"] = new JsonArray([.. p.Ids.Select(i => (JsonNode?)tokenOf(i))]),
            }))),
    };

    static TemplatePiece[] Pieces(JsonPlace processor, string name, int sequences)
    {
        TemplatePiece[] pieces = [.. processor[name].Items().Select(p => ReadPiece(p, processor["special_tokens"].Object()))];
        return pieces.Select(p => p.Sequence).Where(s => s >= 0).Order().SequenceEqual(Enumerable.Range(0, sequences))
            ? pieces
            : throw processor[name].Wrong(sequences == 1 ? "special tokens and sequence A once" : "special tokens, sequence A once and sequence B once");
    }

    static TemplatePiece ReadPiece(JsonPlace piece, JsonPlace special)
    {
        if (piece["Sequence"] is { Exists: true } sequence)
            return TemplatePiece.Of(sequence["id"].OneOf("A", "B") == "A" ? 0 : 1, sequence["type_id"].Whole());
        var token = piece["SpecialToken"].Object();
        var name = token["id"].Text();
        return new(-1, name, [.. special[name]["ids"].Items().Select(i => i.Whole())], token["type_id"].Whole());
    }

    static JsonObject WritePiece(TemplatePiece piece) => piece.Sequence < 0
        ? new() { ["SpecialToken"] = new JsonObject { ["id"] = piece.Name, ["type_id"] = piece.TypeId } }
        : new() { ["Sequence"] = new JsonObject { ["id"] = piece.Sequence == 0 ? "A" : "B", ["type_id"] = piece.TypeId } };

    static SequenceTemplate OfTokens(JsonPlace processor, Func<string, int, string, int, SequenceTemplate> make)
    {
        var ((cls, clsId), (sep, sepId)) = (Read(processor["cls"]), Read(processor["sep"]));
        return make(cls, clsId, sep, sepId);

        static (string Token, int Id) Read(JsonPlace pair) => pair.Items().ToList() is [var token, var id] ? (token.Text(), id.Whole()) : throw pair.Wrong("a token and its id");
    }

    static PostProcessor OfByteLevel(JsonPlace processor, SequenceTemplate template) =>
        new(template, processor["trim_offsets"].FlagOrNull() ?? true, processor["add_prefix_space"].FlagOrNull() ?? true);
}
