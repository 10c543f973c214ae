namespace Keras.Transformers;

/// <summary>ROUGE, the overlap of summaries with references: F1 of n-grams or of the longest common subsequence.</summary>
/// <remarks>
/// Source: C.-Y. Lin, ROUGE (2004), in the form of rouge_score. "rougeLsum" takes each line as a sentence. Among several references, the best counts. The aggregator of rouge_score gives the median of 1000 means of
/// resampled texts: with a seed, this is that number, drawn as by NumPy; without one, it is the mean itself, around which Python's results vary.
/// </remarks>
static class Rouge
{
    const int Draws = 1000;

    public static MetricValue Compute(MetricCall call)
    {
        string[] types = call.Value("rouge_types") is { IsNull: false } given ? given.IsText ? [given.Text("rouge_types")] : given.Texts("rouge_types") : ["rouge1", "rouge2", "rougeL", "rougeLsum"];
        foreach (var type in types)
            if (type is not ("rougeL" or "rougeLsum") && !(type.Length == 6 && type.StartsWith("rouge", StringComparison.Ordinal) && type[5] is >= '1' and <= '9'))
                throw Known.Unknown("There is no such ROUGE", type, "rouge_types", ["rouge1", "rouge2", "rouge3", "rouge4", "rouge5", "rouge6", "rouge7", "rouge8", "rouge9", "rougeL", "rougeLsum"]);
        if (types.Length == 0) throw new ArgumentException("rouge_types is empty. Expected: one type or more. Received: none.", "rouge_types");
        var (stems, own) = (call.Option("use_stemmer", false), call.Option<Func<string, IEnumerable<string>>?>("tokenizer", null));
        string[] Words(string text) => own is null ? Tokens(text, stems) : [.. own(text)];
        var (texts, references) = (call.Predictions.Texts("predictions"), call.ReferenceTexts());
        var scores = new OrderedDictionary<string, double[]>(types.Distinct().Select(t => KeyValuePair.Create(t, new double[texts.Length])));
        for (var i = 0; i < texts.Length; i++)
        {
            var predicted = new Tokenized(texts[i], Words);
            Tokenized[] truth = [.. references[i].Select(r => new Tokenized(r, Words))];
            foreach (var (type, ofType) in scores) ofType[i] = truth.Max(t => Score(type, t, predicted));
        }
        var (result, random) = (new MetricValue(), call.Seed is { } seed ? new MersenneTwister((uint)seed) : null);
        foreach (var (type, ofType) in scores) result[type] = !call.Option("use_aggregator", true) ? ofType : random is null ? ofType.Average() : MedianOfMeans(ofType, random);
        return result;
    }

    /// <summary>The words of a text and of each of its lines, made once for all types that need them.</summary>
    sealed class Tokenized(string text, Func<string, string[]> words)
    {
        public string[] Words => field ??= words(text);

        public string[][] Lines => field ??= [.. text.Split('\n').Where(l => l.Length > 0).Select(words)];
    }

    /// <summary>Splits a text into runs of lower-case ASCII letters and digits.</summary>
    static string[] Tokens(string text, bool stems)
    {
        var kept = string.Concat(PythonText.Lower(text).Select(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) ? c : ' '));
        return [.. kept.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => stems && w.Length > 3 ? PorterStemmer.Stem(w) : w)];
    }

    static double Score(string type, Tokenized reference, Tokenized text)
    {
        if (type == "rougeLsum") return OfSentences(reference.Lines, text.Lines);
        var (truth, predicted) = (reference.Words, text.Words);
        if (type == "rougeL") return F1(truth.Length == 0 || predicted.Length == 0 ? 0 : Lengths(truth, predicted)[truth.Length, predicted.Length], truth.Length, predicted.Length);
        var n = type[5] - '0';
        return F1(NGrams.Common(NGrams.Count(truth, n), NGrams.Count(predicted, n)), truth.Length - n + 1, predicted.Length - n + 1);
    }

    static double F1(int common, int truth, int predicted)
    {
        var (precision, recall) = ((double)common / Math.Max(1, predicted), (double)common / Math.Max(1, truth));
        return precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
    }

    /// <summary>The F1 of words in the union of common subsequences with any sentence, each counted at most as often as in both texts.</summary>
    static double OfSentences(string[][] truth, string[][] predicted)
    {
        var left = NGrams.Count([.. predicted.SelectMany(s => s)], 1);
        var (words, common) = (NGrams.Count([.. truth.SelectMany(s => s)], 1), 0);
        foreach (var sentence in truth)
        {
            foreach (var at in predicted.SelectMany(s => Subsequence(sentence, s)).Distinct().Order())
            {
                var word = sentence[at];
                if (left.GetValueOrDefault(word) == 0 || words[word] == 0) continue;
                (left[word], words[word], common) = (left[word] - 1, words[word] - 1, common + 1);
            }
        }
        return F1(common, truth.Sum(s => s.Length), predicted.Sum(s => s.Length));
    }

    /// <summary>The length of the longest common subsequence for every pair of prefixes.</summary>
    static int[,] Lengths(string[] a, string[] b)
    {
        var lengths = new int[a.Length + 1, b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
            for (var j = 1; j <= b.Length; j++) lengths[i, j] = a[i - 1] == b[j - 1] ? lengths[i - 1, j - 1] + 1 : Math.Max(lengths[i - 1, j], lengths[i, j - 1]);
        return lengths;
    }

    /// <summary>The indices in a of one longest common subsequence, found from the end; a word of b is skipped only if that is better.</summary>
    static IEnumerable<int> Subsequence(string[] a, string[] b)
    {
        var lengths = Lengths(a, b);
        for (var (i, j) = (a.Length, b.Length); i > 0 && j > 0;)
        {
            if (a[i - 1] == b[j - 1])
            {
                yield return i - 1;
                (i, j) = (i - 1, j - 1);
            }
            else if (lengths[i, j - 1] > lengths[i - 1, j])
            {
                j--;
            }
            else
            {
                i--;
            }
        }
    }

    static double MedianOfMeans(double[] scores, MersenneTwister random)
    {
        var means = new double[Draws];
        for (var i = 0; i < Draws; i++)
        {
            double sum = 0;
            for (var j = 0; j < scores.Length; j++) sum += scores[random.Below(scores.Length)];
            means[i] = sum / scores.Length;
        }
        Array.Sort(means);
        return (means[(Draws / 2) - 1] + means[Draws / 2]) / 2;
    }
}
