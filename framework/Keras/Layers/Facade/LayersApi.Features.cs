namespace Keras.Layers;

public sealed partial class LayersApi
{
    /// <summary>Layers for texts and tabular features.</summary>
    internal static readonly Type[] FeatureClasses =
        [typeof(TextVectorization), typeof(StringLookup), typeof(IntegerLookup), typeof(Hashing), typeof(HashedCrossing), typeof(Discretization)];

    /// <inheritdoc cref="Layers.TextVectorization(int?, string, string, Axes, string, int?, bool, Vocabulary, double[], bool, bool, string, string, DTypePolicy)"/>
    public TextVectorization TextVectorization(int? max_tokens = null, string? standardize = "lower_and_strip_punctuation", string? split = "whitespace", Axes? ngrams = null, string output_mode = "int",
        int? output_sequence_length = null, bool pad_to_max_tokens = false, Vocabulary? vocabulary = null, double[]? idf_weights = null, bool sparse = false, bool ragged = false, string encoding = "utf-8",
        string? name = null, DTypePolicy? dtype = null) =>
        new(max_tokens, standardize, split, ngrams, output_mode, output_sequence_length, pad_to_max_tokens, vocabulary, idf_weights, sparse, ragged, encoding, name, dtype);

    /// <inheritdoc cref="Layers.TextVectorization(Func{Tensor, Tensor}, int?, string, Axes, string, int?, bool, Vocabulary, double[], bool, bool, string, string, DTypePolicy)"/>
    public TextVectorization TextVectorization(Func<Tensor, Tensor> standardize, int? max_tokens = null, string? split = "whitespace", Axes? ngrams = null, string output_mode = "int",
        int? output_sequence_length = null, bool pad_to_max_tokens = false, Vocabulary? vocabulary = null, double[]? idf_weights = null, bool sparse = false, bool ragged = false, string encoding = "utf-8",
        string? name = null, DTypePolicy? dtype = null) =>
        new(standardize, max_tokens, split, ngrams, output_mode, output_sequence_length, pad_to_max_tokens, vocabulary, idf_weights, sparse, ragged, encoding, name, dtype);

    /// <inheritdoc cref="Layers.TextVectorization(Func{Tensor, Tensor}, string, int?, Axes, string, int?, bool, Vocabulary, double[], bool, bool, string, string, DTypePolicy)"/>
    public TextVectorization TextVectorization(Func<Tensor, Tensor> split, string? standardize = "lower_and_strip_punctuation", int? max_tokens = null, Axes? ngrams = null, string output_mode = "int",
        int? output_sequence_length = null, bool pad_to_max_tokens = false, Vocabulary? vocabulary = null, double[]? idf_weights = null, bool sparse = false, bool ragged = false, string encoding = "utf-8",
        string? name = null, DTypePolicy? dtype = null) =>
        new(split, standardize, max_tokens, ngrams, output_mode, output_sequence_length, pad_to_max_tokens, vocabulary, idf_weights, sparse, ragged, encoding, name, dtype);

    /// <inheritdoc cref="Layers.TextVectorization(Func{Tensor, Tensor}, Func{Tensor, Tensor}, int?, Axes, string, int?, bool, Vocabulary, double[], bool, bool, string, string, DTypePolicy)"/>
    public TextVectorization TextVectorization(Func<Tensor, Tensor> standardize, Func<Tensor, Tensor> split, int? max_tokens = null, Axes? ngrams = null, string output_mode = "int",
        int? output_sequence_length = null, bool pad_to_max_tokens = false, Vocabulary? vocabulary = null, double[]? idf_weights = null, bool sparse = false, bool ragged = false, string encoding = "utf-8",
        string? name = null, DTypePolicy? dtype = null) =>
        new(standardize, split, max_tokens, ngrams, output_mode, output_sequence_length, pad_to_max_tokens, vocabulary, idf_weights, sparse, ragged, encoding, name, dtype);

    /// <inheritdoc cref="Layers.StringLookup(int?, int, string, string, Vocabulary, double[], bool, string, bool, bool, string, Salt, string, DTypePolicy)"/>
    public StringLookup StringLookup(int? max_tokens = null, int num_oov_indices = 1, string? mask_token = null, string? oov_token = "[UNK]", Vocabulary? vocabulary = null, double[]? idf_weights = null,
        bool invert = false, string output_mode = "int", bool pad_to_max_tokens = false, bool sparse = false, string encoding = "utf-8", Salt? salt = null, string? name = null, DTypePolicy? dtype = null) =>
        new(max_tokens, num_oov_indices, mask_token, oov_token, vocabulary, idf_weights, invert, output_mode, pad_to_max_tokens, sparse, encoding, salt, name, dtype);

    /// <inheritdoc cref="Layers.IntegerLookup(int?, int, long?, long?, Vocabulary, string, double[], bool, string, bool, bool, string, Salt, string, DTypePolicy)"/>
    public IntegerLookup IntegerLookup(int? max_tokens = null, int num_oov_indices = 1, long? mask_token = null, long? oov_token = -1, Vocabulary? vocabulary = null, string vocabulary_dtype = "int64",
        double[]? idf_weights = null, bool invert = false, string output_mode = "int", bool sparse = false, bool pad_to_max_tokens = false, string oov_method = "floormod", Salt? salt = null, string? name = null,
        DTypePolicy? dtype = null) =>
        new(max_tokens, num_oov_indices, mask_token, oov_token, vocabulary, vocabulary_dtype, idf_weights, invert, output_mode, sparse, pad_to_max_tokens, oov_method, salt, name, dtype);

    /// <inheritdoc cref="Layers.Hashing(int, HashMask, Salt, string, bool, string, DTypePolicy)"/>
    public Hashing Hashing(int num_bins, HashMask? mask_value = null, Salt? salt = null, string output_mode = "int", bool sparse = false, string? name = null, DTypePolicy? dtype = null) =>
        new(num_bins, mask_value, salt, output_mode, sparse, name, dtype);

    /// <inheritdoc cref="Layers.HashedCrossing(int, string, bool, string, DTypePolicy)"/>
    public HashedCrossing HashedCrossing(int num_bins, string output_mode = "int", bool sparse = false, string? name = null, DTypePolicy? dtype = null) => new(num_bins, output_mode, sparse, name, dtype);

    /// <inheritdoc cref="Layers.Discretization(double[], int?, double, string, bool, DTypePolicy, string)"/>
    public Discretization Discretization(double[]? bin_boundaries = null, int? num_bins = null, double epsilon = 0.01, string output_mode = "int", bool sparse = false, DTypePolicy? dtype = null, string? name = null) =>
        new(bin_boundaries, num_bins, epsilon, output_mode, sparse, dtype, name);
}
