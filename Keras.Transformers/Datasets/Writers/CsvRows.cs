using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Keras.Transformers;

/// <summary>Writes rows as pandas does: an empty field for null, True and False, quotes where needed; lists and records as JSON.</summary>
static class CsvRows
{
    static readonly SearchValues<char> Special = SearchValues.Create("\"\r\n");

    public static void WriteHeader(TextWriter writer, Features features, char sep) => writer.Write(string.Join(sep, features.Keys.Select(n => Quoted(n, sep))) + "\n");

    public static void Write(TextWriter writer, DatasetBatch batch, char sep)
    {
        for (var row = 0; row < batch.num_rows; row++)
            for (var c = 0; c < batch.Data.Length; c++)
            {
                if (c > 0) writer.Write(sep);
                writer.Write(Quoted(Text(batch.Data[c], row), sep));
                if (c == batch.Data.Length - 1) writer.Write('\n');
            }
    }

    static string Text(ColumnData column, int row)
    {
        if (column.IsNull(row)) return "";
        if (column.Element is not { } element) return Json(column, row);
        return element.Kind switch
        {
            ElementKind.Bool => column.Flag(row) ? "True" : "False",
            ElementKind.Text => column.Text(row),
            ElementKind.Float => double.IsNaN(column.Double(row)) ? "" : double.IsInfinity(column.Double(row)) ? (column.Double(row) > 0 ? "inf" : "-inf") : JsonRows.Number(column, element, row),
            _ => JsonRows.Time(column.Object(row)!),
        };
    }

    static string Json(ColumnData column, int row)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonRows.Options)) JsonRows.Write(json, column, row);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    static string Quoted(string text, char sep) => text.AsSpan().ContainsAny(Special) || text.Contains(sep, StringComparison.Ordinal) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
