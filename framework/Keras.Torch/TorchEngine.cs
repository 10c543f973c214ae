using Keras.Graphs;

namespace Keras.Engines.Torch;

/// <summary>Runs ops and functions with libtorch's kernels and its own, on the CPU.</summary>
/// <remarks>Tensors are plain contiguous memory; libtorch sees them through handles that live for one call.</remarks>
sealed class TorchEngine : IEngine
{
    /// <summary>Creates the engine and loads libtorch.</summary>
    /// <param name="threads">The threads that one op may use, for the whole process; 0 for all cores.</param>
    /// <exception cref="EngineNotFoundException">No library was found; the message lists the places searched.</exception>
    public TorchEngine(int threads = 0)
    {
        TorchLibrary.EnsureLoaded();
        Workers.Threads = threads;
    }

    /// <summary>Whether libtorch is installed.</summary>
    public static bool IsPresent => TorchLibrary.IsPresent;

    /// <inheritdoc/>
    public string Name => "torch";

    /// <inheritdoc/>
    public string Version => TorchSearch.Version;

    /// <inheritdoc/>
    public IReadOnlyList<string> Devices { get; } = ["CPU:0"];

    /// <inheritdoc/>
    public bool RunsNatively(OpDefinition composite) => KernelTable.Has(composite.Name);

    /// <inheritdoc/>
    public HostMemory Allocate(DType dtype, Shape shape) => new PoolMemory(shape.ElementCount * dtype.Size);

    /// <inheritdoc/>
    public ITensorHandle FromHost(HostMemory owner, DType dtype, Shape shape, string? device = null)
    {
        RequireDevice(device);
        if (!dtype.IsNumeric) throw new DTypeMismatchException("Host memory cannot hold elements of this dtype", "FromHost", "a numeric dtype", dtype.Name);
        var expected = shape.ElementCount * dtype.Size;
        if (owner.Length < expected || expected < 0)
            throw new ShapeMismatchException("Host memory does not fill a tensor", "FromHost", $"{expected} bytes for {dtype} {shape}", $"{owner.Length} bytes");
        return TorchTensor.On(new Block(owner), dtype, shape);
    }

    /// <inheritdoc/>
    public ITensorHandle FromStrings(ReadOnlySpan<byte[]> values, Shape shape)
    {
        if (values.Length != shape.ElementCount)
            throw new ShapeMismatchException("Strings do not fill a tensor", "FromStrings", $"{shape.ElementCount} strings for {shape}", $"{values.Length}");
        return new TorchStrings(values.ToArray(), shape);
    }

    /// <inheritdoc/>
    public bool ChecksCalls => true;

    /// <inheritdoc/>
    public unsafe void CopyToHost(ITensorHandle tensor, Span<byte> destination)
    {
        if (TorchValue.Of(tensor) is not TorchTensor source)
            throw new DTypeMismatchException("A tensor that holds no numbers is read as numbers", null, "a numeric dtype", tensor.DType.Name);
        if (destination.Length != source.ByteLength)
            throw new ShapeMismatchException("A tensor does not fill host memory", "CopyToHost", $"{source.ByteLength} bytes", $"{destination.Length} bytes");
        using var held = new HeldInputs([source]);
        new ReadOnlySpan<byte>(source.Data, destination.Length).CopyTo(destination);
    }

    /// <inheritdoc/>
    public byte[][] StringsToHost(ITensorHandle tensor) => TorchValue.Of(tensor) is TorchStrings strings
        ? strings.Values
        : throw new DTypeMismatchException("A tensor that holds no strings is read as strings", null, "string", tensor.DType.Name);

    /// <inheritdoc/>
    /// <exception cref="EngineException">The op failed on its values.</exception>
    /// <exception cref="ShapeMismatchException">The shapes do not fit the op.</exception>
    /// <exception cref="UnsupportedException">There is no kernel for the op or its dtype.</exception>
    /// <exception cref="ObjectDisposedException">An input was disposed.</exception>
    public void Execute(OpDefinition op, Attributes attributes, ReadOnlySpan<ITensorHandle> inputs, Span<ITensorHandle> outputs, string? device = null)
    {
        RequireDevice(device);
        if (!KernelTable.TryGet(op.Name, out var kernel)) throw KernelTable.Missing(op, op.Name);
        Workers.Prepare();
        var values = new TorchValue[inputs.Length];
        for (var i = 0; i < values.Length; i++) values[i] = TorchValue.Of(inputs[i]);
        var results = new TorchValue?[outputs.Length];
        using (new HeldInputs(values))
        {
            var (dtypes, shapes) = Inference.Outputs(op, attributes, values);
            var call = new KernelCall().Set(op, op.Name, attributes, values, dtypes, shapes, results);
            try
            {
                kernel(call);
            }
            catch (Exception e) when (KernelErrors.Of(call, e) is { } error)
            {
                throw error;
            }
        }
        for (var i = 0; i < results.Length; i++)
        {
            results[i]!.Publish();
            outputs[i] = results[i]!;
        }
    }

    /// <inheritdoc/>
    public ITensorHandle CreateVariable(DType dtype, Shape shape, string? device = null)
    {
        RequireDevice(device);
        return new TorchVariable(dtype, shape);
    }

    /// <inheritdoc/>
    /// <exception cref="UnsupportedException">There is no kernel for an op.</exception>
    /// <exception cref="EngineException">With <see cref="CompileOptions.Jit"/>: an op is not allowed in a fully compiled function.</exception>
    public ICompiledFunction Compile(FunctionGraph function, CompileOptions options)
    {
        RequireDevice(options.Device);
        if (options.Jit) HostParts.Apply(function, StaticShapes.Require);
        return new TorchFunction(function);
    }

    void RequireDevice(string? device)
    {
        if (device is not null && !Devices.Contains(device, StringComparer.OrdinalIgnoreCase))
            throw new UnsupportedException("There is no such device", null, string.Join(", ", Devices), device, "Name one of the devices, or none.");
    }
}
