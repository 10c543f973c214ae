using Keras.Graphs;

namespace Keras.Benchmarks;

/// <summary>What the machine can do at most, as the engine's own product of two large float32 matrices shows.</summary>
static class MachineLimit
{
    const int Size = 2048;
    const int Repeat = 5;

    /// <summary>Floating-point operations per second in the fastest of several products.</summary>
    public static double FlopsPerSecond()
    {
        var (a, b) = (Tf.Full(new Shape(Size, Size), 0.5, DType.Float32), Tf.Full(new Shape(Size, Size), 0.25, DType.Float32));
        // Reading one element waits for the product without copying it.
        var times = Timings.Of(() => Tf.Slice(Tf.MatMul(a, b), [0, 0], [1, 1]).ToScalar<float>(), Repeat);
        return 2.0 * Size * Size * Size / times.Min;
    }
}
