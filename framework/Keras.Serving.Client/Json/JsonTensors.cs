using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Keras.Serving;

/// <summary>Writes and reads tensors as nested JSON lists, as in TensorFlow Serving's REST API.</summary>
static class JsonTensors
{
    public static void Write(Utf8JsonWriter writer, HostTensor tensor) => Write(writer, tensor, 0, 0, tensor.Shape.ToArray(), ElementWriter(tensor));

    static int Write(Utf8JsonWriter writer, HostTensor tensor, int axis, int at, long[] dims, Action<Utf8JsonWriter, int> element)
    {
        if (axis == dims.Length)
        {
            element(writer, at);
            return at + 1;
        }
        writer.WriteStartArray();
        for (long i = 0; i < dims[axis]; i++) at = Write(writer, tensor, axis + 1, at, dims, element);
        writer.WriteEndArray();
        return at;
    }

    static Action<Utf8JsonWriter, int> ElementWriter(HostTensor tensor)
    {
        if (tensor.Strings is { } strings) return (w, i) => WriteBytes(w, strings[i]);
        if (tensor.DType == DType.Bool) return (w, i) => w.WriteBooleanValue(tensor.Data[i] != 0);
        if (tensor.DType == DType.Float32) return (w, i) => WriteFloat(w, tensor.As<float>()[i]);
        if (tensor.DType == DType.Float64) return (w, i) => WriteDouble(w, tensor.As<double>()[i]);
        if (tensor.DType.IsFloating) return ((Func<double[], Action<Utf8JsonWriter, int>>)(v => (w, i) => WriteFloat(w, (float)v[i])))(tensor.ToDouble());
        if (tensor.DType == DType.UInt64) return (w, i) => w.WriteNumberValue(tensor.As<ulong>()[i]);
        if (tensor.DType.IsInteger) return ((Func<long[], Action<Utf8JsonWriter, int>>)(v => (w, i) => w.WriteNumberValue(v[i])))(tensor.ToInt64());
        throw new UnsupportedException("JSON has no numbers of this dtype", null, "numbers, bools or strings", tensor.DType.Name, "Use TFServingClient.Grpc.");
    }

    /// <summary>Writes bytes as text if they are UTF-8, otherwise as base64.</summary>
    public static void WriteBytes(Utf8JsonWriter writer, ReadOnlySpan<byte> bytes)
    {
        if (System.Text.Unicode.Utf8.IsValid(bytes))
        {
            writer.WriteStringValue(bytes);
            return;
        }
        writer.WriteStartObject();
        writer.WriteBase64String("b64", bytes);
        writer.WriteEndObject();
    }

    /// <summary>Writes a float with a decimal point, since the server reads a number without one in examples as an integer.</summary>
    public static void WriteFloat(Utf8JsonWriter writer, float value) => WritePoint(writer, value.ToString("R", CultureInfo.InvariantCulture));

    static void WriteDouble(Utf8JsonWriter writer, double value) => WritePoint(writer, value.ToString("R", CultureInfo.InvariantCulture));

    static void WritePoint(Utf8JsonWriter writer, string text) =>
        writer.WriteRawValue(text.AsSpan().IndexOfAny(".EaI") < 0 ? text + ".0" : text, skipInputValidation: true);

    /// <summary>Reads a tensor of a dtype.</summary>
    /// <exception cref="FormatException">The lists are ragged, or an element is not of the dtype.</exception>
    public static HostTensor Read(JsonElement value, DType dtype, string name)
    {
        var dims = new List<long>();
        for (var inner = value; inner.ValueKind == JsonValueKind.Array; inner = inner[0])
        {
            dims.Add(inner.GetArrayLength());
            if (dims[^1] == 0) break;
        }
        var shape = new Shape([.. dims]);
        if (dtype == DType.String)
        {
            var strings = new List<byte[]>();
            Visit(value, dims, 0, e => strings.Add(Bytes(e, name)), name);
            return HostTensor.OfStrings(shape, [.. strings]);
        }
        var data = new MemoryStream();
        var read = Reader(dtype, name);
        Visit(value, dims, 0, e => data.Write(read(e)), name);
        return HostTensor.OfBytes(dtype, shape, data.ToArray());
    }

    static void Visit(JsonElement value, List<long> dims, int axis, Action<JsonElement> element, string name)
    {
        if (axis == dims.Count)
        {
            if (value.ValueKind == JsonValueKind.Array) throw new FormatException($"the output '{name}' is ragged");
            element(value);
            return;
        }
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() != dims[axis]) throw new FormatException($"the output '{name}' is ragged");
        foreach (var inner in value.EnumerateArray()) Visit(inner, dims, axis + 1, element, name);
    }

    public static byte[] Bytes(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.String => Encoding.UTF8.GetBytes(value.GetString()!),
        JsonValueKind.Object when value.TryGetProperty("b64", out var b64) && b64.ValueKind == JsonValueKind.String && b64.TryGetBytesFromBase64(out var bytes) => bytes,
        _ => throw Wrong(value, DType.String, name),
    };

    static Func<JsonElement, byte[]> Reader(DType dtype, string name)
    {
        if (dtype == DType.Bool) return e => e.ValueKind switch { JsonValueKind.True => [1], JsonValueKind.False => [0], _ => throw Wrong(e, dtype, name) };
        if (dtype == DType.UInt64) return e => e.ValueKind == JsonValueKind.Number && e.TryGetUInt64(out var v) ? BitConverter.GetBytes(v) : throw Wrong(e, dtype, name);
        if (dtype == DType.Int64) return e => e.ValueKind == JsonValueKind.Number && e.TryGetInt64(out var v) ? BitConverter.GetBytes(v) : throw Wrong(e, dtype, name);
        if (dtype == DType.Float32) return e => BitConverter.GetBytes((float)Number(e, dtype, name));
        if (dtype.IsFloating) return e => HostTensor.Scalar(Number(e, dtype, name), dtype).Data;
        if (!dtype.IsInteger) throw new FormatException($"the output '{name}' is of {dtype}, which JSON does not have; use TFServingClient.Grpc");
        return e =>
        {
            try
            {
                return e.ValueKind == JsonValueKind.Number && e.TryGetInt64(out var v) ? HostTensor.Scalar(v, dtype).Data : throw Wrong(e, dtype, name);
            }
            catch (OverflowException)
            {
                throw Wrong(e, dtype, name);
            }
        };
    }

    /// <summary>Reads a number, or one of the quoted words for NaN and infinities.</summary>
    public static double Number(JsonElement value, DType dtype, string name)
    {
        if (value.ValueKind == JsonValueKind.Number) return dtype == DType.Float32 ? value.GetSingle() : value.GetDouble();
        return value.ValueKind == JsonValueKind.String ? value.GetString()!.TrimStart('\0') switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            _ => throw Wrong(value, dtype, name),
        } : throw Wrong(value, dtype, name);
    }

    static FormatException Wrong(JsonElement value, DType dtype, string name) => new($"the output '{name}' holds {value.ValueKind} where it should be of {dtype}");
}
