namespace Keras.Transformers;

/// <summary>Accuracy, Matthews' correlation, and GLUE, which chooses among these and others by task.</summary>
/// <remarks>Source: scikit-learn's accuracy_score and matthews_corrcoef; J. Gorodkin, Comparing two K-category assignments by a K-category correlation coefficient (2004).</remarks>
static class Agreement
{
    public static MetricValue Accuracy(MetricCall call)
    {
        bool[] right;
        if (call.Config == "multilabel")
        {
            var (predicted, truth) = (call.Predictions.NumberRows("predictions"), call.References.NumberRows("references"));
            MetricCall.RequireWidth(predicted, truth, "predictions");
            right = [.. predicted.Zip(truth, (p, t) => p.SequenceEqual(t))];
        }
        else
        {
            right = [.. call.Predictions.Classes("predictions").Zip(call.References.Classes("references"), (p, t) => p == t)];
        }
        var weights = call.Weights(right.Length);
        var sum = right.Index().Where(r => r.Item).Sum(r => weights?[r.Index] ?? 1);
        return call.Result(!call.Option("normalize", true) ? sum : sum / (weights is null ? right.Length : MetricCall.Total(weights, MetricCall.SampleWeight)));
    }

    public static MetricValue Matthews(MetricCall call)
    {
        if (call.Config != "multilabel")
        {
            var (predicted, truth) = (call.Predictions.Classes("predictions"), call.References.Classes("references"));
            if (call.Options.ContainsKey("average")) throw new ArgumentException($"average has no meaning for one label per sample. For several labels use evaluate.load(\"{call.Metric}\", \"multilabel\").", "average");
            return call.Result(MatthewsOf(predicted, truth, call.Weights(truth.Length)));
        }
        var average = Known.OneOf(call.Option("average", "none"), "average", "none", "macro");
        var (rows, real) = (ClassCounts.Flags(call.Predictions, "predictions"), ClassCounts.Flags(call.References, "references"));
        MetricCall.RequireWidth(rows, real, "predictions");
        var weights = call.Weights(rows.Length);
        static long[] Column(bool[][] flags, int column) => Array.ConvertAll(flags, f => f[column] ? 1L : 0);
        double[] scores = [.. Enumerable.Range(0, rows[0].Length).Select(c => MatthewsOf(Column(rows, c), Column(real, c), weights))];
        return call.Result(average == "macro" ? scores.Average() : scores);
    }

    static double MatthewsOf(long[] predicted, long[] truth, double[]? weights)
    {
        var (ofPredicted, ofTruth) = (new Dictionary<long, double>(), new Dictionary<long, double>());
        double right = 0, all = 0;
        for (var i = 0; i < truth.Length; i++)
        {
            var weight = weights?[i] ?? 1;
            all += weight;
            if (predicted[i] == truth[i]) right += weight;
            ofPredicted[predicted[i]] = ofPredicted.GetValueOrDefault(predicted[i]) + weight;
            ofTruth[truth[i]] = ofTruth.GetValueOrDefault(truth[i]) + weight;
        }
        var both = (right * all) - ofPredicted.Sum(p => p.Value * ofTruth.GetValueOrDefault(p.Key));
        var spread = ((all * all) - ofPredicted.Values.Sum(v => v * v)) * ((all * all) - ofTruth.Values.Sum(v => v * v));
        return spread == 0 ? 0 : both / Math.Sqrt(spread);
    }

    /// <summary>The tasks of GLUE whose metric is accuracy.</summary>
    static readonly string[] ByAccuracy = ["sst2", "mnli", "mnli_mismatched", "mnli_matched", "qnli", "rte", "wnli", "hans"];

    public static IReadOnlyList<string> GlueTasks { get; } = [.. ByAccuracy, "cola", "stsb", "mrpc", "qqp"];

    public static MetricValue Glue(MetricCall call)
    {
        if (call.Config == "cola") return Matthews(call with { Metric = "matthews_correlation", Config = "default" });
        if (call.Config == "stsb")
        {
            var (predicted, truth) = (call.Predictions.Numbers("predictions"), call.References.Numbers("references"));
            return new() { ["pearson"] = Correlations.Pearson(predicted, truth), ["spearmanr"] = Correlations.Spearman(predicted, truth) };
        }
        var result = Accuracy(call with { Metric = "accuracy", Config = "default" });
        if (!ByAccuracy.Contains(call.Config)) result["f1"] = ClassCounts.F1(call with { Metric = "f1", Config = "default" })["f1"];
        return result;
    }
}
