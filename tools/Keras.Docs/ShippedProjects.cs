using System.Xml.Linq;

namespace Keras.Docs;

/// <summary>Finds the packed libraries and their assemblies.</summary>
static class ShippedProjects
{
    /// <summary>Their names: projects of the solution except tests, tools, examples, and those set not to be packed.</summary>
    public static IReadOnlyList<string> Of(string repository) =>
    [
        .. XDocument.Load(Path.Combine(repository, "Keras.slnx")).Descendants("Project").Select(p => (string)p.Attribute("Path")!)
            .Where(p => !p.StartsWith("tools/", StringComparison.Ordinal) && !p.StartsWith("examples/", StringComparison.Ordinal))
            .Where(p => !Path.GetFileNameWithoutExtension(p).EndsWith(".Tests", StringComparison.Ordinal))
            .Where(p => XDocument.Load(Path.Combine(repository, p)).Descendants("IsPackable").All(e => e.Value != "false"))
            .Select(p => Path.GetFileNameWithoutExtension(p)!).Order(StringComparer.Ordinal),
    ];

    /// <summary>The assembly of a project in a folder of assemblies, or in the artifacts' layout below it; null if there is none.</summary>
    public static string? AssemblyOf(string project, string bin) =>
        new[] { Path.Combine(bin, $"{project}.dll"), Path.Combine(bin, project, "release", $"{project}.dll"), Path.Combine(bin, project, "debug", $"{project}.dll") }.FirstOrDefault(File.Exists);
}
