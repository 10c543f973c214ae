using System.Runtime.InteropServices;
using System.Text.Json;

namespace Keras.Serving;

/// <summary>The JSON form of a dtype's elements.</summary>
/// <param name="Expected">What is expected, for errors.</param>
/// <param name="TryRead">Reads an element into the start of the memory; false if it has another form or is out of range.</param>
sealed record ElementKind(string Expected, ElementKind.Reader TryRead)
{
    public delegate bool Reader(ref Utf8JsonReader json, Span<byte> target);
}

/// <summary>The JSON forms by dtype.</summary>
static class ElementKinds
{
    static readonly Dictionary<DType, ElementKind> All = new()
    {
        [DType.Float32] = Float<float>("float32", Single, (float v, out float t) => (t = v, true).Item2),
        [DType.Float64] = Float<double>("float64", Double, (double v, out double t) => (t = v, true).Item2),
        [DType.Float16] = Float<Half>("float16", Single, (float v, out Half t) => Fits(t = (Half)v, v, Half.IsInfinity)),
        [DType.BFloat16] = Float<BFloat16>("bfloat16", Single, (float v, out BFloat16 t) => Fits(t = (BFloat16)v, v, b => float.IsInfinity((float)b))),
        [DType.Int8] = Whole<sbyte>("int8", sbyte.MinValue, (long)sbyte.MaxValue, v => (sbyte)v),
        [DType.Int16] = Whole<short>("int16", short.MinValue, (long)short.MaxValue, v => (short)v),
        [DType.Int32] = Whole<int>("int32", int.MinValue, (long)int.MaxValue, v => (int)v),
        [DType.Int64] = Whole<long>("int64", long.MinValue, long.MaxValue, v => v),
        [DType.UInt8] = Whole<byte>("uint8", 0, (long)byte.MaxValue, v => (byte)v),
        [DType.UInt16] = Whole<ushort>("uint16", 0, (long)ushort.MaxValue, v => (ushort)v),
        [DType.UInt32] = Whole<uint>("uint32", 0, (long)uint.MaxValue, v => (uint)v),
        [DType.UInt64] = new($"a whole number from 0 to {ulong.MaxValue} (uint64)", (ref Utf8JsonReader json, Span<byte> target) =>
            json.TokenType == JsonTokenType.Number && json.TryGetUInt64(out var value) && MemoryMarshal.TryWrite(target, value)),
        [DType.Bool] = new("true or false (bool)", (ref Utf8JsonReader json, Span<byte> target) =>
        {
            target[0] = json.TokenType == JsonTokenType.True ? (byte)1 : (byte)0;
            return json.TokenType is JsonTokenType.True or JsonTokenType.False;
        }),
        [DType.String] = new("a string or {\"b64\": ...} (string)", (ref Utf8JsonReader _, Span<byte> _) => false),
    };

    /// <summary>The JSON form of a dtype.</summary>
    /// <exception cref="ServingException">Unimplemented: JSON has no form for it.</exception>
    public static ElementKind Of(DType dtype) => All.TryGetValue(dtype, out var kind) ? kind
        : throw new ServingException(TFServingStatus.Unimplemented, $"JSON has no form for elements of dtype {dtype}. Expected: one of {string.Join(", ", All.Keys)}. Received: {dtype}. Call the signature by gRPC.");

    delegate bool Number<T>(ref Utf8JsonReader json, out T value);

    delegate bool Narrow<TFrom, T>(TFrom value, out T narrow);

    static ElementKind Float<T>(string name, Number<float> read, Narrow<float, T> narrow) where T : unmanaged => new($"a number in the range of {name}, NaN or Infinity", (ref Utf8JsonReader json, Span<byte> target) =>
        read(ref json, out var value) && narrow(value, out var element) && MemoryMarshal.TryWrite(target, element));

    static ElementKind Float<T>(string name, Number<double> read, Narrow<double, T> narrow) where T : unmanaged => new($"a number in the range of {name}, NaN or Infinity", (ref Utf8JsonReader json, Span<byte> target) =>
        read(ref json, out var value) && narrow(value, out var element) && MemoryMarshal.TryWrite(target, element));

    static ElementKind Whole<T>(string name, long least, long greatest, Func<long, T> narrow) where T : unmanaged => new($"a whole number from {least} to {greatest} ({name})", (ref Utf8JsonReader json, Span<byte> target) =>
        json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var value) && value >= least && value <= greatest && MemoryMarshal.TryWrite(target, narrow(value)));

    static bool Single(ref Utf8JsonReader json, out float value)
    {
        if (json.TokenType == JsonTokenType.Number) return json.TryGetSingle(out value) && float.IsFinite(value);
        var bare = json.TokenType == JsonTokenType.String ? NonFinite.Read(json.ValueSpan) : null;
        value = (float)(bare ?? 0);
        return bare is not null;
    }

    static bool Double(ref Utf8JsonReader json, out double value)
    {
        if (json.TokenType == JsonTokenType.Number) return json.TryGetDouble(out value) && double.IsFinite(value);
        var bare = json.TokenType == JsonTokenType.String ? NonFinite.Read(json.ValueSpan) : null;
        value = bare ?? 0;
        return bare is not null;
    }

    /// <summary>Whether a number was narrowed without overflow.</summary>
    static bool Fits<T>(T narrow, float value, Func<T, bool> isInfinite) => !isInfinite(narrow) || float.IsInfinity(value);
}
