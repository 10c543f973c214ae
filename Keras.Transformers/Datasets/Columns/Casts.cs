using System.Globalization;

namespace Keras.Transformers;

/// <summary>Converts columns to another feature.</summary>
static class Casts
{
    /// <exception cref="DTypeMismatchException">A value does not convert.</exception>
    /// <exception cref="ValueRangeException">A number does not fit, or a label is not a class.</exception>
    public static ColumnData Cast(ColumnData column, Feature from, Feature to, string name, int firstRow)
    {
        if (from.Equals(to)) return column;
        var builder = new ColumnBuilder(to, name);
        if (from.Storage.Equals(to.Storage) && to is not ClassLabel) builder.Append(column, 0, column.Length);
        else
            for (var i = 0; i < column.Length; i++) builder.AppendObject(Convert(column.Object(i), from, to, $"row {firstRow + i}, column \"{name}\""));
        return builder.Build();
    }

    /// <summary>A member of records, null where the record is null.</summary>
    public static ColumnData Member(ColumnData records, int member)
    {
        var inner = records.Children[member];
        if (records.Nulls == 0) return inner;
        var builder = new ColumnBuilder(inner.Type, "");
        for (var i = 0; i < records.Length; i++)
            if (records.IsNull(i)) builder.AppendNull();
            else builder.Append(inner, i, 1);
        return builder.Build();
    }

    static object? Convert(object? value, Feature from, Feature to, string where)
    {
        if (value is null) return null;
        switch (to)
        {
            case ClassLabel when value is string or double or float or Half: return value is string ? value : throw Bad(value, to, where);
            case Sequence list when value is object?[] items: return Array.ConvertAll(items, i => Convert(i, from is Sequence f ? f.feature : from, list.feature, where));
            case Features record when value is Dictionary<string, object?> members:
                return record.ToDictionary(m => m.Key, m => Convert(members.GetValueOrDefault(m.Key), from is Features f && f.TryGetValue(m.Key, out var inner) ? inner : from, m.Value, where));
            case Value { Element: var element }: return Convert(value, from, element, to, where);
            default: return value;
        }
    }

    static object Convert(object value, Feature from, ElementType to, Feature feature, string where) => to.Kind switch
    {
        ElementKind.Text => Text(value, from),
        ElementKind.Int or ElementKind.UInt => Whole(value, feature, where),
        ElementKind.Float => value switch
        {
            string text => double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : throw Bad(value, feature, where),
            bool flag => flag ? 1.0 : 0.0,
            decimal number => (double)number,
            _ => value,
        },
        ElementKind.Decimal when value is string text => Decimals.TryParse(text, out var number) ? number : throw Bad(value, feature, where),
        ElementKind.Bool => value switch
        {
            string text => bool.TryParse(text, out var flag) ? flag : throw Bad(value, feature, where),
            long or int or short or sbyte or byte => System.Convert.ToInt64(value, CultureInfo.InvariantCulture) is var n and (0 or 1) ? n == 1 : throw Bad(value, feature, where),
            _ => value,
        },
        ElementKind.Date or ElementKind.Timestamp when value is string text => DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time) ? time : throw Bad(value, feature, where),
        _ => value,
    };

    static object Text(object value, Feature from) => value switch
    {
        long label when from is ClassLabel labels && label >= 0 => labels.int2str((int)label),
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        byte[] bytes => System.Text.Encoding.UTF8.GetString(bytes),
        _ => value,
    };

    static object Whole(object value, Feature feature, string where)
    {
        switch (value)
        {
            case string text: return long.TryParse(text, CultureInfo.InvariantCulture, out var whole) ? whole : throw Bad(value, feature, where);
            case bool flag: return flag ? 1L : 0L;
            case double or float or Half:
                var real = value is Half half ? (double)half : System.Convert.ToDouble(value, CultureInfo.InvariantCulture);
                return real == Math.Floor(real) && Math.Abs(real) < 9.2e18 ? (long)real : throw Bad(value, feature, where);
            case decimal number: return number == decimal.Floor(number) && Math.Abs(number) < long.MaxValue ? (long)number : throw Bad(value, feature, where);
            default: return value;
        }
    }

    static DTypeMismatchException Bad(object value, Feature to, string where) => new("A value does not convert to the type of its column", where, $"{to}", Known.Say(value), "Change it with map first, or filter such rows out.");
}
