using System.Reflection;
using System.Runtime.CompilerServices;
using Keras.Graphs;

namespace Keras.Engines;

/// <summary>Runs tensors: holds their memory, executes single ops and compiles whole functions.</summary>
/// <remarks>Every member may be called from many threads at once. Results may be pending: only <see cref="CopyToHost"/> and
/// <see cref="StringsToHost"/> wait and throw.</remarks>
interface IEngine
{
    /// <summary>The engine's name in KERAS_BACKEND: "tensorflow" or "torch".</summary>
    string Name { get; }

    /// <summary>The version of the native library.</summary>
    string Version { get; }

    /// <summary>The device names, starting with the default.</summary>
    IReadOnlyList<string> Devices { get; }

    /// <summary>Whether <c>jit_compile: "auto"</c> chooses full compilation on this engine.</summary>
    bool PrefersJit => false;

    /// <summary>Whether the engine itself checks each call against the op table before it runs it.</summary>
    bool ChecksCalls => false;

    /// <summary>Whether the engine has a kernel of its own for a composite op, so that lowering keeps it.</summary>
    bool RunsNatively(OpDefinition composite);

    /// <summary>Allocates uninitialised memory in the form the engine uses for its own tensors, to be filled and given to <see cref="FromHost"/> with the
    /// same dtype and shape: a variable made of it is updated in place from the first update on.</summary>
    HostMemory Allocate(DType dtype, Shape shape) => new AlignedMemory(shape.ElementCount * dtype.Size);

    /// <summary>Makes a tensor from host memory; takes ownership and may alias it.</summary>
    ITensorHandle FromHost(HostMemory owner, DType dtype, Shape shape, string? device = null);

    /// <summary>Makes a tensor from byte strings.</summary>
    ITensorHandle FromStrings(ReadOnlySpan<byte[]> values, Shape shape);

    /// <summary>Copies a numeric tensor's elements in row-major order; the destination has exactly their size.</summary>
    void CopyToHost(ITensorHandle tensor, Span<byte> destination);

    /// <summary>Copies a string tensor's elements in row-major order.</summary>
    byte[][] StringsToHost(ITensorHandle tensor);

    /// <summary>Runs one op now. The caller keeps the inputs; each output is a new handle that the caller disposes.</summary>
    void Execute(OpDefinition op, Attributes attributes, ReadOnlySpan<ITensorHandle> inputs, Span<ITensorHandle> outputs, string? device = null);

    /// <summary>Prepares memory that variables or a function will soon need.</summary>
    void Reserve(long bytes) { }

    /// <summary>Makes an uninitialised variable; its handle has dtype resource and is an input of variable ops and functions.</summary>
    ITensorHandle CreateVariable(DType dtype, Shape shape, string? device = null);

    /// <summary>Starts preparations for running a compiled function while it is traced and compiled; disposed before it runs. Null where there is nothing to prepare.</summary>
    IDisposable? PrepareToCompile(CompileOptions options) => null;

    /// <summary>Compiles a function already lowered for this engine (<see cref="Lowering"/>).</summary>
    ICompiledFunction Compile(FunctionGraph function, CompileOptions options);
}

/// <summary>A tensor or a resource in an engine's memory.</summary>
interface ITensorHandle : IDisposable
{
    DType DType { get; }

    /// <summary>The fully known shape; for a resource, the shape of its handle (scalar).</summary>
    Shape Shape { get; }
}

/// <summary>A function that an engine compiled.</summary>
interface ICompiledFunction : IDisposable
{
    /// <summary>Runs the function: <paramref name="inputs"/> in the order of <see cref="FunctionGraph.Inputs"/> (parameters, then captures),
    /// <paramref name="outputs"/> in the order of <see cref="FunctionGraph.Outputs"/>. The caller keeps the inputs.</summary>
    void Run(ReadOnlySpan<ITensorHandle> inputs, Span<ITensorHandle> outputs);
}

/// <summary>How a function is compiled.</summary>
/// <param name="Jit">Full compilation (XLA on TensorFlow); a failure is an error, never a fallback.</param>
/// <param name="Device">The device to run on; null for the engine's default.</param>
sealed record CompileOptions(bool Jit, string? Device = null);

/// <summary>The engine in use, chosen above this assembly (EngineSelection in Keras).</summary>
static class Engine
{
    static IEngine? _current;

    /// <summary>Finds the engine when one is first needed.</summary>
    public static Func<IEngine>? Resolver { get; set; }

    [ThreadStatic] static IEngine? _override;
    static readonly AsyncLocal<string?> Place = new();
    static volatile bool _placed;

    /// <summary>The device that the running code asked for; null leaves the choice to the engine.</summary>
    public static string? Device => _placed ? Place.Value : null;

    /// <summary>Places everything that the scope's code runs, makes and traces on a device of the engine; the choice flows over awaits.</summary>
    public static IDisposable UseDevice(string? device)
    {
        _placed = true;
        var previous = Place.Value;
        Place.Value = device;
        return new Scope(() => Place.Value = previous);
    }

    /// <summary>The engine that runs calls on this thread.</summary>
    /// <exception cref="EngineNotFoundException">No engine's native library was found.</exception>
    public static IEngine Current
    {
        get => _override ?? _current ?? Resolve();
        set => _current = value;
    }

    /// <summary>Uses another engine on this thread until disposed; tests compare engines with it.</summary>
    public static IDisposable Use(IEngine engine)
    {
        var previous = _override;
        _override = engine;
        return new Scope(() => _override = previous);
    }

    static IEngine Resolve()
    {
        if (Resolver is null) LoadRegistrar();
        var resolver = Resolver ?? throw new EngineNotFoundException("No engine is registered", remedy: "Reference the package Keras, which registers them.");
        return _current ??= resolver();
    }

    /// <summary>Loads the assembly above, which registers itself when loaded. A program that has only used types of this assembly has not loaded it yet, although it may reference it;
    /// its name is given in this project's file, with the friend assemblies.</summary>
    static void LoadRegistrar()
    {
        var name = typeof(Engine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RegistersEngines").Value!;
        RuntimeHelpers.RunModuleConstructor(Assembly.Load(name).ManifestModule.ModuleHandle);
    }
}

/// <summary>Runs an action when disposed.</summary>
sealed class Scope(Action leave) : IDisposable
{
    /// <summary>A scope with nothing to undo.</summary>
    public static readonly Scope None = new(static () => { });

    public void Dispose() => leave();
}

/// <summary>A SavedModel loaded by an engine.</summary>
interface ISavedModelRunner : IDisposable
{
    /// <summary>The names of the signatures.</summary>
    IEnumerable<string> Signatures { get; }

    /// <summary>The inputs of a signature by name.</summary>
    IReadOnlyDictionary<string, DType> InputDTypes(string signature);

    /// <summary>Does in advance the work that a signature's first run would do once.</summary>
    /// <exception cref="KerasException">There is no such signature, or the engine cannot run it.</exception>
    void Prepare(string signature) { }

    /// <summary>Runs a signature; any number of threads may call it at once.</summary>
    IReadOnlyDictionary<string, HostTensor> Run(string signature, IReadOnlyDictionary<string, HostTensor> inputs);
}
