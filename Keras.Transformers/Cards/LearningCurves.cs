using System.Globalization;
using System.Net;
using System.Text;

namespace Keras.Transformers;

/// <summary>Draws training logs over the epochs as an SVG picture: losses in one panel, metrics in another.</summary>
static class LearningCurves
{
    const int Width = 720, PanelHeight = 260, Left = 64, Right = 190, Top = 34, Bottom = 40;

    static readonly string[] Colours = ["#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#17becf", "#8c564b", "#e377c2"];

    /// <param name="epochs">The numbers of the epochs, from 1 on; two or more.</param>
    /// <param name="logs">Each log's title, not necessarily unique, and its value in each epoch, NaN if missing; at least one value is a number.</param>
    public static string Draw(IReadOnlyList<int> epochs, IReadOnlyList<(string Title, double[] Values)> logs)
    {
        (string Name, (string Title, double[] Values)[] Lines)[] panels = [("Loss", Lines(l => IsLoss(l))), ("Metrics", Lines(l => !IsLoss(l)))];
        panels = [.. panels.Where(p => p.Lines.Length > 0)];
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{PanelHeight * panels.Length}\" viewBox=\"0 0 {Width} {PanelHeight * panels.Length}\" font-family=\"sans-serif\" font-size=\"12\">\n");
        svg.Append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        foreach (var (i, panel) in panels.Index()) Panel(svg, i * PanelHeight, panel.Name, epochs, panel.Lines);
        return svg.Append("</svg>\n").ToString();

        (string Title, double[] Values)[] Lines(Func<string, bool> chosen) => [.. logs.Where(l => chosen(l.Title) && l.Values.Any(double.IsFinite)).Take(Colours.Length)];
    }

    static bool IsLoss(string title) => title.EndsWith("Loss", StringComparison.Ordinal);

    static void Panel(StringBuilder svg, int y, string name, IReadOnlyList<int> epochs, (string Title, double[] Values)[] lines)
    {
        var values = lines.SelectMany(l => l.Values).Where(double.IsFinite).ToArray();
        var (low, high, step) = Scale(values.Min(), values.Max());
        var (bottom, right) = (y + PanelHeight - Bottom, Width - Right);
        double X(int epoch) => Left + ((double)(epoch - epochs[0]) / (epochs[^1] - epochs[0]) * (right - Left));
        double Y(double value) => bottom - ((value - low) / (high - low) * (bottom - y - Top));
        Text(svg, Left, y + 20, "start", name, "font-weight=\"bold\"");
        for (var tick = low; tick <= high + (step / 2); tick += step)
        {
            Line(svg, Left, Y(tick), right, Y(tick), "#dddddd");
            Text(svg, Left - 8, Y(tick) + 4, "end", Math.Round(tick, 10).ToString("G6", CultureInfo.InvariantCulture));
        }
        var every = Math.Max(1, (int)Math.Ceiling(epochs.Count / 10.0));
        foreach (var (i, epoch) in epochs.Index())
            if (i % every == 0) Text(svg, X(epoch), bottom + 17, "middle", epoch.ToString(CultureInfo.InvariantCulture));
        Line(svg, Left, bottom, right, bottom, "#444444");
        Line(svg, Left, y + Top, Left, bottom, "#444444");
        Text(svg, (Left + right) / 2.0, bottom + 34, "middle", "epoch");
        foreach (var (i, (title, points)) in lines.Index())
        {
            var places = points.Zip(epochs).Where(p => double.IsFinite(p.First)).Select(p => (X: Number(X(p.Second)), Y: Number(Y(p.First)))).ToArray();
            svg.Append(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke=\"{Colours[i]}\" stroke-width=\"2\" points=\"{string.Join(' ', places.Select(p => $"{p.X},{p.Y}"))}\"/>\n");
            if (epochs.Count <= 30)
                foreach (var place in places) svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{place.X}\" cy=\"{place.Y}\" r=\"2.5\" fill=\"{Colours[i]}\"/>\n");
            Line(svg, right + 12, y + Top + 10 + (i * 18), right + 32, y + Top + 10 + (i * 18), Colours[i], 2);
            Text(svg, right + 38, y + Top + 14 + (i * 18), "start", title.Length > 24 ? title[..23] + "…" : title);
        }
    }

    /// <summary>About five round axis marks that span the values, 1, 2 or 5 times a power of ten apart.</summary>
    static (double Low, double High, double Step) Scale(double low, double high)
    {
        if (high - low < 1e-12 * Math.Max(1, Math.Abs(high))) (low, high) = (low - 0.5, high + 0.5);
        var power = Math.Pow(10, Math.Floor(Math.Log10((high - low) / 5)));
        var step = new[] { 1.0, 2, 5, 10 }.Select(f => f * power).First(s => (high - low) / s <= 6);
        return (Math.Floor(low / step) * step, Math.Ceiling(high / step) * step, step);
    }

    static void Line(StringBuilder svg, double x1, double y1, double x2, double y2, string colour, int width = 1) =>
        svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Number(x1)}\" y1=\"{Number(y1)}\" x2=\"{Number(x2)}\" y2=\"{Number(y2)}\" stroke=\"{colour}\" stroke-width=\"{width}\"/>\n");

    static void Text(StringBuilder svg, double x, double y, string anchor, string text, string more = "fill=\"#222222\"") =>
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Number(x)}\" y=\"{Number(y)}\" text-anchor=\"{anchor}\" {more}>{WebUtility.HtmlEncode(text)}</text>\n");

    static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
