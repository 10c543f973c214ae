using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Keras.Engines.Torch;

/// <summary>Measures kernels in compiled functions by op and shapes; <c>KERAS_TORCH_PROFILE=1</c> prints them to the error stream when the process ends.</summary>
/// <remarks>The times of branches and loops include the kernels that they run, which are also listed separately.</remarks>
sealed class KernelProfile
{
    /// <summary>The profile of this process; null if not requested.</summary>
    public static readonly KernelProfile? Current = Environment.GetEnvironmentVariable("KERAS_TORCH_PROFILE") is "1" ? new() : null;

    readonly ConcurrentDictionary<string, Times> _times = new();

    sealed class Times
    {
        public int Count;
        public long Total;
        public long Least = long.MaxValue;
    }

    KernelProfile() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Console.Error.Write(ToString());

    /// <summary>Runs a kernel and measures its time.</summary>
    public void Run(string ops, Kernel kernel, KernelCall call)
    {
        var key = $"{ops} {string.Join(" ", call.Inputs.Where(i => i.DType != DType.Resource).Select(i => i.Shape))} -> {string.Join<Shape>(" ", call.Shapes)}";
        var start = Stopwatch.GetTimestamp();
        kernel(call);
        var time = Stopwatch.GetTimestamp() - start;
        var times = _times.GetOrAdd(key, _ => new());
        lock (times)
        {
            times.Count++;
            times.Total += time;
            times.Least = Math.Min(times.Least, time);
        }
    }

    /// <summary>One line per op and shapes, longest total first: total time, number of calls, fastest call, in milliseconds.</summary>
    public override string ToString()
    {
        static string Milliseconds(long ticks) => (ticks * 1000.0 / Stopwatch.Frequency).ToString("F3", CultureInfo.InvariantCulture);
        return string.Concat(_times.OrderByDescending(t => t.Value.Total)
            .Select(t => $"{Milliseconds(t.Value.Total),12} ms {t.Value.Count,8} x {Milliseconds(t.Value.Least),10} ms  {t.Key}\n"));
    }
}
