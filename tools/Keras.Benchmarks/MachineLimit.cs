using System.Numerics.Tensors;
using Keras.Graphs;

namespace Keras.Benchmarks;

/// <summary>Measures the machine's limits, by the engine's own product of two large float32 matrices.</summary>
static class MachineLimit
{
    const int Size = 2048;
    const int Repeat = 5;

    /// <summary>Far more than a processor's caches hold.</summary>
    const long Bytes = 512L << 20;

    /// <summary>Bytes that all cores read from memory per second in the fastest of several passes.</summary>
    public static double BytesPerSecond()
    {
        var parts = new float[Environment.ProcessorCount][];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = GC.AllocateUninitializedArray<float>((int)(Bytes / sizeof(float) / parts.Length));
            parts[i].AsSpan().Fill(1);   // So that each page is allocated.
        }
        var sums = new float[parts.Length];
        var times = Timings.Of(() => Parallel.For(0, parts.Length, i => sums[i] = TensorPrimitives.Sum<float>(parts[i])), Repeat);
        return parts.Sum(p => (double)p.Length * sizeof(float)) / times.Min;
    }

    /// <summary>Floating-point operations per second in the fastest of several products.</summary>
    public static double FlopsPerSecond()
    {
        var (a, b) = (Tf.Full(new Shape(Size, Size), 0.5, DType.Float32), Tf.Full(new Shape(Size, Size), 0.25, DType.Float32));
        // Reading one element waits for the product without copying it.
        var times = Timings.Of(() => Tf.Slice(Tf.MatMul(a, b), [0, 0], [1, 1]).ToScalar<float>(), Repeat);
        return 2.0 * Size * Size * Size / times.Min;
    }
}
