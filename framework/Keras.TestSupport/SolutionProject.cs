using System.Xml.Linq;

namespace Keras.Tests;

/// <summary>A project of the solution, as its file says.</summary>
/// <param name="Path">The file in the repository, with '/'.</param>
/// <param name="References">The names of the projects that it refers to.</param>
/// <param name="IsShipped">Whether it becomes a package.</param>
sealed record SolutionProject(string Path, IReadOnlyList<string> References, bool IsShipped)
{
    public static IReadOnlyList<SolutionProject> All { get; } =
        [.. XDocument.Load(Repository.PathOf("Keras.slnx")).Descendants("Project").Select(p => Read(p.Attribute("Path")!.Value)).OrderBy(p => p.Name, StringComparer.Ordinal)];

    public string Name => NameOf(Path);

    /// <summary>The folder in the repository, with '/'.</summary>
    public string Folder => Path[..Path.LastIndexOf('/')];

    static string NameOf(string path) => System.IO.Path.GetFileNameWithoutExtension(path.Replace('\\', '/'));

    static SolutionProject Read(string path)
    {
        var file = XDocument.Load(Repository.PathOf(path));
        var isShipped = !path.StartsWith("tools/", StringComparison.Ordinal) && !path.StartsWith("examples/", StringComparison.Ordinal) && !NameOf(path).EndsWith(".Tests", StringComparison.Ordinal)
            && file.Descendants("IsPackable").All(p => p.Value != "false");
        return new(path, [.. file.Descendants("ProjectReference").Select(r => NameOf(r.Attribute("Include")!.Value))], isShipped);
    }
}
