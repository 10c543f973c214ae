namespace Keras.Transformers;

/// <summary>chrF and chrF++: the overlap of character and word n-grams between translations and references.</summary>
/// <remarks>Source: M. Popović, chrF (2015) and chrF++ (2017), in the form of sacreBLEU 2.6.</remarks>
static class Chrf
{
    sealed record Settings(int Characters, int Words, int Beta, bool Spaces, bool Smooth);

    /// <summary>The numbers of n-grams of one order: in the translation, in the reference, in both.</summary>
    readonly record struct Counts(long Translated, long Reference, long Common);

    public static MetricValue Compute(MetricCall call)
    {
        var settings = new Settings(Require.Count(1, call.Option("char_order", 6), "char_order"), Require.Count(0, call.Option("word_order", 0), "word_order"), Require.Count(1, call.Option("beta", 2), "beta"),
            call.Option("whitespace", false), call.Option("eps_smoothing", false));
        var (lower, references) = (call.Option("lowercase", false), SacreBleu.References(call));
        string Cased(string text) => lower ? PythonText.Lower(text) : text;
        var sums = new Counts[settings.Characters + settings.Words];
        foreach (var (text, truth) in call.Predictions.Texts("predictions").Zip(references))
        {
            var grams = Grams(Cased(text), settings);
            var best = truth.Select(r => Grams(Cased(r), settings).Zip(grams, Compared).ToArray()).MaxBy(c => Score(c, settings))!;
            for (var i = 0; i < sums.Length; i++) sums[i] = new(sums[i].Translated + best[i].Translated, sums[i].Reference + best[i].Reference, sums[i].Common + best[i].Common);
        }
        call.Signature = $"nrefs:{references[0].Length}|case:{(lower ? "lc" : "mixed")}|eff:{(settings.Smooth ? "no" : "yes")}|nc:{settings.Characters}|nw:{settings.Words}|space:{(settings.Spaces ? "yes" : "no")}|version:{SacreBleu.Version}";
        return new() { ["score"] = Score(sums, settings), ["char_order"] = settings.Characters, ["word_order"] = settings.Words, ["beta"] = settings.Beta };
    }

    /// <summary>The n-grams of a text: of each order for characters, then for words.</summary>
    static Dictionary<string, int>[] Grams(string text, Settings settings)
    {
        var characters = PythonText.Characters(settings.Spaces ? text : string.Concat(PythonText.Split(text)));
        var words = settings.Words == 0 ? [] : PythonText.Split(text).SelectMany(Parts).ToArray();
        return [.. Enumerable.Range(1, settings.Characters).Select(n => NGrams.Count(characters, n, "")), .. Enumerable.Range(1, settings.Words).Select(n => NGrams.Count(words, n))];
    }

    /// <summary>Splits one punctuation mark off the end of a word, or otherwise off its beginning.</summary>
    static string[] Parts(string word) => word.EnumerateRunes().Count() == 1 ? [word]
        : PythonText.Punctuation.Contains(word[^1]) ? [word[..^1], word[^1..]]
        : PythonText.Punctuation.Contains(word[0]) ? [word[..1], word[1..]] : [word];

    static Counts Compared(Dictionary<string, int> reference, Dictionary<string, int> translated) =>
        new(reference.Count == 0 ? 0 : translated.Values.Sum(c => (long)c), reference.Values.Sum(c => (long)c), NGrams.Common(translated, reference));

    static double Score(Counts[] counts, Settings settings)
    {
        const double Nearly0 = 1e-16;
        double smoothed = 0, precisions = 0, recalls = 0, factor = settings.Beta * settings.Beta;
        var orders = 0;
        foreach (var (translated, reference, common) in counts)
        {
            var (precision, recall) = (translated > 0 ? (double)common / translated : Nearly0, reference > 0 ? (double)common / reference : Nearly0);
            smoothed += precision == 0 && recall == 0 ? Nearly0 : (1 + factor) * precision * recall / ((factor * precision) + recall);
            if (translated == 0 || reference == 0) continue;
            (precisions, recalls, orders) = (precisions + precision, recalls + recall, orders + 1);
        }
        if (settings.Smooth) return 100 * smoothed / counts.Length;
        if (precisions + recalls == 0) return 0;
        (precisions, recalls) = (precisions / orders, recalls / orders);
        return 100 * (1 + factor) * precisions * recalls / ((factor * precisions) + recalls);
    }
}
