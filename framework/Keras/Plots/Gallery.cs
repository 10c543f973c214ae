namespace Keras.Plots;

/// <summary>Arranges pictures in rows and columns, with a line of text above each and a legend below.</summary>
static class Gallery
{
    const int Padding = 4, LetterHeight = PixelFont.Height + 6;

    public static Canvas Of(IReadOnlyList<Canvas> pictures, IReadOnlyList<string?> titles, int rows, int columns, int cell, bool transparent, IReadOnlyDictionary<string, (int Red, int Green, int Blue)>? legend)
    {
        var title = titles.Any(t => t is not null) ? LetterHeight : 0;
        var canvas = new Canvas((columns * (cell + Padding)) + Padding, (rows * (cell + title + Padding)) + Padding + (legend is null ? 0 : LetterHeight + Padding));
        if (!transparent) canvas.Fill(0, 0, canvas.Width, canvas.Height, new(255, 255, 255));
        for (var i = 0; i < Math.Min(pictures.Count, rows * columns); i++)
        {
            var (left, top) = (Padding + (i % columns * (cell + Padding)), Padding + (i / columns * (cell + title + Padding)));
            if (titles[i] is { } text) Centred(canvas, text, left, top, cell);
            canvas.Draw(pictures[i], left, top + title, cell, cell);
        }
        if (legend is not null) AddLegend(canvas, legend);
        return canvas;
    }

    /// <summary>Draws a centred line of text; one that is too long is cut.</summary>
    static void Centred(Canvas canvas, string text, int left, int top, int width)
    {
        var most = Math.Max(1, width / PixelFont.Advance);
        var shown = text.Length <= most ? text : string.Concat(text.AsSpan(0, Math.Max(0, most - 2)), "..");
        canvas.Text(shown, left + Math.Max(0, (width - (shown.Length * PixelFont.Advance)) / 2), top + 3, 1, new(0, 0, 0));
    }

    static void AddLegend(Canvas canvas, IReadOnlyDictionary<string, (int Red, int Green, int Blue)> legend)
    {
        const int patch = 16, between = 10;
        var width = legend.Sum(l => patch + 4 + (l.Key.Length * PixelFont.Advance) + between) - between;
        var (x, y) = (Math.Max(Padding, (canvas.Width - width) / 2), canvas.Height - LetterHeight);
        foreach (var (name, colour) in legend)
        {
            canvas.Fill(x, y, x + patch, y + PixelFont.Height, ColourOf(colour, nameof(legend)));
            canvas.Text(name, x + patch + 4, y, 1, new(0, 0, 0));
            x += patch + 4 + (name.Length * PixelFont.Advance) + between;
        }
    }

    /// <exception cref="ArgumentException">A component is not in 0 .. 255.</exception>
    public static Colour ColourOf((int Red, int Green, int Blue) colour, string name) =>
        colour is { Red: >= 0 and <= 255, Green: >= 0 and <= 255, Blue: >= 0 and <= 255 } ? new((byte)colour.Red, (byte)colour.Green, (byte)colour.Blue)
            : throw new ArgumentException($"The colour is out of range. Expected: red, green and blue from 0 to 255. Received: {colour}.", name);
}
