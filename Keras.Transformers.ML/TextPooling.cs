namespace Keras.Transformers;

/// <summary>How to pool the vectors of a text's tokens into one.</summary>
public enum TextPooling
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>That of the first token, BERT's [CLS].</summary>
    FirstToken,
}
