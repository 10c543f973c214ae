namespace Keras.Engines.TensorFlow;

/// <summary>A function in a context, run by one native call.</summary>
/// <param name="context">The context that it was added to.</param>
/// <param name="function">The function; disposed with this object.</param>
/// <param name="device">The device to run on; null for TensorFlow's choice.</param>
/// <param name="config">A serialised ConfigProto, with which Grappler optimises the function; null where XLA compiles it.</param>
/// <param name="inputCount">The number of inputs.</param>
/// <param name="outputCount">The number of outputs.</param>
sealed unsafe class CompiledFunction(EagerContext context, RegisteredFunction function, NativeText? device, byte[]? config, int inputCount, int outputCount)
    : ICompiledFunction
{
    static readonly NativeText ConfigAttribute = NativeText.Intern("config_proto");

    /// <summary>Checks the inputs before each run; null for no check.</summary>
    public InputCheck? Before { get; init; }

    /// <inheritdoc/>
    /// <exception cref="EngineException">TensorFlow could not compile the function, or an op failed; the message names op and node.</exception>
    /// <exception cref="ObjectDisposedException">The function or an input was disposed.</exception>
    public void Run(ReadOnlySpan<ITensorHandle> inputs, Span<ITensorHandle> outputs)
    {
        RequireCount("inputs", inputCount, inputs.Length);
        RequireCount("outputs", outputCount, outputs.Length);
        Before?.Invoke(inputs);
        using var call = NativeCalls.Enter();
        var added = false;
        function.DangerousAddRef(ref added);
        try
        {
            using var held = new HeldInputs(inputs);
            RunHeld(inputs, outputs);
        }
        finally
        {
            function.DangerousRelease();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => function.Dispose();

    void RunHeld(ReadOnlySpan<ITensorHandle> inputs, Span<ITensorHandle> outputs)
    {
        var status = NativeStatus.Current;
        var slot = OpSlot.Prepare(context, function.Name, device);
        try
        {
            foreach (var input in inputs) slot.AddInput(EagerHandle.Of(input), status);
            if (config is not null)
                fixed (byte* bytes = config) CApi.TFE_OpSetAttrString(slot.Pointer, ConfigAttribute.Pointer, bytes, (nuint)config.Length);
            slot.Execute(outputs, status);
        }
        finally
        {
            slot.Clear();
        }
    }

    void RequireCount(string what, int expected, int received)
    {
        if (expected != received) throw new EngineException($"A compiled function was called with the wrong number of {what}", function.Name.Text, $"{expected}", $"{received}");
    }
}

/// <summary>Rejects inputs for which the compiled code would silently give wrong results.</summary>
delegate void InputCheck(ReadOnlySpan<ITensorHandle> inputs);
