using System.Globalization;

namespace Keras.Transformers;

/// <summary>The kind of elements in a column without inner columns.</summary>
enum ElementKind { Null, Bool, Int, UInt, Float, Text, Bytes, Date, Time, Timestamp, Duration, Decimal }

/// <summary>An element type by its name in <c>datasets</c>: its kind, its width in bytes (0 for bits and texts) and, for times, unit and zone.</summary>
sealed record ElementType(string Name, ElementKind Kind, int Width = 0)
{
    /// <summary>"s", "ms", "us" or "ns" of times.</summary>
    public string? Unit { get; init; }

    /// <summary>The time zone of a timestamp; null for local times.</summary>
    public string? Zone { get; init; }

    /// <summary>For decimals: the number of digits, and how many of them come after the decimal point.</summary>
    public (int Precision, int Scale) Digits { get; init; }

    /// <summary>Whether offsets in Arrow files have 64 bits; in memory all have 32.</summary>
    public bool IsLarge => Name.StartsWith("large_", StringComparison.Ordinal);

    /// <summary>Whether elements are numbers of one width that convert to each other.</summary>
    public bool IsNumber => Kind is ElementKind.Int or ElementKind.UInt or ElementKind.Float;

    /// <summary>Whether elements are sequences of bytes.</summary>
    public bool HasBytes => Kind is ElementKind.Text or ElementKind.Bytes;

    static readonly ElementType[] Plain =
    [
        new("null", ElementKind.Null), new("bool", ElementKind.Bool),
        new("int8", ElementKind.Int, 1), new("int16", ElementKind.Int, 2), new("int32", ElementKind.Int, 4), new("int64", ElementKind.Int, 8),
        new("uint8", ElementKind.UInt, 1), new("uint16", ElementKind.UInt, 2), new("uint32", ElementKind.UInt, 4), new("uint64", ElementKind.UInt, 8),
        new("float16", ElementKind.Float, 2), new("float32", ElementKind.Float, 4), new("float64", ElementKind.Float, 8),
        new("string", ElementKind.Text), new("large_string", ElementKind.Text), new("binary", ElementKind.Bytes), new("large_binary", ElementKind.Bytes),
        new("date32", ElementKind.Date, 4) { Unit = "day" }, new("date64", ElementKind.Date, 8) { Unit = "ms" },
        new("time32[s]", ElementKind.Time, 4) { Unit = "s" }, new("time32[ms]", ElementKind.Time, 4) { Unit = "ms" },
        new("time64[us]", ElementKind.Time, 8) { Unit = "us" }, new("time64[ns]", ElementKind.Time, 8) { Unit = "ns" },
    ];

    static readonly Dictionary<string, string> Aliases = new() { ["double"] = "float64", ["float"] = "float32", ["half_float"] = "float16", ["halffloat"] = "float16", ["bool_"] = "bool", ["utf8"] = "string" };

    static readonly string[] Units = ["s", "ms", "us", "ns"];

    /// <summary>Ticks of 100 ns in one unit; for "ns" the number of units in a tick, negative.</summary>
    public long TicksPerUnit => Unit switch { "day" => TimeSpan.TicksPerDay, "s" => TimeSpan.TicksPerSecond, "ms" => TimeSpan.TicksPerMillisecond, "us" => TimeSpan.TicksPerMicrosecond, _ => -100 };

    /// <summary>Finds a type by name; null if there is none.</summary>
    public static ElementType? Find(string name)
    {
        if (Aliases.TryGetValue(name, out var other)) name = other;
        if (Array.Find(Plain, p => p.Name == name) is { } plain) return plain;
        if (name.StartsWith("decimal128(", StringComparison.Ordinal)) return Decimals.Find(name);
        foreach (var (prefix, kind) in new[] { ("timestamp[", ElementKind.Timestamp), ("duration[", ElementKind.Duration) })
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal) || !name.EndsWith(']')) continue;
            var parts = name[prefix.Length..^1].Split(", tz=");
            if (!Units.Contains(parts[0]) || parts.Length > (kind == ElementKind.Timestamp ? 2 : 1)) return null;
            return new(name, kind, 8) { Unit = parts[0], Zone = parts.Length == 2 ? parts[1] : null };
        }
        return null;
    }

    /// <summary>The type for a C# number type or bool; null for any other.</summary>
    public static ElementType? Of(Type type) =>
        type == typeof(bool) ? Find("bool")
        : type == typeof(sbyte) ? Find("int8") : type == typeof(short) ? Find("int16") : type == typeof(int) ? Find("int32") : type == typeof(long) ? Find("int64")
        : type == typeof(byte) ? Find("uint8") : type == typeof(ushort) ? Find("uint16") : type == typeof(uint) ? Find("uint32") : type == typeof(ulong) ? Find("uint64")
        : type == typeof(Half) ? Find("float16") : type == typeof(float) ? Find("float32") : type == typeof(double) ? Find("float64")
        : type == typeof(string) ? Find("string")
        : type == typeof(DateTime) ? Find("timestamp[us]") : type == typeof(DateTimeOffset) ? Find("timestamp[us, tz=UTC]") : type == typeof(DateOnly) ? Find("date32")
        : type == typeof(TimeOnly) ? Find("time64[us]") : type == typeof(TimeSpan) ? Find("duration[us]")
        : null;

    /// <summary>The element type of a C# type, looked up once per type.</summary>
    public static ElementType? ForType<T>() => Known<T>.Element;

    static class Known<T>
    {
        public static readonly ElementType? Element = Of(typeof(T));
    }

    /// <summary>All names, as an error lists them.</summary>
    public static string Names => string.Join(", ", Plain.Select(p => p.Name)) + string.Create(CultureInfo.InvariantCulture, $", timestamp[s|ms|us|ns], timestamp[us, tz=UTC], duration[s|ms|us|ns], decimal128(precision, scale)");
}
