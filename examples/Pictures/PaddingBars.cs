using ScottPlot;

namespace Keras.Examples;

/// <summary>Draws the cost of padding: for each way, the share of padding and the training texts per second.</summary>
static class PaddingBars
{
    const int Width = 900, Height = 300;

    /// <summary>Draws two plots of horizontal bars, one bar for each way, the first on top.</summary>
    public static void Save(string path, string[] ways, double[] padding, double[] rates)
    {
        var figure = new Multiplot();
        figure.AddPlots(2);
        figure.Layout = new ScottPlot.MultiplotLayouts.Grid(1, 2);
        Bars(figure.GetPlot(0), ways, [.. padding.Select(p => 100 * p)], "padding, % of all places", "{0:0} %");
        Bars(figure.GetPlot(1), [.. ways.Select(_ => "")], rates, "texts trained on in a second", "{0:#,0}");
        figure.SavePng(path, Width, Height);
    }

    static void Bars(Plot plot, string[] names, double[] values, string title, string format)
    {
        Color[] colors = [Colors.C1, Colors.C0, Colors.C2];
        var bars = plot.Add.Bars((Bar[])[.. values.Select((v, i) => new Bar
        {
            Position = values.Length - i, Value = v, FillColor = colors[i % colors.Length], Orientation = Orientation.Horizontal, Size = 0.6, LineWidth = 0,
            Label = string.Format(System.Globalization.CultureInfo.InvariantCulture, format, v),
        })]);
        bars.Horizontal = true;
        plot.Axes.Left.SetTicks([.. values.Select((_, i) => (double)(values.Length - i))], names);
        plot.Axes.Left.MajorTickStyle.Length = 0;
        plot.Axes.SetLimits(0, values.Max() * 1.2, 0.4, values.Length + 0.6);
        plot.HideGrid();
        plot.Title(title, 15);
    }
}
