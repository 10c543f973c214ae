using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Keras.Engines;
using Keras.Engines.TensorFlow;
using Keras.Engines.Torch;
using Keras.SavedModels;
using Microsoft.Extensions.Logging;

namespace Keras.Backend;

/// <summary>Decides which engine runs: the only file above the engines that names them.</summary>
static class EngineSelection
{
    /// <summary>The environment variable that names an engine.</summary>
    public const string Variable = "KERAS_BACKEND";

    static readonly Dictionary<string, EngineChoice> Engines = new()
    {
        ["tensorflow"] = new(() => TensorFlowEngine.IsPresent, () => new TensorFlowEngine(new(IntraOpThreads: Threads)))
        {
            Place = () => LibrarySearch.Found()?.ToString(), Remedy = $"{EngineRemedies.GetTensorFlow}.",
        },
        ["torch"] = new(() => TorchEngine.IsPresent, () => new TorchEngine(Threads)) { Place = TorchSearch.Find, Remedy = TorchSearch.Remedy(TorchSearch.RuntimeId) },
    };

    static readonly Lock Deciding = new();
    static IEngine? s_engine;
    static string? s_wanted;

    sealed record EngineChoice(Func<bool> IsPresent, Func<IEngine> Create)
    {
        /// <summary>Finds the engine's library; null if it is not on this machine.</summary>
        public required Func<string?> Place { get; init; }

        /// <summary>How to install its library.</summary>
        public required string Remedy { get; init; }
    }

    /// <summary>Every engine, the path of its library (null if it is not installed), and how to install it.</summary>
    public static IEnumerable<(string Name, string? Place, string Remedy)> Here() => Engines.Select(e => (e.Key, e.Value.Place(), e.Value.Remedy));

    /// <summary>The cache folder for engine libraries.</summary>
    public static string CacheFolder => LibrarySearch.CacheFolder;

    /// <summary>Threads that one op, or one batch of texts, may use; 0, the default, takes all cores. Engines read it when they start.</summary>
    public static int Threads { get; set; }

    /// <summary>The name of the engine that runs, or will run.</summary>
    public static string Name => s_engine?.Name ?? Wanted ?? Preferred;

    /// <summary>The engine, started when it is first needed.</summary>
    /// <exception cref="EngineNotFoundException">The engine's native library was not found.</exception>
    /// <exception cref="UnsupportedException">There is no engine of the requested name.</exception>
    public static IEngine Current
    {
        get
        {
            if (s_engine is { } engine) return engine;
            lock (Deciding) return s_engine ??= Start(Wanted ?? Preferred);
        }
    }

    /// <summary>Whether the chosen engine has its library; if none is chosen, whether any engine has.</summary>
    public static bool IsPresent => Wanted is { } name ? Find(name).IsPresent() : Engines.Values.Any(e => e.IsPresent());

    /// <summary>Names the engine to use instead of <see cref="Variable"/>.</summary>
    /// <exception cref="InvalidOperationException">Another engine runs already.</exception>
    /// <exception cref="UnsupportedException">There is no engine of this name.</exception>
    public static void Choose(string name)
    {
        Find(name);
        lock (Deciding)
        {
            if (s_engine is { } running && running.Name != name)
                throw new InvalidOperationException($"The engine '{running.Name}' runs already and holds tensors. Call keras.config.set_backend(\"{name}\") before anything else, or set {Variable}={name}.");
            s_wanted = name;
        }
    }

    /// <summary>Loads a SavedModel: with TensorFlow's own loader if TensorFlow runs, otherwise onto the engine that does.</summary>
    public static ISavedModelRunner LoadSavedModel(string folder, bool allowFileOps = false) =>
        Current is TensorFlowEngine ? SavedModelSession.Load(folder, allowFileOps: allowFileOps) : SavedModelRunner.Load(folder, Current, allowFileOps);

    /// <summary>Loads a SavedModel from an open reader, which has already checked what the graph does to files.</summary>
    public static ISavedModelRunner LoadSavedModel(string folder, SavedModelReader reader) => Current is TensorFlowEngine ? SavedModelSession.Load(folder, reader) : SavedModelRunner.Load(folder, Current, reader);

    /// <summary>Puts TensorFlow's library into the user's cache and returns its folder.</summary>
    public static string ProvisionTensorFlow(string? source, string? sha256, string? version, TextWriter output)
    {
        var options = new ProvisionOptions { Sha256 = sha256 };
        if (source is not null) options = options with { Source = source };
        if (version is not null) options = options with { Version = version };
        return Provisioning.Provision(options, output);
    }

    /// <summary>Fetches libtorch by NuGet if it is missing, and returns its folder.</summary>
    public static string InstallTorch(CancellationToken cancellation) => TorchInstall.Run(cancellation);

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Core must not know its engines; this assembly tells it when it is loaded.")]
    internal static void Register() => Engine.Resolver = () => Current;

    static string? Wanted => s_wanted ?? (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } name ? name : null);

    /// <summary>The first engine whose library is present; if there is none, the last, whose error says how to get one.</summary>
    static string Preferred => Engines.FirstOrDefault(e => e.Value.IsPresent(), Engines.Last()).Key;

    static EngineChoice Find(string name) => Engines.TryGetValue(name, out var choice) ? choice
        : throw new UnsupportedException("The engine is unknown", Variable, string.Join(" or ", Engines.Keys), name, "Set KERAS_BACKEND to one of them, or leave it out.");

    static IEngine Start(string name)
    {
        var engine = Find(name).Create();
        Logging.Logger.LogInformation("Keras runs on {Engine} {Version}, device {Device}, {Threads} threads",
            engine.Name, engine.Version, engine.Devices[0], Threads > 0 ? Threads : Environment.ProcessorCount);
        return engine;
    }
}
