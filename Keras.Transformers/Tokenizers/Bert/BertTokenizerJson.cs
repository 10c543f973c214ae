using System.Text.Json;
using System.Text.Json.Nodes;

namespace Keras.Transformers;

/// <summary>A tokenizer.json of a BERT tokenizer: what Hugging Face's tokenizers library serialises.</summary>
sealed class BertTokenizerJson
{
    BertTokenizerJson() { }

    public required WordPieceModel Model { get; init; }

    public required string UnkToken { get; init; }

    /// <summary>The decoder's prefix of continuing pieces and whether it cleans up; null: tokens are joined by spaces.</summary>
    public required (string Prefix, bool CleanUp)? Decoder { get; init; }

    /// <summary>The normaliser's options; null where there is none.</summary>
    public required JsonObject? Normalizer { get; init; }

    public required SequenceTemplate Template { get; init; }

    public required List<(int Id, AddedToken Token)> AddedTokens { get; init; }

    public string? PaddingSide { get; init; }

    public int? PadTypeId { get; init; }

    public string? TruncationSide { get; init; }

    /// <exception cref="FileFormatException">The file is damaged.</exception>
    /// <exception cref="UnsupportedException">It describes another kind of tokenizer.</exception>
    public static BertTokenizerJson Read(TokenizerFiles files)
    {
        var path = files.PathOf(TokenizerFiles.Tokenizer);
        try
        {
            using var document = files.ReadTokenizer();
            return Read(document.RootElement, path, new FileInfo(path).Length);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new FileFormatException("The file is no tokenizer as the tokenizers library writes it", path, inner: e);
        }
    }

    static BertTokenizerJson Read(JsonElement root, string path, long fileLength)
    {
        var model = root.GetProperty("model");
        Require(path, "model", model, "WordPiece");
        Require(path, "normalizer", Optional(root, "normalizer"), "BertNormalizer", null);
        Require(path, "pre_tokenizer", Optional(root, "pre_tokenizer"), "BertPreTokenizer");
        Require(path, "decoder", Optional(root, "decoder"), "WordPiece", null);
        var decoder = Optional(root, "decoder");
        var padding = Optional(root, "padding");
        return new()
        {
            Model = new(ReadVocabulary(model.GetProperty("vocab"), path, fileLength), model.GetProperty("continuing_subword_prefix").GetString()!,
                model.GetProperty("max_input_chars_per_word").GetInt32()),
            UnkToken = model.GetProperty("unk_token").GetString()!,
            Decoder = decoder is { } d ? (d.GetProperty("prefix").GetString()!, d.GetProperty("cleanup").GetBoolean()) : null,
            Normalizer = Optional(root, "normalizer") is { } n ? JsonObject.Create(n.Clone()) : null,
            Template = ReadTemplate(Optional(root, "post_processor"), path),
            AddedTokens = [.. root.GetProperty("added_tokens").EnumerateArray()
                .Select(t => (t.GetProperty("id").GetInt32(), TokenJson.Read(JsonObject.Create(t.Clone()), special: false, path)))],
            PaddingSide = Side(padding),
            PadTypeId = padding?.GetProperty("pad_type_id").GetInt32(),
            TruncationSide = Side(Optional(root, "truncation")),
        };
    }

    static string?[] ReadVocabulary(JsonElement vocab, string path, long fileLength)
    {
        var entries = vocab.EnumerateObject().Select(p => (Token: p.Name, Id: p.Value.GetInt32())).ToList();
        var limit = entries.Count == 0 ? 0 : entries.Max(e => e.Id) + 1L;
        if (entries.Any(e => e.Id < 0) || limit > fileLength) // every id of a real vocabulary takes some bytes
            throw new FileFormatException("Token ids are out of range", $"{path}, model.vocab", $"0 to about {entries.Count}",
                $"{entries.Min(e => e.Id)} to {limit - 1}");
        var tokens = new string?[limit];
        foreach (var (token, id) in entries) tokens[id] = token;
        return tokens;
    }

    static SequenceTemplate ReadTemplate(JsonElement? processor, string path)
    {
        if (processor is not { } p) return SequenceTemplate.Plain;
        Require(path, "post_processor", p, "TemplateProcessing", "BertProcessing");
        if (p.GetProperty("type").GetString() == "BertProcessing")
            return SequenceTemplate.Bert(p.GetProperty("cls")[0].GetString()!, p.GetProperty("cls")[1].GetInt32(), p.GetProperty("sep")[0].GetString()!,
                p.GetProperty("sep")[1].GetInt32());
        var special = p.GetProperty("special_tokens");
        return new(Pieces("single"), Pieces("pair"));

        TemplatePiece[] Pieces(string name) => [.. p.GetProperty(name).EnumerateArray().Select(Piece)];

        TemplatePiece Piece(JsonElement piece)
        {
            if (piece.TryGetProperty("Sequence", out var sequence))
                return TemplatePiece.Of(sequence.GetProperty("id").GetString() == "A" ? 0 : 1, sequence.GetProperty("type_id").GetInt32());
            var token = piece.GetProperty("SpecialToken");
            var id = token.GetProperty("id").GetString()!;
            var ids = special.GetProperty(id).GetProperty("ids").EnumerateArray().Select(i => i.GetInt32());
            return new(-1, id, [.. ids], token.GetProperty("type_id").GetInt32());
        }
    }

    static JsonElement? Optional(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    static string? Side(JsonElement? state) =>
        state is { } s && s.TryGetProperty("direction", out var direction) ? direction.GetString()!.ToLowerInvariant() : null;

    static void Require(string path, string part, JsonElement? element, params string?[] types)
    {
        // Files of the first versions name no model type.
        var type = element is { } e ? e.TryGetProperty("type", out var name) ? name.GetString() : part == "model" ? types[0] : null : null;
        if (types.Contains(type)) return;
        throw new UnsupportedException("The file describes a tokenizer of another kind than BERT's", $"{path}, {part}",
            string.Join(" or ", types.Select(t => t ?? "null")), type ?? "null", "Use the tokenizer class that the model was published with.");
    }
}
