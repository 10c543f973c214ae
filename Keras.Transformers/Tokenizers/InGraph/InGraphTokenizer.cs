using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>The base of tokenizers as layers, which turn texts into a model's inputs inside models and SavedModels.</summary>
public abstract class InGraphTokenizer : Layer
{
    /// <summary>Creates the base of a tokenizer layer.</summary>
    /// <param name="name">The layer's name.</param>
    protected InGraphTokenizer(string? name) : base(name) => built = true;

    /// <summary>The columns that the layer makes from texts (B), with their dtypes; each is (B, T).</summary>
    public abstract IReadOnlyDictionary<string, DType> Outputs { get; }

    /// <summary>Whether <see cref="detokenize"/> is supported; default false.</summary>
    public virtual bool CanDetokenize => false;

    /// <summary>Whether a call takes a second text for each first one, <c>text_pair</c>.</summary>
    public bool TakesPairs => CallParameters.Contains("text_pair");

    /// <summary>The id of the mask token; null if there is none or it is unknown.</summary>
    internal virtual int? MaskTokenId => null;

    /// <summary>The vocabulary as files, which exports keep in their assets for reference; the graph does not read them.</summary>
    internal virtual IReadOnlyDictionary<string, byte[]> VocabularyFiles => System.Collections.Immutable.ImmutableDictionary<string, byte[]>.Empty;

    /// <summary>Turns token ids into texts.</summary>
    /// <param name="ids">Token ids, (B, T), int32 or int64; those that no token has give nothing.</param>
    /// <param name="skip_special_tokens">Whether special tokens are left out; default false.</param>
    /// <returns>(B), string: the tokens' bytes one after another.</returns>
    /// <exception cref="UnsupportedException">The tokenizer has no way back in the graph.</exception>
    /// <exception cref="DTypeMismatchException">The ids are not integers.</exception>
    public virtual Tensor detokenize(Tensors ids, bool skip_special_tokens = false) => throw new UnsupportedException($"{GetType().Name} cannot turn ids into texts in the graph", name,
        remedy: "Decode ids outside of the graph, with the tokenizer that the layer was made of.");

    /// <summary>Maps ids to indices of a table whose last entry is for invalid ids, int64.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="table">The table.</param>
    /// <exception cref="DTypeMismatchException">The ids are not integers.</exception>
    /// <exception cref="ShapeMismatchException">The ids are a scalar.</exception>
    private protected Tensor Places(Tensors ids, Tensor table)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var tokens = ids.Single;
        if (!tokens.dtype.IsInteger) throw new DTypeMismatchException("The token ids are not integers", $"{name}, ids", "integers", tokens.dtype.Name);
        if (tokens.shape.HasRank && tokens.ndim == 0) throw new ShapeMismatchException("The token ids have no axis of texts", $"{name}, ids", "(B, T)", "a scalar");
        var none = Tf.Constant(HostTensor.Scalar(table.shape[0] - 1));
        var places = Tf.Cast(tokens, DType.Int64);
        return Tf.SelectV2(Tf.LogicalAnd(Tf.GreaterEqual(places, Tf.ZerosLike(places)), Tf.Less(places, none)), places, none);
    }

    /// <summary>Checks that an input is a vector of texts and returns it.</summary>
    /// <param name="input">The input.</param>
    /// <param name="what">Its name in error messages.</param>
    /// <exception cref="ShapeMismatchException">The texts are not a vector.</exception>
    /// <exception cref="DTypeMismatchException">The input is not strings.</exception>
    protected Tensor Texts(Tensors input, string what)
    {
        ArgumentNullException.ThrowIfNull(input);
        var text = input.Single;
        if (text.dtype != DType.String) throw new DTypeMismatchException("The tokenizer was given something other than texts", $"{name}, {what}", "string", text.dtype.Name);
        if (text.shape.HasRank && text.ndim != 1)
            throw new ShapeMismatchException("The texts have another number of axes than the tokenizer takes", $"{name}, {what}", "(B)", text.shape.ToString(), "Reshape them to one axis.");
        return text;
    }
}
