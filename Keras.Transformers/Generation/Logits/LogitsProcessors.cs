using static Keras.Api;

namespace Keras.Transformers;

/// <summary>Makes the processors that options require.</summary>
static class LogitsProcessors
{
    /// <summary>All processors of a generation, in Hugging Face's order; guidance and diversity, which need more than scores, belong to their loops.</summary>
    /// <param name="config">The options.</param>
    /// <param name="promptLength">The length of the prompt.</param>
    /// <param name="vocabulary">The number of tokens.</param>
    /// <param name="encoderTokens">The tokens of the encoder's input, or of a decoder's prompt, (B, E), int32; null if there are none.</param>
    /// <param name="allowed">Gives the allowed next tokens for a sample's index and tokens; null to allow all.</param>
    /// <param name="own">The user's processors, placed before those of sampling.</param>
    /// <exception cref="KerasException">An option does not fit the vocabulary or another one, or the user's list has a processor that an option makes as well.</exception>
    public static LogitsProcessorList Of(GenerationConfig config, Dim promptLength, int vocabulary, Tensor? encoderTokens = null, Func<int, int[], IEnumerable<int>>? allowed = null, IEnumerable<LogitsProcessor>? own = null)
    {
        LogitsProcessorList made = [.. ForAll(config, promptLength, encoderTokens, allowed)];
        foreach (var tensors in made.OfType<TensorLogitsProcessor>()) tensors.EnsureFits(vocabulary);
        foreach (var processor in own ?? [])
        {
            if (made.Any(m => m.GetType() == processor.GetType()))
                throw new ConfigException("A processor is given that an option makes too", $"logits_processor, {processor.GetType().Name}", "one of both", "the processor and the option", "Leave the option out, or the processor.");
        }
        foreach (var processor in own ?? [])
        {
            (processor as TensorLogitsProcessor)?.EnsureFits(vocabulary);
            made.Add(processor);
        }
        if (config.do_sample)
            foreach (var warper in ForSampling(config)) made.Add(warper);
        if (config.renormalize_logits) made.Add(new LogitNormalization());
        return made;
    }

    static IEnumerable<LogitsProcessor> ForAll(GenerationConfig c, Dim promptLength, Tensor? encoderTokens, Func<int, int[], IEnumerable<int>>? allowed)
    {
        if (c.sequence_bias is { } biases) yield return new SequenceBiasLogitsProcessor(biases);
        if (c.encoder_repetition_penalty is { } reward and not 1 && HasTokens(c, encoderTokens, nameof(c.encoder_repetition_penalty))) yield return new EncoderRepetitionPenaltyLogitsProcessor(reward, encoderTokens!);
        if (c.repetition_penalty is { } penalty and not 1) yield return new RepetitionPenaltyLogitsProcessor(penalty);
        if (c.no_repeat_ngram_size is { } size and > 0) yield return new NoRepeatNGramLogitsProcessor(size);
        if (c.encoder_no_repeat_ngram_size is { } sizeThere and > 0 && HasTokens(c, encoderTokens, nameof(c.encoder_no_repeat_ngram_size))) yield return new EncoderNoRepeatNGramLogitsProcessor(sizeThere, encoderTokens!);
        if (c.bad_words_ids is { } words) yield return new NoBadWordsLogitsProcessor(words, c.eos_token_id);
        // The number of new tokens takes precedence over the length.
        if (c.eos_token_id.Count > 0 && c is { min_new_tokens: null, min_length: > 0 }) yield return new MinLengthLogitsProcessor(c.min_length, c.eos_token_id);
        if (c.eos_token_id.Count > 0 && c.min_new_tokens is { } least and > 0) yield return new MinNewTokensLengthLogitsProcessor(promptLength, least, c.eos_token_id);
        if (allowed is not null) yield return new PrefixConstrainedLogitsProcessor(allowed, c.num_beams > 1 ? c.num_beams / c.num_beam_groups : c.num_return_sequences);
        if (c.forced_bos_token_id is { } first) yield return new ForcedBOSTokenLogitsProcessor(first);
        if (c.forced_eos_token_id.Count > 0) yield return new ForcedEOSTokenLogitsProcessor(c.LongestText(promptLength), c.forced_eos_token_id);
        if (c.remove_invalid_values) yield return new InfNanRemoveLogitsProcessor();
        if (c.exponential_decay_length_penalty is { } decay)
        {
            if (c.eos_token_id.Count == 0) throw new ConfigException("Nothing can end the text", nameof(c.exponential_decay_length_penalty), "eos_token_id beside it", "no eos_token_id");
            yield return new ExponentialDecayLengthPenalty(decay, c.eos_token_id, promptLength);
        }
        if (c.suppress_tokens.Count > 0) yield return new SuppressTokensLogitsProcessor(c.suppress_tokens);
        // After a forced first token, the text begins one token later.
        if (c.begin_suppress_tokens.Count > 0) yield return new SuppressTokensAtBeginLogitsProcessor(c.begin_suppress_tokens, c.forced_bos_token_id is null ? promptLength : BehindFirst(promptLength));
        if (c.forced_decoder_ids is { Count: > 0 } map) yield return new ForceTokensLogitsProcessor(map);
    }

    static Dim BehindFirst(Dim promptLength) => promptLength.Known is { } known ? known > 1 ? known : known + 1 : ops.maximum(promptLength.ToTensor(), 2);

    static IEnumerable<LogitsProcessor> ForSampling(GenerationConfig c)
    {
        // Beams need one token that continues besides all end tokens.
        var kept = c.num_beams > 1 ? Math.Max(1, c.eos_token_id.Count) + 1 : 1;
        if (c.temperature is { } temperature and not 1) yield return new TemperatureLogitsWarper(temperature);
        if (c.top_k is { } k and not 0) yield return new TopKLogitsWarper(k, min_tokens_to_keep: kept);
        if (c.top_p is { } p and < 1) yield return new TopPLogitsWarper(p, min_tokens_to_keep: kept);
        if (c.min_p is { } share) yield return new MinPLogitsWarper(share, min_tokens_to_keep: kept);
        if (c.typical_p is { } mass and < 1) yield return new TypicalLogitsWarper(mass, min_tokens_to_keep: kept);
        if (c.epsilon_cutoff is { } epsilon and > 0) yield return new EpsilonLogitsWarper(epsilon, min_tokens_to_keep: kept);
        if (c.eta_cutoff is { } eta and > 0) yield return new EtaLogitsWarper(eta, min_tokens_to_keep: kept);
    }

    static bool HasTokens(GenerationConfig config, Tensor? tokens, string option)
    {
        if (tokens is null) config.WarnOnce($"{option} has no effect: there are no input_ids.");
        return tokens is not null;
    }
}
