namespace Keras.Transformers;

/// <summary>The table of word vectors of a model, and its size.</summary>
public abstract partial class TFPreTrainedModel
{
    /// <summary>The table of word vectors, (V, C).</summary>
    /// <exception cref="UnsupportedException">The model has no such table.</exception>
    public virtual Variable get_input_embeddings() => throw NoVocabulary();

    /// <summary>The table that words are scored with, (V, C), which can be that of the inputs; null if there is none.</summary>
    public virtual Variable? get_output_embeddings() => null;

    /// <summary>Replaces the table of word vectors, and with it the output layer if the two are tied.</summary>
    /// <param name="value">Vectors, (V, C), of any number V.</param>
    /// <exception cref="ShapeMismatchException">Vectors are of another size.</exception>
    public void set_input_embeddings(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var old = get_input_embeddings();
        if (value.shape is not { HasRank: true, Rank: 2 } || value.shape[1] != old.shape[1])
            throw new ShapeMismatchException("Vectors do not fit the model", "set_input_embeddings", $"(V, {old.shape[1]})", value.shape.ToString());
        if (value.shape[0] != old.shape[0]) Resize(checked((int)value.shape[0]));
        get_input_embeddings().Load(Api.ops.cast(value, old.dtype));
    }

    /// <summary>Changes the size of the vocabulary: rows are removed or added at the end, new ones are newly initialised; biases of new words are 0.</summary>
    /// <param name="new_num_tokens">The new number of words; null changes nothing.</param>
    /// <returns>The table of word vectors.</returns>
    /// <remarks>The configuration's vocab_size follows. Traced functions are dropped; an optimizer that trained the old table must be compiled again.</remarks>
    public Variable resize_token_embeddings(int? new_num_tokens = null)
    {
        if (new_num_tokens is not { } count) return get_input_embeddings();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count, nameof(new_num_tokens));
        if (count != get_input_embeddings().shape[0]) Resize(count);
        return get_input_embeddings();
    }

    /// <summary>Changes the number of words, keeping the rows that both sizes have.</summary>
    /// <param name="count">The number of words.</param>
    protected virtual void ResizeVocabulary(int count) => throw NoVocabulary();

    void Resize(int count)
    {
        EnsureBuilt();
        ResizeVocabulary(count);
        Forget();
        Resized?.Invoke();
    }

    /// <summary>Raised when the vocabulary was resized, because an outer model still holds the old variables.</summary>
    internal event Action? Resized;

    /// <summary>Drops everything made from the old variables.</summary>
    private protected void Forget()
    {
        _weights = null;
        DropFunctions();
    }

    UnsupportedException NoVocabulary() => new("A model has no table of word vectors", GetType().Name, remedy: "Use a model that takes input_ids.");
}
