using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Cake.Keras.Transformers;

/// <summary>Finds what Keras needs newer than Cake has it: Cake brings libraries of .NET of its own version, which its process finds first and refuses then.</summary>
static class Dependencies
{
    static readonly AssemblyLoadContext Own = new(typeof(Dependencies).Assembly.GetName().Name);

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "A script loads the addin and calls its aliases; there is no earlier place.")]
    internal static void Register() => AssemblyLoadContext.Default.Resolving += static (_, name) => IsOfCake(name.Name!) && Find(name.Name!) is { } path ? Own.LoadFromAssemblyPath(path) : null;

    /// <summary>Everything else is found by Cake, and must not be loaded twice.</summary>
    static bool IsOfCake(string name) => File.Exists(Path.Combine(AppContext.BaseDirectory, $"{name}.dll"));

    /// <summary>Beside the addin, or where Cake unpacks the packages of addins: each in a folder of its own, Name.Version/lib/net10.0.</summary>
    static string? Find(string name)
    {
        var folder = Path.GetDirectoryName(typeof(Dependencies).Assembly.Location)!;
        if (Path.Combine(folder, $"{name}.dll") is var beside && File.Exists(beside)) return beside;
        var packages = Path.GetFullPath(Path.Combine(folder, "..", "..", ".."));
        return Directory.EnumerateDirectories(packages, $"{name}.*").SelectMany(p => Directory.EnumerateFiles(p, $"{name}.dll", SearchOption.AllDirectories))
            .Where(f => AssemblyName.GetAssemblyName(f).Name == name).MaxBy(f => AssemblyName.GetAssemblyName(f).Version);
    }
}
