using System.Net;
using System.Reflection;
using System.Text;
using System.Xml.Linq;
using Keras.Docs.Markdown;

namespace Keras.Docs.Api;

/// <summary>Writes the reference of the public API: an overview page, one page per namespace and one per type.</summary>
static class ApiReference
{
    public const string Home = "api/index.html";

    public static IReadOnlyList<SitePage> Pages(IReadOnlyList<string> assemblies, List<string> problems)
    {
        using var context = ApiAssemblies.Open(assemblies);
        var types = assemblies.SelectMany(a => context.LoadFromAssemblyPath(a).GetTypes()).Where(ApiType.IsVisible).Select(t => new ApiType(t)).OrderBy(t => t.Namespace, StringComparer.Ordinal).ThenBy(t => t.Name, StringComparer.Ordinal).ToList();
        problems.AddRange(types.GroupBy(t => t.Path, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1).Select(g => $"{string.Join(" and ", g.Select(t => t.Info.FullName))} have the same page"));
        var comments = new Comments(assemblies.Select(a => Path.ChangeExtension(a, ".xml")), types);
        var byName = types.ToLookup(t => t.Info.FullName!);
        var spaces = types.GroupBy(t => t.Namespace).ToList();
        foreach (var (name, module) in ModuleNames.Of(types)) types.Single(t => t.Info.FullName == name).Title = module;
        return [Index(spaces, [.. types.Where(t => t.Title != t.Name).OrderBy(t => t.Title, StringComparer.Ordinal)], comments), .. spaces.Select(s => Namespace(s.Key, [.. s], comments)), .. types.Select(t => Type(t, byName, comments))];
    }

    public static string NamespacePath(string name) => $"api/{name}/index.html";

    static SitePage Index(List<IGrouping<string, ApiType>> spaces, IReadOnlyList<ApiType> modules, Comments comments)
    {
        var html = new StringBuilder("<h1>API reference</h1>\n<p>All public types of the packages, from the comments in their code.</p>\n<h2 id=\"modules\">Modules</h2>\n<p><code>using static Keras.Api;</code> gives these by Python's names.</p>\n<div class=\"table\"><table class=\"members\"><tbody>\n");
        foreach (var module in modules)
            html.Append($"<tr><td><a href=\"{RepositoryPages.Relative(Home, module.Path)}\"><code>{module.Title}</code></a></td><td>{comments.Html(comments.Of(module.Info)?.Element("summary"), Home)}</td></tr>\n");
        html.Append("</tbody></table></div>\n<h2 id=\"namespaces\">Namespaces</h2>\n<div class=\"table\"><table><thead><tr><th>Namespace</th><th>Types</th></tr></thead><tbody>\n");
        foreach (var space in spaces)
            html.Append($"<tr><td><a href=\"{RepositoryPages.Relative(Home, NamespacePath(space.Key))}\"><code>{space.Key}</code></a></td><td>{space.Count()}</td></tr>\n");
        return new(Home, "API reference", html.Append("</tbody></table></div>\n").ToString()) { Headings = [("modules", "Modules"), ("namespaces", "Namespaces")], Entries = [new("API reference", "", "page", "namespaces types")] };
    }

    static SitePage Namespace(string name, IReadOnlyList<ApiType> types, Comments comments)
    {
        var path = NamespacePath(name);
        var html = new StringBuilder($"<h1>{name}</h1>\n");
        foreach (var group in types.GroupBy(t => Plural(t.Info)).OrderBy(g => Array.IndexOf(kinds, g.Key)))
        {
            html.Append($"<h2 id=\"{group.Key.ToLowerInvariant()}\">{group.Key}</h2>\n<div class=\"table\"><table class=\"members\"><tbody>\n");
            foreach (var type in group)
                html.Append($"<tr><td><a href=\"{RepositoryPages.Relative(path, type.Path)}\"><code>{WebUtility.HtmlEncode(type.Name)}</code></a></td><td>{comments.Html(comments.Of(type.Info)?.Element("summary"), path)}</td></tr>\n");
            html.Append("</tbody></table></div>\n");
        }
        return new(path, name, html.ToString()) { Entries = [new(name, "", "namespace", "")] };
    }

    static readonly string[] kinds = ["Classes", "Structs", "Interfaces", "Delegates", "Enums"];

    static string Plural(Type type) => Signatures.IsDelegate(type) ? "Delegates" : type.IsInterface ? "Interfaces" : type.IsEnum ? "Enums" : type.IsValueType ? "Structs" : "Classes";

    static SitePage Type(ApiType type, ILookup<string, ApiType> types, Comments comments)
    {
        var page = type.Path;
        var written = comments.Of(type.Info);
        var html = new StringBuilder($"<h1>{WebUtility.HtmlEncode(type.Title)}</h1>\n<p class=\"where\">{Signatures.KindOf(type.Info)}{(type.Title == type.Name ? "" : $" <code>{type.Name}</code>")} in <a href=\"{RepositoryPages.Relative(page, NamespacePath(type.Namespace))}\">{type.Namespace}</a>, package {type.Info.Assembly.GetName().Name}</p>\n");
        html.Append($"<div class=\"summary\">{comments.Html(written?.Element("summary"), page)}</div>\n").Append(Code(Signatures.Of(type.Info)));
        html.Append(Ancestors(type, comments));
        var parameters = Signatures.IsDelegate(type.Info) ? type.Info.GetMethod("Invoke")!.GetParameters() : [];
        html.Append(Details(written, parameters, comments, page));

        // A constructor that the compiler adds carries no information.
        var groups = type.Members.Where(m => m.Info is not ConstructorInfo constructor || constructor.GetParameters().Length > 0 || comments.HasOwn(constructor)).GroupBy(m => m.Group).ToList();
        if (type.Members.Count > 8)
            foreach (var group in groups.Where(g => g.Key is not "Constructors"))
                html.Append($"<p class=\"contents\"><b>{group.Key}</b> {string.Join(" · ", group.DistinctBy(m => m.Name).Select(m => $"<a href=\"#{WebUtility.HtmlEncode(m.Anchor)}\">{WebUtility.HtmlEncode(m.Name)}</a>"))}</p>\n");
        html.Append(Inherited(type, types, comments));
        foreach (var group in groups)
        {
            html.Append($"<h2 id=\"group-{group.Key.ToLowerInvariant()}\">{group.Key}</h2>\n");
            foreach (var member in group) Member(html, member, comments, page);
        }

        var kind = Signatures.KindOf(type.Info).Split(' ')[0];
        SearchEntry[] entries = [new(type.Title, "", type.Title == type.Name ? kind : "module", Comments.Text(written?.Element("summary"))), .. type.Members.Where(m => m.Group is not ("Constructors" or "Operators") && (m.Group != "Methods" || comments.HasOwn(m.Info))).DistinctBy(m => m.Name)
            .Select(m => new SearchEntry($"{type.Title}.{m.Name}", m.Anchor, m.Group[..^1].ToLowerInvariant().Replace("propertie", "property", StringComparison.Ordinal), Brief(Comments.Text(comments.Of(m.Info)?.Element("summary")))))];
        return new(page, type.Title, html.ToString()) { Headings = [.. groups.Select(g => ($"group-{g.Key.ToLowerInvariant()}", g.Key))], Entries = entries };
    }

    static string Brief(string text) => text.Length <= 140 ? text : text[..140];

    /// <summary>The base classes of a type that are in the reference.</summary>
    static string Ancestors(ApiType type, Comments comments)
    {
        var links = new List<string>();
        for (var above = type.Info.BaseType; above is not null; above = above.BaseType)
            if (comments.PlaceOf(DocumentationId.Of(above.IsGenericType ? above.GetGenericTypeDefinition() : above)) is { } place)
                links.Add($"<a href=\"{Comments.Link(type.Path, place)}\"><code>{WebUtility.HtmlEncode(TypeText.Of(above))}</code></a>");
        return links.Count == 0 ? "" : $"<p class=\"where\">derives from {string.Join(", ", links)}</p>\n";
    }

    /// <summary>The inherited methods and properties, each with a link to its description.</summary>
    static string Inherited(ApiType type, ILookup<string, ApiType> types, Comments comments)
    {
        var html = new StringBuilder();
        var seen = type.Members.Select(m => m.Name).ToHashSet();
        for (var above = type.Info.BaseType; above is not null; above = above.BaseType)
        {
            var definition = above.IsGenericType ? above.GetGenericTypeDefinition() : above;
            if (types[definition.FullName ?? ""].FirstOrDefault() is not { } known) continue;
            var links = known.Members.Where(m => m.Group is "Methods" or "Properties" && seen.Add(m.Name)).Select(m => $"<a href=\"{Comments.Link(type.Path, $"{known.Path}#{WebUtility.HtmlEncode(m.Anchor)}")}\">{WebUtility.HtmlEncode(m.Name)}</a>").ToList();
            if (links.Count > 0) html.Append($"<p class=\"contents\"><b>From {WebUtility.HtmlEncode(known.Name)}</b> {string.Join(" · ", links)}</p>\n");
        }
        return html.ToString();
    }

    static void Member(StringBuilder html, ApiMember member, Comments comments, string page)
    {
        var written = comments.Of(member.Info);
        var id = WebUtility.HtmlEncode(member.Anchor);
        html.Append($"<section class=\"member\" id=\"{id}\">\n<h3>{WebUtility.HtmlEncode(member.Name)}<a class=\"anchor\" href=\"#{id}\" aria-label=\"Link to this member\">#</a></h3>\n");
        if (member.Group != "Values") html.Append(Code(Signatures.Of(member.Info)));
        // A constructor repeats its class's text: show it once.
        var says = Comments.Text(written?.Element("summary"));
        if (member.Group != "Constructors" || !Comments.Text(comments.Of(member.Info.DeclaringType!)?.Element("summary")).StartsWith(says, StringComparison.Ordinal))
            html.Append($"<div class=\"summary\">{comments.Html(written?.Element("summary"), page)}</div>\n");
        html.Append(Details(written, (member.Info as MethodBase)?.GetParameters() ?? (member.Info as PropertyInfo)?.GetIndexParameters() ?? [], comments, page)).Append("</section>\n");
    }

    /// <summary>All documentation besides the summary.</summary>
    static string Details(XElement? written, ParameterInfo[] parameters, Comments comments, string page)
    {
        if (written is null) return "";
        var html = new StringBuilder();
        var types = parameters.ToDictionary(p => p.Name ?? "", p => TypeText.Of(p));
        Rows("Type parameters", written.Elements("typeparam").Select(e => ($"<code>{WebUtility.HtmlEncode((string?)e.Attribute("name"))}</code>", e)));
        Rows("Parameters", written.Elements("param").Where(e => e.Nodes().Any()).Select(e => (Named((string?)e.Attribute("name") ?? ""), e)));
        if (comments.Html(written.Element("returns"), page) is { Length: > 0 } returns) html.Append($"<h4>Returns</h4>\n<p>{returns}</p>\n");
        if (comments.Html(written.Element("value"), page) is { Length: > 0 } value) html.Append($"<p>{value}</p>\n");
        Rows("Exceptions", written.Elements("exception").Select(e => (comments.Html(new XElement("x", new XElement("see", e.Attribute("cref"))), page), e)));
        if (comments.Html(written.Element("remarks"), page) is { Length: > 0 } remarks) html.Append($"<h4>Remarks</h4>\n<div>{remarks}</div>\n");
        foreach (var example in written.Elements("example")) html.Append($"<h4>Example</h4>\n<div>{comments.Html(example, page)}</div>\n");
        return html.ToString();

        string Named(string name) => $"<code>{WebUtility.HtmlEncode(name)}</code>{(types.TryGetValue(name, out var type) ? $"<br><small><code>{WebUtility.HtmlEncode(type)}</code></small>" : "")}";

        void Rows(string title, IEnumerable<(string Name, XElement Element)> rows)
        {
            if (!rows.Any()) return;
            html.Append($"<h4>{title}</h4>\n<div class=\"table\"><table class=\"members\"><tbody>\n");
            foreach (var (name, element) in rows) html.Append($"<tr><td>{name}</td><td>{comments.Html(element, page)}</td></tr>\n");
            html.Append("</tbody></table></div>\n");
        }
    }

    static string Code(string code) => ColouredCodeRenderer.Html(code, "csharp").Replace(" data-language=\"C#\"", "", StringComparison.Ordinal) + "\n";
}
