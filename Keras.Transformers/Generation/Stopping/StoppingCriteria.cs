using System.Collections.ObjectModel;

namespace Keras.Transformers;

/// <summary>Says when a text ends. Derive from it to have a say in <c>generate</c>: it is asked once for each text and token.</summary>
/// <remarks>Source: transformers/generation/stopping_criteria.py.</remarks>
public abstract class StoppingCriteria
{
    /// <summary>Whether a text ends with its last token.</summary>
    /// <param name="input_ids">The tokens of one text so far, prompt and padding included.</param>
    public abstract bool Apply(ReadOnlySpan<int> input_ids);
}

/// <summary>Criteria of which one is enough.</summary>
/// <remarks>Source: transformers/generation/stopping_criteria.py.</remarks>
public sealed class StoppingCriteriaList : Collection<StoppingCriteria>
{
    /// <summary>An empty list.</summary>
    public StoppingCriteriaList() { }

    /// <summary>A list of criteria.</summary>
    public StoppingCriteriaList(IEnumerable<StoppingCriteria> criteria)
    {
        ArgumentNullException.ThrowIfNull(criteria);
        foreach (var criterion in criteria) Add(criterion);
    }

    /// <summary>The length of a <see cref="MaxLengthCriteria"/> in the list; null where there is none.</summary>
    public int? max_length => this.OfType<MaxLengthCriteria>().FirstOrDefault()?.max_length;

    /// <summary>Whether a text ends with its last token.</summary>
    /// <param name="input_ids">The tokens of one text so far, prompt and padding included.</param>
    public bool Apply(ReadOnlySpan<int> input_ids)
    {
        // Each is asked, so that one that counts calls sees all of them.
        var ends = false;
        foreach (var criterion in this) ends |= criterion.Apply(input_ids);
        return ends;
    }

    /// <inheritdoc/>
    protected override void InsertItem(int index, StoppingCriteria item) => base.InsertItem(index, item ?? throw new ArgumentNullException(nameof(item)));

    /// <inheritdoc/>
    protected override void SetItem(int index, StoppingCriteria item) => base.SetItem(index, item ?? throw new ArgumentNullException(nameof(item)));
}

/// <summary>Ends a text that has a length.</summary>
/// <remarks>Source: transformers/generation/stopping_criteria.py.</remarks>
public sealed class MaxLengthCriteria : StoppingCriteria
{
    /// <summary>Sets a greatest length.</summary>
    /// <param name="max_length">The length, prompt included.</param>
    /// <exception cref="ValueRangeException">It is negative.</exception>
    public MaxLengthCriteria(int max_length) => this.max_length = (int)OptionRange.Ensure(GetType(), nameof(max_length), max_length, 0, int.MaxValue);

    /// <summary>The length.</summary>
    public int max_length { get; }

    /// <inheritdoc/>
    public override bool Apply(ReadOnlySpan<int> input_ids) => input_ids.Length >= max_length;
}

/// <summary>Ends texts after a time.</summary>
/// <remarks>Source: transformers/generation/stopping_criteria.py.</remarks>
public sealed class MaxTimeCriteria : StoppingCriteria
{
    readonly double _seconds;
    readonly long _start;

    /// <summary>Sets a time.</summary>
    /// <param name="max_time">Seconds.</param>
    /// <param name="initial_timestamp">When they begin, as <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/> gives it; default now.</param>
    /// <exception cref="ValueRangeException">The time is negative or no number.</exception>
    public MaxTimeCriteria(double max_time, long? initial_timestamp = null) =>
        (_seconds, _start) = (OptionRange.Ensure(GetType(), nameof(max_time), max_time, 0, double.MaxValue), initial_timestamp ?? System.Diagnostics.Stopwatch.GetTimestamp());

    /// <inheritdoc/>
    public override bool Apply(ReadOnlySpan<int> input_ids) => System.Diagnostics.Stopwatch.GetElapsedTime(_start).TotalSeconds > _seconds;
}

/// <summary>Ends a text whose last token is one of a set.</summary>
/// <remarks>Source: transformers/generation/stopping_criteria.py.</remarks>
public sealed class EosTokenCriteria : StoppingCriteria
{
    readonly TokenIds _ids;

    /// <summary>Sets the tokens that end a text.</summary>
    /// <param name="eos_token_id">Their ids.</param>
    /// <exception cref="ValueRangeException">There is no id, or a negative one.</exception>
    public EosTokenCriteria(TokenIds eos_token_id)
    {
        OptionRange.EnsureIds(GetType(), nameof(eos_token_id), eos_token_id);
        _ids = eos_token_id;
    }

    /// <inheritdoc/>
    public override bool Apply(ReadOnlySpan<int> input_ids) => input_ids is [.., var last] && _ids.Contains(last);
}
