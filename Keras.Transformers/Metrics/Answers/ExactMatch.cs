using System.Text.RegularExpressions;

namespace Keras.Transformers;

/// <summary>The fraction of predictions that equal their reference.</summary>
/// <remarks>Source: evaluate's exact_match. Patterns use .NET's syntax and are applied in turn.</remarks>
static class ExactMatch
{
    public static MetricValue Compute(MetricCall call)
    {
        var (predicted, truth) = (call.Predictions.Texts("predictions"), call.References.Texts("references"));
        Regex[] patterns = [.. call.Option<IReadOnlyList<string>>("regexes_to_ignore", []).Select(Pattern)];
        var (noCase, noPunctuation, noNumbers) = (call.Option("ignore_case", false), call.Option("ignore_punctuation", false), call.Option("ignore_numbers", false));
        string Compared(string text)
        {
            text = patterns.Aggregate(text, (t, p) => p.Replace(t, ""));
            if (noCase) text = PythonText.Lower(text);
            return noPunctuation || noNumbers ? string.Concat(text.Where(c => !(noPunctuation && PythonText.Punctuation.Contains(c)) && !(noNumbers && char.IsAsciiDigit(c)))) : text;
        }
        return call.Result((double)predicted.Zip(truth).Count(p => Compared(p.First) == Compared(p.Second)) / truth.Length);
    }

    static Regex Pattern(string pattern)
    {
        try
        {
            return new(pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"A pattern is not a regular expression: {Known.Say(pattern)}. {e.Message}", "regexes_to_ignore", e);
        }
    }
}
