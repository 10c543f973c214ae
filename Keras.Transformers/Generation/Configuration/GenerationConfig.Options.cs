namespace Keras.Transformers;

/// <content>The options, as <see cref="GenerationOption"/> lists them.</content>
public sealed partial class GenerationConfig
{
    /// <summary>The greatest length of a text, prompt included; max_new_tokens goes before it. Default 20.</summary>
    public int max_length { get => Get<int>(); set => Set(value); }

    /// <summary>The greatest number of tokens behind the prompt; default none.</summary>
    public int? max_new_tokens { get => Get<int?>(); set => Set(value); }

    /// <summary>The least length of a text, prompt included; default 0.</summary>
    public int min_length { get => Get<int>(); set => Set(value); }

    /// <summary>The least number of tokens behind the prompt; default none.</summary>
    public int? min_new_tokens { get => Get<int?>(); set => Set(value); }

    /// <summary>When beam search ends: true, false or "never"; default false.</summary>
    public EarlyStoppingRule early_stopping { get => Get<EarlyStoppingRule>(); set => Set(value); }

    /// <summary>After so many seconds generation ends with the current token; default none.</summary>
    public double? max_time { get => Get<double?>(); set => Set(value); }

    /// <summary>Texts that end a text where they come; default none.</summary>
    public IReadOnlyList<string>? stop_strings { get => Get<IReadOnlyList<string>?>(); set => Set(value); }

    /// <summary>Whether tokens are drawn by their probabilities; default false: the best is taken.</summary>
    public bool do_sample { get => Get<bool>(); set => Set(value); }

    /// <summary>The beams of beam search; default 1, which is none.</summary>
    public int num_beams { get => Get<int>(); set => Set(value); }

    /// <summary>The groups of beams that are to differ; default 1.</summary>
    public int num_beam_groups { get => Get<int>(); set => Set(value); }

    /// <summary>Above 0 with top_k above 1 and without sampling: contrastive search, which weighs likeness to earlier tokens so much; default none.</summary>
    public double? penalty_alpha { get => Get<double?>(); set => Set(value); }

    /// <summary>Whether keys and values of earlier tokens are kept; default true.</summary>
    public bool use_cache { get => Get<bool>(); set => Set(value); }

    /// <summary>What scores are divided by; default 1.</summary>
    public double? temperature { get => Get<double?>(); set => Set(value); }

    /// <summary>How many of the best tokens are drawn from; 0 or null for all. Default 50.</summary>
    public int? top_k { get => Get<int?>(); set => Set(value); }

    /// <summary>The least sum of probabilities of the best tokens that are drawn from; default 1, which is all.</summary>
    public double? top_p { get => Get<double?>(); set => Set(value); }

    /// <summary>The least share of the greatest probability that a token has; default none.</summary>
    public double? min_p { get => Get<double?>(); set => Set(value); }

    /// <summary>The least sum of probabilities of the most typical tokens; default 1, which is all.</summary>
    public double? typical_p { get => Get<double?>(); set => Set(value); }

    /// <summary>The least probability of a token; default 0.</summary>
    public double? epsilon_cutoff { get => Get<double?>(); set => Set(value); }

    /// <summary>The least probability of a token, less where the entropy is high; default 0.</summary>
    public double? eta_cutoff { get => Get<double?>(); set => Set(value); }

    /// <summary>What a score loses for each beam of another group that chose the token; default 0.</summary>
    public double diversity_penalty { get => Get<double>(); set => Set(value); }

    /// <summary>The penalty for tokens that came before; default 1, which is none.</summary>
    public double? repetition_penalty { get => Get<double?>(); set => Set(value); }

    /// <summary>The reward for tokens of the encoder's input or the prompt; default 1, which is none.</summary>
    public double? encoder_repetition_penalty { get => Get<double?>(); set => Set(value); }

    /// <summary>The power of the length that beams' sums are divided by; default 1.</summary>
    public double length_penalty { get => Get<double>(); set => Set(value); }

    /// <summary>The n-grams that come once only; default 0, which is none.</summary>
    public int? no_repeat_ngram_size { get => Get<int?>(); set => Set(value); }

    /// <summary>The token ids of words that never come; default none.</summary>
    public IReadOnlyList<int[]>? bad_words_ids { get => Get<IReadOnlyList<int[]>?>(); set => Set(value); }

    /// <summary>Sequences of token ids and what is added to the score of their last token; default none.</summary>
    public IReadOnlyList<(int[] Tokens, double Bias)>? sequence_bias { get => Get<IReadOnlyList<(int[] Tokens, double Bias)>?>(); set => Set(value); }

    /// <summary>Whether scores are made logarithms of probabilities behind all processors; default false.</summary>
    public bool renormalize_logits { get => Get<bool>(); set => Set(value); }

    /// <summary>The token behind the first; default none.</summary>
    public int? forced_bos_token_id { get => Get<int?>(); set => Set(value); }

    /// <summary>The last tokens of texts of the greatest length; default none.</summary>
    public TokenIds forced_eos_token_id { get => Get<TokenIds>(); set => Set(value); }

    /// <summary>Whether NaN and infinite scores are replaced; default false.</summary>
    public bool remove_invalid_values { get => Get<bool>(); set => Set(value); }

    /// <summary>After how many tokens, and by which factor for each, the end becomes more probable; default none.</summary>
    public (int StartIndex, double DecayFactor)? exponential_decay_length_penalty { get => Get<(int StartIndex, double DecayFactor)?>(); set => Set(value); }

    /// <summary>Tokens that never come; default none.</summary>
    public TokenIds suppress_tokens { get => Get<TokenIds>(); set => Set(value); }

    /// <summary>Tokens that do not come first; default none.</summary>
    public TokenIds begin_suppress_tokens { get => Get<TokenIds>(); set => Set(value); }

    /// <summary>Places and the tokens that come there; default none.</summary>
    public IReadOnlyList<(int Index, int Token)>? forced_decoder_ids { get => Get<IReadOnlyList<(int Index, int Token)>?>(); set => Set(value); }

    /// <summary>How far scores are moved away from those without the prompt; default none.</summary>
    public double? guidance_scale { get => Get<double?>(); set => Set(value); }

    /// <summary>Whether candidates of contrastive search are computed one by one; default none.</summary>
    public bool? low_memory { get => Get<bool?>(); set => Set(value); }

    /// <summary>The texts of each prompt; default 1.</summary>
    public int num_return_sequences { get => Get<int>(); set => Set(value); }

    /// <summary>Whether attention probabilities are returned; default false.</summary>
    public bool output_attentions { get => Get<bool>(); set => Set(value); }

    /// <summary>Whether the states of every layer are returned; default false.</summary>
    public bool output_hidden_states { get => Get<bool>(); set => Set(value); }

    /// <summary>Whether processed scores are returned; default false.</summary>
    public bool output_scores { get => Get<bool>(); set => Set(value); }

    /// <summary>Whether the model's own scores are returned; default false.</summary>
    public bool output_logits { get => Get<bool>(); set => Set(value); }

    /// <summary>Whether keys and values are returned, from which a later call goes on; default false. Beams and contrastive search have none.</summary>
    /// <remarks>In Hugging Face nothing but tokens is returned without it; here outputs always have names, and what else is returned has options of its own.</remarks>
    public bool return_dict_in_generate { get => Get<bool>(); set => Set(value); }

    /// <summary>The token that fills texts that have ended before others; default none.</summary>
    public int? pad_token_id { get => Get<int?>(); set => Set(value); }

    /// <summary>The token that begins a text; default none.</summary>
    public int? bos_token_id { get => Get<int?>(); set => Set(value); }

    /// <summary>The tokens that end a text; default none.</summary>
    public TokenIds eos_token_id { get => Get<TokenIds>(); set => Set(value); }

    /// <summary>The n-grams of the encoder's input or the prompt that do not come; default 0, which is none.</summary>
    public int? encoder_no_repeat_ngram_size { get => Get<int?>(); set => Set(value); }

    /// <summary>The token that a decoder beside an encoder begins with; default none.</summary>
    public int? decoder_start_token_id { get => Get<int?>(); set => Set(value); }

    /// <summary>How many tokens an assistant proposes at a time; default 20.</summary>
    public int num_assistant_tokens { get => Get<int>(); set => Set(value); }

    /// <summary>How that number changes: "constant", "heuristic" or "heuristic_transient"; default "constant".</summary>
    public string num_assistant_tokens_schedule { get => Get<string>(); set => Set(value); }

    /// <summary>How many tokens are looked up in the prompt at a time; default none.</summary>
    public int? prompt_lookup_num_tokens { get => Get<int?>(); set => Set(value); }

    /// <summary>The longest n-gram that is looked up in the prompt; default none, which is 2.</summary>
    public int? max_matching_ngram_size { get => Get<int?>(); set => Set(value); }

    /// <summary>Where drawing begins: the same seed draws the same texts; default none, which is <c>keras.utils.set_random_seed</c>'s.</summary>
    public int? seed { get => Get<int?>(); set => Set(value); }
}
