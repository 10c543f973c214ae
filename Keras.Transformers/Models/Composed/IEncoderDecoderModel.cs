namespace Keras.Transformers;

/// <summary>What <c>generate</c> needs from an encoder-decoder model.</summary>
interface IEncoderDecoderModel
{
    /// <summary>The decoder, which makes the tokens.</summary>
    TFPreTrainedModel Decoder { get; }

    /// <summary>The names of the encoder's inputs, the main one first.</summary>
    IReadOnlyList<string> EncoderInputs { get; }

    /// <summary>Runs the encoder.</summary>
    /// <param name="inputs">Its inputs, or encoder_outputs, its earlier outputs.</param>
    /// <param name="attentions">Whether attention probabilities are wanted.</param>
    /// <param name="hiddenStates">Whether the states of every layer are wanted.</param>
    /// <returns><c>states</c> for the decoder, (B, S, C), and on request <c>encoder_attentions</c> and <c>encoder_hidden_states</c>.</returns>
    Tensors Encode(Tensors inputs, bool attentions, bool hiddenStates);
}
