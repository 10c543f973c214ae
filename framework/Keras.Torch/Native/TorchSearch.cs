using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Keras.Engines.Torch;

/// <summary>The file names of libtorch's libraries on a system, in the order in which they must be loaded.</summary>
/// <param name="Required">The required libraries; the last one holds the C ABI.</param>
/// <param name="OpenMp">Its OpenMP runtime, loaded first if present.</param>
sealed record TorchFiles(string[] OpenMp, string[] Required)
{
    /// <summary>The library's files on the running system.</summary>
    public static TorchFiles Current { get; } =
        OperatingSystem.IsWindows() ? new(["libiomp5md.dll", "armpl_lp64.dll", "uv.dll"], ["c10.dll", "torch_cpu.dll"])
        : OperatingSystem.IsMacOS() ? new(["libomp.dylib"], ["libc10.dylib", "libtorch_cpu.dylib"])
        : new(["libgomp-98b21ff3.so.1"], ["libc10.so", "libtorch_cpu.so"]);
}

/// <summary>The places where libtorch is searched for, in order.</summary>
static class TorchSearch
{
    /// <summary>The environment variable that names the library's folder; if set, no other place is searched.</summary>
    public const string Variable = "KERAS_LIBTORCH";

    /// <summary>The version of libtorch that this engine is written for; the C interface differs between versions.</summary>
    public const string Version = "2.10.0";

    /// <summary>The system's .NET runtime identifier, such as linux-x64.</summary>
    public static string RuntimeId
    {
        get
        {
            var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
            return $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        }
    }

    /// <summary>The systems for which there is a NuGet package with libtorch.</summary>
    public static readonly string[] Packaged = ["linux-x64", "win-x64", "win-arm64", "osx-arm64"];

    /// <summary>The name of the NuGet package that holds libtorch for this system.</summary>
    public static string Package => $"libtorch-cpu-{RuntimeId}";

    /// <summary>The folders that are searched, each with the reason.</summary>
    public static IEnumerable<(string Folder, string Origin)> Places()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            yield return (named, Variable);
            yield break;
        }
        var application = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        yield return (Path.Combine(application, "runtimes", RuntimeId, "native"), "the application's native assets");
        yield return (application, "the application's folder");
        foreach (var folder in NativeSearchFolders()) yield return (folder, "the application's native assets");
        if (AddinsFolder is { } addins) yield return (Path.Combine(addins, $"{Package}.{Version}", "runtimes", RuntimeId, "native"), $"the package {Package} beside that of the engine");
        yield return (Path.Combine(PackageFolder, "runtimes", RuntimeId, "native"), NuGetOrigin);
    }

    /// <summary>The first folder with all libraries; null if there is none.</summary>
    public static string? Find() => Places().Where(IsThere).Select(p => p.Folder).FirstOrDefault();

    /// <summary>The first folder with all libraries.</summary>
    /// <exception cref="EngineNotFoundException">No such folder was found; the message lists the places searched.</exception>
    public static string Require() => Find() ?? throw new EngineNotFoundException("libtorch was not found",
        expected: $"{string.Join(" and ", TorchFiles.Current.Required)} of libtorch {Version}",
        received: string.Join("; ", Places().DistinctBy(p => p.Folder).Select(p => $"{p.Folder} ({p.Origin}): not there")),
        remedy: Remedy(RuntimeId));

    /// <summary>The advice for a system where libtorch is not found.</summary>
    public static string Remedy(string runtimeId) =>
        (Packaged.Contains(runtimeId) ? $"Run keras-transformers doctor --install (a tool: dotnet tool install --global Keras.Transformers.Cli), which fetches it once for all programs, or reference the NuGet package libtorch-cpu-{runtimeId} {Version}, or set" : $"There is no NuGet package with libtorch for {runtimeId}: set")
        + $" {Variable} to a folder with the libraries of libtorch {Version}. Or use TensorFlow: {EngineRemedies.GetTensorFlow}.";

    /// <summary>Whether a place has the complete library: NuGet writes a package's metadata last, so without it a package is incomplete.</summary>
    public static bool IsThere((string Folder, string Origin) place) => IsComplete(place.Folder) && (place.Origin != NuGetOrigin || File.Exists(Path.Combine(PackageFolder, ".nupkg.metadata")));

    /// <summary>Whether a folder holds all required libraries.</summary>
    public static bool IsComplete(string folder) => TorchFiles.Current.Required.All(file => File.Exists(Path.Combine(folder, file)));

    /// <summary>The folder where NuGet keeps packages.</summary>
    public static string PackagesFolder => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
        ? folder
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    static string NuGetOrigin => $"the NuGet package {Package}";

    /// <summary>The folder where NuGet unpacks the package with libtorch.</summary>
    static string PackageFolder => Path.Combine(PackagesFolder, Package, Version);

    /// <summary>The folder where Cake unpacks a script's packages, each version in its own; null if the engine is not in one.</summary>
    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "A program in one file has no folder of addins, and an empty location says so.")]
    static string? AddinsFolder => typeof(TorchSearch).Assembly.Location is { Length: > 0 } engine && Path.GetFullPath(Path.Combine(engine, "..", "..", "..")) is var package
        && Path.GetFileName(package).StartsWith("Keras.Torch.", StringComparison.OrdinalIgnoreCase) ? Path.GetDirectoryName(package) : null;

    static IEnumerable<string> NativeSearchFolders() => AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") is string listed
        ? listed.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(Path.TrimEndingDirectorySeparator)
        : [];
}
