using System.Text.Encodings.Web;
using System.Text.Json;

namespace Keras.Transformers;

/// <summary>Writes values as JSON; NaN and infinity, which JSON lacks, become null.</summary>
static class JsonRows
{
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="UnsupportedException">A column holds bytes.</exception>
    public static void Check(Features features)
    {
        foreach (var (name, feature) in features)
            if (HasBytes(feature.Storage)) throw new UnsupportedException("A JSON or CSV file cannot hold bytes", $"column \"{name}\"", "numbers, flags, texts, times, lists and records", $"{feature}", "Remove the column, or write Parquet.");
    }

    static bool HasBytes(Feature feature) => feature switch { Value value => value.Element.Kind == ElementKind.Bytes, Sequence list => HasBytes(list.feature), _ => ((Features)feature).Values.Any(HasBytes) };

    public static void Write(Utf8JsonWriter json, ColumnData column, int row)
    {
        if (column.IsNull(row))
        {
            json.WriteNullValue();
            return;
        }
        switch (column.Type)
        {
            case Value { Element: var element }: Write(json, column, element, row); break;
            case Sequence:
                json.WriteStartArray();
                var (start, count) = column.Range(row);
                for (var i = 0; i < count; i++) Write(json, column.Children[0], start + i);
                json.WriteEndArray();
                break;
            default:
                json.WriteStartObject();
                foreach (var (i, (name, _)) in ((Features)column.Type).Index())
                {
                    json.WritePropertyName(name);
                    Write(json, column.Children[i], row);
                }
                json.WriteEndObject();
                break;
        }
    }

    static void Write(Utf8JsonWriter json, ColumnData column, ElementType element, int row)
    {
        switch (element.Kind)
        {
            case ElementKind.Bool: json.WriteBooleanValue(column.Flag(row)); break;
            case ElementKind.Text:
                column.CheckText();
                json.WriteStringValue(column.Bytes(row));
                break;
            case ElementKind.UInt when element.Width == 8: json.WriteNumberValue((ulong)column.Object(row)!); break;
            case ElementKind.Int or ElementKind.UInt: json.WriteNumberValue(column.Int64(row)); break;
            case ElementKind.Float when double.IsFinite(column.Double(row)): json.WriteRawValue(Number(column, element, row)); break;
            case ElementKind.Float: json.WriteNullValue(); break;
            case ElementKind.Decimal: json.WriteNumberValue((decimal)column.Object(row)!); break;
            default: json.WriteStringValue(Time(column.Object(row)!)); break;
        }
    }

    /// <summary>Writes a float so that it reads back as a float even if it is whole.</summary>
    public static string Number(ColumnData column, ElementType element, int row)
    {
        var text = element.Width == 8 ? column.Double(row).ToString("R", System.Globalization.CultureInfo.InvariantCulture) : ((float)column.Double(row)).ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAny('.', 'E', 'N') || text.Contains('∞', StringComparison.Ordinal) ? text : text + ".0";
    }

    public static string Time(object time) => time switch
    {
        DateTime t => t.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", System.Globalization.CultureInfo.InvariantCulture),
        DateTimeOffset t => t.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", System.Globalization.CultureInfo.InvariantCulture),
        DateOnly d => d.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        IFormattable other => other.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => $"{time}",
    };
}
