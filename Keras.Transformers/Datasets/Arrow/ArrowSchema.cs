using System.Text.Json;

namespace Keras.Transformers;

/// <summary>The columns of an Arrow file, and the features that <c>datasets</c> put into its metadata.</summary>
static class ArrowSchema
{
    const int Deepest = 64;
    const int MostFields = 100_000;

    internal const byte Null = 1, Int = 2, Float = 3, Binary = 4, Utf8 = 5, Bool = 6, Decimal = 7, Date = 8, Time = 9, Timestamp = 10, List = 12, Struct = 13, FixedSizeList = 16, Map = 17, Duration = 18, LargeBinary = 19, LargeUtf8 = 20, LargeList = 21, BinaryView = 23, Utf8View = 24;

    static readonly string[] Units = ["s", "ms", "us", "ns"];

    static readonly string[] TypeNames =
    [
        "none", "null", "int", "float", "binary", "utf8", "bool", "decimal", "date", "time", "timestamp", "interval", "list", "struct", "union", "fixed_size_binary", "fixed_size_list", "map", "duration", "large_binary", "large_utf8", "large_list",
        "run_end_encoded", "binary_view", "utf8_view", "list_view", "large_list_view",
    ];

    /// <summary>Reads a schema: the stored fields and their features.</summary>
    /// <exception cref="InvalidDataException">The schema is malformed.</exception>
    /// <exception cref="UnsupportedException">A column is of a type that is not read here.</exception>
    public static (ArrowField[] Fields, Features Features) Read(FlatTable schema, string file)
    {
        if (schema.Short(0) != 0) throw new UnsupportedException("An Arrow file of big-endian numbers", file, "little-endian numbers", "big-endian ones", "Write it on a little-endian machine.");
        var stored = new Features();
        var budget = MostFields;
        var fields = new ArrowField[schema.Count(1, 4, out var first)];
        for (var i = 0; i < fields.Length; i++)
        {
            var field = schema.TableAt(first, i);
            var name = field.Text(0) ?? "";
            if (stored.ContainsKey(name)) throw new InvalidDataException($"the column \"{name}\" comes twice");
            fields[i] = ReadField(field, $"{file}, column \"{name}\"", 0, ref budget);
            stored.Add(name, fields[i].Type);
        }
        return (fields, Described(schema, stored, file));
    }

    static ArrowField ReadField(FlatTable field, string where, int depth, ref int budget)
    {
        if (depth > Deepest) throw new InvalidDataException($"columns are nested deeper than {Deepest} levels");
        if (--budget < 0) throw new InvalidDataException($"there are more than {MostFields} columns");
        var read = ReadType(field, where, depth, ref budget);
        return field.Has(4) ? read with { Dictionary = ReadDictionary(field.Table(4)) } : read;
    }

    static ArrowField ReadType(FlatTable field, string where, int depth, ref int budget)
    {
        var kind = field.Byte(2);
        switch (kind)
        {
            case List or LargeList:
                var item = Child(field, where, depth, ref budget);
                return new(new Sequence(item.Type), item) { IsLarge = kind == LargeList };
            case Map: return ReadMap(Child(field, where, depth, ref budget));
            case FixedSizeList:
                var (element, length) = (Child(field, where, depth, ref budget), field.Table(3).Int(0, 0));
                return length >= 0 ? new(new Sequence(element.Type, length), element) : throw new InvalidDataException("a list has a negative length");
            case Struct:
                var record = new Features();
                var members = new ArrowField[field.Count(5, 4, out var first)];
                for (var i = 0; i < members.Length; i++)
                {
                    var child = field.TableAt(first, i);
                    var name = child.Text(0) ?? "";
                    if (record.ContainsKey(name)) throw new InvalidDataException($"the member \"{name}\" comes twice");
                    members[i] = ReadField(child, $"{where}.{name}", depth + 1, ref budget);
                    record.Add(name, members[i].Type);
                }
                return new(record, members);
            default:
                var value = ValueName(kind, field, where);
                return new(new Value(ElementType.Find(value) ?? throw Unsupported(where, value))) { IsView = kind is BinaryView or Utf8View };
        }
    }

    static ArrowField Child(FlatTable field, string where, int depth, ref int budget) =>
        field.Count(5, 4, out var first) == 1 ? ReadField(field.TableAt(first, 0), where, depth + 1, ref budget) : throw new InvalidDataException("a list needs one type of elements");

    /// <summary>Reads a map as a list of records of a key and a value, whatever their names in the file.</summary>
    static ArrowField ReadMap(ArrowField entries)
    {
        if (entries is not { Type: Features, Children: [var key, var value], Dictionary: null }) throw new InvalidDataException("a map needs records of a key and a value");
        var record = entries with { Type = new Features { ["key"] = key.Type, ["value"] = value.Type } };
        return new(new Sequence(record.Type), record);
    }

    static (long, ElementType) ReadDictionary(FlatTable encoding)
    {
        var index = encoding.Has(1) ? $"{(encoding.Table(1).Byte(1) != 0 ? "int" : "uint")}{encoding.Table(1).Int(0, 0)}" : "int32";
        return (encoding.Long(0), ElementType.Find(index) ?? throw new InvalidDataException($"a dictionary is referred to by {index}"));
    }

    /// <summary>Finds the field that describes each dictionary's values.</summary>
    /// <exception cref="InvalidDataException">Two columns share a dictionary and differ in type.</exception>
    public static Dictionary<long, ArrowField> Dictionaries(ArrowField[] fields)
    {
        var dictionaries = new Dictionary<long, ArrowField>();
        foreach (var field in fields.SelectMany(f => f.All))
        {
            if (field.Dictionary is not { Id: var id }) continue;
            // Equal types have equal depth, so no dictionary refers to itself.
            if (dictionaries.TryGetValue(id, out var other) && !other.Type.Equals(field.Type)) throw new InvalidDataException($"two columns of different types share the dictionary {id}");
            dictionaries.TryAdd(id, field with { Dictionary = null });
        }
        return dictionaries;
    }

    static string ValueName(byte kind, FlatTable field, string where)
    {
        switch (kind)
        {
            case Null: return "null";
            case Bool: return "bool";
            case Utf8 or Utf8View: return "string";
            case LargeUtf8: return "large_string";
            case Binary or BinaryView: return "binary";
            case LargeBinary: return "large_binary";
            case Int: return $"{(field.Table(3).Byte(1) != 0 ? "int" : "uint")}{field.Table(3).Int(0, 0)}";
            case Float: return $"float{16 << Math.Clamp((int)field.Table(3).Short(0), 0, 4)}";
            case Decimal: return $"decimal{field.Table(3).Int(2, 128)}({field.Table(3).Int(0, 0)}, {field.Table(3).Int(1, 0)})";
            case Date: return field.Table(3).Short(0, 1) == 0 ? "date32" : "date64";
            case Time: return $"time{field.Table(3).Int(1, 32)}[{Unit(field.Table(3).Short(0, 1))}]";
            case Duration: return $"duration[{Unit(field.Table(3).Short(0, 1))}]";
            case Timestamp: return field.Table(3).Text(1) is { Length: > 0 } zone ? $"timestamp[{Unit(field.Table(3).Short(0))}, tz={zone}]" : $"timestamp[{Unit(field.Table(3).Short(0))}]";
            default: throw Unsupported(where, kind < TypeNames.Length ? TypeNames[kind] : $"type {kind}");
        }
    }

    static string Unit(short unit) => (uint)unit < (uint)Units.Length ? Units[unit] : throw new InvalidDataException($"there is no unit of time of number {unit}");

    static UnsupportedException Unsupported(string where, string type) => new("An Arrow column is of a type that is not read here", where, "numbers, flags, texts, bytes, times, lists, maps and records", type, "Cast the column with the program that made the file.");

    /// <summary>The features in the metadata "huggingface", if present and matching.</summary>
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
