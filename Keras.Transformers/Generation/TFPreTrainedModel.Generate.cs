namespace Keras.Transformers;

/// <summary>Text generation.</summary>
public abstract partial class TFPreTrainedModel
{
    GenerationConfig? _generationConfig;

    /// <summary>The default options of <c>generate</c>: the folder's generation_config.json, otherwise the values in the model's configuration.</summary>
    public GenerationConfig generation_config
    {
        get => _generationConfig ??= GenerationConfig.from_model_config(config);
        set => _generationConfig = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>Whether the model can <c>generate</c>, that is, predicts the next token.</summary>
    public bool can_generate() => this is ICausalLanguageModel or IEncoderDecoderModel;

    /// <summary>Compiled functions and caches of <c>generate</c>.</summary>
    internal DecoderStore Decoders { get; } = new();

    internal override void DropFunctions()
    {
        base.DropFunctions();
        Decoders.Drop();
    }

    /// <summary>Generates texts: greedily, by sampling, by beam search (also in groups), by contrastive search, or with tokens proposed by a smaller model or by the prompt.</summary>
    /// <remarks>
    /// <para>inputs: Token ids, (B, T) or (T), a list of texts of different lengths (<c>Tensor[]</c>, each (T)), or named inputs as a tokenizer returns them (input_ids, attention_mask, token_type_ids, inputs_embeds, past_key_values,
    /// encoder_hidden_states, encoder_attention_mask); null begins with bos_token_id. Texts of different lengths are padded on the left; without a mask, pad tokens that do not
    /// also end texts are taken for padding. With past_key_values of an earlier output, input_ids are all tokens, and only the new ones are computed.</para>
    /// <para>For a model with an encoder, inputs are the encoder's (pixel_values; input_ids, attention_mask), which runs once, or encoder_outputs, the outputs that it returned earlier. Texts
    /// begin with decoder_input_ids, (B, T), and decoder_attention_mask, otherwise with decoder_start_token_id or bos_token_id; lengths count the decoder's tokens.</para>
    /// <para>generation_config: The options; default <see cref="generation_config"/>. Each option can also be given by its own name, which takes precedence; see
    /// <see cref="GenerationConfig"/> for what they mean. <c>TokenIds.None</c> for no token.</para>
    /// <para>logits_processor, stopping_criteria: Further ones, of your own. They run outside the compiled step.</para>
    /// <para>prefix_allowed_tokens_fn: Takes the number of a text and its tokens so far, and returns the tokens that may follow.</para>
    /// <para>streamer: Gets the prompt's tokens, then each new one.</para>
    /// <para>assistant_model: A smaller model of the same vocabulary that guesses tokens; the text is the same as without it, but takes less time.</para>
    /// <para>tokenizer: Needed to read stop_strings.</para>
    /// <para>negative_prompt_ids, negative_prompt_attention_mask: The prompt that guidance_scale leads away from, (B, T); default the prompt's last token.</para>
    /// <para>jit_compile: Whether XLA compiles the step; default on GPUs only, see docs/generation.md. A model compiled with run_eagerly runs op by op.</para>
    /// Source: transformers/generation/utils.py. Where TensorFlow's and PyTorch's generation differ, this follows PyTorch's. Sampling draws other tokens than either, but from the same
    /// distribution: by one number for each text and step, which depends only on seed, row and step.
    /// </remarks>
    /// <returns>The texts, which convert to a tensor, and the other requested outputs.</returns>
    /// <exception cref="ConfigException">An option is impossible, alone or together with others.</exception>
    /// <exception cref="ValueRangeException">The prompt is empty or does not fit the model, or scores leave no token to choose.</exception>
    /// <exception cref="UnsupportedException">The model predicts no next token.</exception>
    /// <exception cref="OperationCanceledException">Cancelled between two tokens.</exception>
    public GenerateOutput generate(Tensors? inputs = null, GenerationConfig? generation_config = null, LogitsProcessorList? logits_processor = null, StoppingCriteriaList? stopping_criteria = null,
        Func<int, int[], IEnumerable<int>>? prefix_allowed_tokens_fn = null, BaseStreamer? streamer = null, TFPreTrainedModel? assistant_model = null, ITextTokenizer? tokenizer = null,
        Tensor? attention_mask = null, Tensor? token_type_ids = null, Tensor? inputs_embeds = null, Tensors? past_key_values = null, Tensor? encoder_hidden_states = null, Tensor? encoder_attention_mask = null,
        Tensor? decoder_input_ids = null, Tensor? decoder_attention_mask = null, Tensors? encoder_outputs = null, Tensor? negative_prompt_ids = null, Tensor? negative_prompt_attention_mask = null, bool? jit_compile = null,
        int? max_length = null, int? max_new_tokens = null, int? min_length = null, int? min_new_tokens = null, EarlyStoppingRule? early_stopping = null, double? max_time = null,
        IReadOnlyList<string>? stop_strings = null, bool? do_sample = null, int? num_beams = null, int? num_beam_groups = null, double? penalty_alpha = null, bool? use_cache = null,
        double? temperature = null, int? top_k = null, double? top_p = null, double? min_p = null, double? typical_p = null, double? epsilon_cutoff = null, double? eta_cutoff = null,
        double? diversity_penalty = null, double? repetition_penalty = null, double? encoder_repetition_penalty = null, double? length_penalty = null, int? no_repeat_ngram_size = null,
        IReadOnlyList<int[]>? bad_words_ids = null, IReadOnlyList<(int[] Tokens, double Bias)>? sequence_bias = null, bool? renormalize_logits = null, int? forced_bos_token_id = null,
        TokenIds? forced_eos_token_id = null, bool? remove_invalid_values = null, (int StartIndex, double DecayFactor)? exponential_decay_length_penalty = null, TokenIds? suppress_tokens = null,
        TokenIds? begin_suppress_tokens = null, IReadOnlyList<(int Index, int Token)>? forced_decoder_ids = null, double? guidance_scale = null, bool? low_memory = null,
        int? num_return_sequences = null, bool? output_attentions = null, bool? output_hidden_states = null, bool? output_scores = null, bool? output_logits = null,
        bool? return_dict_in_generate = null, int? pad_token_id = null, int? bos_token_id = null, TokenIds? eos_token_id = null, int? encoder_no_repeat_ngram_size = null,
        int? decoder_start_token_id = null, int? num_assistant_tokens = null, string? num_assistant_tokens_schedule = null, int? prompt_lookup_num_tokens = null,
        int? max_matching_ngram_size = null, int? seed = null,
        CancellationToken cancellationToken = default)
    {
        var options = new (string Name, object? Value)[]
        {
            (nameof(max_length), max_length), (nameof(max_new_tokens), max_new_tokens), (nameof(min_length), min_length), (nameof(min_new_tokens), min_new_tokens),
            (nameof(early_stopping), early_stopping), (nameof(max_time), max_time), (nameof(stop_strings), stop_strings), (nameof(do_sample), do_sample), (nameof(num_beams), num_beams),
            (nameof(num_beam_groups), num_beam_groups), (nameof(penalty_alpha), penalty_alpha), (nameof(use_cache), use_cache), (nameof(temperature), temperature), (nameof(top_k), top_k),
            (nameof(top_p), top_p), (nameof(min_p), min_p), (nameof(typical_p), typical_p), (nameof(epsilon_cutoff), epsilon_cutoff), (nameof(eta_cutoff), eta_cutoff),
            (nameof(diversity_penalty), diversity_penalty), (nameof(repetition_penalty), repetition_penalty), (nameof(encoder_repetition_penalty), encoder_repetition_penalty),
            (nameof(length_penalty), length_penalty), (nameof(no_repeat_ngram_size), no_repeat_ngram_size), (nameof(bad_words_ids), bad_words_ids), (nameof(sequence_bias), sequence_bias),
            (nameof(renormalize_logits), renormalize_logits), (nameof(forced_bos_token_id), forced_bos_token_id), (nameof(forced_eos_token_id), forced_eos_token_id),
            (nameof(remove_invalid_values), remove_invalid_values), (nameof(exponential_decay_length_penalty), exponential_decay_length_penalty), (nameof(suppress_tokens), suppress_tokens),
            (nameof(begin_suppress_tokens), begin_suppress_tokens), (nameof(forced_decoder_ids), forced_decoder_ids), (nameof(guidance_scale), guidance_scale), (nameof(low_memory), low_memory),
            (nameof(num_return_sequences), num_return_sequences), (nameof(output_attentions), output_attentions), (nameof(output_hidden_states), output_hidden_states),
            (nameof(output_scores), output_scores), (nameof(output_logits), output_logits), (nameof(return_dict_in_generate), return_dict_in_generate), (nameof(pad_token_id), pad_token_id),
            (nameof(bos_token_id), bos_token_id), (nameof(eos_token_id), eos_token_id), (nameof(encoder_no_repeat_ngram_size), encoder_no_repeat_ngram_size),
            (nameof(decoder_start_token_id), decoder_start_token_id), (nameof(num_assistant_tokens), num_assistant_tokens),
            (nameof(num_assistant_tokens_schedule), num_assistant_tokens_schedule), (nameof(prompt_lookup_num_tokens), prompt_lookup_num_tokens),
            (nameof(max_matching_ngram_size), max_matching_ngram_size), (nameof(seed), seed),
        }.Where(o => o.Value is not null).ToDictionary(o => o.Name, o => o.Value);
        var named = new (string Name, Tensors? Value)[]
        {
            (nameof(attention_mask), Given(attention_mask)), (nameof(token_type_ids), Given(token_type_ids)), (nameof(inputs_embeds), Given(inputs_embeds)), (nameof(past_key_values), past_key_values),
            (nameof(encoder_hidden_states), Given(encoder_hidden_states)), (nameof(encoder_attention_mask), Given(encoder_attention_mask)),
            (nameof(decoder_input_ids), Given(decoder_input_ids)), (nameof(decoder_attention_mask), Given(decoder_attention_mask)), (nameof(encoder_outputs), encoder_outputs),
        };
        return new Generator(this, GenerationInputs.Joined(main_input_name, inputs, named), (generation_config ?? this.generation_config).update(options), new()
        {
            Processors = logits_processor ?? [], Criteria = stopping_criteria ?? [], Allowed = prefix_allowed_tokens_fn, Streamer = streamer, Assistant = assistant_model, Tokenizer = tokenizer,
            NegativePrompt = negative_prompt_ids, NegativeMask = negative_prompt_attention_mask, Jit = jit_compile, Eager = run_eagerly, Cancellation = cancellationToken,
        }).Run();
    }

    static Tensors? Given(Tensor? x) => x is null ? null : new Tensors(x);
}
