using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Keras.Transformers;

/// <summary>What metrics take and return: a number, a text, a list or a record of these. Numbers, texts, arrays, tensors and columns convert to it, and so do collection
/// expressions, <c>predictions: [0, 1, 1]</c>; a record is <c>new() { ["id"] = "q1", ["prediction_text"] = "1976" }</c>. A result converts back: <c>double f1 =
/// result["f1"]</c>.</summary>
[CollectionBuilder(typeof(MetricValue), nameof(Of))]
public sealed partial class MetricValue : IEnumerable<MetricValue>
{
    /// <summary>null, bool, long, double, string, an array of one of C#'s element types, MetricValue[], or a record.</summary>
    readonly object? _value;

    /// <summary>Creates an empty record, to be filled by name.</summary>
    public MetricValue() => _value = new OrderedDictionary<string, MetricValue>();

    MetricValue(object? value) => _value = value;

    /// <summary>Creates a list of values.</summary>
    /// <param name="items">The list's values.</param>
    public static MetricValue Of(ReadOnlySpan<MetricValue> items) => new(items.ToArray());

    /// <summary>Converts an object: numbers, texts, dictionaries by name and lists of these, to any depth.</summary>
    /// <param name="value">The object; null for none.</param>
    /// <exception cref="DTypeMismatchException">The object is not one of these.</exception>
    public static MetricValue From(object? value) => value switch
    {
        null => new((object?)null),
        MetricValue given => given,
        bool or long or double or string => new(value),
        int or short or sbyte or byte or uint or ushort => new(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        ulong and <= long.MaxValue => new(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        float or Half or decimal => new(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        Array { Rank: 1 } array when Primitive(array) => new(array),
        Tensor tensor => tensor,
        DatasetValue cell => From(cell.ToObject()),
        DatasetColumn column => column,
        IEnumerable<KeyValuePair<string, object?>> named => Record(named.Select(n => KeyValuePair.Create(n.Key, From(n.Value)))),
        IEnumerable items => new(items.Cast<object?>().Select(From).ToArray()),
        _ => throw new DTypeMismatchException("An object cannot be a value of a metric", null, "a number, a text, a list or a dictionary by name", value.GetType().Name),
    };

    internal static MetricValue Record(IEnumerable<KeyValuePair<string, MetricValue>> members)
    {
        var record = new MetricValue();
        foreach (var (name, value) in members) record[name] = value;
        return record;
    }

    /// <summary>The number of values of a list, or of members of a record.</summary>
    /// <exception cref="DTypeMismatchException">The value is neither a list nor a record.</exception>
    public int Count => _value switch
    {
        Array array => array.Length,
        OrderedDictionary<string, MetricValue> record => record.Count,
        _ => throw Mismatch("a list or a record"),
    };

    /// <summary>The names of a record's members, in order; empty for anything else.</summary>
    public IReadOnlyList<string> Keys => _value is OrderedDictionary<string, MetricValue> record ? [.. record.Keys] : [];

    /// <summary>The value of a list at an index.</summary>
    /// <exception cref="DTypeMismatchException">The value is not a list.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The list has no such index.</exception>
    public MetricValue this[int index]
    {
        get
        {
            if (_value is not Array array) throw Mismatch("a list");
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, array.Length);
            return array is MetricValue[] values ? values[index] : From(array.GetValue(index));
        }
    }

    /// <summary>The member of a record; setting replaces an existing one.</summary>
    /// <exception cref="DTypeMismatchException">The value is not a record.</exception>
    /// <exception cref="KeyNotFoundException">The record has no such member.</exception>
    public MetricValue this[string name]
    {
        get => (_value as OrderedDictionary<string, MetricValue> ?? throw Mismatch("a record")).TryGetValue(name, out var value) ? value
            : throw new KeyNotFoundException($"There is no \"{name}\". Known: {Known.List(Keys)}.{Known.Nearest(name, Keys)}");
        set
        {
            ArgumentException.ThrowIfNullOrEmpty(name);
            (_value as OrderedDictionary<string, MetricValue> ?? throw Mismatch("a record"))[name] = value ?? throw new ArgumentNullException(nameof(value));
        }
    }

    /// <summary>Whether a record has a member of this name.</summary>
    public bool ContainsKey(string name) => _value is OrderedDictionary<string, MetricValue> record && record.ContainsKey(name);

    /// <summary>Whether there is no value: Python's None.</summary>
    public bool IsNull => _value is null;

    /// <summary>Whether the value is a single number or bool.</summary>
    public bool IsNumber => _value is bool or long or double;

    /// <summary>The values of a list, or of a record's members.</summary>
    public IEnumerator<MetricValue> GetEnumerator() => (_value switch
    {
        MetricValue[] values => values,
        Array array => array.Cast<object?>().Select(From),
        OrderedDictionary<string, MetricValue> record => (IEnumerable<MetricValue>)record.Values,
        _ => throw Mismatch("a list or a record"),
    }).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The value as Python prints it.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Write(text);
        return text.ToString();
    }

    void Write(StringBuilder text)
    {
        switch (_value)
        {
            case null: text.Append("None"); break;
            case bool flag: text.Append(flag ? "True" : "False"); break;
            case string words: text.Append('\'').Append(words.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)).Append('\''); break;
            case double number: text.Append(Keras.Callbacks.PythonFloat.Text(number)); break;
            case long number: text.Append(number.ToString(CultureInfo.InvariantCulture)); break;
            case OrderedDictionary<string, MetricValue> record: WriteAll(text, '{', '}', record, m => { text.Append('\'').Append(m.Key).Append("': "); m.Value.Write(text); }); break;
            default: WriteAll(text, '[', ']', this, v => v.Write(text)); break;
        }
    }

    static void WriteAll<T>(StringBuilder text, char open, char close, IEnumerable<T> items, Action<T> write)
    {
        text.Append(open);
        foreach (var (i, item) in items.Index())
        {
            if (i > 0) text.Append(", ");
            write(item);
        }
        text.Append(close);
    }

    string Kind => _value switch
    {
        null => "nothing",
        bool or long or double => $"the number {this}",
        string => $"the text {this}",
        OrderedDictionary<string, MetricValue> => $"a record of {Known.List(Keys)}",
        MetricValue[] { Length: > 0 } values => $"a list of {values.Length} that begins with {values[0].Kind}",
        Array array => $"a list of {array.Length} of {array.GetType().GetElementType()!.Name}",
        _ => "another value",
    };

    DTypeMismatchException Mismatch(string expected, string? where = null) => new("A value does not convert", where, expected, Kind);

    static readonly HashSet<Type> Primitives = [typeof(int[]), typeof(long[]), typeof(float[]), typeof(double[]), typeof(bool[]), typeof(string[]), typeof(MetricValue[])];

    /// <summary>Whether an array is stored as it is. Checks the exact type, because "is int[]" also matches uint[].</summary>
    static bool Primitive(Array array) => Primitives.Contains(array.GetType());
}
