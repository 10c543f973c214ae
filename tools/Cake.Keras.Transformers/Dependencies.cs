using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Cake.Keras.Transformers;

/// <summary>Resolves libraries that Keras needs in newer versions than Cake ships: Cake's process finds its own older ones first and then rejects them.</summary>
static class Dependencies
{
    static readonly AssemblyLoadContext Own = new(typeof(Dependencies).Assembly.GetName().Name);

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "A script loads the addin and calls its aliases; there is no earlier place.")]
    internal static void Register() => AssemblyLoadContext.Default.Resolving += static (_, name) => IsOfCake(name.Name!) && Find(name.Name!) is { } path ? Own.LoadFromAssemblyPath(path) : null;

    /// <summary>Whether Cake ships a library; all others are found by Cake and must not be loaded twice.</summary>
    static bool IsOfCake(string name) => File.Exists(Path.Combine(AppContext.BaseDirectory, $"{name}.dll"));

    /// <summary>Finds a library beside the addin, or in the folders where Cake unpacks addins: Name.Version/lib/net10.0.</summary>
    static string? Find(string name)
    {
        var folder = Path.GetDirectoryName(typeof(Dependencies).Assembly.Location)!;
        if (Path.Combine(folder, $"{name}.dll") is var beside && File.Exists(beside)) return beside;
        var packages = Path.GetFullPath(Path.Combine(folder, "..", "..", ".."));
        return Directory.EnumerateDirectories(packages, $"{name}.*").SelectMany(p => Directory.EnumerateFiles(p, $"{name}.dll", SearchOption.AllDirectories))
            .Where(f => AssemblyName.GetAssemblyName(f).Name == name).MaxBy(f => AssemblyName.GetAssemblyName(f).Version);
    }
}
