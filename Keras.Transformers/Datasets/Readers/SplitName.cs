using System.Globalization;
using System.Text.RegularExpressions;

namespace Keras.Transformers;

/// <summary>Parses a split or a sum of parts of splits: "train", "train[:10%]", "train[10:20]", "train[-5%:]+test".</summary>
static partial class SplitName
{
    static readonly string[] Usual = ["train", "test", "validation", "valid", "dev", "eval"];

    /// <summary>A part of a split.</summary>
    internal readonly record struct Part(string Name, double? From, double? To, bool InPercent)
    {
        /// <summary>The range of rows in the part.</summary>
        public (int Start, int End) Of(int rows)
        {
            var start = Row(From ?? 0, rows);
            return (start, Math.Max(start, To is { } to ? Row(to, rows) : rows));
        }

        int Row(double at, int rows)
        {
            var row = InPercent ? Math.Round(at * rows / 100, MidpointRounding.ToEven) : at;
            return (int)Math.Clamp(row < 0 ? row + rows : row, 0, rows);
        }
    }

    public static bool IsName(string? name) => name is not null && Name().IsMatch(name);

    static readonly string[] Files = [".csv", ".tsv", ".json", ".jsonl", ".parquet", ".arrow", ".txt", ".tfrecord", ".gz", ".zip"];

    /// <summary>The advice for a configuration that does not exist: the second text is the configuration, as in Python, where a split or a file was meant.</summary>
    public static string Hint(string name) => Usual.Contains(name) || name.AsSpan().ContainsAny('[', '+') ? $" A split is named: split: {Known.Say(name)}."
        : name.AsSpan().ContainsAny('/', '*') || Files.Contains(Path.GetExtension(name)) ? $" Files are named: data_files: {Known.Say(name)}." : "";

    /// <exception cref="ArgumentException">The text is not such a list of parts.</exception>
    public static IReadOnlyList<Part> Parse(string split)
    {
        ArgumentNullException.ThrowIfNull(split);
        return [.. split.Split('+').Select(part => ParsePart(part.Trim(), split))];
    }

    static Part ParsePart(string text, string split)
    {
        if (Expression().Match(text) is not { Success: true } match) throw Malformed(text, split);
        if (!match.Groups["slice"].Success) return new(match.Groups["name"].Value, null, null, false);
        var (from, to) = (match.Groups["from"].Value, match.Groups["to"].Value);
        var percent = from.EndsWith('%') || to.EndsWith('%');
        if (percent && ((from.Length > 0 && !from.EndsWith('%')) || (to.Length > 0 && !to.EndsWith('%')))) throw Malformed(text, split);
        var (first, last) = (Number(from), Number(to));
        if (percent && (first is < -100 or > 100 || last is < -100 or > 100)) throw Malformed(text, split);
        return new(match.Groups["name"].Value, first, last, percent);
    }

    static double? Number(string text) => text.Length == 0 ? null : double.Parse(text.TrimEnd('%'), CultureInfo.InvariantCulture);

    static ArgumentException Malformed(string text, string split) =>
        new($"Not a split. Expected: \"train\", \"train[:10%]\", \"train[100:200]\", or several joined by \"+\". Received: {Known.Say(text)}{(text == split ? "" : $" in {Known.Say(split)}")}.", nameof(split));

    [GeneratedRegex(@"^[\w.-]+$")]
    private static partial Regex Name();

    [GeneratedRegex(@"^(?<name>[\w.-]+)(?<slice>\[(?<from>-?\d{1,9}%?)?:(?<to>-?\d{1,9}%?)?\])?$")]
    private static partial Regex Expression();
}
