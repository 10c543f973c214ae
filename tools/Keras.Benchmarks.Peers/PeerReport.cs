using System.Globalization;
using System.Text.Json.Nodes;

namespace Keras.Benchmarks;

/// <summary>Prints a line in the format of Keras.Benchmarks.</summary>
static class PeerReport
{
    public static JsonObject Line(string engine, string task, Timings times, params JsonObject[] parts)
    {
        var line = new JsonObject { ["task"] = task, ["engine"] = engine, ["repeat"] = times.Seconds.Length };
        void Add(string name, double seconds) => line[name] = Math.Round(seconds * 1e3, 3);
        Add("first_ms", times.First);
        Add("median_ms", times.Median);
        Add("min_ms", times.Min);
        Add("p50_ms", times.Median);
        Add("p90_ms", times.P90);
        Add("p99_ms", times.P99);
        foreach (var (name, value) in parts.SelectMany(p => p)) line[name] = value?.DeepClone();
        if (File.Exists("/proc/loadavg")) line["load_average"] = double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
        return line;
    }
}
