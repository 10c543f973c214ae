namespace Keras.Transformers;

/// <summary>BLEU of translations against their references.</summary>
/// <remarks>Source: K. Papineni et al., BLEU (2002), in the form of evaluate's "bleu": the shortest reference counts, words are split as by mteval-v13a. A translation without words has BLEU 0 here, whereas
/// Python divides by zero.</remarks>
static class Bleu
{
    public static MetricValue Compute(MetricCall call)
    {
        var tokenizer = call.Option<Func<string, IEnumerable<string>>>("tokenizer", SacreBleuTokenizer.Mteval13a);
        var (order, smooth) = (Require.Count(1, call.Option("max_order", 4), "max_order"), call.Option("smooth", false));
        var (found, possible) = (new int[order], new int[order]);
        int translated = 0, length = 0;
        foreach (var (text, references) in call.Predictions.Texts("predictions").Zip(call.ReferenceTexts()))
        {
            string[] words = [.. tokenizer(text)];
            string[][] truth = [.. references.Select(r => tokenizer(r).ToArray())];
            translated += words.Length;
            length += truth.Min(t => t.Length);
            for (var n = 1; n <= order; n++)
            {
                found[n - 1] += NGrams.Common(NGrams.Count(words, n), NGrams.Most(truth.Select(t => NGrams.Count(t, n))));
                possible[n - 1] += Math.Max(0, words.Length - n + 1);
            }
        }
        double[] precisions = [.. found.Zip(possible, (f, p) => smooth ? (f + 1.0) / (p + 1) : p > 0 ? (double)f / p : 0)];
        var mean = precisions.Min() > 0 ? Math.Exp(precisions.Sum(p => Math.Log(p) / order)) : 0;
        if (length == 0) throw new ValueRangeException("BLEU is not defined for references without words", "references", "one word or more", "none");
        var ratio = (double)translated / length;
        var penalty = ratio > 1 ? 1 : Math.Exp(1 - (1 / ratio));
        return new()
        {
            ["bleu"] = mean * penalty, ["precisions"] = precisions, ["brevity_penalty"] = penalty, ["length_ratio"] = ratio, ["translation_length"] = translated, ["reference_length"] = length,
        };
    }
}
