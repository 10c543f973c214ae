namespace Keras.Transformers;

public sealed partial class GenerationConfig
{
    /// <summary>Invalid combinations of options: the condition, the option at fault, what is expected, and what to do.</summary>
    static readonly (Func<GenerationConfig, bool> IsSo, string What, string Option, Func<GenerationConfig, string> Expected, string Remedy)[] Contradictions =
    [
        (c => c is { num_return_sequences: > 1, num_beams: 1, do_sample: false }, "Greedy decoding gives one text", "num_return_sequences", _ => "1", "Set do_sample: true, or num_beams to at least as many."),
        (c => c.num_beams > 1 && c.num_return_sequences > c.num_beams, "Beam search gives no more texts than beams", "num_return_sequences", c => $"at most num_beams {c.num_beams}", "Set num_beams to at least as many."),
        (c => c.num_beams > 1 && c.num_beams % c.num_beam_groups != 0, "Groups do not divide the beams", "num_beam_groups", c => $"a divisor of num_beams {c.num_beams}", "Change one of both."),
        (c => c is { num_beams: > 1, num_beam_groups: > 1, diversity_penalty: 0 }, "Groups of beams without diversity are all the same", "diversity_penalty", _ => "a number above 0", "Set it, or num_beam_groups to 1."),
        (c => c.num_beams > 1 && c.do_sample && (c.num_beam_groups > 1 || c.diversity_penalty != 0), "Groups of beams do not sample", "do_sample", _ => "false", "Set num_beam_groups to 1 and diversity_penalty to 0, or do_sample to false."),
        (c => c.num_beams > 1 && c.num_beam_groups == 1 && c.diversity_penalty != 0, "Diversity is one between groups of beams", "diversity_penalty", _ => "0 where num_beam_groups is 1", "Set num_beam_groups to more than 1."),
        (c => c.max_new_tokens is null && c.min_length > c.max_length, "A text cannot be as long as it has to be", "min_length", c => $"at most max_length {c.max_length}", "Change one of both."),
        (c => c.max_new_tokens is { } most && c.min_new_tokens > most, "A text cannot get as many tokens as it has to", "min_new_tokens", c => $"at most max_new_tokens {c.max_new_tokens}", "Change one of both."),
        (c => c is { prompt_lookup_num_tokens: not null, num_beams: > 1 }, "Tokens are looked up in the prompt for one text at a time", "prompt_lookup_num_tokens", _ => "none where num_beams is more than 1", "Set num_beams to 1."),
    ];

    /// <summary>Checks the options, each by itself and with each other; options without effect cause one warning.</summary>
    /// <exception cref="ConfigException">An option is impossible.</exception>
    public void validate()
    {
        foreach (var option in GenerationOption.All)
        {
            if (ValueOf(option) is { } value && option.Fits?.Invoke(value) == false)
                throw new ConfigException("A generation option is out of range", Where(option.Name), option.Range, option.JsonOf(value), option.Name == "temperature" ? "For the best token each time set do_sample: false." : null);
        }
        foreach (var (isSo, what, name, expected, remedy) in Contradictions)
            if (isSo(this)) throw new ConfigException(what, Where(name), expected(this), GenerationOption.ByName[name].JsonOf(ValueOf(GenerationOption.ByName[name])), remedy);
        foreach (var option in GenerationOption.All)
        {
            if (option.Mode is { } mode && ValueOf(option) is { } value && !option.IsDefault(value) && !mode.IsOn(this))
                WarnOnce($"{Where(option.Name)} is {option.JsonOf(value)}, which has no effect while {mode.Remedy}, or leave {option.Name} out.");
        }
        // The length in a file is only a default.
        if (max_new_tokens is { } tokens && _changed.Contains(nameof(max_length)) && !GenerationOption.ByName[nameof(max_length)].IsDefault(max_length))
            WarnOnce($"{Where(nameof(max_length))} is {max_length}, which has no effect because max_new_tokens is {tokens}: leave one of them out.");
        if (pad_token_id < 0) WarnOnce($"{Where("pad_token_id")} is {pad_token_id}, which is not a token: batches of texts of different lengths will be rejected.");
    }

    /// <summary>The maximum length of a text, including the prompt.</summary>
    /// <param name="promptLength">The length of the prompt.</param>
    /// <exception cref="ConfigException">The limit leaves no token to generate.</exception>
    internal Dim LongestText(Dim promptLength) => promptLength.Known is { } known ? LongestText((int)known) : max_new_tokens is { } more ? promptLength + more : max_length;

    /// <inheritdoc cref="LongestText(Dim)"/>
    internal int LongestText(int promptLength)
    {
        if (max_new_tokens is { } more) return (int)Math.Min((long)promptLength + more, int.MaxValue);
        if (max_length > promptLength) return max_length;
        throw new ConfigException("The prompt is as long as the whole text may be", Where("max_length"), $"more than the {promptLength} tokens of the prompt", $"{max_length}", "Set max_new_tokens, which does not count the prompt.");
    }
}
