namespace Keras.Transformers;

/// <summary>Reads the fields of an output whose class is not known at compile time, as those of the Auto classes' models.</summary>
public static class OutputFields
{
    /// <summary>A field by its name.</summary>
    /// <param name="output">What a model returned.</param>
    extension(ModelOutput output)
    {
        /// <summary>The loss: one value for each sample, (B), or the mean over tokens, (1); null without labels.</summary>
        public Tensor? loss => Optional(output, "loss");

        /// <summary>Scores before softmax: (B, labels), or (B, T, labels) for a head that scores each token.</summary>
        /// <exception cref="KeyNotFoundException">The output has none; so too for the fields below that are not null.</exception>
        public Tensor logits => output["logits"];

        /// <summary>The states after the last layer, (B, T, C).</summary>
        public Tensor last_hidden_state => output["last_hidden_state"];

        /// <summary>The first state through a dense layer and tanh, (B, C).</summary>
        public Tensor pooler_output => output["pooler_output"];

        /// <summary>Scores of the answer's start, (B, T).</summary>
        public Tensor start_logits => output["start_logits"];

        /// <summary>Scores of the answer's end, (B, T).</summary>
        public Tensor end_logits => output["end_logits"];

        /// <summary>Scores of words, (B, T, V), of a model with two pretraining heads.</summary>
        public Tensor prediction_logits => output["prediction_logits"];

        /// <summary>Scores of whether one sentence follows another, (B, 2), of a model with two pretraining heads.</summary>
        public Tensor seq_relationship_logits => output["seq_relationship_logits"];

        /// <summary>The reconstructed images, (B, C, H, W) or (B, H, W, C).</summary>
        public Tensor reconstruction => output["reconstruction"];

        /// <summary>The embeddings and the states after each layer, each (B, T, C); null unless requested.</summary>
        public Tensors? hidden_states => Optional(output, "hidden_states");

        /// <summary>The attention probabilities of each layer, each (B, H, T, S); null unless requested.</summary>
        public Tensors? attentions => Optional(output, "attentions");

        /// <summary>For each layer its keys and values, each (B, H, S, D); null unless requested.</summary>
        public Tensors? past_key_values => Optional(output, "past_key_values");
    }

    static Tensors? Optional(ModelOutput output, string field) => (output ?? throw new ArgumentNullException(nameof(output))).TryGet(field, out var value) ? value : null;
}
