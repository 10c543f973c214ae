using System.Diagnostics;

namespace Keras.Benchmarks;

/// <summary>Seconds of repeated calls.</summary>
/// <param name="First">The first call, tracing and compiling included.</param>
/// <param name="Seconds">The measured ones.</param>
sealed record Timings(double First, double[] Seconds)
{
    readonly double[] _sorted = [.. Seconds.Order()];

    public double Median => _sorted.Length % 2 == 1 ? _sorted[_sorted.Length / 2] : (_sorted[(_sorted.Length / 2) - 1] + _sorted[_sorted.Length / 2]) / 2;

    public double Min => _sorted[0];

    public double P90 => Share(90);

    public double P99 => Share(99);

    /// <summary>The time within which so many of a hundred calls end.</summary>
    double Share(int percent) => _sorted[(((percent * _sorted.Length) + 99) / 100) - 1];

    /// <summary>Times calls: the first, then <paramref name="warm"/> unmeasured ones, then <paramref name="repeat"/> measured ones.</summary>
    /// <param name="call">What is measured.</param>
    /// <param name="repeat">How often.</param>
    /// <param name="warm">Calls that are not measured.</param>
    /// <param name="before">What happens before each call, unmeasured.</param>
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
