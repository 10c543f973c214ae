using System.Reflection;
using System.Runtime.CompilerServices;
using Keras.Graphs;

namespace Keras.Engines;

/// <summary>What runs tensors: it holds memory, executes single ops and compiles whole functions.</summary>
/// <remarks>Every member may be called from many threads at once. Results may be pending; only <see cref="CopyToHost"/> and
/// <see cref="StringsToHost"/> wait and raise.</remarks>
interface IEngine
{
    /// <summary>The engine's name in KERAS_BACKEND: "tensorflow" or "torch".</summary>
    string Name { get; }

    /// <summary>The version of the native library.</summary>
    string Version { get; }

    /// <summary>Device names, the default one first.</summary>
    IReadOnlyList<string> Devices { get; }

    /// <summary>Whether full compilation pays where the caller leaves the choice open (<c>jit_compile: "auto"</c>).</summary>
    bool PrefersJit => false;

    /// <summary>Whether the engine checks each call by the op table before it runs it.</summary>
    bool ChecksCalls => false;

    /// <summary>Whether the engine has a kernel of its own for a composite op, so that lowering keeps it.</summary>
    bool RunsNatively(OpDefinition composite);

    /// <summary>Uninitialised memory as the engine takes it for a tensor of its own, to be filled and given to <see cref="FromHost"/> with the
    /// same dtype and shape: a variable of it is updated in place from the first time on.</summary>
    HostMemory Allocate(DType dtype, Shape shape) => new AlignedMemory(shape.ElementCount * dtype.Size);

    /// <summary>Makes a tensor of host memory; takes ownership and may alias it.</summary>
    ITensorHandle FromHost(HostMemory owner, DType dtype, Shape shape, string? device = null);

    /// <summary>Makes a tensor of byte strings.</summary>
    ITensorHandle FromStrings(ReadOnlySpan<byte[]> values, Shape shape);

    /// <summary>Copies a numeric tensor's elements, row-major; the destination has exactly its size.</summary>
    void CopyToHost(ITensorHandle tensor, Span<byte> destination);

    /// <summary>Copies a string tensor's elements, row-major.</summary>
    byte[][] StringsToHost(ITensorHandle tensor);

    /// <summary>Runs one op now. Inputs stay the caller's; each output is a new handle that the caller disposes.</summary>
    void Execute(OpDefinition op, Attributes attributes, ReadOnlySpan<ITensorHandle> inputs, Span<ITensorHandle> outputs, string? device = null);

    /// <summary>Prepares for so much memory to be taken soon by variables or by a function.</summary>
    void Reserve(long bytes) { }

    /// <summary>Makes an uninitialised variable; the handle has dtype resource and goes as an input into the variable ops and into functions.</summary>
    ITensorHandle CreateVariable(DType dtype, Shape shape, string? device = null);

    /// <summary>Begins what running a compiled function will need, while it is traced and compiled; disposed before it runs. Null where there is nothing to begin.</summary>
    IDisposable? PrepareToCompile(CompileOptions options) => null;

    /// <summary>Compiles a function that was lowered for this engine (<see cref="Lowering"/>).</summary>
    ICompiledFunction Compile(FunctionGraph function, CompileOptions options);
}

/// <summary>A tensor, or a resource, in an engine's memory.</summary>
interface ITensorHandle : IDisposable
{
    DType DType { get; }

    /// <summary>The fully known shape; of a resource, the shape of the handle (scalar).</summary>
    Shape Shape { get; }
}

/// <summary>A function that an engine compiled.</summary>
interface ICompiledFunction : IDisposable
{
    /// <summary>Runs the function: <paramref name="inputs"/> in the order of <see cref="FunctionGraph.Inputs"/> (parameters, then captures),
    /// <paramref name="outputs"/> in the order of <see cref="FunctionGraph.Outputs"/>. Inputs stay the caller's.</summary>
    void Run(ReadOnlySpan<ITensorHandle> inputs, Span<ITensorHandle> outputs);
}

/// <summary>How a function is compiled.</summary>
/// <param name="Jit">Full compilation (XLA on TensorFlow); a failure is an error, never a fallback.</param>
/// <param name="Device">The device to run on; null for the engine's default.</param>
sealed record CompileOptions(bool Jit, string? Device = null);

/// <summary>The engine in use. Which one it is, is decided above this assembly (EngineSelection in Keras).</summary>
static class Engine
{
    static IEngine? _current;

    /// <summary>How an engine is found when the first one is needed.</summary>
    public static Func<IEngine>? Resolver { get; set; }

    [ThreadStatic] static IEngine? _override;
    static readonly AsyncLocal<string?> Place = new();
    static volatile bool _placed;

    /// <summary>The device that the code running now asked for; null leaves it to the engine.</summary>
    public static string? Device => _placed ? Place.Value : null;

    /// <summary>Places what the code of the scope runs, makes and traces on a device of the engine; it flows over awaits.</summary>
    public static IDisposable UseDevice(string? device)
    {
        _placed = true;
        var previous = Place.Value;
        Place.Value = device;
        return new Scope(() => Place.Value = previous);
    }

    /// <summary>The engine that runs what is called now.</summary>
    /// <exception cref="EngineNotFoundException">No engine's native library was found.</exception>
    public static IEngine Current
    {
        get => _override ?? _current ?? Resolve();
        set => _current = value;
    }

    /// <summary>Uses another engine on this thread until disposed (tests that compare engines).</summary>
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

    /// <summary>The assembly above registers itself when it is loaded. A program that has used types of this assembly alone has not loaded it, though it may reference it;
    /// its name stands in this project's file, where the friends of this assembly stand.</summary>
    static void LoadRegistrar()
    {
        var name = typeof(Engine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RegistersEngines").Value!;
        RuntimeHelpers.RunModuleConstructor(Assembly.Load(name).ManifestModule.ModuleHandle);
    }
}

/// <summary>Runs an action when disposed.</summary>
sealed class Scope(Action leave) : IDisposable
{
    /// <summary>Nothing to leave.</summary>
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

    /// <summary>Does now what the first run of a signature would do once.</summary>
    /// <exception cref="KerasException">There is no such signature, or the engine cannot run it.</exception>
    void Prepare(string signature) { }

    /// <summary>Runs a signature; from any number of threads at once.</summary>
    IReadOnlyDictionary<string, HostTensor> Run(string signature, IReadOnlyDictionary<string, HostTensor> inputs);
}
