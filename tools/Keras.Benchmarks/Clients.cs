using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Keras.Benchmarks;

/// <summary>Makes the same calls on several threads at once, like requests to a service.</summary>
static class Clients
{
    /// <summary>Times every call of every client; the very first call is made alone.</summary>
    /// <param name="call">The call that each client makes.</param>
    /// <param name="clients">The number of clients.</param>
    /// <param name="repeat">The number of calls per client.</param>
    /// <param name="more">Receives requests_per_s, and client_spread: how much longer the slowest client took than the fastest.</param>
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
