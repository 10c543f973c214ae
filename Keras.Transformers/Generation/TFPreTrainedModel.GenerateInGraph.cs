namespace Keras.Transformers;

public abstract partial class TFPreTrainedModel
{
    /// <summary>Generates texts as <c>generate</c> does, but only by operations: the loop over tokens can be part of a graph, of your own function or of an endpoint of <c>ExportArchive</c>.</summary>
    /// <param name="inputs">Token ids, int32 or int64 (B, T), padded on the left, or named: input_ids and attention_mask, (B, T), and seed, an integer (), by which tokens
    /// are drawn with do_sample: the same ones as <c>generate(seed:)</c> draws. Without a mask, pad tokens that do not also end texts are taken
    /// for padding. A text without a token begins with bos_token_id.</param>
    /// <param name="generation_config">The options; default <see cref="generation_config"/>. Greedy decoding, sampling, beams and beam sampling, with every processor of an option. Keys and values
    /// are kept in any case; the seed is that of the inputs.</param>
    /// <param name="logits_processor">Further processors of this library; default none.</param>
    /// <returns><c>sequences</c>, int32 (B · num_return_sequences, T + N), N being as many as it took until every text had ended; with beams and return_dict_in_generate also
    /// <c>sequences_scores</c>, float32 (B · num_return_sequences).</returns>
    /// <exception cref="UnsupportedException">The model does not generate, or a processor is a C# function of your own.</exception>
    /// <exception cref="ConfigException">An option is impossible, or runs outside of graphs only: groups of beams, contrastive search, guesses, guidance, max_time, stop_strings, scores and states.</exception>
    /// <exception cref="ArgumentException">Inputs have a wrong structure, or there is no seed for sampling.</exception>
    /// <exception cref="DTypeMismatchException">Inputs are not integers.</exception>
    /// <remarks>A graph cannot check its inputs: a text that grows beyond the model's positions causes an error of the engine, or worse, and scores that are not numbers go unnoticed.</remarks>
    public Tensors GenerateInGraph(Tensors inputs, GenerationConfig? generation_config = null, LogitsProcessorList? logits_processor = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return new GraphGenerator(this, generation_config ?? this.generation_config, logits_processor ?? []).Apply(inputs);
    }
}
