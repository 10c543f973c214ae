using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>Precision, recall and F1 of completely matched entities, by type and overall.</summary>
/// <remarks>Source: seqeval 1.2. Without mode "strict" entities are conlleval's, whatever the scheme. seqeval accepts sample weights but ignores them; here they are an error.</remarks>
static class Seqeval
{
    public static MetricValue Compute(MetricCall call)
    {
        var (predicted, truth) = (call.Predictions.TextLists("predictions"), call.References.TextLists("references"));
        for (var i = 0; i < truth.Length; i++)
            if (predicted[i].Length != truth[i].Length)
                throw new ShapeMismatchException("Tags of a text differ in number", $"text {i}", $"{truth[i].Length}, as references", $"{predicted[i].Length}", "Leave out tags whose label is -100 on both sides.");
        if (truth.All(t => t.Length == 0)) throw new ShapeMismatchException("The texts have no tags", "references", "one tag or more", "none");
        var suffix = call.Option("suffix", false);
        var strict = Known.OneOf(call.Option<string?>("mode", null), "mode", null, "strict") is not null;
        var scheme = call.Options.TryGetValue("scheme", out var name) ? TaggingScheme.Of((string)name) : strict ? TaggingScheme.Detect(truth.SelectMany(t => t), suffix) : null;
        HashSet<(string Type, int Text, int Start, int End)> Entities(string[][] texts, string input) =>
            [.. texts.SelectMany((t, i) => (strict ? scheme!.Entities(t, suffix, input) : Chunks.Of(t, suffix, input)).Select(e => (e.Type, i, e.Start, e.End)))];
        return Report(call, Entities(truth, "references"), Entities(predicted, "predictions"), Accuracy(predicted, truth));
    }

    static MetricValue Report(MetricCall call, HashSet<(string Type, int, int, int)> truth, HashSet<(string Type, int, int, int)> predicted, double accuracy)
    {
        var ofNothing = call.OfNothing(out var warns);
        if (double.IsNaN(ofNothing)) throw new ArgumentException("The value cannot stand for a division by 0. Expected: \"warn\", 0 or 1. Received: NaN.", MetricCall.ZeroDivision);
        var result = new MetricValue();
        var divided = false;
        (double Precision, double Recall, double F1) Scores(int found, int all, int real)
        {
            divided |= all == 0 || real == 0;
            var (precision, recall) = (all == 0 ? ofNothing : (double)found / all, real == 0 ? ofNothing : (double)found / real);
            return (precision, recall, precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall));
        }
        foreach (var type in truth.Concat(predicted).Select(e => e.Type).Distinct().Order(StringComparer.Ordinal))
        {
            var (ofType, real) = (predicted.Where(e => e.Type == type).ToArray(), truth.Count(e => e.Type == type));
            var (precision, recall, f1) = Scores(ofType.Count(truth.Contains), ofType.Length, real);
            result[type] = new() { ["precision"] = precision, ["recall"] = recall, ["f1"] = f1, ["number"] = real };
        }
        var all = Scores(predicted.Count(truth.Contains), predicted.Count, truth.Count);
        if (warns && divided) Diagnostics.Warn("The metric \"seqeval\" divides by 0 where there are no entities of a type, and takes 0 there. Give zero_division to choose.");
        (result["overall_precision"], result["overall_recall"], result["overall_f1"], result["overall_accuracy"]) = (all.Precision, all.Recall, all.F1, accuracy);
        return result;
    }

    static double Accuracy(string[][] predicted, string[][] truth) =>
        (double)predicted.SelectMany(p => p).Zip(truth.SelectMany(t => t)).Count(p => p.First == p.Second) / truth.Sum(t => t.Length);
}
