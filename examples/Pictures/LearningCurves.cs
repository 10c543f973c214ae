using ScottPlot;

namespace Keras.Examples;

/// <summary>Draws metrics over the epochs.</summary>
static class LearningCurves
{
    const int Width = 900, Height = 380;

    /// <summary>Draws what <c>fit</c> recorded: each metric a plot, with that of the validation data, if there is one.</summary>
    public static void Save(string path, IReadOnlyDictionary<string, List<double>> history)
    {
        string[] metrics = [.. history.Keys.Where(k => !k.StartsWith("val_", StringComparison.Ordinal))];
        var figure = new Multiplot();
        figure.AddPlots(metrics.Length);
        figure.Layout = new ScottPlot.MultiplotLayouts.Grid(1, metrics.Length);
        foreach (var (i, metric) in metrics.Index())
        {
            var plot = figure.GetPlot(i);
            Line(plot, history[metric], "training", Colors.C0);
            if (history.TryGetValue("val_" + metric, out var validation)) Line(plot, validation, "validation", Colors.C1);
            plot.Title(metric);
            plot.XLabel("epoch");
            plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic { IntegerTicksOnly = true };
            plot.ShowLegend(metric == "loss" ? Alignment.UpperRight : Alignment.LowerRight);
        }
        figure.SavePng(path, Width, Height);
    }

    static void Line(Plot plot, List<double> values, string name, Color color)
    {
        var line = plot.Add.ScatterLine(Enumerable.Range(1, values.Count).Select(e => (double)e).ToArray(), values.ToArray(), color);
        (line.LegendText, line.LineWidth) = (name, 2);
    }
}
