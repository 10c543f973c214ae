namespace Keras.Layers;

// Learning a vocabulary, and keeping it in files.
public abstract partial class IndexLookup
{
    const string AssetName = "vocabulary.txt", WeightsName = "idf_weights";

    /// <summary>Learns the vocabulary: all tokens, the most frequent first, equally frequent ones in descending order; at most max_tokens with the special ones.</summary>
    /// <param name="data">Tokens: a vector, each a document of its own, or (N, ...) with a document in each row.</param>
    /// <exception cref="ArgumentException">There are no tokens.</exception>
    /// <exception cref="InvalidOperationException">The vocabulary was given when the layer was made, or its size would change the layer's output shape.</exception>
    public void adapt(Tensors data)
    {
        ArgumentNullException.ThrowIfNull(data);
        InferredShapes.RequireAny(data);
        reset_state();
        update_state(data.Single.ndim == 1 ? Graphs.Tf.ExpandDims(data.Single, 1) : data);
        finalize_state();
    }

    /// <summary>Counts the tokens of a batch; <see cref="adapt(Tensors)"/> calls it.</summary>
    /// <param name="data">A document (N), or documents (B, ...).</param>
    /// <exception cref="InvalidOperationException">The vocabulary was given when the layer was made.</exception>
    public void update_state(Tensors data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (_isFixed) throw new InvalidOperationException($"The layer '{name}' was given its vocabulary: there is nothing to learn. Use set_vocabulary to give it another, or make it without vocabulary.");
        var tensor = data.Single;
        _counts.Add(TokenTexts.Read(tensor, _options.Encoding, _options.AreNumbers, $"layer '{name}'"), tensor.ndim < 2 ? 1 : tensor.shape[0]);
    }

    /// <summary>Makes the vocabulary from the counts; <see cref="adapt(Tensors)"/> calls it.</summary>
    /// <exception cref="ArgumentException">What was counted has no tokens.</exception>
    public void finalize_state()
    {
        if (_isFixed || _counts.Documents == 0) return;
        if (_counts.IsEmpty)
        {
            reset_state();
            throw new ArgumentException($"There is nothing to learn for the layer '{name}': the data have no tokens. Expected: at least one token.", "data");
        }
        var tokens = _counts.MostFrequent(_options.MaxTokens - _options.TokenStart, [_options.MaskToken, _options.OovToken], _options.Encoding);
        var weights = _options.OutputMode == LookupOptions.TfIdf ? Padded(_counts.InverseDocumentFrequencies(tokens), hasSpecial: false) : null;
        reset_state();
        Use(tokens, weights);
    }

    /// <summary>Forgets the counts; the vocabulary stays.</summary>
    public void reset_state() => _counts = new();

    /// <summary>Writes the vocabulary into <c>vocabulary.txt</c>, with its special tokens, one per line; no file if the config holds it.</summary>
    /// <param name="dir_path">The folder.</param>
    /// <exception cref="UnsupportedException">A token holds a line's end.</exception>
    /// <exception cref="IOException">The disk cannot be written.</exception>
    public void save_assets(string dir_path)
    {
        ArgumentException.ThrowIfNullOrEmpty(dir_path);
        foreach (var (file, content) in ((ISavedState)this).Assets()) Files.AtomicFile.WriteAllBytes(Path.Combine(dir_path, file), content);
    }

    /// <summary>Sets the vocabulary from what <see cref="save_assets"/> wrote.</summary>
    /// <param name="dir_path">The folder.</param>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public void load_assets(string dir_path)
    {
        ArgumentException.ThrowIfNullOrEmpty(dir_path);
        if (_givenVocabulary is not null) return;
        var path = Path.Combine(dir_path, AssetName);
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no vocabulary file '{path}'.", path);
        ((ISavedState)this).Load(AssetName, File.ReadAllBytes(path), path);
    }

    IEnumerable<(string Name, byte[] Content)> ISavedState.Assets()
    {
        if (_givenVocabulary is not null) yield break;
        object[] all = [.. AllTokens(true).Select(t => t ?? "")];
        yield return (AssetName, TokenTexts.Lines(all, _options.Encoding) ?? throw new UnsupportedException("A token contains a line break, which a file of one token per line cannot hold",
            $"layer '{name}'", "tokens without line ends", Named(all.Where(t => t is string text && text.AsSpan().ContainsAny('\n', '\r'))), "Give the vocabulary when the layer is made: then the config holds it."));
    }

    void ISavedState.Load(string asset, byte[] content, string where)
    {
        if (asset != AssetName || _givenVocabulary is not null) return;
        var lines = TokenTexts.LinesOf(content, _options.Encoding, where, _options.AreNumbers || _tokens.Length > 0 ? null : KnownSize);
        var (tokens, special) = TokensOf(lines, where);
        // A layer saved without a vocabulary wrote only its special tokens.
        if (lines.Count < _options.TokenStart || tokens.Length == 0) return;
        Check(tokens, special);
        Use(tokens, Weights);
    }

    /// <summary>Reads tokens from lines, without leading special ones; a missing special token is an empty line.</summary>
    (object[] Tokens, int Special) TokensOf(List<string> lines, string where)
    {
        var special = lines.Take(_options.TokenStart).SequenceEqual(_options.SpecialTokens.Select(t => t is null ? "" : TokenTexts.Show(t))) ? _options.TokenStart : 0;
        return (TokenTexts.OfLines(lines.Skip(special), _options.AreNumbers, where, special), special);
    }

    int ISavedState.KnownSize => _givenVocabulary is null && KnownSize is { } known ? known : 0;

    int ISavedState.Size => vocabulary_size();

    IEnumerable<(string Name, float[] Values)> ISavedState.Arrays => Weights is null ? [] : [(WeightsName, Weights)];

    Shape? ISavedState.ShapeOf(string array) => array == WeightsName && (_options.PadToMaxTokens ? _options.MaxTokens : KnownSize) is { } depth ? new Shape(depth) : null;

    void ISavedState.Load(string array, float[] values)
    {
        if (array == WeightsName) Weights = values;
    }
}
