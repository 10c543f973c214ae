using System.Reflection;
using System.Runtime.InteropServices;

namespace Keras.Engines.TensorFlow;

/// <summary>The loaded libtensorflow: found, loaded and checked once per process.</summary>
sealed class TensorFlowLibrary
{
    static readonly Version Oldest = new(2, 16);
    static readonly Lock Loading = new();
    static volatile TensorFlowLibrary? s_loaded;
    static volatile TensorFlowLibrary? s_bound;

    readonly nint _main;
    readonly nint _framework;

    TensorFlowLibrary(nint main, nint framework, string path) => (_main, _framework, Path) = (main, framework, path);

    /// <summary>The file of the main library, or just its name if the system found it.</summary>
    public string Path { get; }

    /// <summary>The version that the library reports, such as "2.21.0".</summary>
    public string VersionText { get; private set; } = "";

    /// <summary>The library's major and minor version.</summary>
    public Version Version { get; private set; } = Oldest;

    /// <summary>Loads the library unless it is already loaded.</summary>
    /// <exception cref="EngineNotFoundException">No library was found or none could be loaded.</exception>
    /// <exception cref="UnsupportedException">The library is older than 2.16.</exception>
    public static TensorFlowLibrary EnsureLoaded()
    {
        if (s_loaded is { } loaded) return loaded;
        lock (Loading) return s_loaded ?? LoadFirst();
    }

    /// <summary>The address of a function that not every version has; 0 if missing.</summary>
    public nint OptionalExport(string name) =>
        NativeLibrary.TryGetExport(_main, name, out var entry) || NativeLibrary.TryGetExport(_framework, name, out entry) ? entry : 0;

    static TensorFlowLibrary LoadFirst()
    {
        var library = s_bound ?? Bind(Find());
        library.ReadVersion();
        XlaDiskCache.Apply(library.Version);
        s_loaded = library;
        return library;
    }

    internal static TensorFlowLibrary Find()
    {
        NativeEnvironment.Publish();
        NativeEnvironment.SetDefault("TF_CPP_MIN_LOG_LEVEL", "2");
        MemoryPool.Choose();
        var looked = new List<string>();
        foreach (var place in LibrarySearch.Places())
        {
            if (TryLoad(place, out var library, out var reason)) return library;
            looked.Add($"{place}: {reason}");
        }
        throw new EngineNotFoundException("TensorFlow's native library was not found",
            expected: "libtensorflow 2.16 or newer with its libtensorflow_framework beside it",
            received: string.Join("; ", looked),
            remedy: $"To get it, {EngineRemedies.GetTensorFlow}; or set {LibrarySearch.Variable} to the folder that holds it; or use Torch: KERAS_BACKEND=torch.");
    }

    static bool TryLoad(LibraryPlace place, out TensorFlowLibrary library, out string reason)
    {
        library = null!;
        reason = "no library there";
        IEnumerable<LibraryFiles> candidates = place.Folder is null ? LibrarySearch.SystemNames()
            : LibrarySearch.FilesIn(place.Folder) is { } files ? [files]
            : [];
        foreach (var candidate in candidates)
        {
            try
            {
                // The framework is loaded first: the main library then uses it, wherever its own search path points.
                var framework = candidate.Framework is null ? 0 : NativeLibrary.Load(candidate.Framework);
                var main = NativeLibrary.Load(candidate.Main);
                library = new(main, framework == 0 ? main : framework, candidate.Main);
                return true;
            }
            catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
            {
                reason = e.Message;
            }
        }
        return false;
    }

    static TensorFlowLibrary Bind(TensorFlowLibrary library)
    {
        s_bound = library;
        NativeLibrary.SetDllImportResolver(typeof(CApi).Assembly, Resolve);
        return library;
    }

    static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search) => name switch
    {
        CApi.Library => s_bound!._main,
        CApi.Framework => s_bound!._framework,
        _ => 0,
    };

    unsafe void ReadVersion()
    {
        VersionText = Marshal.PtrToStringUTF8((nint)CApi.TF_Version()) ?? "";
        var digits = VersionText.Split('-', '+')[0];
        Version = Version.TryParse(digits, out var version) ? new(version.Major, version.Minor) : new(0, 0);
        RequireSupported(Version, VersionText, Path);
    }

    /// <summary>Rejects a version that is too old.</summary>
    /// <exception cref="UnsupportedException">The version is below 2.16.</exception>
    public static void RequireSupported(Version version, string text, string path)
    {
        if (version < Oldest)
            throw new UnsupportedException("This version of TensorFlow's library is too old", path, expected: "2.16 or newer (2.21.0 is tested)", received: text,
                remedy: $"Take away what brought it: SciSharp.TensorFlow.Redist-Windows-GPU (2.10.3) and -Linux-GPU (2.11.1) are too old. Instead, {EngineRemedies.GetTensorFlow}. For GPUs, set {LibrarySearch.Variable} to the folder of a GPU build of 2.16 or newer.");
    }
}
