namespace Keras.Layers;

/// <summary>Maps integers to indices of a vocabulary, or indices back to the numbers.</summary>
/// <remarks>Source: keras/src/layers/preprocessing/integer_lookup.py.</remarks>
public sealed class IntegerLookup : IndexLookup
{
    const string NumberDType = "int64";

    /// <summary>Maps integers to indices of a vocabulary, or indices back to the numbers.</summary>
    /// <param name="max_tokens">The largest number of indices, special tokens included; default any number.</param>
    /// <param name="num_oov_indices">The number of indices for out-of-vocabulary numbers; 0 to reject such numbers. Default 1.</param>
    /// <param name="mask_token">The number that is padding, which gets index 0 (output_mode "int") or counts nothing; default none.</param>
    /// <param name="oov_token">The token that invert gives for other indices; default -1.</param>
    /// <param name="vocabulary">The numbers, or the name of a file with one per line; default learned by adapt.</param>
    /// <param name="vocabulary_dtype">"int64".</param>
    /// <param name="idf_weights">With output_mode "tf_idf" and a vocabulary the inverse document frequency of each number.</param>
    /// <param name="invert">Whether to map indices to numbers; default false.</param>
    /// <param name="output_mode">"int" for indices (default); "one_hot", "multi_hot", "count" or "tf_idf" for vectors with an element for each index.</param>
    /// <param name="sparse">Not supported; sparse tensors do not exist here.</param>
    /// <param name="pad_to_max_tokens">Whether such vectors have max_tokens elements, however large the vocabulary is; default false.</param>
    /// <param name="oov_method">How numbers out of the vocabulary share their indices: "floormod" (default) by the remainder, "farmhash" by the hash of their text.</param>
    /// <param name="salt">With "farmhash" the keys of a hash that others cannot foresee (SipHash); default none (FarmHash).</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy; outputs do not follow it.</param>
    /// <exception cref="ArgumentException">The options do not go together, or the vocabulary is empty or has a number twice.</exception>
    /// <exception cref="UnsupportedException">sparse is true.</exception>
    public IntegerLookup(int? max_tokens = null, int num_oov_indices = 1, long? mask_token = null, long? oov_token = -1, Vocabulary? vocabulary = null, string vocabulary_dtype = NumberDType, double[]? idf_weights = null,
        bool invert = false, string output_mode = "int", bool sparse = false, bool pad_to_max_tokens = false, string oov_method = "floormod", Salt? salt = null, string? name = null, DTypePolicy? dtype = null)
        : base(new()
        {
            AreNumbers = Known.OneOf(vocabulary_dtype, nameof(vocabulary_dtype), NumberDType) is not null, MaxTokens = max_tokens, OovIndices = num_oov_indices, MaskToken = mask_token, OovToken = oov_token,
            Invert = invert, OutputMode = LookupOptions.ModeOf(output_mode, sparse, nameof(IntegerLookup)), PadToMaxTokens = pad_to_max_tokens,
            HashesNumbers = Known.OneOf(oov_method, nameof(oov_method), "floormod", "farmhash") == "farmhash", Salt = salt,
        }, vocabulary, idf_weights, name, dtype)
    {
    }

    /// <summary>The numbers in the order of their indices.</summary>
    /// <param name="include_special_tokens">Whether the mask's and the unknown token are among them; default true.</param>
    public long[] get_vocabulary(bool include_special_tokens = true) => [.. AllTokens(include_special_tokens).Select(t => t as long? ?? -1)];

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["vocabulary_dtype"] = NumberDType };

    internal static Layer OfConfig(IReadOnlyDictionary<string, object?> config)
    {
        var layer = (IntegerLookup)OfConfig(typeof(IntegerLookup), config);
        layer.KnownSize ??= SizeOf(config);
        return layer;
    }
}
