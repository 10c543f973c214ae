using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Keras.Transformers;

/// <summary>One row of a <see cref="Dataset"/>: values by the names of columns.</summary>
public sealed class DatasetRow : IReadOnlyDictionary<string, object?>, Data.IDataElement
{
    readonly Features _features;
    readonly ColumnData[] _columns;
    readonly int _index;

    internal DatasetRow(Features features, ColumnData[] columns, int index) => (_features, _columns, _index) = (features, columns, index);

    /// <summary>The value of a column; it converts to the type that it is assigned to.</summary>
    /// <exception cref="KeyNotFoundException">There is no such column; the message lists the names and suggests the nearest.</exception>
    public DatasetValue this[string name] => At(_features.IndexOf(name));

    /// <summary>The types of the columns.</summary>
    public Features features => _features;

    /// <summary>The names of the columns.</summary>
    public IEnumerable<string> Keys => _features.Keys;

    /// <summary>The number of columns.</summary>
    public int Count => _features.Count;

    /// <summary>Whether there is a column of this name.</summary>
    public bool ContainsKey(string key) => _features.ContainsKey(key);

    /// <summary>The row as a dictionary of objects.</summary>
    public Dictionary<string, object?> ToDictionary() => new(this);

    /// <summary>The values by name, as text.</summary>
    public override string ToString() => $"{{{string.Join(", ", this.Select(c => $"{Known.Say(c.Key)}: {Known.Say(c.Value)}"))}}}";

    Data.Element Data.IDataElement.ToElement() => RowTensors.ElementOf(_features, _columns, _index);

    object? IReadOnlyDictionary<string, object?>.this[string key] => this[key].ToObject();

    IEnumerable<object?> IReadOnlyDictionary<string, object?>.Values => this.Select(c => c.Value);

    bool IReadOnlyDictionary<string, object?>.TryGetValue(string key, [MaybeNullWhen(false)] out object? value)
    {
        var found = _features.ContainsKey(key);
        value = found ? this[key].ToObject() : null;
        return found;
    }

    /// <summary>The columns and their values as objects.</summary>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var i = 0; i < _columns.Length; i++) yield return new(_features.NameAt(i), At(i).ToObject());
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    DatasetValue At(int column) => new(_columns[column], _features.At(column), _index);
}
