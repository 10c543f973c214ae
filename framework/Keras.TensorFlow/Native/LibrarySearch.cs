using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Keras.Engines.TensorFlow;

/// <summary>A folder that may hold TensorFlow's libraries; no folder means the system's own search.</summary>
/// <param name="Folder">The folder, or null for the names alone.</param>
/// <param name="Origin">Why it is searched, for error messages.</param>
readonly record struct LibraryPlace(string? Folder, string Origin)
{
    /// <inheritdoc/>
    public override string ToString() => Folder is null ? Origin : $"{Folder} ({Origin})";
}

/// <summary>The two files of TensorFlow in one place; without a framework file the main library holds everything.</summary>
readonly record struct LibraryFiles(string Main, string? Framework);

/// <summary>The places where TensorFlow's native library is searched for, in order.</summary>
static partial class LibrarySearch
{
    /// <summary>The environment variable that names the library's folder; if set, no other place is searched.</summary>
    public const string Variable = "KERAS_LIBTENSORFLOW";

    static readonly string[] MainNames =
        OperatingSystem.IsWindows() ? ["tensorflow.dll", "tensorflow_cc.dll", "libtensorflow_cc.dll"]
        : OperatingSystem.IsMacOS() ? ["libtensorflow.2.dylib", "libtensorflow.dylib", "libtensorflow_cc.2.dylib", "libtensorflow_cc.dylib"]
        : ["libtensorflow.so.2", "libtensorflow.so", "libtensorflow_cc.so.2", "libtensorflow_cc.so"];

    static readonly string[] FrameworkNames =
        OperatingSystem.IsWindows() ? ["tensorflow_framework.dll", "libtensorflow_framework.dll"]
        : OperatingSystem.IsMacOS() ? ["libtensorflow_framework.2.dylib", "libtensorflow_framework.dylib"]
        : ["libtensorflow_framework.so.2", "libtensorflow_framework.so"];

    /// <summary>The files that an archive must hold, for error messages.</summary>
    public static string ExpectedNames => $"one of {string.Join(", ", MainNames)}" + (OperatingSystem.IsWindows() ? "" : $" with {FrameworkNames[0]}");

    /// <summary>The name under which a file of TensorFlow's libraries is searched for; null for other files. C releases have the full version in the name, such as
    /// libtensorflow.so.2.18.0 and libtensorflow.2.18.0.dylib, and links to it.</summary>
    public static string? LibraryName(string file) =>
        FullVersion().Replace(file, "$1") is var name && (MainNames.Contains(name) || FrameworkNames.Contains(name)) ? name : null;

    /// <summary>The system's .NET runtime identifier, such as linux-x64.</summary>
    public static string RuntimeId
    {
        get
        {
            var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
            return $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        }
    }

    /// <summary>The folder of the user's cache that holds one folder per version.</summary>
    public static string CacheFolder => Path.Combine(CacheRoot, "keras-transformers", "libtensorflow");

    /// <summary>The folder for this user's caches.</summary>
    public static string CacheRoot
    {
        get
        {
            if (OperatingSystem.IsWindows()) return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
            var configured = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            return Path.IsPathRooted(configured)
                ? configured
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        }
    }

    /// <summary>All places in the order in which they are tried.</summary>
    public static IEnumerable<LibraryPlace> Places()
    {
        var named = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(named))
        {
            yield return new(named, Variable);
            yield break;
        }
        foreach (var folder in ApplicationFolders().Distinct()) yield return new(folder, "the application's native assets");
        yield return CachePlace();
        yield return new(null, "the system's library path");
    }

    /// <summary>TensorFlow's files in a folder; null if there are none.</summary>
    public static LibraryFiles? FilesIn(string folder)
    {
        var main = FirstExisting(folder, MainNames);
        return main is null ? null : new(main, FirstExisting(folder, FrameworkNames));
    }

    /// <summary>The library names to try with the system's own loader.</summary>
    public static IEnumerable<LibraryFiles> SystemNames() => MainNames.Select(name => new LibraryFiles(name, FrameworkNames[0]));

    /// <summary>Whether the library is installed, without loading it.</summary>
    public static bool IsPresent() => Found() is not null;

    /// <summary>The first place that holds a library; null if there is none.</summary>
    public static LibraryPlace? Found() => Places().Cast<LibraryPlace?>().FirstOrDefault(p => p!.Value.Folder is { } named
        ? FilesIn(named) is not null
        : SystemFolders().Any(folder => FilesIn(folder) is not null));

    /// <summary>The newest complete version in the user's cache, or the cache itself so that a message can name it.</summary>
    static LibraryPlace CachePlace()
    {
        var versions = Directory.Exists(CacheFolder) ? Directory.GetDirectories(CacheFolder) : [];
        var newest = versions
            .Select(folder => (Folder: folder, IsVersion: Version.TryParse(Path.GetFileName(folder), out var version), Version: version))
            .Where(v => v.IsVersion && FilesIn(v.Folder) is not null)
            .OrderByDescending(v => v.Version)
            .Select(v => v.Folder)
            .FirstOrDefault();
        return new(newest ?? CacheFolder, "the user's cache");
    }

    static IEnumerable<string> ApplicationFolders()
    {
        var application = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        yield return application;
        yield return Path.Combine(application, "runtimes", RuntimeId, "native");
        if (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") is not string listed) yield break;
        foreach (var folder in listed.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            yield return Path.TrimEndingDirectorySeparator(folder);
    }

    static IEnumerable<string> SystemFolders()
    {
        var variable = OperatingSystem.IsWindows() ? "PATH" : OperatingSystem.IsMacOS() ? "DYLD_LIBRARY_PATH" : "LD_LIBRARY_PATH";
        var listed = Environment.GetEnvironmentVariable(variable) ?? "";
        string[] usual = OperatingSystem.IsWindows() ? [] : ["/usr/local/lib", "/usr/lib", "/usr/lib64", $"/usr/lib/{Triplet}"];
        return [.. listed.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries), .. usual];
    }

    static string Triplet => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "aarch64-linux-gnu" : "x86_64-linux-gnu";

    static string? FirstExisting(string folder, string[] names) =>
        names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    [GeneratedRegex(@"(?<=\.)(\d+)\.\d+\.\d+(?=$|\.dylib$)")]
    private static partial Regex FullVersion();
}
