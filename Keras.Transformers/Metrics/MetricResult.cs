using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Keras.Transformers;

/// <summary>What a metric computed, by name: <c>double f1 = result["f1"]</c>. It prints as Python prints it.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "It is one result, with names for its parts.")]
public sealed class MetricResult : IReadOnlyDictionary<string, MetricValue>
{
    readonly MetricValue _record;

    internal MetricResult(MetricValue record) => _record = record;

    /// <summary>A part of the result.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public MetricValue this[string key] => _record[key];

    /// <summary>The names, in order.</summary>
    public IEnumerable<string> Keys => _record.Keys;

    /// <summary>The parts, in order.</summary>
    public IEnumerable<MetricValue> Values => _record;

    /// <summary>How many parts there are.</summary>
    public int Count => _record.Count;

    /// <summary>Whether there is a part of that name.</summary>
    public bool ContainsKey(string key) => _record.ContainsKey(key);

    /// <summary>Looks a part up.</summary>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out MetricValue value)
    {
        value = ContainsKey(key) ? _record[key] : null;
        return value is not null;
    }

    /// <summary>The result as a record, as <see cref="KerasMetricCallback"/> takes it.</summary>
    public static implicit operator MetricValue(MetricResult result) => (result ?? throw new ArgumentNullException(nameof(result)))._record;

    /// <summary>The result as a record.</summary>
    public MetricValue ToMetricValue() => _record;

    /// <inheritdoc/>
    public override string ToString() => _record.ToString();

    /// <summary>The parts with their names, in order.</summary>
    public IEnumerator<KeyValuePair<string, MetricValue>> GetEnumerator() => _record.Keys.Select(k => KeyValuePair.Create(k, _record[k])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
