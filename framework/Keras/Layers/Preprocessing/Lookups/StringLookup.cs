namespace Keras.Layers;

/// <summary>Maps texts to indices of a vocabulary, or indices back to texts.</summary>
/// <remarks>Texts never go through XLA: a model that is compiled with it looks them up before the compiled part.
/// Unlike Keras' own, a vocabulary is read and written in <c>encoding</c> everywhere. Source: keras/src/layers/preprocessing/string_lookup.py.</remarks>
/// <example>
/// <code>
/// var lookup = keras.layers.StringLookup(vocabulary: new[] { "cat", "dog" });
/// Console.WriteLine(lookup.Apply(new[] { "dog", "fish" }));   // 2 and, for what is not in the vocabulary, 0
/// </code>
/// </example>
public sealed class StringLookup : IndexLookup
{
    readonly string _encoding;

    /// <summary>Maps texts to indices of a vocabulary, or indices back to texts.</summary>
    /// <param name="max_tokens">The largest number of indices, special tokens included; default any number.</param>
    /// <param name="num_oov_indices">The number of indices for out-of-vocabulary texts, which share them by hash; 0 to reject such texts. Default 1.</param>
    /// <param name="mask_token">The text of padding, which gets index 0 (output_mode "int") or counts nothing; default none.</param>
    /// <param name="oov_token">The token that invert gives for other indices; default "[UNK]".</param>
    /// <param name="vocabulary">The texts, or the name of a file with one per line; default learned by adapt.</param>
    /// <param name="idf_weights">With output_mode "tf_idf" and a vocabulary the inverse document frequency of each text.</param>
    /// <param name="invert">Whether to map indices to texts; default false.</param>
    /// <param name="output_mode">"int" for indices (default); "one_hot", "multi_hot", "count" or "tf_idf" for vectors with an element for each index.</param>
    /// <param name="pad_to_max_tokens">Whether such vectors have max_tokens elements, however large the vocabulary is; default false.</param>
    /// <param name="sparse">Not supported; sparse tensors do not exist here.</param>
    /// <param name="encoding">The encoding of texts; default "utf-8".</param>
    /// <param name="salt">Keys of a hash for texts out of the vocabulary that others cannot foresee (SipHash); default none (FarmHash).</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy; outputs do not follow it.</param>
    /// <exception cref="ArgumentException">The options do not go together, or the vocabulary is empty or has a text twice.</exception>
    /// <exception cref="UnsupportedException">sparse is true.</exception>
    public StringLookup(int? max_tokens = null, int num_oov_indices = 1, string? mask_token = null, string? oov_token = "[UNK]", Vocabulary? vocabulary = null, double[]? idf_weights = null, bool invert = false,
        string output_mode = "int", bool pad_to_max_tokens = false, bool sparse = false, string encoding = "utf-8", Salt? salt = null, string? name = null, DTypePolicy? dtype = null)
        : base(new()
        {
            MaxTokens = max_tokens, OovIndices = num_oov_indices, MaskToken = mask_token, OovToken = oov_token, Invert = invert, OutputMode = LookupOptions.ModeOf(output_mode, sparse, nameof(StringLookup)),
            PadToMaxTokens = pad_to_max_tokens, Encoding = TokenTexts.EncodingOf(encoding), Salt = salt,
        }, vocabulary, idf_weights, name, dtype) => _encoding = encoding;

    /// <summary>The texts in the order of their indices.</summary>
    /// <param name="include_special_tokens">Whether the mask's and the unknown token are among them; default true.</param>
    public string[] get_vocabulary(bool include_special_tokens = true) => [.. AllTokens(include_special_tokens).Select(t => t as string ?? "")];

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["encoding"] = _encoding };

    internal static Layer OfConfig(IReadOnlyDictionary<string, object?> config)
    {
        var layer = (StringLookup)OfConfig(typeof(StringLookup), config, "oov_method", "vocabulary_dtype");
        layer.KnownSize ??= SizeOf(config);
        return layer;
    }
}
