using Keras.Graphs;
using Keras.Saving;

namespace Keras.Layers;

/// <summary>Turns texts into the indices of their words, or into a vector that says which words occur: standardizes, splits, forms n-grams and looks them up.</summary>
/// <remarks>Index 0 is padding, 1 a word out of the vocabulary; in vectors 0 is a word out of the vocabulary. Lower case and punctuation are those of ASCII, as in Keras.
/// Texts never go through XLA: a model that is compiled with it looks them up before the compiled part. Source: keras/src/layers/preprocessing/text_vectorization.py.</remarks>
/// <example>
/// <code>
/// string[] texts = ["A good film, really good", "bad film"];
/// var vectorize = keras.layers.TextVectorization(max_tokens: 1000, output_sequence_length: 6);
/// vectorize.adapt(texts);
/// Console.WriteLine(vectorize.Apply(texts));   // int64 (2, 6), padded with 0
/// </code>
/// </example>
public sealed partial class TextVectorization : Layer, IAdaptable, ISavedState
{
    const string LowerAndStrip = "lower_and_strip_punctuation", Lower = "lower", Strip = "strip_punctuation", Whitespace = "whitespace", Character = "character";

    [SavedAs("_lookup_layer")]
    readonly StringLookup _lookup;
    readonly TextSteps _steps;
    readonly string _outputMode;
    readonly int? _length;

    /// <summary>Turns texts into the indices of their words, or into a vector that says which words occur: standardizes, splits, forms n-grams and looks them up.</summary>
    /// <param name="max_tokens">The largest number of indices, special ones included; default any number.</param>
    /// <param name="standardize">"lower_and_strip_punctuation" (default), "lower", "strip_punctuation" or null for texts as they are.</param>
    /// <param name="split">"whitespace" (default), "character", or null for texts that are words already.</param>
    /// <param name="ngrams">The lengths of n-grams to look up: a number for all lengths up to it, or the lengths; default single words.</param>
    /// <param name="output_mode">"int" for the indices of the words in order (default); "multi_hot", "count" or "tf_idf" for a vector with an element for each index; "one_hot" if split is null.</param>
    /// <param name="output_sequence_length">With "int", the number of indices per text, cut or padded with 0; default as many as the longest.</param>
    /// <param name="pad_to_max_tokens">Whether vectors have max_tokens elements, however large the vocabulary is; default false.</param>
    /// <param name="vocabulary">The words, or the name of a file with one per line; default learned by adapt.</param>
    /// <param name="idf_weights">With "tf_idf" and a vocabulary the inverse document frequency of each word.</param>
    /// <param name="sparse">Not supported; sparse tensors do not exist here.</param>
    /// <param name="ragged">Not supported; ragged tensors do not exist here.</param>
    /// <param name="encoding">The encoding of texts; default "utf-8".</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy; outputs do not follow it.</param>
    /// <exception cref="ArgumentException">The options do not go together, or the vocabulary is empty or has a word twice.</exception>
    /// <exception cref="UnsupportedException">sparse or ragged is true.</exception>
    public TextVectorization(int? max_tokens = null, string? standardize = LowerAndStrip, string? split = Whitespace, Axes? ngrams = null, string output_mode = "int", int? output_sequence_length = null,
        bool pad_to_max_tokens = false, Vocabulary? vocabulary = null, double[]? idf_weights = null, bool sparse = false, bool ragged = false, string encoding = "utf-8", string? name = null, DTypePolicy? dtype = null)
        : this(new(StandardizeOf(standardize), SplitOf(split), ngrams), max_tokens, output_mode, output_sequence_length, pad_to_max_tokens, vocabulary, idf_weights, sparse, ragged, encoding, name, dtype)
    {
    }

    /// <summary>The same, with your own function to standardize texts.</summary>
    /// <inheritdoc cref="TextVectorization(int?, string, string, Axes, string, int?, bool, Vocabulary, double[], bool, bool, string, string, DTypePolicy)"/>
    /// <param name="standardize">Maps texts to texts of the same shape, with string ops.</param>
    /// <param name="max_tokens">The largest number of indices, special ones included; default any number.</param>
    /// <param name="split">"whitespace" (default), "character", or null for texts that are words already.</param>
    /// <param name="ngrams">The lengths of n-grams to look up; default single words.</param>
    /// <param name="output_mode">"int", "multi_hot", "count", "tf_idf" or "one_hot"; default "int".</param>
    /// <param name="output_sequence_length">With "int", the number of indices per text; default as many as the longest.</param>
    /// <param name="pad_to_max_tokens">Whether vectors have max_tokens elements; default false.</param>
    /// <param name="vocabulary">The words, or the name of a file with one per line; default learned by adapt.</param>
    /// <param name="idf_weights">With "tf_idf" and a vocabulary the inverse document frequency of each word.</param>
    /// <param name="sparse">Not supported; sparse tensors do not exist here.</param>
    /// <param name="ragged">Not supported; ragged tensors do not exist here.</param>
    /// <param name="encoding">The encoding of texts; default "utf-8".</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy; outputs do not follow it.</param>
    public TextVectorization(Func<Tensor, Tensor> standardize, int? max_tokens = null, string? split = Whitespace, Axes? ngrams = null, string output_mode = "int", int? output_sequence_length = null,
        bool pad_to_max_tokens = false, Vocabulary? vocabulary = null, double[]? idf_weights = null, bool sparse = false, bool ragged = false, string encoding = "utf-8", string? name = null, DTypePolicy? dtype = null)
        : this(new(TextStep.Of(standardize, nameof(standardize)), SplitOf(split), ngrams), max_tokens, output_mode, output_sequence_length, pad_to_max_tokens, vocabulary, idf_weights, sparse, ragged, encoding, name, dtype)
    {
    }

    /// <summary>The same, with your own function to split texts into words.</summary>
    /// <inheritdoc cref="TextVectorization(int?, string, string, Axes, string, int?, bool, Vocabulary, double[], bool, bool, string, string, DTypePolicy)"/>
    /// <param name="split">Maps texts (B) to their words (B, T), rows padded with "", with string ops.</param>
    /// <param name="standardize">"lower_and_strip_punctuation" (default), "lower", "strip_punctuation" or null for texts as they are.</param>
    /// <param name="max_tokens">The largest number of indices, special ones included; default any number.</param>
    /// <param name="ngrams">The lengths of n-grams to look up; default single words.</param>
    /// <param name="output_mode">"int", "multi_hot", "count" or "tf_idf"; default "int".</param>
    /// <param name="output_sequence_length">With "int", the number of indices per text; default as many as the split gives.</param>
    /// <param name="pad_to_max_tokens">Whether vectors have max_tokens elements; default false.</param>
    /// <param name="vocabulary">The words, or the name of a file with one per line; default learned by adapt.</param>
    /// <param name="idf_weights">With "tf_idf" and a vocabulary the inverse document frequency of each word.</param>
    /// <param name="sparse">Not supported; sparse tensors do not exist here.</param>
    /// <param name="ragged">Not supported; ragged tensors do not exist here.</param>
    /// <param name="encoding">The encoding of texts; default "utf-8".</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy; outputs do not follow it.</param>
    public TextVectorization(Func<Tensor, Tensor> split, string? standardize = LowerAndStrip, int? max_tokens = null, Axes? ngrams = null, string output_mode = "int", int? output_sequence_length = null,
        bool pad_to_max_tokens = false, Vocabulary? vocabulary = null, double[]? idf_weights = null, bool sparse = false, bool ragged = false, string encoding = "utf-8", string? name = null, DTypePolicy? dtype = null)
        : this(new(StandardizeOf(standardize), TextStep.Of(split, nameof(split)), ngrams), max_tokens, output_mode, output_sequence_length, pad_to_max_tokens, vocabulary, idf_weights, sparse, ragged, encoding, name, dtype)
    {
    }

    /// <summary>The same, with your own functions to standardize texts and split them into words.</summary>
    /// <inheritdoc cref="TextVectorization(int?, string, string, Axes, string, int?, bool, Vocabulary, double[], bool, bool, string, string, DTypePolicy)"/>
    /// <param name="standardize">Maps texts to texts of the same shape, with string ops.</param>
    /// <param name="split">Maps texts (B) to their words (B, T), rows padded with "", with string ops.</param>
    /// <param name="max_tokens">The largest number of indices, special ones included; default any number.</param>
    /// <param name="ngrams">The lengths of n-grams to look up; default single words.</param>
    /// <param name="output_mode">"int", "multi_hot", "count" or "tf_idf"; default "int".</param>
    /// <param name="output_sequence_length">With "int", the number of indices per text; default as many as the split gives.</param>
    /// <param name="pad_to_max_tokens">Whether vectors have max_tokens elements; default false.</param>
    /// <param name="vocabulary">The words, or the name of a file with one per line; default learned by adapt.</param>
    /// <param name="idf_weights">With "tf_idf" and a vocabulary the inverse document frequency of each word.</param>
    /// <param name="sparse">Not supported; sparse tensors do not exist here.</param>
    /// <param name="ragged">Not supported; ragged tensors do not exist here.</param>
    /// <param name="encoding">The encoding of texts; default "utf-8".</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy; outputs do not follow it.</param>
    public TextVectorization(Func<Tensor, Tensor> standardize, Func<Tensor, Tensor> split, int? max_tokens = null, Axes? ngrams = null, string output_mode = "int", int? output_sequence_length = null,
        bool pad_to_max_tokens = false, Vocabulary? vocabulary = null, double[]? idf_weights = null, bool sparse = false, bool ragged = false, string encoding = "utf-8", string? name = null, DTypePolicy? dtype = null)
        : this(new(TextStep.Of(standardize, nameof(standardize)), TextStep.Of(split, nameof(split)), ngrams), max_tokens, output_mode, output_sequence_length, pad_to_max_tokens, vocabulary, idf_weights, sparse, ragged, encoding, name, dtype)
    {
    }

    TextVectorization(TextSteps steps, int? max_tokens, string output_mode, int? output_sequence_length, bool pad_to_max_tokens, Vocabulary? vocabulary, double[]? idf_weights, bool sparse, bool ragged, string encoding,
        string? name, DTypePolicy? dtype) : base(name, dtype: dtype)
    {
        (_steps, _outputMode) = (steps, LookupOptions.ModeOf(output_mode));
        if (ragged) throw new UnsupportedException("Ragged tensors are not supported", nameof(TextVectorization), "ragged: false", "true", "Rows are padded with 0; give mask_zero: true to the Embedding behind.");
        if (_outputMode != "int" && output_sequence_length is not null) throw new ArgumentException($"output_sequence_length was given, but output_mode is not \"int\". Received: \"{output_mode}\".", nameof(output_sequence_length));
        if (_outputMode == LookupOptions.OneHot && !steps.Split.IsNone) throw new ArgumentException("output_mode \"one_hot\" cannot encode texts that are split. Set split: null for texts that are single words, or use \"multi_hot\" for the words of a text.", nameof(output_mode));
        _length = output_sequence_length is { } length ? ConfigForms.Positive(length, nameof(output_sequence_length)) : null;
        _lookup = new(max_tokens, mask_token: "", vocabulary: vocabulary, idf_weights: idf_weights, output_mode: _outputMode, pad_to_max_tokens: pad_to_max_tokens, sparse: sparse, encoding: encoding);
        (autocast, built) = (false, true);
    }

    static TextStep StandardizeOf(string? standardize) => TextStep.Of(Known.OneOf(standardize, nameof(standardize), LowerAndStrip, Lower, Strip, null));

    static TextStep SplitOf(string? split) => TextStep.Of(Known.OneOf(split, nameof(split), Whitespace, Character, null));

    internal StringLookup Lookup => _lookup;

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Tensor texts = inputs;
        var words = _steps.Apply(texts, name, _outputMode == "int" ? _length : null);
        Tensor found = _lookup.call(words);
        return _outputMode == "int" && _length is { } length && found.ndim > 0 ? TextSteps.ToLength(found, length) : found;
    }

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape) => InferredShapes.Of(this, DType.String, input_shape);

    /// <summary>The words in the order of their indices.</summary>
    /// <param name="include_special_tokens">Whether padding "" (output_mode "int") and the unknown word "[UNK]" are among them; default true.</param>
    public string[] get_vocabulary(bool include_special_tokens = true) => _lookup.get_vocabulary(include_special_tokens);

    /// <summary>The number of indices: the words and the special tokens.</summary>
    public int vocabulary_size() => _lookup.vocabulary_size();

    /// <inheritdoc cref="IndexLookup.set_vocabulary"/>
    public void set_vocabulary(Vocabulary vocabulary, double[]? idf_weights = null) => _lookup.set_vocabulary(vocabulary, idf_weights);

    /// <summary>Learns the vocabulary: the most frequent words first, equally frequent ones in descending order; at most max_tokens with the special ones.</summary>
    /// <param name="data">Texts (N) or (N, 1).</param>
    /// <exception cref="InvalidOperationException">The vocabulary was given when the layer was made, or its size would change the layer's output shape.</exception>
    public void adapt(Tensors data)
    {
        ArgumentNullException.ThrowIfNull(data);
        InferredShapes.RequireAny(data);
        reset_state();
        Tensor texts = data;
        update_state(_steps.Split.IsNone && texts.ndim == 1 ? Tf.ExpandDims(texts, 1) : texts);
        finalize_state();
    }

    /// <summary>Counts the words of a batch of texts; <see cref="adapt(Tensors)"/> calls it.</summary>
    /// <param name="data">Texts (B) or (B, 1).</param>
    public void update_state(Tensors data)
    {
        ArgumentNullException.ThrowIfNull(data);
        _lookup.update_state(_steps.Apply(data, name, null));
    }

    /// <summary>Makes the vocabulary from the counts; <see cref="adapt(Tensors)"/> calls it.</summary>
    /// <exception cref="ArgumentException">What was counted has no words.</exception>
    public void finalize_state() => _lookup.finalize_state();

    /// <summary>Forgets the counts; the vocabulary stays.</summary>
    public void reset_state() => _lookup.reset_state();

    /// <inheritdoc cref="IndexLookup.save_assets"/>
    public void save_assets(string dir_path) => _lookup.save_assets(dir_path);

    /// <inheritdoc cref="IndexLookup.load_assets"/>
    public void load_assets(string dir_path) => _lookup.load_assets(dir_path);

    /// <inheritdoc/>
    /// <exception cref="UnsupportedException">A step is a function of your own, which has no form in a config.</exception>
    public override Dictionary<string, object?> get_config()
    {
        var lookup = _lookup.get_config();
        return new(base.get_config())
        {
            ["max_tokens"] = lookup["max_tokens"], ["standardize"] = _steps.Standardize.ToConfig("standardize", name), ["split"] = _steps.Split.ToConfig("split", name), ["ngrams"] = _steps.NGramsConfig,
            ["output_mode"] = _outputMode, ["output_sequence_length"] = _length, ["pad_to_max_tokens"] = lookup["pad_to_max_tokens"], ["sparse"] = false, ["ragged"] = false,
            ["vocabulary"] = lookup["vocabulary"], ["idf_weights"] = lookup["idf_weights"], ["encoding"] = lookup["encoding"], ["vocabulary_size"] = _lookup.KnownSize ?? vocabulary_size(),
        };
    }

    internal static Layer OfConfig(IReadOnlyDictionary<string, object?> config)
    {
        var layer = (TextVectorization)IndexLookup.OfConfig(typeof(TextVectorization), config);
        layer._lookup.KnownSize ??= IndexLookup.SizeOf(config);
        return layer;
    }

    IEnumerable<(string Name, byte[] Content)> ISavedState.Assets() => ((ISavedState)_lookup).Assets();

    void ISavedState.Load(string asset, byte[] content, string where) => ((ISavedState)_lookup).Load(asset, content, where);

    int ISavedState.KnownSize => ((ISavedState)_lookup).KnownSize;

    int ISavedState.Size => ((ISavedState)_lookup).Size;

    Shape? ISavedState.ShapeOf(string array) => ((ISavedState)_lookup).ShapeOf(array);

    IEnumerable<(string Name, float[] Values)> ISavedState.Arrays => ((ISavedState)_lookup).Arrays;

    void ISavedState.Load(string array, float[] values) => ((ISavedState)_lookup).Load(array, values);
}
