namespace Keras.Transformers;

/// <summary>What <c>generate</c> needs of a model whose decoder goes on from an encoder's states.</summary>
interface IEncoderDecoderModel
{
    /// <summary>What makes the tokens.</summary>
    TFPreTrainedModel Decoder { get; }

    /// <summary>What the encoder's inputs are called, the main one first.</summary>
    IReadOnlyList<string> EncoderInputs { get; }

    /// <summary>Runs the encoder.</summary>
    /// <param name="inputs">Its inputs; or encoder_outputs, what it has returned.</param>
    /// <param name="attentions">Whether attention probabilities are wanted.</param>
    /// <param name="hiddenStates">Whether the states of every layer are wanted.</param>
    /// <returns><c>states</c> as the decoder takes them, (B, S, C), and what else was asked for: <c>encoder_attentions</c>, <c>encoder_hidden_states</c>.</returns>
    Tensors Encode(Tensors inputs, bool attentions, bool hiddenStates);
}
