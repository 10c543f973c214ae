namespace Keras.Transformers;

/// <summary>Types of Parquet's leaves as those of columns.</summary>
static class ParquetTypes
{
    public const int Boolean = 0, Int32 = 1, Int64 = 2, Int96 = 3, Float = 4, Double = 5, ByteArray = 6, FixedBytes = 7;

    static readonly string[] Converted =
    [
        "string", "map", "map", "list", "string", "decimal", "date32", "time32[ms]", "time64[us]", "timestamp[ms]", "timestamp[us]", "uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64", "string", "binary", "interval",
    ];

    static readonly string[] Units = ["", "ms", "us", "ns"];

    /// <exception cref="UnsupportedException">Columns cannot hold the type.</exception>
    public static ElementType Of(ThriftStruct element, string file, string column)
    {
        var physical = element.Int(1);
        var name = (element.Has(10) ? Logical(element.Struct(10)) : null) ?? (element.Int(6, -1) is >= 0 and var converted && converted < Converted.Length ? Converted[converted] : Plain(physical));
        var type = ElementType.Find(name) ?? throw Unsupported(file, column, name);
        return Fits(physical, element.Int(2), type) ? type : throw new InvalidDataException($"column \"{column}\" holds {name} in a physical type that cannot ({physical})");
    }

    static string Plain(int physical) => physical switch { Boolean => "bool", Int32 => "int32", Int64 => "int64", Int96 => "int96", Float => "float32", Double => "float64", ByteArray or FixedBytes => "binary", _ => $"type {physical}" };

    static string? Logical(ThriftStruct type)
    {
        if (type.Has(1) || type.Has(4) || type.Has(12)) return "string";
        if (type.Has(5)) return "decimal";
        if (type.Has(6)) return "date32";
        if (type.Has(7)) return Unit(type.Struct(7)) is "ms" ? "time32[ms]" : $"time64[{Unit(type.Struct(7))}]";
        if (type.Has(8)) return type.Struct(8).Flag(1, false) ? $"timestamp[{Unit(type.Struct(8))}, tz=UTC]" : $"timestamp[{Unit(type.Struct(8))}]";
        if (type.Has(10)) return $"{(type.Struct(10).Flag(2, true) ? "int" : "uint")}{type.Struct(10).Int(1)}";
        if (type.Has(11)) return "null";
        if (type.Has(15)) return "float16";
        return null;
    }

    static string Unit(ThriftStruct time) => time.Struct(2).Fields.Keys.FirstOrDefault() is > 0 and < 4 and var unit ? Units[unit] : throw new InvalidDataException("a time has no unit");

    static bool Fits(int physical, int length, ElementType type) => type.Kind switch
    {
        ElementKind.Null => true,
        ElementKind.Bool => physical == Boolean,
        ElementKind.Text or ElementKind.Bytes => physical == ByteArray || (physical == FixedBytes && length is > 0 and < (1 << 20)),
        ElementKind.Float => type.Width switch { 2 => physical == FixedBytes && length == 2, 4 => physical == Float, _ => physical == Double },
        _ => physical == (type.Width == 8 ? Int64 : Int32),
    };

    /// <summary>The bytes of an element; 0 for bits and byte arrays.</summary>
    public static int Width(int physical, int length) => physical switch { Int32 or Float => 4, Int64 or Double => 8, Int96 => 12, FixedBytes => length, _ => 0 };

    public static UnsupportedException Unsupported(string file, string column, string type) =>
        new("A Parquet column is of a type that is not read here", $"{file}, column \"{column}\"", "numbers, flags, texts, bytes, times, lists and records", type, "Cast the column with the program that made the file.");
}
