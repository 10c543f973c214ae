using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Keras.Transformers;

/// <summary>A height and a width, converted from an int (a square), a pair or array (height, width), or a dictionary with the keys height and width. Models' configurations write
/// 224, or [224, 196].</summary>
/// <param name="Height">Rows, 1 or more.</param>
/// <param name="Width">Columns, 1 or more.</param>
[JsonConverter(typeof(HeightWidthConverter))]
public readonly record struct HeightWidth(int Height, int Width)
{
    /// <summary>Converts the side of a square: height and width are the same.</summary>
    /// <param name="side">Height and width.</param>
    public static implicit operator HeightWidth(int side) => new(side, side);

    /// <summary>Converts a tuple of height and width.</summary>
    /// <param name="size">Both.</param>
    public static implicit operator HeightWidth((int Height, int Width) size) => new(size.Height, size.Width);

    /// <summary>Converts an array of height and width.</summary>
    /// <exception cref="ValueRangeException">There are not two numbers.</exception>
    public static implicit operator HeightWidth(int[] size) => size is [var height, var width]
        ? new(height, width)
        : throw new ValueRangeException("A size does not have two numbers", "size", "height and width", $"{size?.Length ?? 0} numbers");

    /// <summary>A height and width from the keys "height" and "width".</summary>
    /// <exception cref="ValueRangeException">There is another key, or one of the two is missing.</exception>
    public static implicit operator HeightWidth(Dictionary<string, int> size) => size is { Count: 2 } && size.TryGetValue("height", out var rows) && size.TryGetValue("width", out var columns)
        ? new(rows, columns)
        : throw new ValueRangeException("A size has other keys", "size", "height and width", Known.List(size?.Keys ?? Enumerable.Empty<string>()));

    /// <summary>Checks that an image can have this size.</summary>
    /// <param name="name">Its name in error messages.</param>
    /// <exception cref="ValueRangeException">A side is less than 1, or the image would be too large.</exception>
    internal HeightWidth OfImages(string name) => Height >= 1 && Width >= 1 && (long)Height * Width <= Picture.MaxPixels
        ? this
        : throw new ValueRangeException("An image cannot have this size", name, $"a height and a width of 1 or more, at most {Picture.MaxPixels} pixels", $"{Height} x {Width}");

    /// <summary>Height and width in pixels: "224x196".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Height}x{Width}");
}

/// <summary>Reads an integer or a list of two.</summary>
sealed class HeightWidthConverter : JsonConverter<HeightWidth>
{
    public override HeightWidth Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number) return reader.GetInt32();
        var pair = (int[]?)JsonSerializer.Deserialize(ref reader, options.GetTypeInfo(typeof(int[])));
        return pair is [var height, var width] ? (height, width) : throw new JsonException("A size is neither a whole number nor a list of two.");
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
