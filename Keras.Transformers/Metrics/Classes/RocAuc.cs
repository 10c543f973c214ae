namespace Keras.Transformers;

/// <summary>The area under the receiver operating characteristic: the probability that a sample of the class has a higher score than another.</summary>
/// <remarks>Source: scikit-learn's roc_auc_score. "multiclass": D. Hand and R. Till (2001) for "ovo". A part of the area: D. McClish (1989). With only one class, the area is undefined:
/// an error here, NaN in scikit-learn.</remarks>
static class RocAuc
{
    public static MetricValue Compute(MetricCall call)
    {
        var average = Known.OneOf(call.Option("average", "macro"), "average", "macro", "micro", "weighted", "samples", "none")!;
        var limit = call.Options.TryGetValue("max_fpr", out var given) ? Require.Part((double)given, "max_fpr") : 1;
        return call.Result(call.Config switch
        {
            "multiclass" => OfClasses(call, average, limit),
            "multilabel" => OfLabels(call, average, limit),
            _ => OfOne(call, limit),
        });
    }

    static MetricValue OfOne(MetricCall call, double limit)
    {
        Refuse(call, "average", "multi_class", "labels");
        var (scores, truth) = (call.Inputs[MetricDeclaration.Scores].Numbers(MetricDeclaration.Scores), call.References.Classes("references"));
        long[] present = [.. truth.Distinct().Order()];
        if (present.Length > 2) throw new ArgumentException($"This form of roc_auc is defined for two classes only. Received: {present.Length}. Use evaluate.load(\"roc_auc\", \"multiclass\").", "references");
        return Area(scores, Array.ConvertAll(truth, t => t == present[^1]), call.Weights(truth.Length), limit);
    }

    static MetricValue OfLabels(MetricCall call, string average, double limit)
    {
        Refuse(call, "multi_class", "labels");
        var (scores, truth) = (call.Inputs[MetricDeclaration.Scores].NumberRows(MetricDeclaration.Scores), ClassCounts.Flags(call.References, "references"));
        MetricCall.RequireWidth(scores, truth, MetricDeclaration.Scores);
        var weights = call.Weights(truth.Length);
        var columns = Enumerable.Range(0, truth[0].Length);
        if (average == "micro")
            return Area([.. scores.SelectMany(s => s)], [.. truth.SelectMany(t => t)], weights is null ? null : [.. weights.SelectMany(w => columns.Select(_ => w))], limit);
        if (average == "samples") return ClassCounts.Mean([.. scores.Zip(truth, (s, t) => Area(s, t, null, limit))], weights);
        double[] areas = [.. columns.Select(c => Area([.. scores.Select(s => s[c])], [.. truth.Select(t => t[c])], weights, limit))];
        return Averaged(areas, average, [.. columns.Select(c => truth.Index().Where(t => t.Item[c]).Sum(t => weights?[t.Index] ?? 1))]);
    }

    /// <summary>Rejects arguments that only other forms of the metric use.</summary>
    static void Refuse(MetricCall call, params string[] names)
    {
        if (names.FirstOrDefault(call.Options.ContainsKey) is { } given) throw new ArgumentException($"{given} has no meaning in the form \"{call.Config}\" of roc_auc. Leave it out, or use another form: evaluate.load(\"roc_auc\", \"multiclass\").", given);
    }

    static MetricValue OfClasses(MetricCall call, string average, double limit)
    {
        var way = call.Option("multi_class", "raise");
        if (Known.OneOf(way, "multi_class", "raise", "ovr", "ovo") == "raise") throw new ArgumentException("multi_class is missing. For several classes, roc_auc needs multi_class: \"ovr\", each against the rest, or \"ovo\", each against each.", "multi_class");
        if (limit != 1) throw new ArgumentException("max_fpr is not defined for several classes, only the whole area is. Leave max_fpr out.", "max_fpr");
        var (scores, truth) = (call.Inputs[MetricDeclaration.Scores].NumberRows(MetricDeclaration.Scores), call.References.Classes("references"));
        var classes = call.Value("labels") is { IsNull: false } labels ? labels.Classes("labels") : [.. truth.Distinct().Order()];
        if (scores[0].Length != classes.Length)
            throw new ShapeMismatchException("Scores do not fit the classes", MetricDeclaration.Scores, $"{classes.Length} in each row, for {Known.List(classes)}", $"{scores[0].Length}", "Give labels where a class has no sample.");
        if (scores.FirstOrDefault(s => Math.Abs(s.Sum() - 1) > 1e-5) is { } odd) throw new ValueRangeException("The scores of classes are not probabilities", MetricDeclaration.Scores, "rows whose sum is 1", $"a sum of {Known.Say(odd.Sum())}", "Apply softmax.");
        if (truth.FirstOrDefault(t => !classes.Contains(t), classes[0]) is var unknown && !classes.Contains(unknown)) throw new ArgumentException($"A reference is none of the labels. Received: {unknown}.", "labels");
        return way == "ovr" ? AgainstRest(scores, truth, classes, average, call.Weights(truth.Length)) : AgainstEach(call, scores, truth, classes, average);
    }

    static MetricValue AgainstRest(double[][] scores, long[] truth, long[] classes, string average, double[]? weights)
    {
        if (average == "samples") throw new ArgumentException("average \"samples\" is not defined for \"ovr\". Expected: \"macro\", \"micro\", \"weighted\" or \"none\". Received: \"samples\".", nameof(average));
        if (average == "micro")
            return Area([.. scores.SelectMany(s => s)], [.. truth.SelectMany(t => classes.Select(c => c == t))], weights is null ? null : [.. weights.SelectMany(w => classes.Select(_ => w))], 1);
        double[] areas = [.. classes.Select((c, i) => Area([.. scores.Select(s => s[i])], [.. truth.Select(t => t == c)], weights, 1))];
        return Averaged(areas, average, [.. classes.Select(c => truth.Index().Where(t => t.Item == c).Sum(t => weights?[t.Index] ?? 1))]);
    }

    static MetricValue AgainstEach(MetricCall call, double[][] scores, long[] truth, long[] classes, string average)
    {
        if (average is not ("macro" or "weighted")) throw new ArgumentException($"This average is not defined for \"ovo\". Expected: \"macro\" or \"weighted\". Received: \"{average}\".", nameof(average));
        if (call.Value(MetricCall.SampleWeight) is not null) throw new ArgumentException("Weights of samples are not supported for \"ovo\". Leave them out.", MetricCall.SampleWeight);
        var (areas, shares) = (new List<double>(), new List<double>());
        for (var a = 0; a < classes.Length; a++)
        {
            for (var b = a + 1; b < classes.Length; b++)
            {
                int[] rows = [.. Enumerable.Range(0, truth.Length).Where(r => truth[r] == classes[a] || truth[r] == classes[b])];
                double One(int c) => Area([.. rows.Select(r => scores[r][c])], [.. rows.Select(r => truth[r] == classes[c])], null, 1);
                areas.Add((One(a) + One(b)) / 2);
                shares.Add((double)rows.Length / truth.Length);
            }
        }
        return ClassCounts.Mean([.. areas], average == "weighted" ? [.. shares] : null);
    }

    static MetricValue Averaged(double[] areas, string average, double[] counts) => average == "none" ? areas : ClassCounts.Mean(areas, average == "weighted" ? counts : null);

    /// <summary>The area up to a false positive rate, as trapezia between distinct scores.</summary>
    static double Area(double[] scores, bool[] truth, double[]? weights, double limit)
    {
        if (scores.FirstOrDefault(s => !double.IsFinite(s), 0) is var odd && !double.IsFinite(odd)) throw new ValueRangeException("A score is not a number", MetricDeclaration.Scores, "finite numbers", Known.Say(odd));
        double Weight(int i) => weights?[i] ?? 1;
        double positive = 0, negative = 0;
        for (var i = 0; i < truth.Length; i++)
        {
            if (truth[i]) positive += Weight(i);
            else negative += Weight(i);
        }
        if (positive == 0 || negative == 0) throw new ValueRangeException("The area is not defined, because there is only one class", "references", "samples of the class and of others", "one kind");
        var order = Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]).ToArray();
        double area = 0, found = 0, wrong = 0;
        for (var at = 0; at < order.Length;)
        {
            var (foundBefore, wrongBefore) = (found, wrong);
            var score = scores[order[at]];
            for (; at < order.Length && scores[order[at]] == score; at++)
            {
                if (truth[order[at]]) found += Weight(order[at]);
                else wrong += Weight(order[at]);
            }
            var (from, to) = (wrongBefore / negative, wrong / negative);
            if (from >= limit) break;
            var end = Math.Min(to, limit);
            var foundAtEnd = to > limit ? foundBefore + ((found - foundBefore) * (limit - from) / (to - from)) : found;
            area += (end - from) * (foundBefore + foundAtEnd) / (2 * positive);
        }
        return limit == 1 ? area : (1 + ((area - (limit * limit / 2)) / (limit - (limit * limit / 2)))) / 2;
    }
}
