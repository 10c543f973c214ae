using Keras.Transformers;
using ScottPlot;
using static Keras.Api;

namespace Keras.Examples;

/// <summary>Draws where a vision transformer looks: what the first state attends to through all layers (attention rollout, Abnar and Zuidema 2020).</summary>
static class AttentionMaps
{
    const int Cell = 150, Rows = 2, Title = 20;

    /// <summary>Draws scans, with the weight of every patch below each.</summary>
    public static void Save(string path, TFViTForImageClassification model, ViTImageProcessor processor, Digit[] digits)
    {
        var outputs = model.Apply(processor.Apply(Digits.Images(digits)), output_attentions: true);
        var read = ops.argmax(outputs.logits, axis: -1).ToArray<int>();
        var looks = Rollout(outputs.attentions!.Flatten());
        var side = (int)Math.Sqrt(looks.shape[1]);
        float[][] rows = [.. looks.ToArray<float>().Chunk(side * side)];

        var figure = new Multiplot();
        figure.AddPlots(2 * digits.Length);
        figure.Layout = new ScottPlot.MultiplotLayouts.Grid(2, digits.Length);
        foreach (var (i, digit) in digits.Index())
        {
            Draw(figure.GetPlot(i), Grid([.. digit.Ink.Select(v => (double)v)], Digit.Side), new ScottPlot.Colormaps.Grayscale(), $"{digit.Label}, read as {read[i]}");
            Draw(figure.GetPlot(digits.Length + i), Grid([.. rows[i].Select(v => (double)v)], side), new ScottPlot.Colormaps.Viridis(), "looked at");
        }
        figure.SavePng(path, Cell * digits.Length, (Cell + Title) * Rows);
    }

    /// <summary>(B, patches): mean attention with the residual connection, multiplied through the layers.</summary>
    static Tensor Rollout(IReadOnlyList<Tensor> attentions)
    {
        Tensor? all = null;
        foreach (var attention in attentions)
        {
            var mean = ops.mean(attention, axis: 1);
            var both = (mean + ops.eye((int)mean.shape[1])) / 2;
            all = all is null ? both : ops.matmul(both, all);
        }
        return all![.., 0, 1..];
    }

    static double[,] Grid(double[] values, int side)
    {
        var grid = new double[side, side];
        for (var i = 0; i < values.Length; i++) grid[i / side, i % side] = values[i];
        return grid;
    }

    static void Draw(Plot plot, double[,] values, IColormap colours, string title)
    {
        plot.Add.Heatmap(values).Colormap = colours;
        plot.HideAxesAndGrid();
        plot.Title(title, 13);
        plot.Axes.Title.IsVisible = true;
        plot.Layout.Fixed(new PixelPadding(8, 8, 8, 28));
        plot.Axes.Margins(0, 0);
    }
}
