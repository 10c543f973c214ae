namespace Keras.Transformers.Tests.Generation;

/// <summary>Small decoders of two families, prompts of different lengths, and options that a loop inside a graph takes.</summary>
static class InGraphModels
{
    public const int Pad = 0;

    public static readonly int[,] Ids = { { 5, 9, 12, 7, 5, 9 }, { 0, 0, 0, 0, 33, 8 }, { 0, 0, 21, 2, 17, 2 } };

    public static readonly int[,] Mask = { { 1, 1, 1, 1, 1, 1 }, { 0, 0, 0, 0, 1, 1 }, { 0, 0, 1, 1, 1, 1 } };

    public static Tensors Prompts => new Dictionary<string, Tensors> { ["input_ids"] = Tensor.Of(Ids), ["attention_mask"] = Tensor.Of(Mask) };

    public static readonly string[] Families = ["gpt2", "bert"];

    public static TFPreTrainedModel Model(string family, int vocabulary = SmallBert.Vocabulary)
    {
        Api.keras.utils.set_random_seed(11);
        TFPreTrainedModel model = family == "gpt2"
            ? new TFGPT2LMHeadModel(new GPT2Config { n_embd = 24, n_layer = 2, n_head = 3, n_positions = 48, vocab_size = vocabulary, initializer_range = 0.35f, bos_token_id = 1, eos_token_id = null })
            : new TFBertLMHeadModel(Decoder(vocabulary));
        model.Apply(new int[,] { { 1, 2 } });
        return model;
    }

    static BertConfig Decoder(int vocabulary)
    {
        var config = SmallBert.Config();
        (config.is_decoder, config.max_position_embeddings, config.vocab_size) = (true, 48, vocabulary);
        return config;
    }

    /// <summary>Options by a name; each is decoded with a length of 9 and two tokens that end texts.</summary>
    public static readonly Dictionary<string, GenerationConfig> Options = new()
    {
        ["greedy"] = new(),
        ["no end"] = new() { eos_token_id = TokenIds.None },
        ["no pad"] = new() { pad_token_id = null },
        ["max_length"] = new() { max_new_tokens = null, max_length = 13 },
        ["penalties"] = new() { repetition_penalty = 1.4, no_repeat_ngram_size = 2, encoder_repetition_penalty = 1.3, encoder_no_repeat_ngram_size = 3 },
        ["least"] = new() { min_new_tokens = 6, bad_words_ids = [[7], [9, 12]], suppress_tokens = new[] { 3, 4 } },
        ["least length"] = new() { min_length = 11, sequence_bias = [([8], 2.5), ([17, 2], -4.0)], renormalize_logits = true },
        ["forced"] = new() { forced_eos_token_id = 6, forced_decoder_ids = [(7, 15), (9, 20)], begin_suppress_tokens = new[] { 8, 30 }, remove_invalid_values = true },
        ["decay"] = new() { exponential_decay_length_penalty = (2, 1.8) },
        ["draws"] = new() { do_sample = true, num_return_sequences = 3 },
        ["warped draws"] = new() { do_sample = true, temperature = 1.6, top_k = 20, top_p = 0.95, repetition_penalty = 1.2, num_return_sequences = 2 },
        ["rare draws"] = new() { do_sample = true, temperature = 2.5, top_k = 0, min_p = 0.02, typical_p = 0.9, epsilon_cutoff = 0.001, eta_cutoff = 0.002 },
        ["beams"] = new() { num_beams = 3, num_return_sequences = 2 },
        ["beams early"] = new() { num_beams = 4, early_stopping = true, length_penalty = 0.3, no_repeat_ngram_size = 2 },
        ["beams never"] = new() { num_beams = 2, early_stopping = "never", length_penalty = 1.7, num_return_sequences = 2 },
        ["beams max_length"] = new() { num_beams = 3, max_new_tokens = null, max_length = 15, length_penalty = -0.5, min_length = 9 },
        ["beams without end"] = new() { num_beams = 3, eos_token_id = TokenIds.None, num_return_sequences = 3 },
        ["drawn beams"] = new() { num_beams = 3, do_sample = true, temperature = 1.3, top_k = 25, num_return_sequences = 3 },
    };

    /// <summary>Options by their name, with the tokens and length that all have in common.</summary>
    public static GenerationConfig Of(string name)
    {
        var common = new Dictionary<string, object?> { ["max_new_tokens"] = 9, ["eos_token_id"] = new[] { 6, 26 }, ["pad_token_id"] = Pad };
        var own = name switch
        {
            "no end" or "beams without end" => "eos_token_id",
            "no pad" => "pad_token_id",
            "max_length" or "beams max_length" => "max_new_tokens",
            _ => null,
        };
        return Options[name].update(common.Where(c => c.Key != own).ToDictionary(c => c.Key, c => c.Value));
    }
}
