using System.Globalization;

namespace Keras.Examples;

/// <summary>A scan of a digit.</summary>
/// <param name="Ink">8x8 values, 0 (paper) to 16 (ink), row by row.</param>
/// <param name="Label">0 to 9.</param>
sealed record Digit(float[] Ink, int Label)
{
    public const int Side = 8;

    /// <summary>The words of the digits.</summary>
    public static readonly string[] Names = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

    const float Full = 16;

    /// <summary>The scan rotated (in degrees), zoomed and shifted (in pixels), as another hand could have written it.</summary>
    public Digit Moved(double turn, double zoom, double right, double down)
    {
        var (sin, cos) = Math.SinCos(turn * Math.PI / 180);
        const double middle = (Side - 1) / 2.0;
        var ink = new float[Ink.Length];
        for (var y = 0; y < Side; y++)
            for (var x = 0; x < Side; x++)
            {
                var (u, v) = ((x - middle - right) / zoom, (y - middle - down) / zoom);
                ink[(y * Side) + x] = At((u * cos) + (v * sin) + middle, (v * cos) - (u * sin) + middle);
            }
        return this with { Ink = ink };
    }

    /// <summary>The ink at a position between pixels, interpolated; beyond the edge there is paper.</summary>
    float At(double x, double y)
    {
        var (left, top) = ((int)Math.Floor(x), (int)Math.Floor(y));
        var (a, b) = ((float)(x - left), (float)(y - top));
        float Pixel(int column, int row) => column is >= 0 and < Side && row is >= 0 and < Side ? Ink[(row * Side) + column] : 0;
        return ((Pixel(left, top) * (1 - a)) + (Pixel(left + 1, top) * a)) * (1 - b) + (((Pixel(left, top + 1) * (1 - a)) + (Pixel(left + 1, top + 1) * a)) * b);
    }

    /// <summary>The scan as RGB samples with equal channels, ink as white, as in an image file.</summary>
    public byte[] ToRgb() => [.. Ink.Select(i => (byte)Math.Clamp(MathF.Round(i * byte.MaxValue / Full), 0, byte.MaxValue)).SelectMany(v => (byte[])[v, v, v])];
}

/// <summary>The digits of examples/data/digits.</summary>
static class Digits
{
    const int TestEvery = 5;

    /// <summary>Reads a file; rows with index % 5 == 4 are the test set.</summary>
    public static (Digit[] Train, Digit[] Test) Read(string file)
    {
        Digit[] all = [.. File.ReadLines(file).Skip(1).Select(line => line.Split(',').Select(v => float.Parse(v, CultureInfo.InvariantCulture)).ToArray()).Select(v => new Digit(v[..^1], (int)v[^1]))];
        return ([.. all.Where((_, i) => i % TestEvery != TestEvery - 1)], [.. all.Where((_, i) => i % TestEvery == TestEvery - 1)]);
    }

    /// <summary>Samples as one tensor, uint8 (B, 8, 8, 3).</summary>
    public static Tensor Images(IReadOnlyCollection<Digit> digits)
    {
        var pixels = new byte[digits.Count, Digit.Side, Digit.Side, 3];
        Buffer.BlockCopy(digits.SelectMany(d => d.ToRgb()).ToArray(), 0, pixels, 0, pixels.Length);
        return pixels;
    }
}
