using Keras.Images;

namespace Keras.Plots;

/// <summary>A colour with 8 bits for each component.</summary>
readonly record struct Colour(byte Red, byte Green, byte Blue, byte Alpha = 255);

/// <summary>A picture to draw on: rows of red, green, blue and opacity.</summary>
sealed class Canvas(int width, int height)
{
    readonly byte[] _samples = new byte[width * height * 4];

    public int Width => width;

    public int Height => height;

    public Colour this[int x, int y]
    {
        get => _samples.AsSpan(((y * width) + x) * 4, 4) is var s ? new(s[0], s[1], s[2], s[3]) : default;
        set
        {
            if (x < 0 || y < 0 || x >= width || y >= height) return;
            var at = _samples.AsSpan(((y * width) + x) * 4, 4);
            (at[0], at[1], at[2], at[3]) = (value.Red, value.Green, value.Blue, value.Alpha);
        }
    }

    public void Fill(int left, int top, int right, int bottom, Colour colour)
    {
        for (var y = Math.Max(top, 0); y < Math.Min(bottom, height); y++)
            for (var x = Math.Max(left, 0); x < Math.Min(right, width); x++) this[x, y] = colour;
    }

    /// <summary>Draws the border of a rectangle with pixels as corners; a thick line extends to both sides.</summary>
    public void Rectangle(int left, int top, int right, int bottom, int thickness, Colour colour)
    {
        var (before, after) = ((thickness - 1) / 2, (thickness / 2) + 1);
        Fill(left - before, top - before, right + after, top + after, colour);
        Fill(left - before, bottom - before, right + after, bottom + after, colour);
        Fill(left - before, top - before, left + after, bottom + after, colour);
        Fill(right - before, top - before, right + after, bottom + after, colour);
    }

    /// <summary>Draws a line of text in square dots of a size; thick text adds dots.</summary>
    public void Text(string text, int left, int top, double size, Colour colour, int thickness = 1)
    {
        for (var i = 0; i < text.Length; i++)
            for (var y = 0; y < PixelFont.Height; y++)
                for (var x = 0; x < PixelFont.Width; x++)
                    if (PixelFont.IsSet(text[i], x, y))
                    {
                        var (fromX, fromY) = (left + (int)(((i * PixelFont.Advance) + x) * size), top + (int)(y * size));
                        Fill(fromX, fromY, left + (int)Math.Max(((i * PixelFont.Advance) + x + 1) * size, 1) + thickness - 1, top + (int)Math.Max((y + 1) * size, 1), colour);
                    }
    }

    /// <summary>Draws another picture within a rectangle, keeping its aspect ratio: averages pixels to shrink it, repeats them to enlarge it.</summary>
    public void Draw(Canvas picture, int left, int top, int boxWidth, int boxHeight)
    {
        var scale = Math.Min((double)boxWidth / picture.Width, (double)boxHeight / picture.Height);
        var (wide, high) = (Math.Max(1, (int)(picture.Width * scale)), Math.Max(1, (int)(picture.Height * scale)));
        var (startX, startY) = (left + ((boxWidth - wide) / 2), top + ((boxHeight - high) / 2));
        for (var y = 0; y < high; y++)
            for (var x = 0; x < wide; x++) this[startX + x, startY + y] = picture.Mean(x / scale, y / scale, (x + 1) / scale, (y + 1) / scale);
    }

    Colour Mean(double left, double top, double right, double bottom)
    {
        var (x0, y0) = (Math.Min((int)left, width - 1), Math.Min((int)top, height - 1));
        var (x1, y1) = (Math.Clamp((int)Math.Round(right), x0 + 1, width), Math.Clamp((int)Math.Round(bottom), y0 + 1, height));
        long red = 0, green = 0, blue = 0, alpha = 0;
        for (var y = y0; y < y1; y++)
            for (var x = x0; x < x1; x++)
            {
                var c = this[x, y];
                (red, green, blue, alpha) = (red + c.Red, green + c.Green, blue + c.Blue, alpha + c.Alpha);
            }
        var count = (x1 - x0) * (y1 - y0);
        return new((byte)(red / count), (byte)(green / count), (byte)(blue / count), (byte)(alpha / count));
    }

    /// <summary>Encodes the picture as a PNG file.</summary>
    public byte[] ToPng() => PngWriter.Write(_samples, height, width, channels: 4, depth: 8, compression: -1);
}
