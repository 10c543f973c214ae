using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Keras.Data;

namespace Keras.Transformers;

/// <summary>Several rows of a <see cref="Dataset"/>, column by column: the result of <c>ds[2..5]</c> and <see cref="Dataset.Gather"/>, and the argument of a batched function.
/// Elements are in typed arrays with offsets; see <see cref="DatasetColumn"/>.</summary>
public sealed class DatasetBatch : IReadOnlyDictionary<string, DatasetColumn>, IDataElement
{
    readonly ColumnData[] _columns;

    internal DatasetBatch(Features features, ColumnData[] columns, int rows) => (this.features, _columns, num_rows) = (features, columns, rows);

    /// <summary>The types of the columns.</summary>
    public Features features { get; }

    /// <summary>The number of rows.</summary>
    public int num_rows { get; }

    internal ColumnData[] Data => _columns;

    /// <summary>The column of this name.</summary>
    /// <exception cref="KeyNotFoundException">There is no such column; the message lists the names and suggests the nearest.</exception>
    public DatasetColumn this[string name] => At(features.IndexOf(name));

    /// <summary>The row at an index.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public DatasetRow this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, num_rows);
            return new(features, _columns, index);
        }
    }

    /// <summary>The names of the columns.</summary>
    public IEnumerable<string> Keys => features.Keys;

    /// <summary>The columns.</summary>
    public IEnumerable<DatasetColumn> Values => Enumerable.Range(0, _columns.Length).Select(At);

    /// <summary>The number of columns.</summary>
    public int Count => _columns.Length;

    /// <summary>Whether there is a column of this name.</summary>
    public bool ContainsKey(string key) => features.ContainsKey(key);

    /// <summary>Tries to get a column by name.</summary>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out DatasetColumn value)
    {
        value = features.ContainsKey(key) ? this[key] : null;
        return value is not null;
    }

    /// <summary>The columns with their names.</summary>
    public IEnumerator<KeyValuePair<string, DatasetColumn>> GetEnumerator()
    {
        for (var i = 0; i < _columns.Length; i++) yield return new(features.NameAt(i), At(i));
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The columns with their first values, as text.</summary>
    public override string ToString() => $"{{{string.Join(", ", this.Select(c => $"{Known.Say(c.Key)}: {c.Value}"))}}}";

    Element IDataElement.ToElement() => RowTensors.ElementOf(this);

    DatasetColumn At(int i) => new(_columns[i], features.At(i), features.NameAt(i));
}
