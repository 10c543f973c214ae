using System.Collections;

namespace Keras.Transformers;

/// <summary>Finds the feature of values that come without one.</summary>
static class TypeInference
{
    /// <summary>Tokenizer columns that are stored in smaller types, as in <c>datasets</c>.</summary>
    static readonly Dictionary<string, string> SmallColumns = new() { ["attention_mask"] = "int8", ["special_tokens_mask"] = "int8", ["token_type_ids"] = "int8", ["input_ids"] = "int32" };

    /// <summary>The feature for a column of rows.</summary>
    /// <param name="rows">One value for each row.</param>
    /// <param name="name">The column, for errors.</param>
    /// <exception cref="DTypeMismatchException">The rows have no type in common.</exception>
    public static Feature OfRows(object rows, string name) => rows switch
    {
        DatasetColumn column => column.feature,
        BatchColumn column => OfBatchColumn(column, name),
        Array { Rank: 1 } array when ElementType.Of(array.GetType().GetElementType()!) is { } element => new Value(element),
        byte[][] => new Value("binary"),
        Array { Rank: 1 } array when array.GetType().GetElementType() is { IsArray: true } inner && inner.GetArrayRank() == 1 && ElementType.Of(inner.GetElementType()!) is { } element => new Sequence(new Value(element)),
        string or not IEnumerable => throw new DTypeMismatchException("A column of a batch is not a list", $"column \"{name}\"", "one value for each row: an array or a list", rows.GetType().Name, "Without batched: true a function returns one row."),
        IEnumerable list => OfAll(list.Cast<object?>(), name) ?? new Value("null"),
    };

    static Feature OfBatchColumn(BatchColumn column, string name)
    {
        var element = column.Values is int[] && SmallColumns.TryGetValue(name, out var small) ? new Value(small) : new Value(ElementType.Of(column.Values.GetType().GetElementType()!)!);
        if (!column.HasRows && column.Width == 1) return element;
        return column.Width == 1 || !column.HasRows ? new Sequence(element) : new Sequence(new Sequence(element));
    }

    /// <summary>The feature for a value that a tokenizer may have returned for a row.</summary>
    public static Feature? OfValue(object? value, string name) => value is BatchColumn { Values: int[], HasRows: false } && SmallColumns.TryGetValue(name, out var small) ? new Sequence(new Value(small)) : Of(value, name);

    static Feature? OfAll(IEnumerable<object?> values, string name)
    {
        Feature? common = null;
        foreach (var value in values) common = Join(common, Of(value, name), name);
        return common;
    }

    static Feature? Of(object? value, string name) => value switch
    {
        null or DBNull => null,
        DatasetValue v => v.Feature,
        System.Text.Json.JsonElement json => Of(JsonObjects.Of(json), name),
        byte[] => new Value("binary"),
        char => new Value("string"),
        decimal number => new Value(Decimals.Of(number)),
        BatchColumn { IsScalar: true } column => new Value(ElementType.Of(column.Values.GetType().GetElementType()!)!),
        BatchColumn column => OfBatchColumn(column, name) is var f && column.HasRows ? f : new Sequence(f),
        DatasetRecord record => OfRecord(record.Columns, name),
        IReadOnlyDictionary<string, object?> record => OfRecord(record, name),
        IDictionary record => OfRecord(record.Keys.Cast<object>().ToDictionary(k => $"{k}", k => record[k]), name),
        _ when ElementType.Of(value.GetType()) is { } element => new Value(element),
        IEnumerable list => new Sequence(OfRowsOrNull(list, name)),
        _ => throw new DTypeMismatchException("A value is of a type that no column can hold", $"column \"{name}\"", "numbers, flags, texts, bytes, times, lists or dictionaries of them", value.GetType().Name),
    };

    static Feature OfRowsOrNull(IEnumerable list, string name) => list is Array array && ElementType.Of(array.GetType().GetElementType()!) is { } element ? new Value(element) : OfAll(list.Cast<object?>(), name) ?? new Value("null");

    static Features OfRecord(IReadOnlyDictionary<string, object?> record, string name) =>
        new(record.Select(c => KeyValuePair.Create(c.Key, OfValue(c.Value, $"{name}.{c.Key}") ?? new Value("null"))));

    /// <summary>The feature that holds values of both.</summary>
    public static Feature? Join(Feature? a, Feature? b, string name)
    {
        if (a is null || b is null || a.Equals(b)) return a ?? b;
        switch (a, b)
        {
            case (Value { dtype: "null" }, _): return b;
            case (_, Value { dtype: "null" }): return a;
            case (Value x, Value y) when x.Element.IsNumber && y.Element.IsNumber: return new Value(Wider(x.Element, y.Element));
            case (Value { Element.Kind: ElementKind.Decimal } x, Value { Element.Kind: ElementKind.Decimal } y): return new Value(Decimals.Join(x.Element, y.Element));
            case (Sequence x, Sequence y): return new Sequence(Join(x.feature, y.feature, name)!, x.length == y.length ? x.length : -1);
            case (Features x, Features y):
                var all = new Features(x);
                foreach (var (key, feature) in y) all[key] = x.TryGetValue(key, out var other) ? Join(other, feature, $"{name}.{key}")! : feature;
                return all;
            default: throw new DTypeMismatchException("The values of a column have no type in common", $"column \"{name}\"", $"{a}", $"{b}", "Return values of one type, or give the column's feature.");
        }
    }

    static ElementType Wider(ElementType a, ElementType b) => a.Kind == b.Kind ? (a.Width >= b.Width ? a : b)
        : ElementType.Find(a.Kind == ElementKind.Float || b.Kind == ElementKind.Float ? "float64" : "int64")!;
}
