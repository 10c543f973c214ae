using System.Globalization;
using System.Text;

namespace Keras.Engines.Torch;

/// <summary>Translates RE2's patterns to .NET's: RE2 matches code points, .NET UTF-16 units.</summary>
static class Re2Pattern
{
    const int FirstAstral = 0x10000, PerLead = 0x400;

    static readonly Dictionary<string, string> Classes = new()
    {
        ["[:alnum:]"] = "a-zA-Z0-9", ["[:alpha:]"] = "a-zA-Z", ["[:ascii:]"] = @"\x00-\x7F", ["[:blank:]"] = @"\t ", ["[:cntrl:]"] = @"\x00-\x1F\x7F", ["[:digit:]"] = "0-9",
        ["[:graph:]"] = "!-~", ["[:lower:]"] = "a-z", ["[:print:]"] = " -~", ["[:punct:]"] = @"!-/:-@\[-`{-~", ["[:space:]"] = @"\t\n\v\f\r ", ["[:upper:]"] = "A-Z",
        ["[:word:]"] = @"0-9A-Za-z_", ["[:xdigit:]"] = "0-9A-Fa-f",
    };

    /// <exception cref="FormatException">A code point is invalid, or a negated class names one beyond U+FFFF, which .NET cannot express.</exception>
    public static string ToDotNet(string pattern)
    {
        foreach (var (name, members) in Classes) pattern = pattern.Replace(name, members, StringComparison.Ordinal);
        var result = new StringBuilder();
        for (var at = 0; at < pattern.Length;)
        {
            if (pattern[at] == '[') AddClass(result, pattern, ref at);
            else if (TryCodePoint(pattern, ref at, out var c)) result.Append(c < FirstAstral ? Unit(c) : $"(?:{Pair(c)})");
            else AddOne(result, pattern, ref at);
        }
        return result.ToString();
    }

    /// <summary>Translates a character class; its characters beyond U+FFFF become alternatives.</summary>
    static void AddClass(StringBuilder result, string pattern, ref int at)
    {
        var (units, alternatives) = (new StringBuilder("["), new List<string>());
        at++;
        var excludes = at < pattern.Length && pattern[at] == '^';
        if (excludes) AddOne(units, pattern, ref at);
        if (at < pattern.Length && pattern[at] == ']')
        {
            units.Append(@"\]");
            at++;
        }
        var empty = units.Length;
        while (at < pattern.Length && pattern[at] != ']')
        {
            if (!TryCodePoint(pattern, ref at, out var first))
            {
                if (pattern[at] == '\\')
                {
                    AddOne(units, pattern, ref at);
                    continue;
                }
                first = pattern[at++];
            }
            var last = first;
            if (at + 1 < pattern.Length && pattern[at] == '-' && pattern[at + 1] != ']')
            {
                at++;
                if (!TryCodePoint(pattern, ref at, out last)) last = pattern[at++];
            }
            // Surrogates are not characters.
            if (first < 0xD800) units.Append(Unit(first)).Append('-').Append(Unit(Math.Min(last, 0xD7FF)));
            if (first < FirstAstral && last >= 0xE000) units.Append(Unit(Math.Max(first, 0xE000))).Append('-').Append(Unit(Math.Min(last, FirstAstral - 1)));
            if (last >= FirstAstral) alternatives.AddRange(Pairs(Math.Max(first, FirstAstral), last));
        }
        at++;
        if (excludes && alternatives.Count > 0) throw new FormatException("A class that excludes characters beyond U+FFFF has no counterpart.");
        if (units.Length > empty || alternatives.Count == 0) alternatives.Insert(0, units.Append(']').ToString());
        result.Append(alternatives.Count == 1 ? alternatives[0] : $"(?:{string.Join('|', alternatives)})");
    }

    /// <summary>Copies one unit, with its escape.</summary>
    static void AddOne(StringBuilder result, string pattern, ref int at)
    {
        var length = pattern[at] == '\\' && at + 1 < pattern.Length ? 2 : 1;
        result.Append(pattern, at, length);
        at += length;
    }

    /// <summary>Reads a code point that .NET cannot read as written: \x{...}, or a surrogate pair.</summary>
    static bool TryCodePoint(string pattern, ref int at, out int codePoint)
    {
        const string Opening = @"\x{";
        if (at + 1 < pattern.Length && char.IsSurrogatePair(pattern[at], pattern[at + 1]))
        {
            codePoint = char.ConvertToUtf32(pattern, at);
            at += 2;
            return true;
        }
        codePoint = 0;
        if (string.CompareOrdinal(pattern, at, Opening, 0, Opening.Length) != 0) return false;
        var end = pattern.IndexOf('}', at);
        if (end < 0 || !int.TryParse(pattern.AsSpan((at + Opening.Length)..end), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out codePoint) || codePoint is < 0 or > 0x10FFFF)
            throw new FormatException($"No code point stands at offset {at}.");
        at = end + 1;
        return true;
    }

    static string Unit(int unit) => $@"\u{unit:X4}";

    static string Pair(int c) => Unit(0xD800 + ((c - FirstAstral) / PerLead)) + Unit(0xDC00 + ((c - FirstAstral) % PerLead));

    /// <summary>Patterns for a range of surrogate pairs: one for each lead with only some trails, and one for leads with all.</summary>
    static IEnumerable<string> Pairs(int first, int last)
    {
        var (lead, end) = ((first - FirstAstral) / PerLead, (last - FirstAstral) / PerLead);
        if (lead == end || (first - FirstAstral) % PerLead != 0)
        {
            var stop = lead == end ? last : FirstAstral + (lead * PerLead) + PerLead - 1;
            yield return $"{Pair(first)[..6]}[{Pair(first)[6..]}-{Pair(stop)[6..]}]";
            if (stop == last) yield break;
            lead++;
        }
        var all = (last - FirstAstral) % PerLead == PerLead - 1 ? end : end - 1;
        if (all >= lead) yield return $@"[{Unit(0xD800 + lead)}-{Unit(0xD800 + all)}][\uDC00-\uDFFF]";
        if (all < end) yield return $@"{Unit(0xD800 + end)}[\uDC00-{Pair(last)[6..]}]";
    }
}
