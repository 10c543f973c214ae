using Keras.Saving;

namespace Keras.Layers;

/// <summary>The base of <see cref="StringLookup"/> and <see cref="IntegerLookup"/>: maps tokens to indices, or back.</summary>
/// <remarks>Index 0 is the mask's where there is a mask token and the output mode is "int"; then come the indices of tokens out of the vocabulary, then the vocabulary.
/// Encoded outputs are int64 (tf_idf float32), as Keras computes them. Source: keras/src/layers/preprocessing/index_lookup.py.</remarks>
public abstract partial class IndexLookup : Layer, IAdaptable, ISavedState
{
    readonly LookupOptions _options;
    readonly LookupTable _table;
    readonly LiveNumbers _liveWeights;
    readonly bool _isFixed;
    object[]? _givenVocabulary;
    double[]? _givenWeights;
    TokenCounts _counts = new();
    object[] _tokens = [];

    /// <summary>The weight of each index in the mode "tf_idf".</summary>
    float[]? Weights
    {
        get;
        set
        {
            if (value is not null) _liveWeights.Set(HostTensor.Vector<float>(value));
            field = value;
        }
    }

    private protected IndexLookup(LookupOptions options, Vocabulary? vocabulary, double[]? idf_weights, string? name, DTypePolicy? dtype) : base(name, dtype: dtype)
    {
        _options = options.Checked();
        if (idf_weights is not null && options.OutputMode != LookupOptions.TfIdf) throw new ArgumentException($"idf_weights were given, but output_mode is not \"tf_idf\". Received: \"{options.OutputMode}\".", nameof(idf_weights));
        if (vocabulary is not null && idf_weights is null && options.OutputMode == LookupOptions.TfIdf) throw new ArgumentException("idf_weights are missing. A vocabulary for output_mode \"tf_idf\" needs them.", nameof(idf_weights));
        (_isFixed, _givenWeights) = (vocabulary is not null, idf_weights);
        var keys = options.AreNumbers ? DType.Int64 : DType.String;
        _table = options.Invert ? new(this.name, DType.Int64, keys) : new(this.name, keys, DType.Int64);
        _liveWeights = new($"{this.name}_{WeightsName}");
        (autocast, built) = (false, true);
        if (vocabulary is null) return;
        set_vocabulary(vocabulary, idf_weights);
        if (vocabulary.Path is null) _givenVocabulary = vocabulary.Tokens(options.Encoding, options.AreNumbers);
    }

    internal LookupOptions Options => _options;

    /// <summary>Whether the vocabulary was given to the constructor, so nothing is learned.</summary>
    internal bool IsFixed => _isFixed;

    /// <summary>The number of indices when the vocabulary was last set; outputs of other modes than "int" have it as their last dimension.</summary>
    internal int? KnownSize { get; set; }

    /// <summary>The number of indices: the vocabulary and the special tokens.</summary>
    public int vocabulary_size() => _tokens.Length + _options.TokenStart;

    /// <summary>The tokens as objects, in order of their indices.</summary>
    private protected IEnumerable<object?> AllTokens(bool include_special_tokens) => include_special_tokens ? _options.SpecialTokens.Concat(_tokens) : _tokens;

    /// <summary>Sets the vocabulary: the tokens to look up.</summary>
    /// <param name="vocabulary">The tokens, each once, or the name of a file with one per line. The special tokens may come first, all of them in their order.</param>
    /// <param name="idf_weights">With output_mode "tf_idf" the inverse document frequency of each token; otherwise none.</param>
    /// <exception cref="ArgumentException">There are no tokens, one is duplicated or a special one, there are more than max_tokens, or the weights do not fit.</exception>
    /// <exception cref="InvalidOperationException">The number of tokens would change the layer's output shape.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public void set_vocabulary(Vocabulary vocabulary, double[]? idf_weights = null)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        var hasWeights = _options.OutputMode == LookupOptions.TfIdf;
        if (hasWeights != idf_weights is not null)
            throw new ArgumentException(hasWeights ? "idf_weights are missing. A vocabulary for output_mode \"tf_idf\" needs them." : $"idf_weights were given, but output_mode is not \"tf_idf\". Received: \"{_options.OutputMode}\".", nameof(idf_weights));
        if (hasWeights && vocabulary.Path is not null) throw new ArgumentException("A vocabulary file cannot be used with output_mode \"tf_idf\". Give the vocabulary as a list, with its idf_weights.", nameof(vocabulary));
        if (vocabulary.Path is { } path) SetFile(path);
        else SetList(vocabulary.Tokens(_options.Encoding, _options.AreNumbers), idf_weights);
    }

    /// <summary>Sets the vocabulary from a file, which is not part of the config, so the vocabulary is saved beside it.</summary>
    void SetFile(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no vocabulary file '{path}'.", path);
        var (tokens, special) = TokensOf(TokenTexts.LinesOf(File.ReadAllBytes(path), _options.Encoding, path), path);
        if (tokens.Length + special == 0) throw EmptyVocabulary();
        Check(tokens, special);
        Use(tokens, null);
        _givenVocabulary = null;
    }

    static ArgumentException EmptyVocabulary() => new("A vocabulary is empty. Expected: at least one token.", "vocabulary");

    void SetList(object[] given, double[]? idf_weights)
    {
        if (given.Length == 0) throw EmptyVocabulary();
        var hasSpecial = _options.TokenStart > 0 && given.Length >= _options.TokenStart && given.Take(_options.TokenStart).SequenceEqual(_options.SpecialTokens);
        object[] tokens = hasSpecial ? given[_options.TokenStart..] : given;
        Check(tokens, hasSpecial ? _options.TokenStart : 0);
        if (idf_weights is not null && idf_weights.Length != given.Length)
            throw new ArgumentException($"The number of idf_weights is not the number of tokens. Expected: {given.Length}. Received: {idf_weights.Length}.", nameof(idf_weights));
        Use(tokens, idf_weights is null ? null : Padded([.. idf_weights.Select(w => (float)w)], hasSpecial));
        if (_givenVocabulary is not null) (_givenVocabulary, _givenWeights) = (given, idf_weights);
    }

    void Check(object[] tokens, int offset)
    {
        object[] repeated = [.. tokens.CountBy(t => t).Where(c => c.Value > 1).Select(c => c.Key)];
        if (repeated.Length > 0) throw new ArgumentException($"A vocabulary repeats tokens. Expected: each token once. Received several times: {Named(repeated)}.", "vocabulary");
        foreach (var special in new[] { _options.MaskToken, _options.Invert ? _options.OovToken : null })
            if (special is not null && Array.IndexOf(tokens, special) is var at and >= 0)
                throw new ArgumentException($"A special token stands among a vocabulary's own. Expected: no special tokens, or all of them in front: {Named(_options.SpecialTokens)}. Received: {Named([special])} at index {at + offset}.", "vocabulary");
        if (_options.MaxTokens is { } most && tokens.Length + _options.TokenStart > most)
            throw new ArgumentException($"A vocabulary is larger than max_tokens. Expected: at most {most - _options.TokenStart} tokens beside the {_options.TokenStart} special ones. Received: {tokens.Length}.", "vocabulary");
    }

    internal static string Named(IEnumerable<object?> tokens) => Known.List(tokens.Take(10).Select(t => t is string text ? JsonText.Show(text) : t is null ? "none" : TokenTexts.Show(t)));

    void Use(object[] tokens, float[]? weights)
    {
        var size = tokens.Length + _options.TokenStart;
        if (!_options.IsInt && !_options.PadToMaxTokens && KnownSize is { } known && known != size)
            throw new InvalidOperationException($"The vocabulary of the layer '{name}' cannot change its size: with output_mode \"{_options.OutputMode}\" it is a dimension of the outputs. Expected: {known} tokens, with {_options.TokenStart} special ones. Received: {size}. Set max_tokens and pad_to_max_tokens: true, or make a new layer.");
        (_tokens, Weights, KnownSize) = (tokens, weights, size);
        var keys = TokenTexts.Vector(tokens, _options.Encoding, _options.AreNumbers);
        var numbers = HostTensor.Vector<long>([.. Enumerable.Range(0, tokens.Length).Select(i => (long)i)]);
        if (_options.Invert) _table.Fill(numbers, keys);
        else _table.Fill(keys, numbers);
    }

    /// <summary>A weight for each index: the mean for special tokens, 0 for the padding up to max_tokens.</summary>
    float[] Padded(float[] weights, bool hasSpecial)
    {
        var front = hasSpecial ? 0 : _options.TokenStart;
        var mean = weights.Length == 0 ? 0 : weights.Average();
        var back = _options.PadToMaxTokens ? Math.Max(0, _options.MaxTokens!.Value - front - weights.Length) : 0;
        return [.. Enumerable.Repeat(mean, front), .. weights, .. Enumerable.Repeat(0f, back)];
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config())
    {
        ["invert"] = _options.Invert, ["max_tokens"] = _options.MaxTokens, ["num_oov_indices"] = _options.OovIndices, ["oov_token"] = _options.OovToken,
        ["mask_token"] = _options.MaskToken, ["output_mode"] = _options.OutputMode, ["sparse"] = false, ["pad_to_max_tokens"] = _options.PadToMaxTokens,
        ["idf_weights"] = _givenWeights, ["vocabulary"] = _givenVocabulary, ["vocabulary_size"] = KnownSize,
        ["oov_method"] = _options.HashesNumbers ? "farmhash" : "floormod", ["salt"] = _options.Salt?.ToConfig(),
    };

    /// <summary>Makes a layer from a Keras config, which holds more than the constructor's arguments.</summary>
    internal static Layer OfConfig(Type type, IReadOnlyDictionary<string, object?> config, params string[] alsoWritten)
    {
        if (config.GetValueOrDefault("vocabulary") is string file)
            throw new UnsupportedException("A config names a vocabulary file that it does not contain", $"layer '{config.GetValueOrDefault("name")}'", "the vocabulary itself, or none", JsonText.Show(file), "Set the vocabulary with set_vocabulary after loading.");
        var written = new HashSet<string>(alsoWritten) { "vocabulary_size", "has_input_vocabulary" };
        return LayerConfigs.Construct(type, config.Where(c => !written.Contains(c.Key)).ToDictionary(c => c.Key, c => c.Value));
    }

    /// <summary>The number of indices in a config, before the vocabulary itself is read.</summary>
    internal static int? SizeOf(IReadOnlyDictionary<string, object?> config) => config.GetValueOrDefault("vocabulary_size") is { } size ? Convert.ToInt32(size, System.Globalization.CultureInfo.InvariantCulture) : null;
}
