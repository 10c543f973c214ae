using System.Collections.ObjectModel;

namespace Keras.Transformers;

/// <summary>Decides when a text ends. Derive from it to influence <c>generate</c>: it is asked once per text and token.</summary>
/// <remarks>Source: transformers/generation/stopping_criteria.py.</remarks>
/// <example>
/// <code>
/// var tokenizer = AutoTokenizer.from_pretrained("gpt2");
/// var model = TFAutoModelForCausalLM.from_pretrained("gpt2");
/// int[] prompt = [.. tokenizer.encode("Once upon a time")];
/// var output = model.generate(prompt, max_new_tokens: 100, stopping_criteria: [new AfterToken(tokenizer.encode(".")[0], 2)]);
///
/// sealed class AfterToken(int token, int times) : StoppingCriteria
/// {
///     public override bool Apply(ReadOnlySpan&lt;int&gt; input_ids) =&gt; input_ids.Count(token) &gt;= times;
/// }
/// </code>
/// </example>
public abstract class StoppingCriteria
{
    /// <summary>Whether a text ends with its last token.</summary>
    /// <param name="input_ids">The tokens of one text so far, prompt and padding included.</param>
    public abstract bool Apply(ReadOnlySpan<int> input_ids);
}

/// <summary>Stopping criteria of which any one ends a text.</summary>
/// <remarks>Source: transformers/generation/stopping_criteria.py.</remarks>
public sealed class StoppingCriteriaList : Collection<StoppingCriteria>
{
    /// <summary>Creates an empty list.</summary>
    public StoppingCriteriaList() { }

    /// <summary>Creates a list of criteria.</summary>
    public StoppingCriteriaList(IEnumerable<StoppingCriteria> criteria)
    {
        ArgumentNullException.ThrowIfNull(criteria);
        foreach (var criterion in criteria) Add(criterion);
    }

    /// <summary>The length of a <see cref="MaxLengthCriteria"/> in the list; null if there is none.</summary>
    public int? max_length => this.OfType<MaxLengthCriteria>().FirstOrDefault()?.max_length;

    /// <summary>Whether a text ends with its last token.</summary>
    /// <param name="input_ids">The tokens of one text so far, prompt and padding included.</param>
    public bool Apply(ReadOnlySpan<int> input_ids)
    {
        // Ask each one, so that a criterion that counts calls sees all of them.
        var ends = false;
        foreach (var criterion in this) ends |= criterion.Apply(input_ids);
        return ends;
    }

    /// <inheritdoc/>
    protected override void InsertItem(int index, StoppingCriteria item) => base.InsertItem(index, item ?? throw new ArgumentNullException(nameof(item)));

    /// <inheritdoc/>
    protected override void SetItem(int index, StoppingCriteria item) => base.SetItem(index, item ?? throw new ArgumentNullException(nameof(item)));
}

/// <summary>Ends a text when it reaches a length.</summary>
/// <remarks>Source: transformers/generation/stopping_criteria.py.</remarks>
public sealed class MaxLengthCriteria : StoppingCriteria
{
    /// <summary>Creates a criterion with a greatest length.</summary>
    /// <param name="max_length">The length, prompt included.</param>
    /// <exception cref="ValueRangeException">The length is negative.</exception>
    public MaxLengthCriteria(int max_length) => this.max_length = (int)OptionRange.Ensure(GetType(), nameof(max_length), max_length, 0, int.MaxValue);

    /// <summary>The maximum length, prompt included.</summary>
    public int max_length { get; }

    /// <inheritdoc/>
    public override bool Apply(ReadOnlySpan<int> input_ids) => input_ids.Length >= max_length;
}

/// <summary>Ends all texts after a time.</summary>
/// <remarks>Source: transformers/generation/stopping_criteria.py.</remarks>
public sealed class MaxTimeCriteria : StoppingCriteria
{
    readonly double _seconds;
    readonly long _start;

    /// <summary>Creates a criterion with a time limit.</summary>
    /// <param name="max_time">Seconds.</param>
    /// <param name="initial_timestamp">When they begin, as <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/> gives it; default now.</param>
    /// <exception cref="ValueRangeException">The time is negative or not a number.</exception>
    public MaxTimeCriteria(double max_time, long? initial_timestamp = null) =>
        (_seconds, _start) = (OptionRange.Ensure(GetType(), nameof(max_time), max_time, 0, double.MaxValue), initial_timestamp ?? System.Diagnostics.Stopwatch.GetTimestamp());

    /// <inheritdoc/>
    public override bool Apply(ReadOnlySpan<int> input_ids) => System.Diagnostics.Stopwatch.GetElapsedTime(_start).TotalSeconds > _seconds;
}

/// <summary>Ends a text when its last token is one of the end tokens.</summary>
/// <remarks>Source: transformers/generation/stopping_criteria.py.</remarks>
public sealed class EosTokenCriteria : StoppingCriteria
{
    readonly TokenIds _ids;

    /// <summary>Creates a criterion with one or several end tokens.</summary>
    /// <param name="eos_token_id">The ids of the end tokens.</param>
    /// <exception cref="ValueRangeException">There is no id, or a negative one.</exception>
    public EosTokenCriteria(TokenIds eos_token_id)
    {
        OptionRange.EnsureIds(GetType(), nameof(eos_token_id), eos_token_id);
        _ids = eos_token_id;
    }

    /// <inheritdoc/>
    public override bool Apply(ReadOnlySpan<int> input_ids) => input_ids is [.., var last] && _ids.Contains(last);
}
