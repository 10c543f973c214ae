namespace Keras.Transformers;

/// <summary>Errors of predicted numbers.</summary>
/// <remarks>Source: scikit-learn's mean_squared_error and mean_absolute_error.</remarks>
static class Errors
{
    public static MetricValue Squared(MetricCall call) => Compute(call, (p, t) => (p - t) * (p - t), call.Option("squared", true) ? static e => e : Math.Sqrt);

    public static MetricValue Absolute(MetricCall call) => Compute(call, (p, t) => Math.Abs(p - t), static e => e);

    static MetricValue Compute(MetricCall call, Func<double, double, double> error, Func<double, double> ofMean)
    {
        var (predicted, truth) = (Rows(call.Predictions, "predictions"), Rows(call.References, "references"));
        MetricCall.RequireWidth(predicted, truth, "predictions");
        var weights = call.Weights(truth.Length);
        double[] errors = [.. Enumerable.Range(0, truth[0].Length).Select(c => ofMean(Mean([.. predicted.Zip(truth, (p, t) => error(p[c], t[c]))], weights, MetricCall.SampleWeight)))];
        var way = call.Value("multioutput");
        if (way is { IsText: false })
        {
            var ofColumns = way.Numbers("multioutput");
            if (ofColumns.Length != errors.Length) throw new ShapeMismatchException("Weights and columns differ in number", "multioutput", $"{errors.Length}", $"{ofColumns.Length}");
            return call.Result(Mean(errors, ofColumns, "multioutput"));
        }
        return call.Result(Known.OneOf(way?.Text("multioutput") ?? "uniform_average", "multioutput", "uniform_average", "raw_values") == "raw_values" ? errors : errors.Average());
    }

    /// <summary>The mean, which NaN values make NaN.</summary>
    static double Mean(double[] values, double[]? weights, string name) => weights is null ? values.Average() : values.Zip(weights, (v, w) => v * w).Sum() / MetricCall.Total(weights, name);

    static double[][] Rows(MetricValue values, string name) => values.IsRows ? values.NumberRows(name) : Array.ConvertAll(values.Numbers(name), v => (double[])[v]);
}
