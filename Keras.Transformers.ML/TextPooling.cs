namespace Keras.Transformers;

/// <summary>How one vector comes of the vectors of a text's tokens.</summary>
public enum TextPooling
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>That of the first token, BERT's [CLS].</summary>
    FirstToken,
}
