namespace Keras.Transformers;

/// <summary>Pearson's and Spearman's correlation, with their p-values.</summary>
/// <remarks>Source: scipy.stats.pearsonr and spearmanr. As there, the correlation of constant values is NaN.</remarks>
static class Correlations
{
    public static MetricValue ComputePearson(MetricCall call) => Result(call, Pearson, "pearsonr", "p-value");

    public static MetricValue ComputeSpearman(MetricCall call) => Result(call, Spearman, "spearmanr", "spearmanr_pvalue");

    static MetricValue Result(MetricCall call, Func<double[], double[], double> correlation, string name, string probability)
    {
        var (predicted, truth) = (call.Predictions.Numbers("predictions"), call.References.Numbers("references"));
        var result = new MetricValue { [name] = correlation(truth, predicted) };
        if (call.Option("return_pvalue", false)) result[probability] = ByChance(result[name], truth.Length);
        return result;
    }

    public static double Pearson(double[] x, double[] y)
    {
        if (x.Length < 2) throw new ShapeMismatchException("There are too few samples for a correlation", null, "2 or more", $"{x.Length}");
        var (meanX, meanY) = (x.Average(), y.Average());
        double xy = 0, xx = 0, yy = 0;
        for (var i = 0; i < x.Length; i++)
        {
            var (dx, dy) = (x[i] - meanX, y[i] - meanY);
            (xy, xx, yy) = (xy + (dx * dy), xx + (dx * dx), yy + (dy * dy));
        }
        return xx == 0 || yy == 0 ? double.NaN : Math.Clamp(xy / (Math.Sqrt(xx) * Math.Sqrt(yy)), -1, 1);
    }

    public static double Spearman(double[] x, double[] y) => Pearson(Ranks(x), Ranks(y));

    /// <summary>Ranks from 1; ties get their mean rank.</summary>
    static double[] Ranks(double[] values)
    {
        var order = Enumerable.Range(0, values.Length).OrderBy(i => values[i]).ToArray();
        var ranks = new double[values.Length];
        for (var start = 0; start < order.Length;)
        {
            var end = start + 1;
            while (end < order.Length && values[order[end]].Equals(values[order[start]])) end++;
            for (var i = start; i < end; i++) ranks[order[i]] = (start + end + 1) / 2.0;
            start = end;
        }
        return ranks;
    }

    /// <summary>The two-sided p-value of a correlation, by Student's t of r * sqrt((n - 2) / (1 - r²)).</summary>
    static double ByChance(double correlation, int samples) => double.IsNaN(correlation) ? double.NaN : samples == 2 ? 1 : BetaFunction.Share((samples - 2) / 2.0, 0.5, 1 - (correlation * correlation));
}
