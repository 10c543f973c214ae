using System.Net;
using System.Text.RegularExpressions;

namespace Keras.Docs;

/// <summary>Checks that every link on every page leads to a file of the site and an existing anchor.</summary>
static partial class LinkCheck
{
    public static IEnumerable<string> Of(string output)
    {
        var pages = Directory.GetFiles(output, "*.html", SearchOption.AllDirectories).ToDictionary(f => f, File.ReadAllText);
        var anchors = pages.ToDictionary(p => p.Key, p => Id().Matches(p.Value).Select(m => WebUtility.HtmlDecode(m.Groups["id"].Value)).ToHashSet());
        return pages.OrderBy(p => p.Key, StringComparer.Ordinal).SelectMany(p => Link().Matches(p.Value).Select(m => WebUtility.HtmlDecode(m.Groups["to"].Value)).Distinct()
            .Where(link => !link.Contains("://", StringComparison.Ordinal) && !link.StartsWith("mailto:", StringComparison.Ordinal) && !Leads(p.Key, link))
            .Select(link => $"{Path.GetRelativePath(output, p.Key)}: the link {link} leads nowhere"));

        bool Leads(string page, string link)
        {
            var parts = link.Split('#', 2);
            var target = parts[0].Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, Uri.UnescapeDataString(parts[0])));
            return parts.Length == 1 || parts[1].Length == 0 ? File.Exists(target) : anchors.TryGetValue(target, out var there) && there.Contains(Uri.UnescapeDataString(parts[1]));
        }
    }

    [GeneratedRegex(@"\s(?:href|src)=""(?<to>[^""]*)""")]
    private static partial Regex Link();

    [GeneratedRegex(@"\sid=""(?<id>[^""]*)""")]
    private static partial Regex Id();
}
