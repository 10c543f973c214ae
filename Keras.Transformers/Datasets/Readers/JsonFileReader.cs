using System.Text;
using System.Text.Json;

namespace Keras.Transformers;

/// <summary>Reads JSON lines, or a file with a list of records, or with an object that holds such a list.</summary>
sealed class JsonFileReader(string path, string? field) : RowReader(path)
{
    static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    public override Features Infer(int? rows, CancellationToken cancellation)
    {
        var features = new Features();
        foreach (var (index, record) in Records(cancellation).Index())
        {
            if (index == rows) break;
            Texts(index, () =>
            {
                foreach (var member in record.EnumerateObject())
                {
                    var type = TypeOf(member.Value, member.Name, index);
                    features[member.Name] = features.TryGetValue(member.Name, out var before) ? Common(before, type, member.Name, index) : type;
                }
            });
        }
        return features;
    }

    public override IEnumerable<DatasetBatch> Read(Features features, CancellationToken cancellation) => InBatches(features, Records(cancellation), (builders, record, row) => Texts(row, () => Append(features, builders, record, row)), cancellation);

    void Append(Features features, ColumnBuilder[] builders, JsonElement record, int row)
    {
        foreach (var builder in builders) builder.Pending = true;
        foreach (var member in record.EnumerateObject())
        {
            if (!features.ContainsKey(member.Name)) throw new FileFormatException("A record has a member that the columns do not have", Where(row), Known.List(features.Keys), member.Name + Known.Nearest(member.Name, features.Keys), "Name all columns in features, or leave features out.");
            var builder = builders[features.IndexOf(member.Name)];
            if (!builder.Pending) throw new FileFormatException("A member of a record comes twice", Where(row), "names that differ", member.Name);
            builder.Pending = false;
            builder.AppendJson(member.Value);
        }
        foreach (var builder in builders)
            if (builder.Pending) builder.AppendNull();
    }

    Feature TypeOf(JsonElement json, string name, int row)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Null: return new Value("null");
            case JsonValueKind.True or JsonValueKind.False: return new Value("bool");
            case JsonValueKind.String: return new Value("string");
            case JsonValueKind.Number: return new Value(json.TryGetInt64(out _) && IsWhole(json) ? "int64" : "float64");
            case JsonValueKind.Array:
                Feature items = new Value("null");
                foreach (var item in json.EnumerateArray()) items = Common(items, TypeOf(item, name, row), name, row);
                return new Sequence(items);
            default:
                var record = new Features();
                foreach (var member in json.EnumerateObject()) record[member.Name] = TypeOf(member.Value, $"{name}.{member.Name}", row);
                return record;
        }
    }

    Feature Common(Feature a, Feature b, string name, int row)
    {
        try
        {
            return TypeInference.Join(a, b, name)!;
        }
        catch (DTypeMismatchException e)
        {
            throw new FileFormatException("A value is of another type than those of the rows before", $"{Where(row)}, column \"{name}\"", $"{a}", $"{b}", "Write one type of values into a column.", e);
        }
    }

    internal static bool IsWhole(JsonElement number) => !number.GetRawText().AsSpan().ContainsAny('.', 'e', 'E');

    IEnumerable<JsonElement> Records(CancellationToken cancellation) => field is not null || StartsWithList() ? OfDocument() : OfLines(cancellation);

    bool StartsWithList()
    {
        using var stream = File.OpenRead(Path);
        int next;
        while ((next = stream.ReadByte()) is ' ' or '\t' or '\r' or '\n' or 0xEF or 0xBB or 0xBF) { }
        return next == '[';
    }

    IEnumerable<JsonElement> OfDocument()
    {
        using var document = Parse(File.ReadAllBytes(Path), 0);
        var list = document.RootElement;
        if (field is not null && (list.ValueKind != JsonValueKind.Object || !list.TryGetProperty(field, out list))) throw new FileFormatException("The file has no such list of records", Path, $"an object with a member \"{field}\"", document.RootElement.ValueKind.ToString());
        if (list.ValueKind != JsonValueKind.Array) throw new FileFormatException("The records are not a list", Path, "a list of objects", list.ValueKind.ToString());
        foreach (var (row, record) in list.EnumerateArray().Index())
            yield return record.ValueKind == JsonValueKind.Object ? record : throw new FileFormatException("A record is not an object", Where(row), "an object", record.ValueKind.ToString());
    }

    IEnumerable<JsonElement> OfLines(CancellationToken cancellation)
    {
        var row = 0;
        foreach (var line in Lines.Of(Path))
        {
            cancellation.ThrowIfCancellationRequested();
            if (line.Span.Trim(" \t\r"u8).IsEmpty) continue;
            using var document = Parse(line, row);
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw new FileFormatException("A line is not an object", Where(row), "an object", document.RootElement.ValueKind.ToString());
            yield return document.RootElement;
            row++;
        }
    }

    JsonDocument Parse(ReadOnlyMemory<byte> json, int row)
    {
        if (!System.Text.Unicode.Utf8.IsValid(json.Span)) throw new FileFormatException("A text is not UTF-8", Where(row), "UTF-8", null, "Convert the file to UTF-8.");
        try
        {
            return JsonDocument.Parse(json.Span.StartsWith(Encoding.UTF8.Preamble) ? json[3..] : json, Options);
        }
        catch (JsonException e)
        {
            throw new FileFormatException($"A line is not JSON: {e.Message}", Where(row), "one JSON object in each line, or a list of objects", null, null, e);
        }
    }

    /// <summary>Reads texts, which are only checked now; errors name the row.</summary>
    void Texts(int row, Action read)
    {
        try
        {
            read();
        }
        catch (InvalidOperationException e)
        {
            throw new FileFormatException("A text is not Unicode", Where(row), "UTF-8", null, null, e);
        }
    }

    string Where(int row) => $"{Path}, row {row}";
}
