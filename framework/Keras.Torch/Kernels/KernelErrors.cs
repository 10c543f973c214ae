namespace Keras.Engines.Torch;

/// <summary>Converts kernels' exceptions to typed errors that name the op.</summary>
static class KernelErrors
{
    /// <summary>The typed error; null for exceptions that kernels do not throw.</summary>
    public static KerasException? Of(KernelCall call, Exception error) => error switch
    {
        InvalidCastException => new UnsupportedException("This engine has no kernel of an operation for these dtypes", call.Where, received: Inputs(call),
            remedy: "Cast the inputs, or run on TensorFlow (KERAS_BACKEND=tensorflow).", inner: error),
        OutOfMemoryException or OverflowException => new EngineException("An operation needs more memory than there is", call.Where, received: Inputs(call),
            remedy: "Use a smaller batch or a shorter sequence, or free tensors that are no longer needed.", inner: error),
        IndexOutOfRangeException or ArgumentException or DivideByZeroException or NullReferenceException => new EngineException("An operation failed", call.Where, received: Inputs(call), inner: error),
        _ => null,
    };

    static string Inputs(KernelCall call) => string.Join(", ", call.Inputs.Select(i => $"{i.DType} {i.Shape}"));
}
