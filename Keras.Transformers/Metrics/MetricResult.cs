using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Keras.Transformers;

/// <summary>A metric's results by name: <c>double f1 = result["f1"]</c>. It prints as in Python.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "It is one result, with names for its parts.")]
public sealed class MetricResult : IReadOnlyDictionary<string, MetricValue>
{
    readonly MetricValue _record;

    internal MetricResult(MetricValue record) => _record = record;

    /// <summary>The value of this name.</summary>
    /// <exception cref="KeyNotFoundException">There is no value of this name.</exception>
    public MetricValue this[string key] => _record[key];

    /// <summary>The names, in order.</summary>
    public IEnumerable<string> Keys => _record.Keys;

    /// <summary>The values, in order.</summary>
    public IEnumerable<MetricValue> Values => _record;

    /// <summary>The number of values.</summary>
    public int Count => _record.Count;

    /// <summary>Whether there is a value of that name.</summary>
    public bool ContainsKey(string key) => _record.ContainsKey(key);

    /// <summary>Tries to get a value by name.</summary>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out MetricValue value)
    {
        value = ContainsKey(key) ? _record[key] : null;
        return value is not null;
    }

    /// <summary>Converts the result to a record, as <see cref="KerasMetricCallback"/> takes it.</summary>
    public static implicit operator MetricValue(MetricResult result) => (result ?? throw new ArgumentNullException(nameof(result)))._record;

    /// <summary>Converts the result to a record.</summary>
    public MetricValue ToMetricValue() => _record;

    /// <inheritdoc/>
    public override string ToString() => _record.ToString();

    /// <summary>The values with their names, in order.</summary>
    public IEnumerator<KeyValuePair<string, MetricValue>> GetEnumerator() => _record.Keys.Select(k => KeyValuePair.Create(k, _record[k])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
