using ScottPlot;

namespace Keras.Examples;

/// <summary>Draws a confusion matrix.</summary>
static class ConfusionMatrix
{
    const int Size = 620;

    /// <summary>Draws how often each class (row) was classified as each (column).</summary>
    public static void Save(string path, string[] names, int[] truth, int[] read)
    {
        var counts = new double[names.Length, names.Length];
        foreach (var (t, r) in truth.Zip(read)) counts[t, r]++;
        var largest = counts.Cast<double>().Max();
        var plot = new Plot();
        // Shades follow the square root, so that mistakes stay visible beside many right answers.
        var shades = new double[names.Length, names.Length];
        for (var t = 0; t < names.Length; t++)
            for (var r = 0; r < names.Length; r++) shades[t, r] = Math.Sqrt(counts[t, r] / largest);
        plot.Add.Heatmap(shades).Colormap = new ScottPlot.Colormaps.CustomInterpolated([Colors.White, Color.FromHex("#9ecae1"), Color.FromHex("#08519c")]);
        for (var t = 0; t < names.Length; t++)
            for (var r = 0; r < names.Length; r++)
                if (counts[t, r] > 0)
                {
                    var text = plot.Add.Text($"{counts[t, r]}", r, names.Length - 1 - t);
                    (text.LabelAlignment, text.LabelFontSize, text.LabelFontColor) = (Alignment.MiddleCenter, 15, shades[t, r] > 0.6 ? Colors.White : Colors.Black);
                }
        double[] places = [.. Enumerable.Range(0, names.Length).Select(i => (double)i)];
        plot.Axes.Bottom.SetTicks(places, names);
        plot.Axes.Left.SetTicks([.. places.Reverse()], names);
        plot.HideGrid();
        plot.Axes.SetLimits(-0.5, names.Length - 0.5, -0.5, names.Length - 0.5);
        plot.XLabel("read as");
        plot.YLabel("is");
        plot.Title($"{truth.Length} test scans, {truth.Zip(read).Count(p => p.First != p.Second)} wrong");
        plot.SavePng(path, Size, Size);
    }
}
