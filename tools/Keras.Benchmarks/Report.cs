using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using static Keras.Api;

namespace Keras.Benchmarks;

/// <summary>Prints an outcome: one line of JSON, or a list to read.</summary>
static class Report
{
    const string LoadFile = "/proc/loadavg";

    /// <summary>The peak resident memory of this process so far, in MB.</summary>
    public static double PeakMemory
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return Math.Round(process.PeakWorkingSet64 / 1048576.0, 1);
        }
    }

    public static void Print(BenchmarkOptions options, Outcome outcome)
    {
        if (options.Task == ColdStartTask.Part)
        {
            Console.WriteLine(outcome.More.ToJsonString());
            return;
        }
        var figures = Figures(options, outcome);
        Console.WriteLine(options.Json ? figures.ToJsonString() : string.Join('\n', figures.Select(f => $"{f.Key,-16} {f.Value?.ToJsonString() ?? "-"}")));
    }

    static JsonObject Figures(BenchmarkOptions options, Outcome outcome)
    {
        var memory = PeakMemory;
        double? limit = outcome.Flops is null ? null : MachineLimit.FlopsPerSecond();
        var times = outcome.Timings;
        var figures = new JsonObject
        {
            ["model"] = options.Model,
            ["task"] = options.Task,
            ["engine"] = keras.config.backend(),
            ["mode"] = options.Mode,
            ["size"] = options.Size,
            ["threads"] = options.Threads,
            ["batch"] = options.Batch,
            ["seq"] = options.Sequence,
            ["repeat"] = times.Seconds.Length,
            ["contention"] = options.Contention,
            ["compile_s"] = outcome.Compiles ? Math.Round(times.First, 3) : null,
            ["median_ms"] = Math.Round(times.Median * 1e3, 3),
            ["min_ms"] = Math.Round(times.Min * 1e3, 3),
            ["p50_ms"] = Math.Round(times.Median * 1e3, 3),
            ["p90_ms"] = Math.Round(times.P90 * 1e3, 3),
            ["p99_ms"] = Math.Round(times.P99 * 1e3, 3),
            ["peak_rss_mb"] = memory,
            ["tokens_per_s"] = outcome.Tokens is { } tokens ? Math.Round(tokens / times.Median, 1) : null,
            ["share_of_limit"] = limit is { } flops ? Math.Round(outcome.Flops!.Value / times.Median / flops, 3) : null,
            ["limit_gflops"] = limit is { } most ? Math.Round(most / 1e9, 1) : null,
            ["check"] = outcome.Check is { } check ? new JsonArray([.. check.Select(c => (JsonNode)Math.Round(c, 5))]) : null,
        };
        foreach (var (name, value) in outcome.More) figures[name] = value?.DeepClone();
        figures["load_average"] = LoadAverage();
        return figures;
    }

    /// <summary>How many processes wanted to run during the last minute; null if the system does not report it.</summary>
    static double? LoadAverage() => File.Exists(LoadFile) ? double.Parse(File.ReadAllText(LoadFile).Split(' ')[0], CultureInfo.InvariantCulture) : null;
}
