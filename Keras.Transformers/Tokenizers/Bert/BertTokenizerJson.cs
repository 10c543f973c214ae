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
    public required BertOptions? Normalizer { get; init; }

    public required SequenceTemplate Template { get; init; }

    public required List<(int Id, AddedToken Token)> AddedTokens { get; init; }

    public string? PaddingSide { get; init; }

    public int? PadTypeId { get; init; }

    public string? TruncationSide { get; init; }

    /// <exception cref="FileFormatException">The file is damaged.</exception>
    /// <exception cref="UnsupportedException">It describes another kind of tokenizer.</exception>
    public static BertTokenizerJson Read(TokenizerFiles files)
    {
        var root = files.Object(TokenizerFiles.Tokenizer);
        var (model, normalizer, decoder, padding) = (root["model"].Object(), root["normalizer"], root["decoder"], root["padding"]);
        // Files of the first versions name no model type.
        if (model["type"].Exists) Require(model, "WordPiece");
        Require(normalizer, "BertNormalizer", null);
        Require(root["pre_tokenizer"], "BertPreTokenizer");
        Require(decoder, "WordPiece", null);
        return new()
        {
            Model = new(ReadVocabulary(model["vocab"], new FileInfo(files.PathOf(TokenizerFiles.Tokenizer)).Length), model["continuing_subword_prefix"].Text(),
                model["max_input_chars_per_word"].Length(0)),
            UnkToken = model["unk_token"].Text(),
            Decoder = decoder.HasValue ? (decoder["prefix"].Text(), decoder["cleanup"].Flag()) : null,
            Normalizer = normalizer.HasValue ? BertOptions.Read(normalizer) : null,
            Template = ReadTemplate(root["post_processor"]),
            AddedTokens = [.. root["added_tokens"].Items().Select(t => (t["id"].Whole(), TokenJson.Read(t, special: false)))],
            PaddingSide = Side(padding),
            PadTypeId = padding.HasValue ? padding["pad_type_id"].Whole() : null,
            TruncationSide = Side(root["truncation"]),
        };
    }

    static string?[] ReadVocabulary(JsonPlace vocab, long fileLength)
    {
        var entries = new List<(string Token, int Id)>();
        foreach (var (token, id) in vocab.Members()) entries.Add((token, id.Whole()));
        var limit = entries.Count == 0 ? throw vocab.Wrong("tokens with their ids") : entries.Max(e => e.Id) + 1L;
        if (limit > fileLength) // every id of a real vocabulary takes some bytes
            throw new FileFormatException("A token's id is out of range", vocab.Where, $"0 to about {entries.Count}", $"{limit - 1}");
        var tokens = new string?[limit];
        foreach (var (token, id) in entries)
        {
            if (tokens[id] is { } other) throw new FileFormatException("Two tokens have one id", vocab.Where, "an id of its own for each", $"{id} for '{other}' and '{token}'");
            tokens[id] = token;
        }
        return tokens;
    }

    static SequenceTemplate ReadTemplate(JsonPlace processor)
    {
        if (!processor.HasValue) return SequenceTemplate.Plain;
        Require(processor, "TemplateProcessing", "BertProcessing");
        return processor["type"].Text() == "BertProcessing" ? ReadBertProcessing(processor["cls"], processor["sep"]) : new(Pieces("single", 1), Pieces("pair", 2));

        TemplatePiece[] Pieces(string name, int sequences)
        {
            TemplatePiece[] pieces = [.. processor[name].Items().Select(p => ReadPiece(p, processor["special_tokens"].Object()))];
            return pieces.Select(p => p.Sequence).Where(s => s >= 0).Order().SequenceEqual(Enumerable.Range(0, sequences))
                ? pieces
                : throw processor[name].Wrong(sequences == 1 ? "special tokens and sequence A once" : "special tokens, sequence A once and sequence B once");
        }
    }

    static SequenceTemplate ReadBertProcessing(JsonPlace cls, JsonPlace sep)
    {
        var (first, last) = (Read(cls), Read(sep));
        return SequenceTemplate.Bert(first.Token, first.Id, last.Token, last.Id);

        static (string Token, int Id) Read(JsonPlace pair) => pair.Items().ToList() is [var token, var id] ? (token.Text(), id.Whole()) : throw pair.Wrong("a token and its id");
    }

    static TemplatePiece ReadPiece(JsonPlace piece, JsonPlace special)
    {
        if (piece["Sequence"] is { Exists: true } sequence)
            return TemplatePiece.Of(sequence["id"].OneOf("A", "B") == "A" ? 0 : 1, sequence["type_id"].Whole());
        var token = piece["SpecialToken"].Object();
        var name = token["id"].Text();
        return new(-1, name, [.. special[name]["ids"].Items().Select(i => i.Whole())], token["type_id"].Whole());
    }

    static string? Side(JsonPlace state) => state["direction"] is { Exists: true } direction ? direction.OneOf("Left", "Right").ToLowerInvariant() : null;

    static void Require(JsonPlace part, params string?[] types)
    {
        var type = part.HasValue ? part["type"].Text() : null;
        if (types.Contains(type)) return;
        throw new UnsupportedException("The file describes a tokenizer of another kind than BERT's", part.Where,
            string.Join(" or ", types.Select(t => t ?? "null")), type ?? "null", "Use the tokenizer class that the model was published with.");
    }
}
