using System.Data.Common;

namespace Keras.Transformers;

public sealed partial class Dataset
{
    /// <summary>Creates a data set in memory from the rows of a query, with any ADO.NET provider: columns are named after the reader's fields, decimals become float64 unless
    /// features keep them, and GUIDs become texts.</summary>
    /// <param name="reader">An open reader; it is read to its end and not closed.</param>
    /// <param name="features">The types; default: inferred from the values, and the reader's field types if all are null.</param>
    /// <param name="cancellation_token">Cancels between rows.</param>
    /// <exception cref="ArgumentException">Two fields have one name, or features names others.</exception>
    /// <exception cref="DTypeMismatchException">The values of a field have no type in common, or are of a type that no column can hold.</exception>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public static Dataset from_reader(DbDataReader reader, Features? features = null, CancellationToken cancellation_token = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        string[] names = [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
        if (names.Distinct().Count() != names.Length) throw new ArgumentException($"Two fields of the query have the same name. Expected: names that differ (SELECT a AS b). Received: {Known.List(names)}.", nameof(reader));
        SameNames(names, features);
        bool[] keeps = [.. names.Select(n => features?[n] is Value { Element.Kind: ElementKind.Decimal })];
        List<object?>[] columns = [.. names.Select(_ => new List<object?>())];
        var row = new object[names.Length];
        while (reader.Read())
        {
            cancellation_token.ThrowIfCancellationRequested();
            reader.GetValues(row);
            for (var i = 0; i < row.Length; i++) columns[i].Add(Plain(row[i], keeps[i]));
        }
        var types = features ?? new(names.Select((n, i) => KeyValuePair.Create(n, TypeInference.OfRows(columns[i], n) is Value { dtype: "null" } ? FieldType(reader, i) : TypeInference.OfRows(columns[i], n))));
        return from_dict(names.Select((n, i) => KeyValuePair.Create(n, (object)columns[i])), types);
    }

    static object? Plain(object value, bool keepsDecimals) => value switch { DBNull => null, decimal number when !keepsDecimals => (double)number, Guid id => id.ToString(), _ => value };

    static Value FieldType(DbDataReader reader, int field)
    {
        var type = reader.GetFieldType(field);
        return type == typeof(byte[]) ? new("binary") : type == typeof(decimal) ? new("float64") : type == typeof(Guid) ? new("string") : ElementType.Of(type) is { } element ? new(element) : new("null");
    }
}
