using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Keras.Transformers;

/// <summary>Splits texts into words as sacreBLEU does.</summary>
/// <remarks>Source: mteval-v13a and -v14 of NIST's evaluations, and sacreBLEU 2.6 for "zh", whose two ranges beyond the basic plane begin, as written there, with four digits of hexadecimal code and a fifth
/// character: so U+2001 to U+2A6D, which holds quotes and arrows, stands alone, and ideographs beyond the plane do not.</remarks>
static partial class SacreBleuTokenizer
{
    static readonly OrderedDictionary<string, Func<string, List<string>>> ByName = new()
    {
        ["13a"] = Mteval13a, ["intl"] = International, ["zh"] = Chinese, ["char"] = text => PythonText.Split(string.Join(' ', PythonText.Characters(text))), ["none"] = PythonText.Split,
    };

    /// <summary>The character ranges that "zh" treats as Chinese.</summary>
    static readonly (int First, int Last)[] ChineseRanges =
    [
        (0x3400, 0x4db5), (0x4e00, 0x9fa5), (0x9fa6, 0x9fbb), (0xf900, 0xfa2d), (0xfa30, 0xfa6a), (0xfa70, 0xfad9), (0x2001, 0x2a6d), (0x2f81, 0x2fa1), (0xff00, 0xffef), (0x2e80, 0x2eff),
        (0x3000, 0x303f), (0x31c0, 0x31ef), (0x2f00, 0x2fdf), (0x2ff0, 0x2fff), (0x3100, 0x312f), (0x31a0, 0x31bf), (0xfe10, 0xfe1f), (0xfe30, 0xfe4f), (0x2600, 0x26ff), (0x2700, 0x27bf),
        (0x3200, 0x32ff), (0x3300, 0x33ff),
    ];

    public static Func<string, List<string>> Of(string name) => ByName.TryGetValue(name, out var tokenizer) ? tokenizer : throw Known.NoneOf(name, "tokenize", [.. ByName.Keys]);

    public static List<string> Mteval13a(string line)
    {
        line = line.Replace("<skipped>", "", StringComparison.Ordinal).Replace("-\n", "", StringComparison.Ordinal).Replace('\n', ' ');
        line = line.Replace("&quot;", "\"", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal).Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal);
        return Western($" {line} ");
    }

    /// <summary>Separates punctuation, except where it may be part of a number.</summary>
    static List<string> Western(string line)
    {
        line = Signs().Replace(line, " $1 ");
        line = BehindOther().Replace(line, "$1 $2 ");
        line = BeforeOther().Replace(line, " $1 $2");
        return PythonText.Split(BehindDigit().Replace(line, "$1 $2 "));
    }

    /// <summary>ASCII punctuation except ' , - and the full stop.</summary>
    [GeneratedRegex(@"([ -&(-+/:-@[-`{-~])")]
    private static partial Regex Signs();

    [GeneratedRegex("([^0-9])([.,])")]
    private static partial Regex BehindOther();

    [GeneratedRegex("([.,])([^0-9])")]
    private static partial Regex BeforeOther();

    [GeneratedRegex("([0-9])(-)")]
    private static partial Regex BehindDigit();

    static List<string> International(string line)
    {
        line = Pairs(line, c => !Rune.IsNumber(c), Rune.IsPunctuation, "{0} {1} ");
        line = Pairs(line, Rune.IsPunctuation, c => !Rune.IsNumber(c), " {0} {1}");
        return PythonText.Split(string.Concat(line.EnumerateRunes().Select(c => Rune.IsSymbol(c) ? $" {c} " : c.ToString())));
    }

    /// <summary>Reformats matching pairs of neighbouring characters, from left to right, without overlap.</summary>
    static string Pairs(string line, Func<Rune, bool> first, Func<Rune, bool> second, string form)
    {
        Rune[] characters = [.. line.EnumerateRunes()];
        var result = new StringBuilder(line.Length * 2);
        for (var i = 0; i < characters.Length; i++)
        {
            if (i + 1 < characters.Length && first(characters[i]) && second(characters[i + 1])) result.AppendFormat(CultureInfo.InvariantCulture, form, characters[i], characters[++i]);
            else result.Append(characters[i].ToString());
        }
        return result.ToString();
    }

    static List<string> Chinese(string line) =>
        Western(string.Concat(PythonText.Trim(line).EnumerateRunes().Select(c => ChineseRanges.Any(r => c.Value >= r.First && c.Value <= r.Last) ? $" {c} " : c.ToString())));
}
