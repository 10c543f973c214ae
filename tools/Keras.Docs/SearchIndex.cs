using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Keras.Docs;

/// <summary>A search entry: a title, its anchor in the page, its kind, and its words.</summary>
sealed record SearchEntry(string Title, string Anchor, string Kind, string Words);

/// <summary>The index that the page's script searches. It is a script, because a page opened as a file may not fetch JSON.</summary>
static partial class SearchIndex
{
    static readonly JsonSerializerOptions options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Script(IEnumerable<SitePage> pages)
    {
        var rows = pages.SelectMany(p => p.Entries.Select(e => new[] { e.Title, p.Path + (e.Anchor.Length > 0 ? $"#{e.Anchor}" : ""), e.Kind, Words(e.Words) }));
        return $"window.searchIndex = {JsonSerializer.Serialize(rows, options)};\n";
    }

    static string Words(string text)
    {
        var words = Space().Replace(text, " ").Trim();
        return words.Length <= 1500 ? words : words[..1500];
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
