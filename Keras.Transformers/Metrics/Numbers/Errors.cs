namespace Keras.Transformers;

/// <summary>How far predicted numbers lie from the true ones.</summary>
/// <remarks>Source: scikit-learn's mean_squared_error and mean_absolute_error.</remarks>
static class Errors
{
    public static MetricValue Squared(MetricCall call) => Compute(call, (p, t) => (p - t) * (p - t), call.Option("squared", true) ? static e => e : Math.Sqrt);

    public static MetricValue Absolute(MetricCall call) => Compute(call, (p, t) => Math.Abs(p - t), static e => e);

    static MetricValue Compute(MetricCall call, Func<double, double, double> error, Func<double, double> ofMean)
    {
        var (predicted, truth) = (Rows(call.Predictions, "predictions"), Rows(call.References, "references"));
        if (predicted[0].Length != truth[0].Length) throw new ShapeMismatchException("Rows differ in length", "predictions", $"{truth[0].Length}, as references", $"{predicted[0].Length}");
        var weights = call.Weights(truth.Length);
        if (weights is not null && weights.Sum() == 0) throw new ValueRangeException("A mean is not defined of weights that are all 0", MetricCall.SampleWeight, "one weight above 0", "none");
        double[] errors = [.. Enumerable.Range(0, truth[0].Length).Select(c => ofMean(Mean([.. predicted.Zip(truth, (p, t) => error(p[c], t[c]))], weights)))];
        var way = call.Value("multioutput");
        if (way is { IsText: false })
        {
            var ofColumns = way.Numbers("multioutput");
            if (ofColumns.Length != errors.Length) throw new ShapeMismatchException("Weights and columns differ in number", "multioutput", $"{errors.Length}", $"{ofColumns.Length}");
            return call.Result(Mean(errors, ofColumns));
        }
        return call.Result(Known.OneOf(way?.Text("multioutput") ?? "uniform_average", "multioutput", "uniform_average", "raw_values") == "raw_values" ? errors : errors.Average());
    }

    /// <summary>What is not a number stays in the mean, so that it shows.</summary>
    static double Mean(double[] values, double[]? weights) => weights is null ? values.Average() : values.Zip(weights, (v, w) => v * w).Sum() / weights.Sum();

    static double[][] Rows(MetricValue values, string name) => values.IsRows ? values.NumberRows(name) : Array.ConvertAll(values.Numbers(name), v => (double[])[v]);
}
