namespace Keras.Engines.TensorFlow;

/// <summary>Keeps the inputs of a call alive, even if another thread disposes them or the garbage collector considers them unused.</summary>
readonly ref struct HeldInputs : IDisposable
{
    readonly ReadOnlySpan<ITensorHandle> _inputs;

    /// <summary>Holds these inputs until disposed.</summary>
    /// <exception cref="ObjectDisposedException">An input was disposed.</exception>
    public HeldInputs(ReadOnlySpan<ITensorHandle> inputs)
    {
        var held = 0;
        try
        {
            foreach (var input in inputs)
            {
                var added = false;
                EagerHandle.Of(input).DangerousAddRef(ref added);
                held++;
            }
        }
        catch
        {
            Release(inputs[..held]);
            throw;
        }
        _inputs = inputs;
    }

    /// <summary>Releases the inputs.</summary>
    public void Dispose() => Release(_inputs);

    static void Release(ReadOnlySpan<ITensorHandle> inputs)
    {
        foreach (var input in inputs) ((EagerHandle)input).DangerousRelease();
    }
}
