using System.Runtime.InteropServices;

namespace Keras.Engines.Torch;

/// <summary>The loaded libtorch: found and loaded once per process.</summary>
static partial class TorchLibrary
{
    static readonly Lock Loading = new();
    static nint s_main;
    static nint s_openMp;

    /// <summary>Whether the library was built with oneDNN, whose matrix products use every vector unit; MKL's do so only on Intel's processors.</summary>
    public static bool HasOneDnn { get; private set; }

    /// <summary>Whether libtorch is installed.</summary>
    public static bool IsPresent => TorchSearch.Find() is not null;

    /// <summary>Loads the libraries unless they are already loaded.</summary>
    /// <exception cref="EngineNotFoundException">No folder holds them, or one could not be loaded.</exception>
    public static void EnsureLoaded()
    {
        if (Volatile.Read(ref s_main) != 0) return;
        lock (Loading)
        {
            if (s_main != 0) return;
            Load(TorchSearch.Require());
        }
    }

    /// <summary>Sets how many threads libtorch may use for the calling thread, if OpenMP allows it.</summary>
    public static unsafe void SetThreads(int count)
    {
        if (s_openMp != 0 && NativeLibrary.TryGetExport(s_openMp, "omp_set_num_threads", out var entry)) ((delegate* unmanaged<int, void>)entry)(count);
    }

    /// <summary>How often a thread spins at a barrier before it sleeps. GNU's OpenMP spins for milliseconds, during which, if other programs use the cores,
    /// the threads that it waits for cannot run.</summary>
    const string Spins = "5000";

    /// <summary>Shortens the spinning, unless the user has set the wait policy.</summary>
    static void LimitSpinning()
    {
        // Variables that .NET sets are invisible to native code.
        if (OperatingSystem.IsLinux() && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OMP_WAIT_POLICY"))) _ = SetEnvironment("GOMP_SPINCOUNT", Spins, overwrite: 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    static void Load(string folder)
    {
        LimitSpinning();
        try
        {
            foreach (var file in TorchFiles.Current.OpenMp.Select(f => Path.Combine(folder, f)).Where(File.Exists))
            {
                var handle = NativeLibrary.Load(file);
                if (s_openMp == 0) s_openMp = handle;
            }
            nint last = 0;
            foreach (var file in TorchFiles.Current.Required) last = NativeLibrary.Load(Path.Combine(folder, file));
            NativeLibrary.SetDllImportResolver(typeof(Aoti).Assembly, (name, _, _) => name == Aoti.Library ? last : 0);
            HasOneDnn = NativeLibrary.TryGetExport(last, "aoti_torch_cpu__linear_pointwise", out _);
            Volatile.Write(ref s_main, last);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new EngineNotFoundException("libtorch could not be loaded", folder, received: e.Message,
                remedy: $"Reinstall the NuGet package {TorchSearch.Package} {TorchSearch.Version}, or set KERAS_BACKEND=tensorflow.", inner: e);
        }
    }
}
