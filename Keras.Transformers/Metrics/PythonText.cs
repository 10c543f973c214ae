using System.Globalization;
using System.Text;

namespace Keras.Transformers;

/// <summary>Text operations of Python that differ from .NET's; metrics are defined by Python's.</summary>
static class PythonText
{
    /// <summary>Python's string.punctuation.</summary>
    public const string Punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    /// <summary>Whether str.split treats a character as white space.</summary>
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\x1c' and <= '\x1f';

    /// <summary>str.split(): the words between spaces.</summary>
    public static List<string> Split(string text)
    {
        var words = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            if (IsSpace(text[at]))
            {
                at++;
                continue;
            }
            var start = at;
            while (at < text.Length && !IsSpace(text[at])) at++;
            words.Add(text[start..at]);
        }
        return words;
    }

    /// <summary>Removes white space at the end, as Python's str.rstrip().</summary>
    public static string TrimEnd(string text)
    {
        var end = text.Length;
        while (end > 0 && IsSpace(text[end - 1])) end--;
        return text[..end];
    }

    /// <summary>Removes white space at both ends, as Python's str.strip().</summary>
    public static string Trim(string text)
    {
        var start = 0;
        while (start < text.Length && IsSpace(text[start])) start++;
        return TrimEnd(text[start..]);
    }

    /// <summary>str.lower(), including letters that become several, and the final sigma.</summary>
    public static string Lower(string text)
    {
        var lower = text.ToLowerInvariant();
        if (!text.Contains('\u0130', StringComparison.Ordinal) && !text.Contains('\u03a3', StringComparison.Ordinal)) return lower;
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
            result.Append(text[i] switch { '\u0130' => "i\u0307", '\u03a3' => EndsWord(text, i) ? "\u03c2" : "\u03c3", _ => lower[i].ToString() });
        return result.ToString();
    }

    /// <summary>Whether a regular expression's \w matches a character: letters, numbers of any kind, the underscore.</summary>
    public static bool IsWord(Rune c) => c.Value == '_' || Rune.IsLetter(c) || Rune.IsNumber(c);

    /// <summary>The text of each character, one after another.</summary>
    public static string[] Characters(string text) => [.. text.EnumerateRunes().Select(r => r.ToString())];

    static bool EndsWord(string text, int at) => CasedBeside(text, at, -1) && !CasedBeside(text, at, 1);

    static bool CasedBeside(string text, int at, int step)
    {
        at += step;
        while (at >= 0 && at < text.Length && CharUnicodeInfo.GetUnicodeCategory(text[at]) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format) at += step;
        return at >= 0 && at < text.Length && (char.IsUpper(text[at]) || char.IsLower(text[at]));
    }
}
