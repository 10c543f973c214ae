using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;

namespace Keras.Engines.Torch;

/// <summary>Converts tf.train.Example records from protobuf's JSON form to the binary form.</summary>
/// <remarks>Source: https://protobuf.dev/programming-guides/json and tensorflow/core/example/feature.proto. Features keep their order; numbers are not packed, as TensorFlow writes them.</remarks>
static class ExampleJson
{
    const int Varint = 0, Delimited = 2, Fixed32 = 5;

    public static byte[] ToExample(KernelCall c, byte[] text)
    {
        EngineException Wrong(string expected, string received) => c.Fail(expected, received, "A text is no tf.train.Example in JSON");
        try
        {
            using var document = JsonDocument.Parse(text);
            var example = new List<byte>();
            foreach (var part in Members(document.RootElement, "an object", Wrong))
            {
                if (part.Name != "features") throw Wrong("the member 'features'", part.Name);
                if (part.Value.ValueKind != JsonValueKind.Null) Append(example, 1, Features(part.Value, Wrong));
            }
            return [.. example];
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or OverflowException or ArgumentException)
        {
            throw Wrong("an object of features", e.Message);
        }
    }

    static JsonElement.ObjectEnumerator Members(JsonElement element, string what, Func<string, string, EngineException> wrong) =>
        element.ValueKind == JsonValueKind.Object ? element.EnumerateObject() : throw wrong(what, element.ValueKind.ToString());

    static List<byte> Features(JsonElement features, Func<string, string, EngineException> wrong)
    {
        var all = new List<byte>();
        foreach (var part in Members(features, "an object of features", wrong))
        {
            if (part.Name != "feature") throw wrong("the member 'feature'", part.Name);
            if (part.Value.ValueKind == JsonValueKind.Null) continue;
            foreach (var (name, value) in Members(part.Value, "features by name", wrong).ToDictionary(m => m.Name, m => m.Value))
            {
                var pair = new List<byte>();
                Append(pair, 1, Texts.Utf8(name));
                Append(pair, 2, Feature(value, wrong));
                Append(all, 1, pair);
            }
        }
        return all;
    }

    static List<byte> Feature(JsonElement feature, Func<string, string, EngineException> wrong)
    {
        var bytes = new List<byte>();
        foreach (var list in Members(feature, "an object with a list", wrong))
        {
            if (list.Value.ValueKind == JsonValueKind.Null) continue;
            if (bytes.Count > 0) throw wrong("one list in a feature", list.Name);
            var field = list.Name switch
            {
                "bytesList" or "bytes_list" => 1,
                "floatList" or "float_list" => 2,
                "int64List" or "int64_list" => 3,
                _ => throw wrong("bytesList, floatList or int64List", list.Name),
            };
            Append(bytes, field, List(list.Value, field, wrong));
        }
        return bytes;
    }

    static List<byte> List(JsonElement list, int kind, Func<string, string, EngineException> wrong)
    {
        var bytes = new List<byte>();
        foreach (var member in Members(list, "an object with values", wrong))
        {
            if (member.Name != "value") throw wrong("the member 'value'", member.Name);
            if (member.Value.ValueKind == JsonValueKind.Null) continue;
            foreach (var value in member.Value.EnumerateArray())
            {
                if (kind == 1) Append(bytes, 1, Base64(value.GetString() ?? throw wrong("base64", "null")));
                else if (kind == 2) AppendFloat(bytes, value);
                else
                {
                    Append(bytes, (1 << 3) | Varint);
                    Append(bytes, (ulong)Integer(value));
                }
            }
        }
        return bytes;
    }

    /// <summary>Decodes ordinary or web-safe base64, padded or not.</summary>
    static byte[] Base64(string text)
    {
        var plain = text.Replace('-', '+').Replace('_', '/').TrimEnd('=');
        return Convert.FromBase64String(plain + new string('=', -plain.Length & 3));
    }

    static long Integer(JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return number;
        // An integer may be written as a decimal.
        var exact = decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return exact == decimal.Truncate(exact) ? (long)exact : throw new FormatException($"{text} is no whole number");
    }

    static void AppendFloat(List<byte> to, JsonElement value)
    {
        var number = value.ValueKind != JsonValueKind.String ? value.GetSingle() : value.GetString() switch
        {
            "NaN" => float.NaN,
            "Infinity" => float.PositiveInfinity,
            "-Infinity" => float.NegativeInfinity,
            var text => float.Parse(text!, NumberStyles.Float, CultureInfo.InvariantCulture),
        };
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, number);
        Append(to, (1 << 3) | Fixed32);
        to.AddRange(bytes);
    }

    static void Append(List<byte> to, int field, IReadOnlyCollection<byte> content)
    {
        Append(to, (ulong)((field << 3) | Delimited));
        Append(to, (ulong)content.Count);
        to.AddRange(content);
    }

    static void Append(List<byte> to, ulong value)
    {
        for (; value >= 0x80; value >>= 7) to.Add((byte)(value | 0x80));
        to.Add((byte)value);
    }
}
