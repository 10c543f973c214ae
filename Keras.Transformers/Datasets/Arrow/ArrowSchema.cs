using System.Text.Json;

namespace Keras.Transformers;

/// <summary>The columns of an Arrow file, and the features that <c>datasets</c> put into its metadata.</summary>
static class ArrowSchema
{
    const int Deepest = 64;
    const int MostFields = 100_000;

    internal const byte Null = 1, Int = 2, Float = 3, Binary = 4, Utf8 = 5, Bool = 6, Date = 8, Time = 9, Timestamp = 10, List = 12, Struct = 13, FixedSizeList = 16, Duration = 18, LargeBinary = 19, LargeUtf8 = 20, LargeList = 21;

    static readonly string[] Units = ["s", "ms", "us", "ns"];

    static readonly string[] TypeNames =
    [
        "none", "null", "int", "float", "binary", "utf8", "bool", "decimal", "date", "time", "timestamp", "interval", "list", "struct", "union", "fixed_size_binary", "fixed_size_list", "map", "duration", "large_binary", "large_utf8", "large_list",
        "run_end_encoded", "binary_view", "utf8_view", "list_view", "large_list_view",
    ];

    /// <summary>Reads a schema: what lies in the file, and the features of it.</summary>
    /// <exception cref="InvalidDataException">It is malformed.</exception>
    /// <exception cref="UnsupportedException">A column is of a type that is not read here.</exception>
    public static (Features Stored, Features Features, bool[] LargeLists) Read(FlatTable schema, string file)
    {
        if (schema.Short(0) != 0) throw new UnsupportedException("An Arrow file of big-endian numbers", file, "little-endian numbers", "big-endian ones", "Write it on a little-endian machine.");
        var stored = new Features();
        var (budget, large) = (MostFields, new List<bool>());
        var count = schema.Count(1, 4, out var first);
        for (var i = 0; i < count; i++)
        {
            var field = schema.TableAt(first, i);
            var name = field.Text(0) ?? "";
            if (stored.ContainsKey(name)) throw new InvalidDataException($"the column \"{name}\" comes twice");
            stored.Add(name, ReadField(field, $"{file}, column \"{name}\"", 0, ref budget, large));
        }
        return (stored, Described(schema, stored, file), [.. large]);
    }

    /// <summary>One list of flags for the whole tree, in the order of its nodes: whether a list has offsets of 64 bits.</summary>
    static Feature ReadField(FlatTable field, string where, int depth, ref int budget, List<bool> large)
    {
        if (depth > Deepest) throw new InvalidDataException($"columns are nested deeper than {Deepest} levels");
        if (--budget < 0) throw new InvalidDataException($"there are more than {MostFields} columns");
        if (field.Has(4)) throw Unsupported(where, "dictionary");
        var kind = field.Byte(2);
        large.Add(kind == LargeList);
        switch (kind)
        {
            case List or LargeList: return new Sequence(Child(field, 0, where, depth, ref budget, large));
            case FixedSizeList:
                var length = field.Table(3).Int(0, 0);
                return length >= 0 ? new Sequence(Child(field, 0, where, depth, ref budget, large), length) : throw new InvalidDataException("a list has a negative length");
            case Struct:
                var record = new Features();
                var count = field.Count(5, 4, out var first);
                for (var i = 0; i < count; i++)
                {
                    var child = field.TableAt(first, i);
                    var name = child.Text(0) ?? "";
                    if (record.ContainsKey(name)) throw new InvalidDataException($"the member \"{name}\" comes twice");
                    record.Add(name, ReadField(child, $"{where}.{name}", depth + 1, ref budget, large));
                }
                return record;
            default: return new Value(ElementType.Find(ValueName(kind, field, where)) ?? throw Unsupported(where, ValueName(kind, field, where)));
        }
    }

    static Feature Child(FlatTable field, int index, string where, int depth, ref int budget, List<bool> large) =>
        field.Count(5, 4, out var first) == 1 ? ReadField(field.TableAt(first, index), where, depth + 1, ref budget, large) : throw new InvalidDataException("a list needs one type of elements");

    static string ValueName(byte kind, FlatTable field, string where)
    {
        switch (kind)
        {
            case Null: return "null";
            case Bool: return "bool";
            case Utf8: return "string";
            case LargeUtf8: return "large_string";
            case Binary: return "binary";
            case LargeBinary: return "large_binary";
            case Int: return $"{(field.Table(3).Byte(1) != 0 ? "int" : "uint")}{field.Table(3).Int(0, 0)}";
            case Float: return $"float{16 << Math.Clamp((int)field.Table(3).Short(0), 0, 4)}";
            case Date: return field.Table(3).Short(0, 1) == 0 ? "date32" : "date64";
            case Time: return $"time{field.Table(3).Int(1, 32)}[{Unit(field.Table(3).Short(0, 1))}]";
            case Duration: return $"duration[{Unit(field.Table(3).Short(0, 1))}]";
            case Timestamp: return field.Table(3).Text(1) is { Length: > 0 } zone ? $"timestamp[{Unit(field.Table(3).Short(0))}, tz={zone}]" : $"timestamp[{Unit(field.Table(3).Short(0))}]";
            default: throw Unsupported(where, kind < TypeNames.Length ? TypeNames[kind] : $"type {kind}");
        }
    }

    static string Unit(short unit) => (uint)unit < (uint)Units.Length ? Units[unit] : throw new InvalidDataException($"there is no unit of time of number {unit}");

    static UnsupportedException Unsupported(string where, string type) => new("An Arrow column is of a type that is not read here", where, "numbers, flags, texts, bytes, times, lists and records", type, "Cast the column with the program that made the file.");

    /// <summary>The features in the metadata "huggingface", if they are there and fit.</summary>
    static Features Described(FlatTable schema, Features stored, string file)
    {
        var count = schema.Count(2, 4, out var first);
        for (var i = 0; i < count; i++)
        {
            var pair = schema.TableAt(first, i);
            if (pair.Text(0) != "huggingface" || pair.Text(1) is not { } text) continue;
            try
            {
                using var json = JsonDocument.Parse(text, new() { MaxDepth = 128 });
                if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("info", out var info) && info.ValueKind == JsonValueKind.Object
                    && info.TryGetProperty("features", out var features) && features.ValueKind == JsonValueKind.Object)
                    return FeatureFit.Fit(FeatureJson.Read(features, file), stored, file);
            }
            catch (JsonException e)
            {
                throw new InvalidDataException($"the metadata \"huggingface\" is no JSON ({e.Message})");
            }
        }
        return stored;
    }
}
