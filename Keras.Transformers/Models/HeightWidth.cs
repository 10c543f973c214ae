using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Keras.Transformers;

/// <summary>A size of two numbers, which configurations write as one where both are the same: 224, or [224, 196].</summary>
/// <param name="Height">The first number.</param>
/// <param name="Width">The second number.</param>
[JsonConverter(typeof(HeightWidthConverter))]
public readonly record struct HeightWidth(int Height, int Width)
{
    /// <summary>A square.</summary>
    /// <param name="side">Height and width.</param>
    public static implicit operator HeightWidth(int side) => new(side, side);

    /// <summary>Height and width.</summary>
    /// <param name="size">Both.</param>
    public static implicit operator HeightWidth((int Height, int Width) size) => new(size.Height, size.Width);

    /// <summary>Height and width in pixels: "224x196".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Height}x{Width}");
}

/// <summary>Reads one whole number or a list of two.</summary>
sealed class HeightWidthConverter : JsonConverter<HeightWidth>
{
    public override HeightWidth Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number) return reader.GetInt32();
        var pair = JsonSerializer.Deserialize<int[]>(ref reader, options);
        return pair is [var height, var width] ? (height, width) : throw new JsonException("A size is one whole number or a list of two.");
    }

    public override void Write(Utf8JsonWriter writer, HeightWidth value, JsonSerializerOptions options)
    {
        if (value.Height == value.Width)
        {
            writer.WriteNumberValue(value.Height);
            return;
        }
        writer.WriteStartArray();
        writer.WriteNumberValue(value.Height);
        writer.WriteNumberValue(value.Width);
        writer.WriteEndArray();
    }
}
