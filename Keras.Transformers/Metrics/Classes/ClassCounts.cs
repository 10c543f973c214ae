using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>Counts how often classes were found, predicted and true, and computes F1, precision and recall.</summary>
/// <remarks>Source: scikit-learn's precision_recall_fscore_support. beta is 1.</remarks>
static class ClassCounts
{
    /// <summary>The counts of one class, or of one sample with several labels.</summary>
    readonly record struct Counts(double Found, double Predicted, double True);

    public static MetricValue Precision(MetricCall call) => Score(call, c => (c.Found, c.Predicted));

    public static MetricValue Recall(MetricCall call) => Score(call, c => (c.Found, c.True));

    public static MetricValue F1(MetricCall call) => Score(call, c => (2 * c.Found, c.Predicted + c.True));

    static MetricValue Score(MetricCall call, Func<Counts, (double Part, double Whole)> parts)
    {
        var average = Known.OneOf(call.Option("average", "binary"), "average", "binary", "micro", "macro", "weighted", "samples", "none")!;
        var (counts, weights) = call.Config == "multilabel" ? OfLabels(call, average) : OfClasses(call, average);
        if (average == "micro") counts = [new(counts.Sum(c => c.Found), counts.Sum(c => c.Predicted), counts.Sum(c => c.True))];
        var ofNothing = call.OfNothing(out var warns);
        if (warns && counts.Any(c => parts(c).Whole == 0))
            Diagnostics.Warn($"The metric \"{call.Metric}\" divides by 0 for {counts.Count(c => parts(c).Whole == 0)} of {counts.Length} classes and takes 0 there. Give zero_division to choose.");
        double[] scores = [.. counts.Select(c => parts(c) is var (part, whole) && whole != 0 ? part / whole : ofNothing)];
        return call.Result(average switch
        {
            "none" => scores.Length == 1 ? scores[0] : scores,
            "weighted" => Mean(scores, [.. counts.Select(c => c.True)]),
            "samples" => Mean(scores, weights),
            _ => Mean(scores, null),
        });
    }

    static (Counts[] Counts, double[]? Weights) OfClasses(MetricCall call, string average)
    {
        var (predicted, truth) = (call.Predictions.Classes("predictions"), call.References.Classes("references"));
        if (average == "samples") throw new ArgumentException($"average \"samples\" has no meaning for one label per sample. For several labels use evaluate.load(\"{call.Metric}\", \"multilabel\").", nameof(average));
        long[] present = [.. truth.Concat(predicted).Distinct().Order()];
        var classes = average == "binary" ? [Positive(call, present)] : call.Value("labels") is { IsNull: false } labels ? labels.Classes("labels") : present;
        if (classes.Length == 0) throw new ArgumentException("labels is empty. Expected: one class or more. Received: none.", "labels");
        var weights = call.Weights(truth.Length);
        var (found, all, real) = (new Dictionary<long, double>(), new Dictionary<long, double>(), new Dictionary<long, double>());
        for (var i = 0; i < truth.Length; i++)
        {
            var weight = weights?[i] ?? 1;
            if (truth[i] == predicted[i]) found[truth[i]] = found.GetValueOrDefault(truth[i]) + weight;
            all[predicted[i]] = all.GetValueOrDefault(predicted[i]) + weight;
            real[truth[i]] = real.GetValueOrDefault(truth[i]) + weight;
        }
        return ([.. classes.Select(c => new Counts(found.GetValueOrDefault(c), all.GetValueOrDefault(c), real.GetValueOrDefault(c)))], null);
    }

    static long Positive(MetricCall call, long[] present)
    {
        if (present.Length > 2)
            throw new ArgumentException($"average \"binary\", the default, is not defined for more than two classes. Received: {present.Length}, {Known.List(present.Take(10))}. Give average: \"micro\", \"macro\", \"weighted\" or \"none\".", "average");
        var positive = call.Option("pos_label", 1);
        return present.Contains(positive) || present.Length < 2 ? positive : throw new ArgumentException($"No sample is or was called {positive}. Expected: one of {Known.List(present)}.", "pos_label");
    }

    static (Counts[] Counts, double[]? Weights) OfLabels(MetricCall call, string average)
    {
        if (average == "binary") throw new ArgumentException("average \"binary\", the default, is not defined for several labels per sample. Give average: \"micro\", \"macro\", \"weighted\", \"samples\" or \"none\".", nameof(average));
        var (predicted, truth) = (Flags(call.Predictions, "predictions"), Flags(call.References, "references"));
        MetricCall.RequireWidth(predicted, truth, "predictions");
        var weights = call.Weights(truth.Length);
        int[] columns = call.Value("labels") is { IsNull: false } labels ? [.. labels.Classes("labels").Select(l => l >= 0 && l < truth[0].Length ? (int)l
            : throw new ArgumentException($"A label is not one of the columns. Expected: 0 to {truth[0].Length - 1}. Received: {l}.", nameof(labels)))] : [.. Enumerable.Range(0, truth[0].Length)];
        double Sum(IEnumerable<(int Row, int Column)> cells, Func<int, int, bool> counts, bool weighted) => cells.Where(c => counts(c.Row, c.Column)).Sum(c => weighted ? weights?[c.Row] ?? 1 : 1);
        Counts Of((int Row, int Column)[] cells, bool weighted) => new(Sum(cells, (r, c) => truth[r][c] && predicted[r][c], weighted), Sum(cells, (r, c) => predicted[r][c], weighted), Sum(cells, (r, c) => truth[r][c], weighted));
        var rows = Enumerable.Range(0, truth.Length);
        return average == "samples" ? ([.. rows.Select(r => Of([.. columns.Select(c => (r, c))], weighted: false))], weights)
            : ([.. columns.Select(c => Of([.. rows.Select(r => (r, c))], weighted: true))], null);
    }

    internal static bool[][] Flags(MetricValue rows, string name) => Array.ConvertAll(rows.NumberRows(name),
        r => Array.ConvertAll(r, v => v is 0 or 1 ? v == 1 : throw new ValueRangeException("A label of a sample is not a flag", name, "0 or 1 for each label", Known.Say(v))));

    /// <summary>The mean of all values that are numbers; unweighted if all weights are 0.</summary>
    internal static double Mean(double[] values, double[]? weights)
    {
        var counted = values.Index().Where(v => !double.IsNaN(v.Item)).ToArray();
        if (counted.Length == 0) return double.NaN;
        var total = weights is null ? 0 : counted.Sum(v => weights[v.Index]);
        return total == 0 ? counted.Sum(v => v.Item) / counted.Length : counted.Sum(v => v.Item * weights![v.Index]) / total;
    }
}
