using System.Net;
using System.Text;

namespace Keras.Docs.Highlighting;

/// <summary>Converts code to HTML, with spans for comments (c), strings (s), numbers (n), keywords (k), types (t) and calls (f).</summary>
static class Highlighter
{
    public static string NameOf(string language) => Languages.Find(language)?.Name ?? language switch { "text" => "", _ => language };

    public static string Html(string code, string language)
    {
        if (Languages.Find(language) is not { } known) return WebUtility.HtmlEncode(code);
        var html = new StringBuilder();
        new Scan(code, known, html).Run(0, code.Length);
        return html.ToString();
    }

    /// <summary>One pass over a piece of code.</summary>
    sealed class Scan(string code, Language language, StringBuilder html)
    {
        public void Run(int from, int to)
        {
            var at = from;
            while (at < to)
            {
                var next = Comment(at, to) ?? Text(at, to) ?? Word(at, to) ?? Number(at, to);
                if (next is { } end) at = end;
                else html.Append(WebUtility.HtmlEncode(code[at++].ToString()));
            }
        }

        int? Comment(int at, int to)
        {
            foreach (var (open, close) in language.Comments)
            {
                if (string.CompareOrdinal(code, at, open, 0, open.Length) != 0) continue;
                // In a shell, "#" starts a comment only where a word may start.
                if (open == "#" && at > 0 && !char.IsWhiteSpace(code[at - 1])) continue;
                var end = code.IndexOf(close, at + open.Length, to - at - open.Length, StringComparison.Ordinal);
                return Span('c', at, end < 0 ? to : close == "\n" ? end : end + close.Length);
            }
            return null;
        }

        /// <summary>Highlights a string; the content of an interpolated string's braces is code again.</summary>
        int? Text(int at, int to)
        {
            var start = at;
            while (at < to && language.TextPrefixes.Contains(code[at])) at++;
            if (at >= to || !language.Quotes.Contains(code[at]) || (at > start && start > 0 && (char.IsLetterOrDigit(code[start - 1]) || code[start - 1] == '_'))) return null;
            var prefix = code[start..at];
            var quote = code[at];
            var count = 1;
            while (at + count < to && code[at + count] == quote) count++;
            if (count == 2) return Span('s', start, at + 2);
            var fence = count >= 3 ? new string(quote, count) : quote.ToString();
            var (isInterpolated, isVerbatim) = (prefix.Contains('$') || prefix.Contains('f'), prefix.Contains('@') || prefix.Contains('r') || fence.Length > 1);
            var piece = start;
            for (at += fence.Length; at < to;)
            {
                if (!isVerbatim && code[at] == '\\') at += 2;
                else if (prefix.Contains('@') && at + 1 < to && code[at] == quote && code[at + 1] == quote) at += 2;
                else if (string.CompareOrdinal(code, at, fence, 0, fence.Length) == 0) return Span('s', piece, at + fence.Length);
                else if (fence.Length == 1 && code[at] == '\n' && !isVerbatim) break;
                else if (isInterpolated && code[at] == '{' && at + 1 < to && code[at + 1] == '{') at += 2;
                else if (isInterpolated && code[at] == '{')
                {
                    Span('s', piece, at + 1);
                    var end = HoleEnd(at + 1, to);
                    Run(at + 1, end);
                    piece = at = end;
                }
                else at++;
            }
            return Span('s', piece, Math.Min(at, to));
        }

        /// <summary>The end of code in braces: its closing brace, skipping inner strings and braces.</summary>
        int HoleEnd(int at, int to)
        {
            for (var depth = 1; at < to; at++)
            {
                if (code[at] is '{' or '(' or '[') depth++;
                else if (code[at] is '}' or ')' or ']' && --depth == 0) return at;
                else if (language.Quotes.Contains(code[at]))
                    for (var quote = code[at++]; at < to && code[at] != quote; at++)
                        if (code[at] == '\\') at++;
            }
            return to;
        }

        int? Word(int at, int to)
        {
            if (!char.IsLetter(code[at]) && code[at] is not ('_' or '@')) return null;
            var end = at + 1;
            while (end < to && (char.IsLetterOrDigit(code[end]) || code[end] == '_')) end++;
            var word = code[at..end];
            var isMember = at > 0 && code[at - 1] == '.';
            if (!isMember && language.Keywords.Contains(word)) return Span('k', at, end);
            if (language.HasTypes && end < to && code[end] == '(' && !char.IsUpper(word[0])) return Span('f', at, end);
            if (language.HasTypes && char.IsUpper(word[0])) return Span('t', at, end);
            html.Append(WebUtility.HtmlEncode(word));
            return end;
        }

        int? Number(int at, int to)
        {
            if (!char.IsAsciiDigit(code[at])) return null;
            var end = at + 1;
            while (end < to && (char.IsLetterOrDigit(code[end]) || code[end] == '_' || (code[end] == '.' && end + 1 < to && char.IsAsciiDigit(code[end + 1])) || (code[end] == '-' && code[end - 1] is 'e' or 'E'))) end++;
            return Span('n', at, end);
        }

        int Span(char kind, int from, int to)
        {
            if (to > from) html.Append($"<span class=\"{kind}\">").Append(WebUtility.HtmlEncode(code[from..to])).Append("</span>");
            return to;
        }
    }
}
