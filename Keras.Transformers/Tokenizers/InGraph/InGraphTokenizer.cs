namespace Keras.Transformers;

/// <summary>A tokenizer as a layer: texts in, a model's inputs out, inside of models and of SavedModels.</summary>
public abstract class InGraphTokenizer : Layer
{
    /// <summary>A layer without variables.</summary>
    /// <param name="name">The layer's name.</param>
    protected InGraphTokenizer(string? name) : base(name) => built = true;

    /// <summary>The columns that it makes of texts (B) with their dtypes; each is (B, T).</summary>
    public abstract IReadOnlyDictionary<string, DType> Outputs { get; }

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
