using System.Diagnostics;
using System.Globalization;

namespace Keras.Transformers;

/// <summary>Shows on standard error how many bytes have arrived: one changing line, or, if redirected, one line at the end of a long download.</summary>
/// <param name="what">What is being done, for display.</param>
/// <param name="settings">Whether it is shown at all.</param>
sealed class HubProgress(string what, HubSettings settings) : IProgress<long>, IDisposable
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan Silent = TimeSpan.FromSeconds(2);

    readonly long _start = Stopwatch.GetTimestamp();
    readonly Lock _lock = new();
    readonly bool _shows = settings.ShowsProgress;
    readonly bool _changes = !Console.IsErrorRedirected;
    long _last = Stopwatch.GetTimestamp();
    long _bytes;
    bool _printed;

    /// <summary>Adds bytes; from any thread.</summary>
    public void Report(long value)
    {
        lock (_lock)
        {
            _bytes += value;
            if (!_shows || !_changes || Stopwatch.GetElapsedTime(_last) < Interval) return;
            _last = Stopwatch.GetTimestamp();
            _printed = true;
            Console.Error.Write("\r" + Line());
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_shows && (_printed || Stopwatch.GetElapsedTime(_start) >= Silent)) Console.Error.WriteLine((_printed ? "\r" : "") + Line());
        }
    }

    string Line()
    {
        var seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        return string.Create(CultureInfo.InvariantCulture, $"{what}: {_bytes / 1e6:F1} MB in {seconds:F0} s, {_bytes / 1e6 / Math.Max(seconds, 1e-3):F1} MB/s");
    }
}
