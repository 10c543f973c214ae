namespace Keras.Transformers;

/// <content>The options, as <see cref="GenerationOption"/> lists them.</content>
public sealed partial class GenerationConfig
{
    /// <summary>The maximum length of a text, including the prompt; max_new_tokens takes precedence. Default 20.</summary>
    public int max_length { get => Get<int>(); set => Set(value); }

    /// <summary>The maximum number of new tokens, without the prompt; default none.</summary>
    public int? max_new_tokens { get => Get<int?>(); set => Set(value); }

    /// <summary>The minimum length of a text, including the prompt; default 0.</summary>
    public int min_length { get => Get<int>(); set => Set(value); }

    /// <summary>The minimum number of new tokens, without the prompt; default none.</summary>
    public int? min_new_tokens { get => Get<int?>(); set => Set(value); }

    /// <summary>When beam search stops: true, false or "never"; default false.</summary>
    public EarlyStoppingRule early_stopping { get => Get<EarlyStoppingRule>(); set => Set(value); }

    /// <summary>The time in seconds after which generation ends with the current token; default none.</summary>
    public double? max_time { get => Get<double?>(); set => Set(value); }

    /// <summary>Strings that end a text when they appear in it; default none.</summary>
    public IReadOnlyList<string>? stop_strings { get => Get<IReadOnlyList<string>?>(); set => Set(value); }

    /// <summary>Whether to sample tokens by their probabilities; default false, which takes the most probable token.</summary>
    public bool do_sample { get => Get<bool>(); set => Set(value); }

    /// <summary>The number of beams; default 1, no beam search.</summary>
    public int num_beams { get => Get<int>(); set => Set(value); }

    /// <summary>The number of groups of beams, which are made to differ from each other; default 1.</summary>
    public int num_beam_groups { get => Get<int>(); set => Set(value); }

    /// <summary>How strongly contrastive search penalizes similarity to earlier tokens; it is used with a value above 0, top_k above 1 and no sampling. Default none.</summary>
    public double? penalty_alpha { get => Get<double?>(); set => Set(value); }

    /// <summary>Whether keys and values of earlier tokens are kept; default true.</summary>
    public bool use_cache { get => Get<bool>(); set => Set(value); }

    /// <summary>The temperature that scores are divided by; default 1.</summary>
    public double? temperature { get => Get<double?>(); set => Set(value); }

    /// <summary>The number of most probable tokens to sample from; 0 or null for all. Default 50.</summary>
    public int? top_k { get => Get<int?>(); set => Set(value); }

    /// <summary>Sampling draws from the most probable tokens whose probabilities sum to at least this; default 1, all tokens.</summary>
    public double? top_p { get => Get<double?>(); set => Set(value); }

    /// <summary>The minimum probability of a token, as a fraction of the greatest one; default none.</summary>
    public double? min_p { get => Get<double?>(); set => Set(value); }

    /// <summary>Sampling draws from the most typical tokens whose probabilities sum to at least this; default 1, all tokens.</summary>
    public double? typical_p { get => Get<double?>(); set => Set(value); }

    /// <summary>The minimum probability of a token; default 0.</summary>
    public double? epsilon_cutoff { get => Get<double?>(); set => Set(value); }

    /// <summary>The minimum probability of a token, lowered where the entropy is high; default 0.</summary>
    public double? eta_cutoff { get => Get<double?>(); set => Set(value); }

    /// <summary>How much a token's score drops for each beam of another group that chose it; default 0.</summary>
    public double diversity_penalty { get => Get<double>(); set => Set(value); }

    /// <summary>The penalty for tokens that occurred before; default 1, no penalty.</summary>
    public double? repetition_penalty { get => Get<double?>(); set => Set(value); }

    /// <summary>The reward for tokens of the encoder's input or of the prompt; default 1, no reward.</summary>
    public double? encoder_repetition_penalty { get => Get<double?>(); set => Set(value); }

    /// <summary>The power of the length by which the scores of beams are divided; default 1.</summary>
    public double length_penalty { get => Get<double>(); set => Set(value); }

    /// <summary>The size of n-grams that may occur only once; default 0, no limit.</summary>
    public int? no_repeat_ngram_size { get => Get<int?>(); set => Set(value); }

    /// <summary>The token ids of words that never occur; default none.</summary>
    public IReadOnlyList<int[]>? bad_words_ids { get => Get<IReadOnlyList<int[]>?>(); set => Set(value); }

    /// <summary>Sequences of token ids, each with a value that is added to the score of its last token; default none.</summary>
    public IReadOnlyList<(int[] Tokens, double Bias)>? sequence_bias { get => Get<IReadOnlyList<(int[] Tokens, double Bias)>?>(); set => Set(value); }

    /// <summary>Whether scores are turned into log-probabilities after all processors; default false.</summary>
    public bool renormalize_logits { get => Get<bool>(); set => Set(value); }

    /// <summary>The token forced after the first one; default none.</summary>
    public int? forced_bos_token_id { get => Get<int?>(); set => Set(value); }

    /// <summary>The tokens forced at the end of a text of the maximum length; default none.</summary>
    public TokenIds forced_eos_token_id { get => Get<TokenIds>(); set => Set(value); }

    /// <summary>Whether NaN and infinite scores are replaced; default false.</summary>
    public bool remove_invalid_values { get => Get<bool>(); set => Set(value); }

    /// <summary>The number of tokens after which the end becomes more probable, and the factor per token; default none.</summary>
    public (int StartIndex, double DecayFactor)? exponential_decay_length_penalty { get => Get<(int StartIndex, double DecayFactor)?>(); set => Set(value); }

    /// <summary>Tokens that never occur; default none.</summary>
    public TokenIds suppress_tokens { get => Get<TokenIds>(); set => Set(value); }

    /// <summary>Tokens that never occur first; default none.</summary>
    public TokenIds begin_suppress_tokens { get => Get<TokenIds>(); set => Set(value); }

    /// <summary>Tokens forced at given positions; default none.</summary>
    public IReadOnlyList<(int Index, int Token)>? forced_decoder_ids { get => Get<IReadOnlyList<(int Index, int Token)>?>(); set => Set(value); }

    /// <summary>How far scores are moved away from those without the prompt (classifier-free guidance); default none.</summary>
    public double? guidance_scale { get => Get<double?>(); set => Set(value); }

    /// <summary>Whether contrastive search computes its candidates one by one; default none.</summary>
    public bool? low_memory { get => Get<bool?>(); set => Set(value); }

    /// <summary>The number of texts generated for each prompt; default 1.</summary>
    public int num_return_sequences { get => Get<int>(); set => Set(value); }

    /// <summary>Whether attention probabilities are returned; default false.</summary>
    public bool output_attentions { get => Get<bool>(); set => Set(value); }

    /// <summary>Whether the states of every layer are returned; default false.</summary>
    public bool output_hidden_states { get => Get<bool>(); set => Set(value); }

    /// <summary>Whether processed scores are returned; default false.</summary>
    public bool output_scores { get => Get<bool>(); set => Set(value); }

    /// <summary>Whether the model's own scores are returned; default false.</summary>
    public bool output_logits { get => Get<bool>(); set => Set(value); }

    /// <summary>Whether keys and values are returned, from which a later call can continue; default false. Beam search and contrastive search return none.</summary>
    /// <remarks>In Hugging Face only tokens are returned without it. Here outputs always have names, and further outputs have options of their own.</remarks>
    public bool return_dict_in_generate { get => Get<bool>(); set => Set(value); }

    /// <summary>The token that pads texts which end before others; default none.</summary>
    public int? pad_token_id { get => Get<int?>(); set => Set(value); }

    /// <summary>The token that begins a text; default none.</summary>
    public int? bos_token_id { get => Get<int?>(); set => Set(value); }

    /// <summary>The tokens that end a text; default none.</summary>
    public TokenIds eos_token_id { get => Get<TokenIds>(); set => Set(value); }

    /// <summary>The size of n-grams of the encoder's input or the prompt that may not occur; default 0, no limit.</summary>
    public int? encoder_no_repeat_ngram_size { get => Get<int?>(); set => Set(value); }

    /// <summary>The token that the decoder of an encoder-decoder model begins with; default none.</summary>
    public int? decoder_start_token_id { get => Get<int?>(); set => Set(value); }

    /// <summary>How many tokens an assistant model proposes at a time; default 20.</summary>
    public int num_assistant_tokens { get => Get<int>(); set => Set(value); }

    /// <summary>How the number of proposed tokens changes: "constant", "heuristic" or "heuristic_transient"; default "constant".</summary>
    public string num_assistant_tokens_schedule { get => Get<string>(); set => Set(value); }

    /// <summary>The number of tokens that prompt lookup proposes at a time; default none, no prompt lookup.</summary>
    public int? prompt_lookup_num_tokens { get => Get<int?>(); set => Set(value); }

    /// <summary>The longest n-gram that prompt lookup searches for; default none, which means 2.</summary>
    public int? max_matching_ngram_size { get => Get<int?>(); set => Set(value); }

    /// <summary>The seed of sampling: the same seed draws the same texts; default none, which follows <c>keras.utils.set_random_seed</c>.</summary>
    public int? seed { get => Get<int?>(); set => Set(value); }
}
