namespace Keras.Transformers;

/// <summary>One call of an encoder-decoder model, with any kind of encoder.</summary>
sealed record EncoderDecoderCall
{
    /// <summary>The encoder's inputs, by its own names; empty if its outputs are given.</summary>
    public required Tensors EncoderInputs { get; init; }

    /// <summary>The encoder's other arguments.</summary>
    public (string Name, object? Value)[] EncoderOptions { get; init; } = [];

    /// <summary>1 for the encoder's states to attend to, (B, S); null for all.</summary>
    public Tensor? EncoderMask { get; init; }

    /// <summary>The encoder's outputs, or its states; null to run it.</summary>
    public Tensors? EncoderOutputs { get; init; }

    /// <summary>The decoder's inputs, by its own names.</summary>
    public required Tensors DecoderInputs { get; init; }

    /// <summary>The words that the decoder should produce; null for none.</summary>
    public Tensor? Labels { get; init; }

    public bool? UseCache { get; init; }

    public bool? Attentions { get; init; }

    public bool? HiddenStates { get; init; }
}

/// <summary>An encoder's outputs, from an output object, a list or the states alone.</summary>
/// <param name="Last">The states after the last layer, (B, S, E).</param>
/// <param name="HiddenStates">Those of every layer; null if not requested.</param>
/// <param name="Attentions">Attention probabilities; null if not requested.</param>
readonly record struct EncodedStates(Tensor Last, Tensors? HiddenStates, Tensors? Attentions)
{
    /// <exception cref="ArgumentException">The outputs are none of these.</exception>
    public static EncodedStates Of(Tensors outputs)
    {
        const string Name = "encoder_outputs";
        if (outputs.IsLeaf) return new(Checked(outputs.Single), null, null);
        if (outputs is { IsDictionary: false, Count: > 0 } && outputs[0].IsLeaf) return new(Checked(outputs[0].Single), null, null);
        if (!outputs.TryGet("last_hidden_state", out var last)) throw new ArgumentException($"An encoder's outputs lack its states. Expected: last_hidden_state, or the states alone, (B, S, C). Received: {Known.Say(outputs)}.", Name);
        return new(Checked(last.Single), outputs.TryGet("hidden_states", out var states) ? states : null, outputs.TryGet("attentions", out var attentions) ? attentions : null);

        static Tensor Checked(Tensor states) => !states.shape.HasRank || states.ndim == 3 ? states
            : throw new ShapeMismatchException("An encoder's states have other axes", Name, "(B, S, C)", states.shape.ToString());
    }
}
