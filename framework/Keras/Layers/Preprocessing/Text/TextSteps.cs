using Keras.Graphs;

namespace Keras.Layers;

/// <summary>A text preprocessing step: one of Keras' by name, a function, or none.</summary>
sealed record TextStep(string? Name, Func<Tensor, Tensor>? Function)
{
    public static TextStep None { get; } = new(null, null);

    public bool IsNone => Name is null && Function is null;

    public static TextStep Of(string? name) => new(name, null);

    public static TextStep Of(Func<Tensor, Tensor> function, string parameter) => new(null, function ?? throw new ArgumentNullException(parameter));

    public string? ToConfig(string argument, string layer) => Function is null ? Name
        : throw new UnsupportedException("A function cannot be written into a config", $"layer '{layer}', {argument}", "a name of Keras' steps", "a function of your own", "Apply the function in a pipeline before the model, or export the model.");
}

/// <summary>Turns texts into words with string ops.</summary>
sealed class TextSteps
{
    /// <summary>A pattern of all ASCII punctuation.</summary>
    const string Punctuation = @"[!-/:-@\[-`{-~]";

    readonly long[]? _widths;

    public TextSteps(TextStep standardize, TextStep split, Axes? ngrams)
    {
        (Standardize, Split) = (standardize, split);
        if (ngrams is null) return;
        if (ngrams.Count == 0 || ngrams.Any(n => n < 1)) throw new ArgumentException($"ngrams is out of range. Expected: one or several positive numbers of words. Received: {ngrams}.", nameof(ngrams));
        _widths = ngrams.Count == 1 ? [.. Enumerable.Range(1, ngrams[0]).Select(n => (long)n)] : [.. ngrams.Select(n => (long)n)];
        NGramsConfig = ngrams.Count == 1 ? ngrams[0] : ngrams.ToArray();
    }

    public TextStep Standardize { get; }

    public TextStep Split { get; }

    public object? NGramsConfig { get; }

    /// <summary>Splits texts into rows of words, padded with "".</summary>
    /// <param name="texts">Texts of any shape; to be split, (), (B) or with a last axis of 1.</param>
    /// <param name="layer">The layer, for errors.</param>
    /// <param name="length">The number of words in a row; null for that of the longest.</param>
    public Tensor Apply(Tensor texts, string layer, int? length)
    {
        if (texts.dtype != DType.String)
            throw new DTypeMismatchException("A layer for texts was given something else", $"layer '{layer}'", "strings", texts.dtype.Name, "A keras.Input for texts has dtype: \"string\".");
        var x = Standardized(texts, layer);
        if (Split.IsNone) return _widths is null ? x : NGramsOfDense(x, length);
        return ByRows(x, layer, rows => Split.Function is { } split ? OfFunction(split, rows, layer, length) : OfNamed(rows, length));
    }

    Tensor Standardized(Tensor texts, string layer)
    {
        if (Standardize.Function is { } own)
        {
            var changed = own(texts) ?? throw new InvalidOperationException($"The function standardize of the layer '{layer}' returned null. Expected: texts of the inputs' shape.");
            return changed.dtype == DType.String ? changed : throw new DTypeMismatchException("The function standardize returned something other than texts", $"layer '{layer}', standardize", "strings", changed.dtype.Name);
        }
        var x = Standardize.Name is "lower" or "lower_and_strip_punctuation" ? Tf.StringLower(texts, "") : texts;
        return Standardize.Name is "strip_punctuation" or "lower_and_strip_punctuation" ? Tf.RegexReplace(x, Punctuation, "") : x;
    }

    /// <summary>Applies a function from a vector of texts to rows of words to texts of any shape.</summary>
    static Tensor ByRows(Tensor x, string layer, Func<Tensor, Tensor> split)
    {
        if (x.ndim == 0) return Tf.Squeeze(split(Tf.ExpandDims(x, 0)), 0);
        if (x.ndim == 1) return split(x);
        if (x.shape[-1] is not (1 or < 0))
            throw new ShapeMismatchException("A row holds more than one text to split", $"layer '{layer}'", "shape (B), or a last axis of 1", x.shape.ToString(), "Join the texts of a row, or apply the layer to each.");
        var outer = Tf.Squeeze(x, x.ndim - 1);
        if (outer.ndim == 1) return split(outer);
        var rows = split(Tf.Reshape(outer, Tf.Int32(-1)));
        return Tf.Reshape(rows, Tf.Concat([Tf.ShapeOf(outer), Tf.Int32(-1)], 0));
    }

    Tensor OfFunction(Func<Tensor, Tensor> split, Tensor rows, string layer, int? length)
    {
        var words = split(rows) ?? throw new InvalidOperationException($"The function split of the layer '{layer}' returned null. Expected: words (B, T).");
        if (words.dtype != DType.String || words.ndim != 2)
            throw new ShapeMismatchException("The function split did not return a row of words for each text", $"layer '{layer}', split", "strings (B, T), rows padded with \"\"", $"{words.dtype.Name} {words.shape}");
        if (_widths is null) return words;
        // Padding is not a word.
        var places = Tf.Where(Tf.LogicalNot(Tf.Equal(words, Tensor.Of(""))));
        return Padded(rows, Tf.GatherNd(words, places), SplitsOf(places, rows), length);
    }

    Tensor OfNamed(Tensor rows, int? length)
    {
        var (words, splits) = Split.Name == "character" ? Characters(rows) : Words(rows);
        return Padded(rows, words, splits, length);
    }

    static (Tensor Words, Tensor Splits) Words(Tensor rows)
    {
        var (places, words, _) = Tf.StringSplit(rows);
        return (words, SplitsOf(places, rows));
    }

    /// <summary>The row splits of words, from their indices (row, column).</summary>
    static Tensor SplitsOf(Tensor places, Tensor rows)
    {
        var row = Tf.Reshape(Tf.Slice(places, [0, 0], [-1, 1]), Tf.Int32(1, -1));
        return Tf.Reshape(Tf.LowerBound(row, Tf.ExpandDims(Numbers(rows), 0), DType.Int64), Tf.Int32(-1));
    }

    static (Tensor Characters, Tensor Splits) Characters(Tensor rows)
    {
        var (splits, codes) = Tf.UnicodeDecode(rows);
        var count = Tf.Cast(Tf.SizeOf(codes), DType.Int64) + Tf.Constant(1, DType.Int64);
        return (Tf.UnicodeEncode(codes, Tf.Range(Tf.Constant(0, DType.Int64), count, Tf.Constant(1, DType.Int64))), splits);
    }

    /// <summary>0 up to and including the number of rows.</summary>
    static Tensor Numbers(Tensor rows) =>
        Tf.Range(Tf.Constant(0, DType.Int64), Tf.Cast(Tf.DimOf(rows, 0), DType.Int64) + Tf.Constant(1, DType.Int64), Tf.Constant(1, DType.Int64));

    Tensor Padded(Tensor rows, Tensor words, Tensor splits, int? length)
    {
        if (_widths is not null) (words, splits) = Tf.StringNGrams(words, splits, _widths, " ");
        var shape = Tf.Stack([Tf.Cast(Tf.DimOf(rows, 0), DType.Int64), Tf.Constant(length ?? -1, DType.Int64)], 0);
        return Tf.RaggedToTensor(shape, words, Tensor.Of(""), splits);
    }

    /// <summary>n-grams of the last axis.</summary>
    Tensor NGramsOfDense(Tensor x, int? length)
    {
        if (x.ndim == 0) x = Tf.ExpandDims(x, 0);
        if (x.ndim == 1) return Tf.Squeeze(NGramsOfDense(Tf.ExpandDims(x, 0), length), 0);
        var rows = x.ndim == 2 ? x : Tf.Reshape(x, Tf.Concat([Tf.Int32(-1), Tf.ExpandDims(Tf.DimOf(x, x.ndim - 1), 0)], 0));
        var joined = Padded(rows, Tf.Reshape(rows, Tf.Int32(-1)), Numbers(rows) * Tf.Cast(Tf.DimOf(rows, 1), DType.Int64), length);
        return x.ndim == 2 ? joined : Tf.Reshape(joined, Tf.Concat([Tf.Slice(Tf.ShapeOf(x), [0], [x.ndim - 1]), Tf.Int32(-1)], 0));
    }

    /// <summary>Cuts the last axis, or pads it with 0.</summary>
    public static Tensor ToLength(Tensor ids, int length)
    {
        var last = ids.ndim - 1;
        if (ids.shape[last] == length) return ids;
        var pad = Tf.Concat([Tf.Zeros(new Shape(last, 2), DType.Int32), Tf.Reshape(Tf.Int32(0, length), Tf.Int32(1, 2))], 0);
        int[] size = [.. Enumerable.Repeat(-1, last), length];
        return Tf.Slice(Tf.PadV2(ids, pad, Tf.Constant(0, ids.dtype)), new int[ids.ndim], size);
    }
}
