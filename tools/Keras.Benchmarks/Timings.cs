using System.Diagnostics;

namespace Keras.Benchmarks;

/// <summary>The times of repeated calls, in seconds.</summary>
/// <param name="First">The first call, including tracing and compiling.</param>
/// <param name="Seconds">The measured ones.</param>
sealed record Timings(double First, double[] Seconds)
{
    readonly double[] _sorted = [.. Seconds.Order()];

    public double Median => _sorted.Length % 2 == 1 ? _sorted[_sorted.Length / 2] : (_sorted[(_sorted.Length / 2) - 1] + _sorted[_sorted.Length / 2]) / 2;

    public double Min => _sorted[0];

    public double P90 => Share(90);

    public double P99 => Share(99);

    /// <summary>A percentile of the call times.</summary>
    double Share(int percent) => _sorted[(((percent * _sorted.Length) + 99) / 100) - 1];

    /// <summary>Times calls: the first, then <paramref name="warm"/> unmeasured ones, then <paramref name="repeat"/> measured ones.</summary>
    /// <param name="call">The call to measure.</param>
    /// <param name="repeat">The number of measured calls.</param>
    /// <param name="warm">The number of unmeasured calls.</param>
    /// <param name="before">Runs before each call, unmeasured.</param>
    public static Timings Of(Action call, int repeat, int warm = 1, Action? before = null)
    {
        double Once()
        {
            before?.Invoke();
            var start = Stopwatch.GetTimestamp();
            call();
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        var first = Once();
        for (var i = 0; i < warm; i++) Once();
        return new(first, [.. Enumerable.Range(0, repeat).Select(_ => Once())]);
    }
}
