using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Keras.Benchmarks;

/// <summary>Threads that make the same calls at once, as the requests of a service come.</summary>
static class Clients
{
    /// <summary>Times every call of every client; the first call of all is made alone.</summary>
    /// <param name="call">What each does.</param>
    /// <param name="clients">How many there are.</param>
    /// <param name="repeat">How often each does it.</param>
    /// <param name="more">Takes requests_per_s, and client_spread: how much longer the slowest client took than the fastest.</param>
    public static Timings Time(Action call, int clients, int repeat, JsonObject more)
    {
        if (clients == 1) return Timings.Of(call, repeat);
        var first = Timings.Of(call, 1).First;
        var (seconds, ends) = (new double[clients][], new double[clients]);
        using var gate = new Barrier(clients + 1);
        var threads = Enumerable.Range(0, clients).Select(c => new Thread(() =>
        {
            gate.SignalAndWait();
            var begin = Stopwatch.GetTimestamp();
            seconds[c] = [.. Enumerable.Range(0, repeat).Select(_ =>
            {
                var start = Stopwatch.GetTimestamp();
                call();
                return Stopwatch.GetElapsedTime(start).TotalSeconds;
            })];
            ends[c] = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        })).ToList();
        threads.ForEach(t => t.Start());
        gate.SignalAndWait();
        var all = Stopwatch.StartNew();
        threads.ForEach(t => t.Join());
        more["requests_per_s"] = Math.Round(clients * repeat / all.Elapsed.TotalSeconds, 1);
        more["client_spread"] = Math.Round(ends.Max() / ends.Min(), 2);
        return new(first, [.. seconds.SelectMany(s => s)]);
    }
}
