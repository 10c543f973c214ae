using System.Text.Json;

namespace Keras.Transformers;

/// <summary>One option of generation.</summary>
/// <param name="Name">Hugging Face's name.</param>
/// <param name="Kind">The kind of its value.</param>
/// <param name="Default">The default value; null for none.</param>
/// <param name="Range">A description of the valid values; null for any.</param>
/// <param name="Fits">Whether a value is valid.</param>
/// <param name="Mode">The condition under which the option has an effect; null for always.</param>
sealed record GenerationOption(string Name, OptionKind Kind, object? Default = null, string? Range = null, Func<object, bool>? Fits = null, OptionMode? Mode = null)
{
    /// <summary>All options, in the order of Hugging Face's documentation.</summary>
    public static IReadOnlyList<GenerationOption> All { get; } =
    [
        Whole("max_length", 20, 0), Whole("max_new_tokens", null, 1), Whole("min_length", 0, 0), Whole("min_new_tokens", null, 0),
        new("early_stopping", OptionKind.EarlyStopping, (EarlyStoppingRule)false, OptionKind.EarlyStopping.Name, v => ((EarlyStoppingRule)v).Text is null or "never", OptionMode.Beams),
        Real("max_time", null, 0), new("stop_strings", OptionKind.Texts, null, "texts that are not empty", v => ((string[])v).All(t => t.Length > 0)),

        Flag("do_sample"), Whole("num_beams", 1, 1), Whole("num_beam_groups", 1, 1) with { Mode = OptionMode.Beams }, Real("penalty_alpha", null, 0), Flag("use_cache", true),

        Real("temperature", 1.0, 0, above: true) with { Mode = OptionMode.Sampling }, Whole("top_k", 50, 0) with { Mode = OptionMode.SamplingOrContrast }, Real("top_p", 1.0, 0, 1) with { Mode = OptionMode.Sampling },
        Real("min_p", null, 0, 1) with { Mode = OptionMode.Sampling }, Real("typical_p", 1.0, 0, 1, above: true) with { Mode = OptionMode.Sampling },
        Real("epsilon_cutoff", 0.0, 0, 1, below: true) with { Mode = OptionMode.Sampling }, Real("eta_cutoff", 0.0, 0, 1, below: true) with { Mode = OptionMode.Sampling },
        Real("diversity_penalty", 0.0, 0) with { Mode = OptionMode.Beams }, Real("repetition_penalty", 1.0, 0, above: true), Real("encoder_repetition_penalty", 1.0, 0, above: true),
        Real("length_penalty", 1.0, double.NegativeInfinity) with { Mode = OptionMode.Beams }, Whole("no_repeat_ngram_size", 0, 0),
        new("bad_words_ids", OptionKind.Words, null, "at least one word, each of at least one id from 0", v => ((int[][])v).Length > 0 && ((int[][])v).All(IsWord)),
        new("sequence_bias", OptionKind.Biases, null, "at least one sequence, each of at least one id from 0 and a finite number", v => (((int[] Tokens, double Bias)[])v) is { Length: > 0 } all && all.All(b => IsWord(b.Tokens) && double.IsFinite(b.Bias))),
        Flag("renormalize_logits"), Whole("forced_bos_token_id", null, 0), Tokens("forced_eos_token_id", OptionKind.Ids), Flag("remove_invalid_values"),
        new("exponential_decay_length_penalty", OptionKind.Decay, null, "a number of tokens from 0 and a finite factor from 0", v => ((ValueTuple<int, double>)v) is { Item1: >= 0, Item2: >= 0 and <= float.MaxValue }),
        Tokens("suppress_tokens", OptionKind.IdList), Tokens("begin_suppress_tokens", OptionKind.IdList),
        new("forced_decoder_ids", OptionKind.Places, null, "places and ids from 0", v => (((int Place, int Token)[])v).All(p => p is { Place: >= 0, Token: >= 0 })),
        Real("guidance_scale", null, double.NegativeInfinity), new("low_memory", OptionKind.Flag),

        Whole("num_return_sequences", 1, 1), Flag("output_attentions"), Flag("output_hidden_states"),
        Flag("output_scores"), Flag("output_logits"), Flag("return_dict_in_generate"),

        Whole("pad_token_id", null, int.MinValue), Whole("bos_token_id", null, int.MinValue), Tokens("eos_token_id", OptionKind.Ids), Whole("encoder_no_repeat_ngram_size", 0, 0), Whole("decoder_start_token_id", null, int.MinValue),
        Whole("num_assistant_tokens", 20, 1), new("num_assistant_tokens_schedule", OptionKind.Text, "constant", "\"constant\", \"heuristic\" or \"heuristic_transient\"", v => v is "constant" or "heuristic" or "heuristic_transient"),
        Whole("prompt_lookup_num_tokens", null, 1), Whole("max_matching_ngram_size", null, 1), Whole("seed", null, int.MinValue),
    ];

    /// <summary>The options by name.</summary>
    public static IReadOnlyDictionary<string, GenerationOption> ByName { get; } = All.ToDictionary(o => o.Name);

    /// <summary>Whether a value is the default.</summary>
    public bool IsDefault(object? value) => JsonOf(value) == JsonOf(Default);

    /// <summary>A value as JSON text.</summary>
    public string JsonOf(object? value) => value is null ? "null" : Kind.Write(value)?.ToJsonString() ?? "null";

    /// <summary>Converts a value to the option's type.</summary>
    /// <exception cref="ConfigException">The value has a wrong type.</exception>
    public object? Read(object? value, string where)
    {
        // Null turns an option off, or, if it cannot be off, means the default.
        if (value is null) return IsOptional ? null : Default;
        return Kind.Read(value) ?? throw new ConfigException("A generation option is of the wrong type", where, Kind.Name, Known.Say(value));
    }

    /// <summary>Parses a value from a configuration file, which has only texts; an invalid text stays as it is and is rejected when read.</summary>
    public object? FromText(string text)
    {
        if (Kind == OptionKind.Text || (Kind == OptionKind.Texts && !text.TrimStart().StartsWith('['))) return text;
        // .NET's readers write flags with a capital.
        if (bool.TryParse(text, out var flag)) return flag;
        try
        {
            using var json = JsonDocument.Parse(text);
            return OptionKind.Plain(json.RootElement);
        }
        catch (JsonException)
        {
            return text;
        }
    }

    /// <summary>Whether null is a value of the property.</summary>
    bool IsOptional => Default is null || Nullable.GetUnderlyingType(typeof(GenerationConfig).GetProperty(Name)!.PropertyType) is not null;

    static bool IsWord(int[] word) => word.Length > 0 && word.All(i => i >= 0);

    static GenerationOption Flag(string name, bool otherwise = false) => new(name, OptionKind.Flag, otherwise);

    static GenerationOption Tokens(string name, OptionKind kind) => new(name, kind, TokenIds.None);

    static GenerationOption Whole(string name, int? otherwise, int least) =>
        new(name, OptionKind.Whole, otherwise, $"a whole number from {least}", v => (int)v >= least);

    static GenerationOption Real(string name, double? otherwise, double least, double most = double.MaxValue, bool above = false, bool below = false) => new(name, OptionKind.Real, otherwise, OptionRange.Text(least, most, above, below),
        v => double.IsFinite((double)v) && OptionRange.Holds((double)v, least, most, above, below));
}

/// <summary>The condition under which an option has an effect.</summary>
/// <param name="IsOn">Whether a configuration has it.</param>
/// <param name="Remedy">How to turn it on, in the words of a warning.</param>
sealed record OptionMode(Func<GenerationConfig, bool> IsOn, string Remedy)
{
    public static readonly OptionMode Sampling = new(c => c.do_sample, "do_sample is false: set it to true");

    public static readonly OptionMode SamplingOrContrast = new(c => c.do_sample || c.penalty_alpha is not null, "do_sample is false: set it to true");

    public static readonly OptionMode Beams = new(c => c.num_beams > 1, "num_beams is 1: set it to more");
}
