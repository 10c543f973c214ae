using System.Buffers.Binary;

namespace Keras.Transformers;

/// <summary>Converts Parquet's leaf types to column types.</summary>
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
        if (name == "decimal") name = Decimal(element);
        var type = ElementType.Find(name) ?? throw Unsupported(file, column, name);
        return Fits(physical, element.Int(2), type) ? type : throw new InvalidDataException($"column \"{column}\" holds {name} in a physical type that cannot ({physical})");
    }

    static string Plain(int physical) => physical switch { Boolean => "bool", Int32 => "int32", Int64 => "int64", Int96 => "timestamp[ns]", Float => "float32", Double => "float64", ByteArray or FixedBytes => "binary", _ => $"type {physical}" };

    static string Decimal(ThriftStruct element)
    {
        var (precision, scale) = element.Has(10) && element.Struct(10).Has(5) ? (element.Struct(10).Struct(5).Int(2), element.Struct(10).Struct(5).Int(1)) : (element.Int(8), element.Int(7));
        return $"decimal{(precision <= Decimals.MostDigits ? 128 : 256)}({precision}, {scale})";
    }

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
        ElementKind.Decimal => physical is Int32 or Int64 or ByteArray || (physical == FixedBytes && length is > 0 and <= 2 * Decimals.Width),
        ElementKind.Timestamp when physical == Int96 => type.Unit == "ns",
        ElementKind.Float => type.Width switch { 2 => physical == FixedBytes && length == 2, 4 => physical == Float, _ => physical == Double },
        _ => physical == (type.Width == 8 ? Int64 : Int32),
    };

    /// <summary>The size of an element in bytes; 0 for bits and byte arrays.</summary>
    public static int Width(int physical, int length) => physical switch { Int32 or Float => 4, Int64 or Double => 8, Int96 => 12, FixedBytes => length, _ => 0 };

    const int DaysBefore1970 = 2_440_588;
    const long NanosecondsOfDay = 86_400_000_000_000;

    /// <summary>Converts an INT96 (nanoseconds of the day, then the Julian day) to nanoseconds since 1970.</summary>
    /// <exception cref="InvalidDataException">64 bits do not hold them.</exception>
    public static long Nanoseconds(ReadOnlySpan<byte> value)
    {
        var (day, rest) = (BinaryPrimitives.ReadInt32LittleEndian(value[8..]), BinaryPrimitives.ReadInt64LittleEndian(value));
        var all = ((Int128)day - DaysBefore1970) * NanosecondsOfDay + rest;
        return all >= long.MinValue && all <= long.MaxValue ? (long)all : throw new InvalidDataException($"a time (INT96) of day {day - (long)DaysBefore1970} since 1970 is out of the range of nanoseconds");
    }

    /// <summary>The digits of a decimal, stored as an integer or as big-endian bytes.</summary>
    /// <exception cref="InvalidDataException">128 bits do not hold them.</exception>
    public static Int128 Digits(int physical, ReadOnlySpan<byte> value)
    {
        if (physical == Int32) return BinaryPrimitives.ReadInt32LittleEndian(value);
        if (physical == Int64) return BinaryPrimitives.ReadInt64LittleEndian(value);
        if (value.Length == 0) throw new InvalidDataException("a decimal has no bytes");
        var sign = (sbyte)value[0] < 0 ? (byte)0xFF : (byte)0;
        for (; value.Length > Decimals.Width; value = value[1..])
            if (value[0] != sign || (value[1] & 0x80) != (sign & 0x80)) throw new InvalidDataException("a decimal has more than 38 digits");
        Span<byte> whole = stackalloc byte[Decimals.Width];
        whole.Fill(sign);
        value.CopyTo(whole[^value.Length..]);
        return BinaryPrimitives.ReadInt128BigEndian(whole);
    }

    public static UnsupportedException Unsupported(string file, string column, string type) =>
        new("A Parquet column is of a type that is not read here", $"{file}, column \"{column}\"", "numbers, flags, texts, bytes, times, decimals of up to 38 digits, lists, maps and records", type, "Cast the column with the program that made the file.");
}
