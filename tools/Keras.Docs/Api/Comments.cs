using System.Net;
using System.Reflection;
using System.Text;
using System.Xml.Linq;
using Keras.Docs.Markdown;

namespace Keras.Docs.Api;

/// <summary>Reads the documentation files and converts their content to HTML.</summary>
sealed class Comments
{
    readonly Dictionary<string, XElement> byId = [];
    readonly Dictionary<string, string> places = [];

    public Comments(IEnumerable<string> files, IEnumerable<ApiType> types)
    {
        foreach (var member in files.Where(File.Exists).SelectMany(f => XDocument.Load(f, LoadOptions.PreserveWhitespace).Descendants("member"))) byId.TryAdd((string)member.Attribute("name")!, member);
        foreach (var type in types)
        {
            places.TryAdd(DocumentationId.Of(type.Info), type.Path);
            foreach (var member in type.Members)
            {
                var id = DocumentationId.Of(member.Info);
                places.TryAdd(id, $"{type.Path}#{member.Anchor}");
                places.TryAdd(id.Split('(')[0], $"{type.Path}#{member.Anchor}");
            }
        }
    }

    /// <summary>Whether the member itself is documented.</summary>
    public bool HasOwn(MemberInfo member) => byId.TryGetValue(DocumentationId.Of(member), out var own) && own.Element("summary") is not null;

    /// <summary>A member's documentation; without its own, that of its base or interface.</summary>
    public XElement? Of(MemberInfo member)
    {
        if (byId.TryGetValue(DocumentationId.Of(member), out var own) && own.Element("inheritdoc") is null) return own;
        if (own?.Element("inheritdoc")?.Attribute("cref")?.Value is { } cref && byId.TryGetValue(cref, out var named)) return named;
        var type = member as Type ?? member.DeclaringType!;
        for (var above = type.BaseType; above is not null; above = above.BaseType)
            if (In(above) is { } found) return found;
        return type.GetInterfaces().Select(In).FirstOrDefault(d => d is not null) ?? own;

        XElement? In(Type above)
        {
            var definition = above.IsGenericType ? above.GetGenericTypeDefinition() : above;
            if (definition.Namespace?.StartsWith("Keras", StringComparison.Ordinal) != true || member is ConstructorInfo) return null;
            if (member is Type) return byId.GetValueOrDefault(DocumentationId.Of(definition));
            var count = Count(member);
            return definition.GetMembers(BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static)
                .Where(m => m.Name == member.Name && m.MemberType == member.MemberType && Count(m) == count)
                .OrderBy(m => DocumentationId.Of(m).Split('(')[^1] == DocumentationId.Of(member).Split('(')[^1] ? 0 : 1).ThenBy(DocumentationId.Of, StringComparer.Ordinal)
                .Select(m => byId.GetValueOrDefault(DocumentationId.Of(m))).FirstOrDefault(d => d?.Element("summary") is not null);
        }

        static int Count(MemberInfo of) => of switch { MethodBase method => method.GetParameters().Length, PropertyInfo property => property.GetIndexParameters().Length, _ => 0 };
    }

    /// <summary>The place of an id; null if users do not see it.</summary>
    public string? PlaceOf(string id) => places.GetValueOrDefault(id) ?? places.GetValueOrDefault(id.Split('(')[0].Split("``")[0]);

    public string Html(XElement? element, string page)
    {
        if (element is null) return "";
        var html = new StringBuilder();
        foreach (var node in element.Nodes()) Append(html, node, page);
        return html.ToString().Trim();
    }

    /// <summary>Converts documentation to plain text, for lists and search.</summary>
    public static string Text(XElement? element) => element is null ? "" : string.Join(' ', string.Concat(element.DescendantNodes().Select(n => n switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" or "seealso" } see when see.IsEmpty => ShortName(see),
        XElement { Name.LocalName: "paramref" or "typeparamref" } reference => (string?)reference.Attribute("name") ?? "",
        _ => "",
    })).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    void Append(StringBuilder html, XNode node, string page)
    {
        if (node is XText text)
        {
            html.Append(WebUtility.HtmlEncode(text.Value));
            return;
        }
        if (node is not XElement element) return;
        var inner = Html(element, page);
        html.Append(element.Name.LocalName switch
        {
            "see" or "seealso" => See(element, inner, page),
            "paramref" or "typeparamref" => $"<code>{WebUtility.HtmlEncode((string?)element.Attribute("name"))}</code>",
            "c" => $"<code>{inner}</code>",
            "code" => ColouredCodeRenderer.Html(Dedent(element.Value), (string?)element.Attribute("language") ?? "csharp"),
            "para" => $"<p>{inner}</p>",
            "list" => $"<ul>{string.Concat(element.Elements("item").Select(i => $"<li>{(i.Element("term") is { } term ? $"<b>{Html(term, page)}</b> " : "")}{Html(i.Element("description") ?? (i.Element("term") is null ? i : null), page)}</li>"))}</ul>",
            "b" or "i" or "em" or "strong" or "sub" or "sup" => $"<{element.Name.LocalName}>{inner}</{element.Name.LocalName}>",
            "a" => $"<a href=\"{WebUtility.HtmlEncode((string?)element.Attribute("href"))}\">{inner}</a>",
            "br" => "<br>",
            _ => inner,
        });
    }

    string See(XElement element, string inner, string page)
    {
        if ((string?)element.Attribute("langword") is { } word) return $"<code>{WebUtility.HtmlEncode(word)}</code>";
        if ((string?)element.Attribute("href") is { } address) return $"<a href=\"{WebUtility.HtmlEncode(address)}\">{(inner.Length > 0 ? inner : WebUtility.HtmlEncode(address))}</a>";
        var name = inner.Length > 0 ? inner : $"<code>{WebUtility.HtmlEncode(ShortName(element))}</code>";
        return PlaceOf((string?)element.Attribute("cref") ?? "") is { } place ? $"<a href=\"{WebUtility.HtmlEncode(Link(page, place))}\">{name}</a>" : name;
    }

    /// <summary>A link from a page of the API to a place "path#anchor" in it.</summary>
    public static string Link(string page, string place) => place.Split('#') is [var path, var anchor] ? $"{RepositoryPages.Relative(page, path)}#{anchor}" : RepositoryPages.Relative(page, place);

    /// <summary>The display name of a reference: Layer.build for "M:Keras.Layer.build(Keras.Shape)", Layer for "T:Keras.Layer".</summary>
    static string ShortName(XElement see)
    {
        if ((string?)see.Attribute("langword") is { } word) return word;
        var cref = (string?)see.Attribute("cref") ?? "";
        var parts = cref[(cref.IndexOf(':', StringComparison.Ordinal) + 1)..].Split('(')[0].Split('.');
        var name = parts[^1] == "#ctor" ? parts[^2] : cref.StartsWith('T') || parts.Length < 2 ? parts[^1] : $"{parts[^2]}.{parts[^1]}";
        return string.Concat(name.Split('`')[0]);
    }

    static string Dedent(string code)
    {
        var lines = code.ReplaceLineEndings("\n").Trim('\n').Split('\n');
        var indent = lines.Where(l => l.Trim().Length > 0).Select(l => l.Length - l.TrimStart().Length).DefaultIfEmpty(0).Min();
        return string.Join('\n', lines.Select(l => l.Length >= indent ? l[indent..] : l.TrimStart()));
    }
}
