using System.Collections;
using System.Globalization;

namespace Keras.Transformers;

/// <summary>Converts values and rows of columns to C# types known only at run time.</summary>
static class Conversions
{
    /// <exception cref="DTypeMismatchException">The value is of another kind.</exception>
    public static object? To(Type type, ColumnData column, int row)
    {
        if (type == typeof(object)) return column.Object(row);
        var nullable = Nullable.GetUnderlyingType(type);
        if (column.IsNull(row)) return nullable is not null || !type.IsValueType ? null : throw Bad(type, column, "null");
        var target = nullable ?? type;
        if (target.IsSZArray && target != typeof(byte[]))
        {
            if (column.Type is not Sequence) throw Bad(type, column, $"{column.Type}");
            var (start, count) = column.Range(row);
            return ToArray(target, column.Children[0], start, count);
        }
        var value = column.Object(row)!;
        if (target.IsInstanceOfType(value)) return value;
        if (ElementType.Of(target) is { IsNumber: true } to && column.Element is { IsNumber: true } from && (to.Kind == ElementKind.Float || from.Kind != ElementKind.Float))
        {
            try
            {
                return target == typeof(Half) ? (Half)column.Double(row) : Convert.ChangeType(value is Half half ? (double)half : value, target, CultureInfo.InvariantCulture);
            }
            catch (OverflowException)
            {
                throw new ValueRangeException("A number does not fit", column.Origin?.Row(row), $"one that {target.Name} can hold", Known.Say(value));
            }
        }
        throw Bad(type, column, $"{column.Type}");
    }

    /// <summary>Converts rows of a column to an array of a type.</summary>
    public static Array ToArray(Type type, ColumnData column, int start, int count)
    {
        var array = Array.CreateInstanceFromArrayType(type, count);
        switch (array)
        {
            case int[] a: Numbers.Read<int>(column, start, a, "the column"); break;
            case long[] a: Numbers.Read<long>(column, start, a, "the column"); break;
            case float[] a: Numbers.Read<float>(column, start, a, "the column"); break;
            case double[] a: Numbers.Read<double>(column, start, a, "the column"); break;
            case bool[] a: Numbers.Read<bool>(column, start, a, "the column"); break;
            case string[] a when column.Element?.Kind == ElementKind.Text:
                for (var i = 0; i < count; i++) a[i] = column.IsNull(start + i) ? null! : column.Text(start + i);
                break;
            default:
                for (var i = 0; i < count; i++) array.SetValue(To(type.GetElementType()!, column, start + i), i);
                break;
        }
        return array;
    }

    /// <summary>Whether two objects have the same content; numbers of different types may be equal.</summary>
    public static bool Same(object? a, object? b)
    {
        if (a is null || b is null) return a is null && b is null;
        if (a.GetType() != b.GetType() && ElementType.Of(a.GetType())?.IsNumber == true && ElementType.Of(b.GetType())?.IsNumber == true)
            return a is ulong or long or int or short or sbyte or byte or uint or ushort && b is ulong or long or int or short or sbyte or byte or uint or ushort
                ? Convert.ToDecimal(a, CultureInfo.InvariantCulture) == Convert.ToDecimal(b, CultureInfo.InvariantCulture)
                : ToDouble(a).Equals(ToDouble(b));
        return (a, b) switch
        {
            (IReadOnlyDictionary<string, object?> x, IReadOnlyDictionary<string, object?> y) => x.Count == y.Count && x.All(p => y.TryGetValue(p.Key, out var other) && Same(p.Value, other)),
            (string x, string y) => x == y,
            (IEnumerable x and not string, IEnumerable y and not string) => x.Cast<object?>().SequenceEqual(y.Cast<object?>(), EqualityComparer<object?>.Create(Same)),
            _ => a.Equals(b),
        };
    }

    static double ToDouble(object number) => number is Half half ? (double)half : Convert.ToDouble(number, CultureInfo.InvariantCulture);

    static DTypeMismatchException Bad(Type type, ColumnData column, string received) => new("A value does not convert", column.Origin?.Column, type.Name, received);
}
