using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Keras.Transformers;

[SuppressMessage("Usage", "CA2225", Justification = "From, Of and the conversions themselves are the names.")]
public sealed partial class MetricValue
{
    /// <summary>Converts an integer.</summary>
    public static implicit operator MetricValue(int value) => new((long)value);

    /// <summary>Converts an integer.</summary>
    public static implicit operator MetricValue(long value) => new(value);

    /// <summary>Converts a number.</summary>
    public static implicit operator MetricValue(double value) => new(value);

    /// <summary>Converts a bool.</summary>
    public static implicit operator MetricValue(bool value) => new(value);

    /// <summary>A text; null for none.</summary>
    public static implicit operator MetricValue(string? value) => new(value);

    /// <summary>Converts an array of integers.</summary>
    public static implicit operator MetricValue(int[] values) => OfArray(values);

    /// <summary>Converts an array of integers.</summary>
    public static implicit operator MetricValue(long[] values) => OfArray(values);

    /// <summary>Converts an array of numbers.</summary>
    public static implicit operator MetricValue(float[] values) => OfArray(values);

    /// <summary>Converts an array of numbers.</summary>
    public static implicit operator MetricValue(double[] values) => OfArray(values);

    /// <summary>Converts an array of bools.</summary>
    public static implicit operator MetricValue(bool[] values) => OfArray(values);

    /// <summary>Converts an array of texts.</summary>
    public static implicit operator MetricValue(string[] values) => OfArray(values);

    /// <summary>Converts rows of integers.</summary>
    public static implicit operator MetricValue(int[][] rows) => Rows(rows);

    /// <summary>Converts rows of numbers.</summary>
    public static implicit operator MetricValue(float[][] rows) => Rows(rows);

    /// <summary>Converts rows of numbers.</summary>
    public static implicit operator MetricValue(double[][] rows) => Rows(rows);

    /// <summary>Texts, several in each row.</summary>
    public static implicit operator MetricValue(string[][] rows) => Rows(rows);

    /// <summary>Converts a list of integers.</summary>
    public static implicit operator MetricValue(List<int> values) => Given(values).ToArray();

    /// <summary>Converts a list of integers.</summary>
    public static implicit operator MetricValue(List<long> values) => Given(values).ToArray();

    /// <summary>Converts a list of numbers.</summary>
    public static implicit operator MetricValue(List<double> values) => Given(values).ToArray();

    /// <summary>Converts a list of texts.</summary>
    public static implicit operator MetricValue(List<string> values) => Given(values).ToArray();

    /// <summary>Texts, several in each row.</summary>
    public static implicit operator MetricValue(List<string[]> values) => Given(values).ToArray();

    /// <summary>Converts a list of values.</summary>
    public static implicit operator MetricValue(List<MetricValue> values) => new(Given(values).ToArray());

    /// <summary>Converts an array of values.</summary>
    public static implicit operator MetricValue(MetricValue[] values) => new(Given(values));

    /// <summary>The values of a tensor, a list for each axis.</summary>
    public static implicit operator MetricValue(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var host = tensor.RequireEager().ToHost();
        Array elements = host.Strings is { } texts ? texts.Select(Encoding.UTF8.GetString).ToArray() : host.DType.IsFloating ? host.ToDouble() : host.ToInt64();
        return Shaped(elements, [.. host.Shape.Select(d => (int)d!.Value)], 0, 0);
    }

    /// <summary>The values of the only tensor, as <see cref="KerasMetricCallback"/> gives it.</summary>
    /// <exception cref="InvalidOperationException">There are several: take one by its name.</exception>
    public static implicit operator MetricValue(Tensors tensors) => Given(tensors).Single;

    /// <summary>Converts numbers by name to a record.</summary>
    public static implicit operator MetricValue(Dictionary<string, double> values) => Record(Given(values).Select(v => KeyValuePair.Create(v.Key, (MetricValue)v.Value)));

    /// <summary>The values of a column.</summary>
    public static implicit operator MetricValue(DatasetColumn column) => new(Given(column).Select(v => From(v.ToObject())).ToArray());

    /// <summary>Converts the value to a number.</summary>
    /// <exception cref="DTypeMismatchException">The value is not a number.</exception>
    public static implicit operator double(MetricValue value) => Given(value)._value switch
    {
        double number => number,
        long number => number,
        bool flag => flag ? 1 : 0,
        _ => throw value.Mismatch("a number"),
    };

    /// <summary>The numbers of a list.</summary>
    /// <exception cref="DTypeMismatchException">The value is not a list of numbers.</exception>
    public static implicit operator double[](MetricValue value) => Given(value).Numbers("the value");

    /// <summary>The text; null if there is none.</summary>
    /// <exception cref="DTypeMismatchException">The value is not a text.</exception>
    public static explicit operator string?(MetricValue value) => Given(value).IsNull ? null : value.Text("the value");

    internal bool IsText => _value is string;

    internal bool IsList => _value is Array;

    internal string Text(string name) => _value as string ?? throw Mismatch("a text", name);

    internal double Number(string name) => IsNumber ? this : throw Mismatch("a number", name);

    /// <summary>Reads numbers as doubles.</summary>
    internal double[] Numbers(string name) => _value switch
    {
        double[] numbers => numbers,
        float[] numbers => Array.ConvertAll(numbers, n => (double)n),
        int[] numbers => Array.ConvertAll(numbers, n => (double)n),
        long[] numbers => Array.ConvertAll(numbers, n => (double)n),
        bool[] flags => Array.ConvertAll(flags, f => f ? 1.0 : 0),
        MetricValue[] values => Array.ConvertAll(values, v => v.IsNumber ? (double)v : throw Mismatch("a list of numbers", name)),
        _ => throw Mismatch("a list of numbers", name),
    };

    /// <summary>Reads integers, such as classes.</summary>
    internal long[] Classes(string name)
    {
        switch (_value)
        {
            case long[] given: return given;
            case int[] given: return Array.ConvertAll(given, n => (long)n);
        }
        return Array.ConvertAll(Numbers(name), n => n == Math.Floor(n) && Math.Abs(n) < 1L << 53 ? (long)n : throw new ValueRangeException("A class is not a whole number", name, "a whole number", Known.Say(n), "Scores become classes by argmax."));
    }

    internal string[] Texts(string name) => _value switch
    {
        string?[] texts => Array.ConvertAll(texts, t => t ?? throw new DTypeMismatchException("A text is missing", name, "a text", "null")),
        MetricValue[] values => Array.ConvertAll(values, v => v._value as string ?? throw Mismatch("a list of texts", name)),
        _ => throw Mismatch("a list of texts", name),
    };

    /// <summary>Reads a list of texts for each row; a single text is a list of one.</summary>
    internal string[][] TextLists(string name) => _value is string[] texts ? Array.ConvertAll(texts, t => (string[])[t])
        : _value is MetricValue[] values ? Array.ConvertAll(values, v => v._value is string text ? [text] : v.Texts(name)) : throw Mismatch("a list of texts, or of lists of texts", name);

    /// <summary>Reads rows with equal numbers of values.</summary>
    internal double[][] NumberRows(string name)
    {
        if (_value is not MetricValue[] values || values.Any(v => !v.IsList)) throw Mismatch("a list of rows of numbers", name);
        var rows = Array.ConvertAll(values, v => v.Numbers(name));
        if (rows.Any(r => r.Length != rows[0].Length)) throw new ShapeMismatchException("Rows differ in length", name, $"{rows[0].Length} values in each", $"{rows.First(r => r.Length != rows[0].Length).Length} in one");
        return rows;
    }

    internal bool IsRows => _value is MetricValue[] { Length: > 0 } values && values.All(v => v.IsList);

    /// <summary>Concatenates lists of values.</summary>
    internal static MetricValue Joined(IReadOnlyList<MetricValue> lists) => lists.Count == 1 ? lists[0] : new(lists.SelectMany(l => l).ToArray());

    static T Given<T>(T value) => value ?? throw new ArgumentNullException(nameof(value));

    static MetricValue OfArray(Array values) => new(Given(values));

    static MetricValue Rows<T>(T[][] rows) => new(Array.ConvertAll(Given(rows), r => OfArray(r)));

    static MetricValue Shaped(Array elements, int[] shape, int axis, int from)
    {
        if (axis == shape.Length) return From(elements.GetValue(from));
        var inner = shape[(axis + 1)..].Aggregate(1, (a, b) => a * b);
        if (axis == shape.Length - 1)
        {
            var part = Array.CreateInstanceFromArrayType(elements.GetType(), shape[axis]);
            Array.Copy(elements, from, part, 0, part.Length);
            return new(part);
        }
        return new(Enumerable.Range(0, shape[axis]).Select(i => Shaped(elements, shape, axis + 1, from + (i * inner))).ToArray());
    }
}
