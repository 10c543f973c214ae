using Google.Protobuf;
using Keras.Graphs;

namespace Keras.Engines.TensorFlow;

/// <summary>Runs ops and functions on TensorFlow's own runtime.</summary>
sealed unsafe class TensorFlowEngine : IEngine, IDisposable
{
    /// <summary>The shared name that makes TensorFlow tie a variable's lifetime to its handles.</summary>
    const string AnonymousVariable = "cd2c89b7-88b7-44c8-ad83-06c2a9158347";

    /// <summary>The most bytes for which copying costs no more than a callback from TensorFlow when it frees the memory.</summary>
    const int CopyThreshold = 4096;

    static int _xlaStarts;

    readonly EagerContext _context;
    readonly FunctionRegistry _functions;
    readonly byte[] _functionConfig;
    readonly Dictionary<string, NativeText> _deviceNames;

    /// <summary>Loads the library and starts a runtime.</summary>
    /// <exception cref="EngineNotFoundException">No library was found; the message lists the places searched.</exception>
    /// <exception cref="UnsupportedException">The library is older than 2.16.</exception>
    public TensorFlowEngine(TensorFlowOptions? options = null)
    {
        var config = (options ?? new()).ToProto();
        Version = TensorFlowLibrary.EnsureLoaded().VersionText;
        using var call = NativeCalls.Enter();
        _context = EagerContext.Create(config);
        _functions = new(_context);
        _functionConfig = config.ToByteArray();
        var devices = _context.Devices();
        Devices = [.. devices.OrderBy(d => d.Type == "CPU").Select(d => d.LocalName)];
        _deviceNames = devices.ToDictionary(d => d.LocalName, d => NativeText.Intern(d.Name), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Whether the library is installed.</summary>
    public static bool IsPresent => LibrarySearch.IsPresent();

    /// <inheritdoc/>
    public string Name => "tensorflow";

    /// <inheritdoc/>
    public string Version { get; }

    /// <summary>Whether XLA is the default, as in Keras: only if there are devices other than CPUs.</summary>
    public bool PrefersJit => Devices.Any(d => !d.StartsWith("CPU", StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc/>
    public IReadOnlyList<string> Devices { get; }

    /// <inheritdoc/>
    public bool RunsNatively(OpDefinition composite) => false;

    /// <inheritdoc/>
    public HostMemory Allocate(DType dtype, Shape shape) => new TensorMemory(dtype, shape);

    /// <inheritdoc/>
    public ITensorHandle FromHost(HostMemory owner, DType dtype, Shape shape, string? device = null)
    {
        var expected = shape.ElementCount * dtype.Size;
        if (!dtype.IsNumeric) throw new DTypeMismatchException("Host memory cannot hold elements of this dtype", "FromHost", "a numeric dtype", dtype.Name);
        if (owner.Length < expected || expected < 0)
            throw new ShapeMismatchException("Host memory does not fill a tensor", "FromHost", $"{expected} bytes for {dtype} {shape}", $"{owner.Length} bytes");
        using var call = NativeCalls.Enter();
        var tensor = NewHandle(owner is TensorMemory own && own.Holds(dtype, shape) ? own.Tensor
            : expected <= CopyThreshold ? CopyOf(owner, dtype, shape, (int)expected) : NativeTensor.FromHost(owner, dtype, shape.ToArray()));
        return device is null ? tensor : MoveTo(tensor, device);
    }

    /// <inheritdoc/>
    public ITensorHandle FromStrings(ReadOnlySpan<byte[]> values, Shape shape)
    {
        if (values.Length != shape.ElementCount)
            throw new ShapeMismatchException("Strings do not fill a tensor", "FromStrings", $"{shape.ElementCount} strings for {shape}", $"{values.Length}");
        using var call = NativeCalls.Enter();
        return NewHandle(NativeTensor.FromStrings(values, shape.ToArray()));
    }

    /// <inheritdoc/>
    public void CopyToHost(ITensorHandle tensor, Span<byte> destination)
    {
        using var call = NativeCalls.Enter();
        using var host = Resolve(tensor);
        host.CopyTo(destination);
    }

    /// <inheritdoc/>
    public byte[][] StringsToHost(ITensorHandle tensor)
    {
        using var call = NativeCalls.Enter();
        using var host = Resolve(tensor);
        return host.ReadStrings();
    }

    /// <inheritdoc/>
    /// <exception cref="EngineException">TensorFlow reported an error.</exception>
    /// <exception cref="UnsupportedException">There is no kernel for a dtype.</exception>
    /// <exception cref="ObjectDisposedException">An input was disposed.</exception>
    public void Execute(OpDefinition op, Attributes attributes, ReadOnlySpan<ITensorHandle> inputs, Span<ITensorHandle> outputs, string? device = null)
    {
        var recipe = OpRecipe.Of(op);
        if (recipe.IsRisky && SafeForms.TryGet(op, out var form))
        {
            SafeForms.Run(form, op, attributes, inputs, outputs, this);
            return;
        }
        using var call = NativeCalls.Enter();
        using var held = new HeldInputs(inputs);
        var status = NativeStatus.Current;
        var slot = OpSlot.Prepare(_context, recipe.Name, DeviceName(device));
        try
        {
            recipe.AddInputs(slot, inputs, status);
            AttributeSetter.Set(slot, recipe, attributes, _functions, status);
            slot.Execute(outputs, status);
        }
        finally
        {
            slot.Clear();
        }
    }

    /// <inheritdoc/>
    public void Reserve(long bytes) => MemoryPool.Reserve(bytes);

    /// <inheritdoc/>
    public ITensorHandle CreateVariable(DType dtype, Shape shape, string? device = null)
    {
        var result = new ITensorHandle[1];
        Execute(Tf.VarHandleOp, Attributes.Of(("dtype", dtype), ("shape", shape), ("shared_name", AnonymousVariable)), [], result, device);
        return result[0];
    }

    /// <inheritdoc/>
    public IDisposable? PrepareToCompile(CompileOptions options) => options.Jit && Interlocked.Exchange(ref _xlaStarts, 1) == 0 ? new XlaStart(this) : null;

    /// <inheritdoc/>
    /// <exception cref="EngineException">TensorFlow rejected the function.</exception>
    public ICompiledFunction Compile(FunctionGraph function, CompileOptions options)
    {
        using var call = NativeCalls.Enter();
        MemoryPool.Reserve(function.PeakBytes());
        var safe = SafeForms.Apply(function);
        var written = options.Jit ? HostParts.Apply(safe, part => XlaParts.Apply(XlaRewrites.Apply(part))) : HalfBiases.Apply(safe);
        return new CompiledFunction(_context, _functions.Add(written, options.Jit), DeviceName(options.Device), options.Jit ? null : _functionConfig, function.Inputs.Count, function.Outputs.Count)
        {
            Before = options.Jit && IndexChecks.Of(function) is { } checks ? inputs => checks.Check(inputs, this) : null,
        };
    }

    /// <summary>Releases the runtime as soon as its last tensor, variable and function is gone.</summary>
    public void Dispose() => _context.Dispose();

    /// <summary>The device as TensorFlow names it; checked here because soft placement would silently take another device.</summary>
    NativeText? DeviceName(string? device) => device is null ? null
        : _deviceNames.TryGetValue(device, out var name) ? name
        : throw new UnsupportedException("There is no such device", null, string.Join(", ", Devices), device, "Name one of the devices, or none.");

    static NativeTensor CopyOf(HostMemory owner, DType dtype, Shape shape, int length)
    {
        using (owner) return NativeTensor.CopyOf(new ReadOnlySpan<byte>(owner.Address, length), dtype, shape.ToArray());
    }

    EagerHandle NewHandle(NativeTensor tensor)
    {
        using (tensor)
        {
            var status = NativeStatus.Current;
            var handle = CApi.TFE_NewTensorHandle(tensor.Pointer, status.Pointer);
            status.ThrowIfError("host tensor");
            return new(_context, handle);
        }
    }

    EagerHandle MoveTo(EagerHandle tensor, string device)
    {
        using (tensor)
        {
            var status = NativeStatus.Current;
            var handle = CApi.TFE_TensorHandleCopyToDevice(tensor.Pointer, _context.Pointer, DeviceName(device)!.Pointer, status.Pointer);
            status.ThrowIfError($"copy to {device}");
            return new(_context, handle);
        }
    }

    static NativeTensor Resolve(ITensorHandle tensor)
    {
        using var held = new HeldInputs([tensor]);
        var status = NativeStatus.Current;
        var host = CApi.TFE_TensorHandleResolve(EagerHandle.Of(tensor).Pointer, status.Pointer);
        status.ThrowIfError("copy to the host");
        return new(host);
    }
}
