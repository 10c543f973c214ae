using System.Collections;

namespace Keras.Transformers;

/// <summary>
/// What a function of <see cref="Dataset.map(Func{DatasetRow, DatasetRecord}, IEnumerable{string}, Features, int?, int, string, bool, string, bool, string, CancellationToken)"/> returns:
/// columns by name, as <c>new() { ["length"] = text.Length }</c>, a dictionary, a <see cref="BatchEncoding"/> or a row.
/// </summary>
public sealed class DatasetRecord : IEnumerable<KeyValuePair<string, object?>>
{
    readonly OrderedDictionary<string, object?> _columns = [];

    /// <summary>The value of a column; for a batch, an array or a list with one element per row.</summary>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    public object? this[string name]
    {
        get => _columns.TryGetValue(name ?? throw new ArgumentNullException(nameof(name)), out var value) ? value : throw new KeyNotFoundException($"There is no column {Known.Say(name)}. Expected: one of {Known.List(_columns.Keys)}.{Known.Nearest(name, _columns.Keys)}");
        set => _columns[name ?? throw new ArgumentNullException(nameof(name))] = value;
    }

    internal IReadOnlyDictionary<string, object?> Columns => _columns;

    /// <summary>The columns of an encoding.</summary>
    public static implicit operator DatasetRecord(BatchEncoding encoding) => Of((encoding ?? throw new ArgumentNullException(nameof(encoding))).Select(c => KeyValuePair.Create(c.Key, (object?)c.Value)));

    /// <summary>The columns of a dictionary.</summary>
    public static implicit operator DatasetRecord(Dictionary<string, object?> columns) => Of(columns ?? throw new ArgumentNullException(nameof(columns)));

    /// <summary>The values of a row.</summary>
    public static implicit operator DatasetRecord(DatasetRow row) => Of(row ?? throw new ArgumentNullException(nameof(row)));

    internal static DatasetRecord Of(IEnumerable<KeyValuePair<string, object?>> columns)
    {
        var record = new DatasetRecord();
        foreach (var (name, value) in columns) record[name] = value;
        return record;
    }

    /// <summary>The columns in order.</summary>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _columns.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
