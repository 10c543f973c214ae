namespace Keras.Transformers;

/// <summary>
/// A tokenizer.json, as serialised by Hugging Face's tokenizers library: the common settings, and the parts whose type a class must know.
/// </summary>
sealed class TokenizerJson
{
    readonly JsonPlace _root;

    /// <exception cref="FileFormatException">The file is damaged.</exception>
    public TokenizerJson(TokenizerFiles files)
    {
        _root = files.Object(TokenizerFiles.Tokenizer);
        FileLength = ContentLength.Of(files.PathOf(TokenizerFiles.Tokenizer));
        AddedTokens = [.. _root["added_tokens"].Items().Select(t => (t["id"].Whole(), TokenJson.Read(t, special: false)))];
        var padding = _root["padding"];
        (PaddingSide, TruncationSide) = (Side(padding), Side(_root["truncation"]));
        PadTypeId = padding.HasValue ? padding["pad_type_id"].Whole() : null;
    }

    public long FileLength { get; }

    public IReadOnlyList<(int Id, AddedToken Token)> AddedTokens { get; }

    // Of padding and truncation, only sides and types outlive a call, as in Hugging Face.
    public string? PaddingSide { get; }

    public int? PadTypeId { get; }

    public string? TruncationSide { get; }

    /// <summary>Reads the model. Files of early versions name no type.</summary>
    /// <exception cref="UnsupportedException">The model is of another type.</exception>
    public T Model<T>(string type, Func<JsonPlace, T> read)
    {
        var model = _root["model"].Object();
        return model["type"].Exists ? Typed(model, (type, read)) : read(model);
    }

    /// <summary>Reads a part (normalizer, pre_tokenizer, decoder, post_processor) by its type; null for a part that is null.</summary>
    /// <exception cref="UnsupportedException">The part is not of one of the types.</exception>
    public T Part<T>(string name, params ReadOnlySpan<(string? Type, Func<JsonPlace, T> Read)> types) => Typed(_root[name], types);

    /// <summary>Reads the post-processor, which must be of one of the types (null for none).</summary>
    /// <exception cref="UnsupportedException">The post-processor is not of one of the types.</exception>
    public PostProcessor PostProcessor(params ReadOnlySpan<string?> types)
    {
        var readers = new List<(string?, Func<JsonPlace, PostProcessor>)>();
        foreach (var type in types) readers.Add((type, Transformers.PostProcessor.ReaderOf(type)));
        return Part("post_processor", [.. readers]);
    }

    static T Typed<T>(JsonPlace part, params ReadOnlySpan<(string? Type, Func<JsonPlace, T> Read)> types)
    {
        var type = part.HasValue ? part["type"].Text() : null;
        var known = new List<string>();
        foreach (var (name, read) in types)
        {
            if (name == type) return read(part);
            known.Add(name ?? "null");
        }
        throw new UnsupportedException("The file describes a tokenizer of another kind than this class", part.Where, string.Join(" or ", known), type ?? "null",
            $"Use the tokenizer class that the model was published with. {AutoTokenizer.OtherFamilies}");
    }

    static string? Side(JsonPlace state) => state["direction"] is { Exists: true } direction ? direction.OneOf("Left", "Right").ToLowerInvariant() : null;
}
