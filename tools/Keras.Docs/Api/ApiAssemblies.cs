using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Keras.Docs.Api;

/// <summary>Loads assemblies as metadata, without running them. References are found beside them, in the packages of their .deps.json, and in .NET itself.</summary>
static class ApiAssemblies
{
    public static MetadataLoadContext Open(IReadOnlyList<string> assemblies)
    {
        var paths = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        void Add(string path) => paths.TryAdd(Path.GetFileNameWithoutExtension(path), path);
        foreach (var assembly in assemblies) Add(assembly);
        foreach (var folder in assemblies.Select(a => Path.GetDirectoryName(a)!).Distinct())
            foreach (var file in Directory.GetFiles(folder, "*.dll").Order(StringComparer.Ordinal)) Add(file);
        foreach (var assembly in assemblies)
            foreach (var file in OfPackages(Path.ChangeExtension(assembly, ".deps.json"))) Add(file);
        var runtime = RuntimeEnvironment.GetRuntimeDirectory();
        foreach (var file in Directory.GetFiles(runtime, "*.dll").Order(StringComparer.Ordinal)) Add(file);
        // ASP.NET Core is installed beside .NET itself, under its own version.
        var shared = Path.GetFullPath(Path.Combine(runtime, "..", "..", "Microsoft.AspNetCore.App"));
        if (Directory.Exists(shared))
            foreach (var file in Directory.GetDirectories(shared).OrderDescending(StringComparer.Ordinal).SelectMany(d => Directory.GetFiles(d, "*.dll")).ToArray()) Add(file);
        return new(new PathAssemblyResolver(paths.Values), "System.Private.CoreLib");
    }

    static IEnumerable<string> OfPackages(string deps)
    {
        if (!File.Exists(deps)) yield break;
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } set ? set : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        using var json = JsonDocument.Parse(File.ReadAllText(deps));
        foreach (var target in json.RootElement.GetProperty("targets").EnumerateObject())
            foreach (var library in target.Value.EnumerateObject())
                if (library.Value.TryGetProperty("runtime", out var files))
                    foreach (var file in files.EnumerateObject())
                        if (Path.Combine(packages, library.Name.ToLowerInvariant(), file.Name) is var path && File.Exists(path)) yield return path;
    }
}
