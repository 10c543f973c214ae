using System.Reflection;

namespace Keras.Transformers;

/// <summary>The options of a pipeline, for all calls or for one: <c>classify.Apply(text, new() { top_k = 3 })</c>. An option that a task does not know is rejected.</summary>
public sealed record PipelineOptions
{
    static readonly PropertyInfo[] All = typeof(PipelineOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly);

    /// <summary>Classification: how many labels are returned, text 1 by default, images 5; more than there are returns all. Masks: tokens for each, 5. Questions: answers, 1. Texts that are generated: how many
    /// tokens are drawn from.</summary>
    public int? top_k { get; init; }

    /// <summary>Classification: "sigmoid", "softmax" or "none"; default by the model's problem_type and number of labels.</summary>
    public string? function_to_apply { get; init; }

    /// <summary>Whether texts that are too long for the model are truncated; default false, which rejects them.</summary>
    public bool? truncation { get; init; }

    /// <summary>Tokens: "none" (default), each token; "simple", neighbours of one kind together; "first", "average", "max", which also keep the tokens of a word together.</summary>
    public string? aggregation_strategy { get; init; }

    /// <summary>Tokens: tags that are left out; default "O".</summary>
    public IReadOnlyList<string>? ignore_labels { get; init; }

    /// <summary>Tokens: how many tokens the parts of a long text share; default null, which truncates long texts.</summary>
    public int? stride { get; init; }

    /// <summary>Questions: how many tokens the parts of a long context share; default 128, at most half of max_seq_len.</summary>
    public int? doc_stride { get; init; }

    /// <summary>Questions: the maximum number of tokens of question and context together; default 384, or the model's maximum.</summary>
    public int? max_seq_len { get; init; }

    /// <summary>Questions: the most tokens of an answer; default 15.</summary>
    public int? max_answer_len { get; init; }

    /// <summary>Questions: whether "the context has no answer" is an answer; default false.</summary>
    public bool? handle_impossible_answer { get; init; }

    /// <summary>Questions: whether answers are whole words; default true.</summary>
    public bool? align_to_words { get; init; }

    /// <summary>Masks: the words that may be filled in; default all.</summary>
    public IReadOnlyList<string>? targets { get; init; }

    /// <summary>Features of texts: "mean" or "cls", one row for all tokens; default "none", a row for each. Python's pipelines lack this option.</summary>
    public string? pooling { get; init; }

    /// <summary>Features of texts: whether rows are scaled to length 1; default false. No option of Python's pipelines.</summary>
    public bool? normalize { get; init; }

    /// <summary>Features of images: whether the pooler's row is returned; default false, all states.</summary>
    public bool? pool { get; init; }

    /// <summary>Zero-shot classification: the labels, a list or one text with commas.</summary>
    public CandidateLabels? candidate_labels { get; init; }

    /// <summary>Zero-shot classification: a sentence with {} for the label; default "This example is {}.", of images "This is a photo of {}.".</summary>
    public string? hypothesis_template { get; init; }

    /// <summary>Zero-shot classification: whether several labels may be true; default false, probabilities add up to 1.</summary>
    public bool? multi_label { get; init; }

    /// <summary>Sentence similarity: the texts with which each input is compared.</summary>
    public IReadOnlyList<string>? sentences { get; init; }

    /// <summary>Generation: whether the prompt is a part of the text; default true.</summary>
    public bool? return_full_text { get; init; }

    /// <summary>Generation: the text before each prompt, which is not part of the result; default none.</summary>
    public string? prefix { get; init; }

    /// <summary>Generation: "hole" cuts the beginning of prompts that leave no room for new tokens; default null, which rejects them.</summary>
    public string? handle_long_generation { get; init; }

    /// <summary>Generation: whether spaces before punctuation are removed; default true.</summary>
    public bool? clean_up_tokenization_spaces { get; init; }

    /// <summary>Generation of texts: a text that ends generation. As in Python, only its first token counts, which causes a warning; <c>generate_kwargs</c> with <c>stop_strings</c> takes whole texts.</summary>
    public string? stop_sequence { get; init; }

    /// <summary>Generation: the most tokens that are written.</summary>
    public int? max_new_tokens { get; init; }

    /// <summary>Generation: the maximum number of tokens of prompt and text together. Elsewhere: the maximum number of tokens in a text, which is truncated unless truncation is false.</summary>
    public int? max_length { get; init; }

    /// <summary>Generation: whether to sample; default by the model's generation_config.</summary>
    public bool? do_sample { get; init; }

    /// <summary>Generation: how many beams are followed.</summary>
    public int? num_beams { get; init; }

    /// <summary>Generation: how many texts are written for each input.</summary>
    public int? num_return_sequences { get; init; }

    /// <summary>Generation: the divisor of scores before sampling.</summary>
    public double? temperature { get; init; }

    /// <summary>Generation: the total probability of the tokens to sample from.</summary>
    public double? top_p { get; init; }

    /// <summary>Generation: the divisor for the scores of tokens that already occurred.</summary>
    public double? repetition_penalty { get; init; }

    /// <summary>Generation: the seed of sampling.</summary>
    public int? seed { get; init; }

    /// <summary>Generation: further options of <c>generate</c> by name. Numbers, bools and lists may come as text, as configuration files have it: "2", "true", "[5, 7]".</summary>
    public IReadOnlyDictionary<string, object?>? generate_kwargs { get; init; }

    /// <summary>The given options, by name.</summary>
    internal IEnumerable<(string Name, object Value)> Given => All.Select(p => (p.Name, Value: p.GetValue(this))).Where(p => p.Value is not null)!;

    /// <summary>Merges these options with others; these take precedence.</summary>
    internal PipelineOptions Over(PipelineOptions others)
    {
        var joined = new PipelineOptions();
        foreach (var option in All) option.SetValue(joined, option.GetValue(this) ?? option.GetValue(others));
        return joined;
    }

    /// <summary>Rejects options that a task does not know, and invalid values.</summary>
    /// <exception cref="ArgumentException">An option is unknown to the task, or has no such value.</exception>
    /// <exception cref="ValueRangeException">A number is out of its range.</exception>
    internal void Check(string task, IReadOnlyList<string> known)
    {
        foreach (var (name, value) in Given)
        {
            if (!known.Contains(name)) throw Known.Unknown($"The task \"{task}\" has no such option", name, name, known);
            if (value is int number && number < Least(name, task)) throw new ValueRangeException("An option is out of range", $"{task}, {name}", $"{Least(name, task)} or more", Known.Say(number));
            if (value is IReadOnlyList<string> list && (list.Contains(null!) || (list.Count == 0 && name != nameof(ignore_labels))))
                throw new ValueRangeException("An option has nothing in it, or null", $"{task}, {name}", "one or more texts", Known.Say(list));
        }
        Known.OneOf(function_to_apply?.ToLowerInvariant(), nameof(function_to_apply), "sigmoid", "softmax", "none", null);
        Known.OneOf(aggregation_strategy?.ToLowerInvariant(), nameof(aggregation_strategy), "none", "simple", "first", "average", "max", null);
        Known.OneOf(pooling, nameof(pooling), "none", "mean", "cls", null);
        Known.OneOf(handle_long_generation, nameof(handle_long_generation), "hole", null);
        if (hypothesis_template is { } template && !template.Contains("{}", StringComparison.Ordinal))
            throw new ValueRangeException("A template has no place for the label", $"{task}, hypothesis_template", "a sentence with {}", Known.Say(template));
    }

    /// <summary>The minimum of an option; in generation, top_k 0 means all tokens.</summary>
    static int Least(string option, string task) => option is nameof(stride) or nameof(doc_stride) or nameof(seed) || (option == nameof(top_k) && task == "text-generation") ? 0 : 1;

    /// <summary>The options for <c>generate</c>, by name.</summary>
    /// <exception cref="ArgumentException">An option is given twice.</exception>
    internal Dictionary<string, object?> Generation(IReadOnlyList<string> direct)
    {
        var all = Given.Where(o => direct.Contains(o.Name)).ToDictionary(o => o.Name, o => (object?)o.Value);
        foreach (var (name, value) in generate_kwargs ?? new Dictionary<string, object?>())
            if (!all.TryAdd(name, value is string text && GenerationOption.ByName.TryGetValue(name, out var option) ? option.FromText(text) : value)) throw new ArgumentException($"{name} is given both as an option and in generate_kwargs. Give it once.", nameof(generate_kwargs));
        return all;
    }
}
