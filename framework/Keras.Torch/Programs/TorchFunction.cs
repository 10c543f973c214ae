using Keras.Graphs;

namespace Keras.Engines.Torch;

/// <summary>A function compiled for this engine.</summary>
sealed class TorchFunction(FunctionGraph function) : ICompiledFunction
{
    readonly TorchProgram _program = new(function);
    volatile bool _disposed;

    /// <inheritdoc/>
    /// <exception cref="EngineException">An op failed; the message names its node.</exception>
    /// <exception cref="ObjectDisposedException">The function or an input was disposed.</exception>
    public void Run(ReadOnlySpan<ITensorHandle> inputs, Span<ITensorHandle> outputs)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        RequireCount("inputs", function.Inputs.Count, inputs.Length);
        RequireCount("outputs", function.Outputs.Count, outputs.Length);
        var values = new TorchValue[inputs.Length];
        for (var i = 0; i < values.Length; i++) values[i] = Fitting(i, TorchValue.Of(inputs[i]));
        var results = new TorchValue[outputs.Length];
        using (new HeldInputs(values)) Lanes.Run(_program, values, results);
        for (var i = 0; i < results.Length; i++)
        {
            results[i].Publish();
            outputs[i] = results[i];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _disposed = true;

    TorchValue Fitting(int input, TorchValue value)
    {
        var expected = function.Inputs[input];
        if (value.DType != expected.dtype)
            throw new EngineException("A compiled function was called with an input of another dtype", $"{function.Name}, '{expected.Node.Name}'", expected.dtype.Name, value.DType.Name);
        if (value.DType != DType.Resource && !value.Shape.IsCompatibleWith(expected.shape))
            throw new EngineException("A compiled function was called with an input of another shape", $"{function.Name}, '{expected.Node.Name}'", expected.shape.ToString(), value.Shape.ToString());
        return value;
    }

    void RequireCount(string what, int expected, int received)
    {
        if (expected != received) throw new EngineException($"A compiled function was called with the wrong number of {what}", function.Name, $"{expected}", $"{received}");
    }
}

/// <summary>Keeps the inputs of a call alive, even if another thread disposes them.</summary>
readonly ref struct HeldInputs : IDisposable
{
    readonly TorchValue[] _inputs;

    /// <summary>Holds these inputs until disposed.</summary>
    /// <exception cref="ObjectDisposedException">An input was disposed.</exception>
    public HeldInputs(TorchValue[] inputs)
    {
        var held = 0;
        try
        {
            for (; held < inputs.Length; held++) inputs[held].Hold();
        }
        catch
        {
            while (held > 0) inputs[--held].LetGo();
            throw;
        }
        _inputs = inputs;
    }

    /// <summary>Releases the inputs.</summary>
    public void Dispose()
    {
        foreach (var input in _inputs) input.LetGo();
    }
}
