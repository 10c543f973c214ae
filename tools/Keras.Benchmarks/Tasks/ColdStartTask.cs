using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Keras.Benchmarks;

/// <summary>Measures whole new processes, from start to first prediction.</summary>
static class ColdStartTask
{
    /// <summary>The task of the new process.</summary>
    public const string Part = "_cold";

    static readonly string[] Parts = ["start_s", "load_s", "first_s"];

    public static Outcome Run(BenchmarkOptions options)
    {
        var folder = ModelFolder.Of(options);
        var found = new List<JsonObject>();
        var times = Timings.Of(() => found.Add(Start(options)), options.Repeat, warm: 0);
        found.RemoveAt(0);   // Reads the files into the page cache.
        var more = new JsonObject { ["first_process_s"] = Math.Round(times.First, 3), ["child_peak_rss_mb"] = found.Max(f => f["peak_rss_mb"]!.GetValue<double>()) };
        foreach (var part in Parts) more[part] = found.Select(f => f[part]!.GetValue<double>()).Order().ElementAt(found.Count / 2);
        more["weights"] = folder.Weights;
        return new(times) { More = more };
    }

    /// <summary>Loads and predicts, in the new process.</summary>
    public static Outcome RunPart(BenchmarkOptions options)
    {
        using var process = Process.GetCurrentProcess();
        var start = (DateTime.Now - process.StartTime).TotalSeconds;
        var watch = Stopwatch.StartNew();
        var model = MeasuredFamily.Of(options).Load(ModelFolder.Of(options).Path);
        var load = watch.Elapsed.TotalSeconds;
        InferTask.Forward(options, model)();
        var first = watch.Elapsed.TotalSeconds - load;
        return new(new Timings(first, [first]))
        {
            More = new() { ["start_s"] = Math.Round(start, 3), ["load_s"] = Math.Round(load, 3), ["first_s"] = Math.Round(first, 3), ["peak_rss_mb"] = Report.PeakMemory },
        };
    }

    /// <summary>Runs the new process until it has predicted, and returns its own figures.</summary>
    static JsonObject Start(BenchmarkOptions options)
    {
        using var process = OwnProcess.Start([.. options.With(Part)]);
        var line = process.StandardOutput.ReadLine();
        if (line is null)
        {
            process.WaitForExit();
            throw new KerasException("A cold start failed", Part, "exit code 0", $"{process.ExitCode}", "The error stream says why.");
        }
        return JsonSerializer.Deserialize<JsonObject>(line)!;
    }
}
