using System.Globalization;
using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>BLEU as the shared tasks on translation report it.</summary>
/// <remarks>Source: M. Post, A Call for Clarity in Reporting BLEU Scores (2018); sacreBLEU 2.6. Smoothing: B. Chen and C. Cherry (2014).</remarks>
static class SacreBleu
{
    const int Order = 4, ManyTexts = 100;

    static readonly Dictionary<string, double?> SmoothDefaults = new() { ["none"] = null, ["floor"] = 0.1, ["add-k"] = 1, ["exp"] = null };

    public static MetricValue Compute(MetricCall call)
    {
        var smoothing = call.Option("smooth_method", "exp");
        if (!SmoothDefaults.TryGetValue(smoothing, out var smoothDefault)) throw Known.NoneOf(smoothing, "smooth_method", [.. SmoothDefaults.Keys]);
        var smooth = Require.AtLeast(0, call.Option("smooth_value", smoothDefault ?? 0), "smooth_value");
        var (lower, name, effective) = (call.Option("lowercase", false), call.Option("tokenize", "13a"), call.Option("use_effective_order", false));
        var tokenizer = SacreBleuTokenizer.Of(name);
        var (texts, references) = (call.Predictions.Texts("predictions"), References(call));
        if (!call.Option("force", false) && texts.Count(t => t.EndsWith(" .", StringComparison.Ordinal)) >= ManyTexts)
            Diagnostics.Warn($"{ManyTexts} texts or more end in \" .\" and seem to be tokenized already, so the BLEU score cannot be compared with others. Give sacrebleu plain texts, or force: true.");
        call.Signature = Signature(references[0].Length, lower, effective, name, smoothDefault is null ? smoothing : $"{smoothing}[{smooth.ToString("F2", CultureInfo.InvariantCulture)}]");
        List<string> Words(string text) => tokenizer(PythonText.TrimEnd(lower ? PythonText.Lower(text) : text));
        return Score(texts.Select(Words), references.Select(r => r.Select(Words).ToArray()), smoothing, smooth, effective);
    }

    /// <summary>The references; each text must have the same number.</summary>
    internal static string[][] References(MetricCall call)
    {
        var references = call.ReferenceTexts();
        return references.FirstOrDefault(r => r.Length != references[0].Length) is not { } other ? references
            : throw new ShapeMismatchException("Texts have different numbers of references", "references", $"{references[0].Length} for each, as for the first", $"{other.Length}");
    }

    static MetricValue Score(IEnumerable<List<string>> texts, IEnumerable<List<string>[]> references, string smoothing, double smooth, bool effective)
    {
        var (found, possible) = (new double[Order], new double[Order]);
        int length = 0, referenceLength = 0;
        foreach (var (words, truth) in texts.Zip(references))
        {
            length += words.Count;
            referenceLength += truth.Select(t => t.Count).OrderBy(c => Math.Abs(words.Count - c)).ThenBy(c => c).First();
            for (var n = 1; n <= Order; n++)
            {
                found[n - 1] += NGrams.Common(NGrams.Count(words, n), NGrams.Most(truth.Select(t => NGrams.Count(t, n))));
                possible[n - 1] += Math.Max(0, words.Count - n + 1);
            }
        }
        var penalty = length >= referenceLength ? 1 : length > 0 ? Math.Exp(1 - ((double)referenceLength / length)) : 0;
        var (precisions, score) = Smoothed(found, possible, smoothing, smooth, effective);
        return new()
        {
            ["score"] = penalty * score, ["counts"] = Numbers(found), ["totals"] = Numbers(possible), ["precisions"] = precisions, ["bp"] = penalty, ["sys_len"] = length, ["ref_len"] = referenceLength,
        };
    }

    /// <summary>The precision of each order in percent, and their geometric mean; add-k smoothing changes the counts.</summary>
    static (double[] Precisions, double Mean) Smoothed(double[] found, double[] possible, string smoothing, double smooth, bool effective)
    {
        var precisions = new double[Order];
        if (found.All(f => f == 0)) return (precisions, 0);
        var (divisor, orders) = (1.0, Order);
        for (var i = 0; i < Order; i++)
        {
            if (smoothing == "add-k" && i > 0) (found[i], possible[i]) = (found[i] + smooth, possible[i] + smooth);
            if (possible[i] == 0) break;
            if (effective) orders = i + 1;
            if (found[i] != 0) precisions[i] = 100 * found[i] / possible[i];
            else if (smoothing == "exp") precisions[i] = 100 / ((divisor *= 2) * possible[i]);
            else if (smoothing == "floor") precisions[i] = 100 * smooth / possible[i];
        }
        return (precisions, precisions.Take(orders).Any(p => p == 0) ? 0 : Math.Exp(precisions.Take(orders).Sum(Math.Log) / orders));
    }

    static string Signature(int references, bool lower, bool effective, string tokenizer, string smoothing) =>
        $"nrefs:{references}|case:{(lower ? "lc" : "mixed")}|eff:{(effective ? "yes" : "no")}|tok:{tokenizer}|smooth:{smoothing}|version:{Version}";

    /// <summary>The version of this library, for signatures of scores.</summary>
    internal static string Version { get; } = $"Keras.Transformers-{typeof(SacreBleu).Assembly.GetName().Version!.ToString(3)}";

    static MetricValue Numbers(double[] counts) => counts.All(c => c == Math.Floor(c)) ? Array.ConvertAll(counts, c => (long)c) : counts;
}
