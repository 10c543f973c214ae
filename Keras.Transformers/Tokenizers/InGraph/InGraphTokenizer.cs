namespace Keras.Transformers;

/// <summary>A tokenizer as a layer: texts in, a model's inputs out, inside of models and of SavedModels.</summary>
public abstract class InGraphTokenizer : Layer
{
    /// <summary>A layer without variables.</summary>
    /// <param name="name">The layer's name.</param>
    protected InGraphTokenizer(string? name) : base(name) => built = true;

    /// <summary>The columns that it makes of texts (B) with their dtypes; each is (B, T).</summary>
    public abstract IReadOnlyDictionary<string, DType> Outputs { get; }

    /// <summary>Whether <see cref="detokenize"/> is there; default false.</summary>
    public virtual bool CanDetokenize => false;

    /// <summary>The texts of token ids.</summary>
    /// <param name="ids">Token ids, (B, T), int32 or int64; those that no token has give nothing.</param>
    /// <param name="skip_special_tokens">Whether special tokens are left out; default false.</param>
    /// <returns>(B), string: the tokens' bytes one behind the other.</returns>
    /// <exception cref="UnsupportedException">The tokenizer has no way back in the graph.</exception>
    /// <exception cref="DTypeMismatchException">The ids are no integers.</exception>
    public virtual Tensor detokenize(Tensors ids, bool skip_special_tokens = false) => throw new UnsupportedException($"{GetType().Name} makes no texts of ids in the graph", name,
        remedy: "Decode ids outside of the graph, with the tokenizer that the layer was made of.");

    /// <summary>An input that is a vector of texts.</summary>
    /// <param name="input">The input.</param>
    /// <param name="what">What errors call it.</param>
    /// <exception cref="ShapeMismatchException">The texts are no vector.</exception>
    /// <exception cref="DTypeMismatchException">The input is not strings.</exception>
    protected Tensor Texts(Tensors input, string what)
    {
        ArgumentNullException.ThrowIfNull(input);
        var text = input.Single;
        if (text.dtype != DType.String) throw new DTypeMismatchException("A tokenizer takes texts", $"{name}, {what}", "string", text.dtype.Name);
        if (text.shape.HasRank && text.ndim != 1)
            throw new ShapeMismatchException("A tokenizer takes a vector of texts", $"{name}, {what}", "(B)", text.shape.ToString(), "Reshape them to one axis.");
        return text;
    }
}
