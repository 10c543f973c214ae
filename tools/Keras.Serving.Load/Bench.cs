using System.Diagnostics;
using System.Text;
using Keras.Backend;
using Keras.Engines;
using Keras.SavedModels;

namespace Keras.Serving.Load;

/// <summary>Compares a host with a bare loop over the same model, interleaved, so that other load on the machine affects both.</summary>
static class Bench
{
    const int Rows = 8, Length = 128;
    static readonly TimeSpan Round = TimeSpan.FromSeconds(2);

    public static async Task RunAsync(string folder, int rounds)
    {
        // The host polls base folders of versions.
        var model = Path.GetFullPath(folder);
        using var reader = SavedModelReader.Open(model);
        var signature = reader.Signatures.Single(s => s.Name == "serving_default");
        using var runner = EngineSelection.LoadSavedModel(model);
        var basePath = Path.GetDirectoryName(model)!;
        await using var plain = await HostProcess.StartAsync(basePath);
        await using var batching = await HostProcess.StartAsync(basePath, "--enable_batching");
        Console.WriteLine($"engine {EngineSelection.Name}, {Rows} x {Length}, rounds of {Round.TotalSeconds} s");

        var (small, large) = (Body(signature, 1), Body(signature, Rows));
        var (one, eight) = (Inputs(signature, 1), Inputs(signature, Rows));
        var overheads = new List<(double Batch, double Millis)>();
        for (var round = 0; round <= rounds; round++)
        {
            var (bareEight, bareOne) = (Bare(runner, eight), Bare(runner, one));
            var (hostEight, hostOne) = ((await AskAsync(plain.Address, large, 1)).P50, (await AskAsync(plain.Address, small, 1)).P50);
            if (round == 0)
            {
                // That was a warm-up.
                await AskAsync(batching.Address, small, 8);
                continue;
            }
            overheads.Add((hostEight / bareEight, hostOne - bareOne));
            Console.WriteLine($"  batch {Rows}: bare {bareEight:0.00} ms, host {hostEight:0.00} ms, x{hostEight / bareEight:0.000};  batch 1: bare {bareOne:0.00} ms, host {hostOne:0.00} ms, +{hostOne - bareOne:0.000} ms");
        }
        Console.WriteLine($"median: batch {Rows} x{Median(overheads.Select(o => o.Batch)):0.000}, a request of one row +{Median(overheads.Select(o => o.Millis)):0.000} ms");
        foreach (var clients in new[] { 1, 8, 64 })
            foreach (var (host, name) in new[] { (plain, "alone"), (batching, "batched") })
            {
                var load = await AskAsync(host.Address, small, clients);
                Console.WriteLine($"  {clients,2} clients, {name,-7}: {load.PerSecond,7:0} requests/s, p50 {load.P50:0.00} ms, p99 {load.P99:0.00} ms, {load.Failed} failed");
            }
    }

    static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

    static Dictionary<string, HostTensor> Inputs(SignatureDescription signature, int rows) =>
        signature.Inputs.ToDictionary(i => i.Name, i => HostTensor.Of<int>([.. Enumerable.Repeat(1, rows * Length)], new Shape(rows, Length)));

    /// <summary>Makes a request with rows of 128 ids each.</summary>
    public static byte[] Body(SignatureDescription signature, int rows)
    {
        var row = $"{{{string.Join(',', signature.Inputs.Select(i => $"\"{i.Name}\":[{string.Join(',', Enumerable.Repeat(1, Length))}]"))}}}";
        return Encoding.UTF8.GetBytes($"{{\"instances\":[{string.Join(',', Enumerable.Repeat(row, rows))}]}}");
    }

    /// <summary>The median time of a run, ms.</summary>
    static double Bare(ISavedModelRunner runner, Dictionary<string, HostTensor> inputs)
    {
        var times = new List<double>();
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Round;)
        {
            var began = Stopwatch.GetTimestamp();
            runner.Run("serving_default", inputs);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        return Median(times);
    }

    static async Task<(double PerSecond, double P50, double P99, int Failed)> AskAsync(Uri address, byte[] body, int clients)
    {
        var failed = 0;
        var watch = Stopwatch.StartNew();
        var times = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            using var client = new HttpClient { BaseAddress = address };
            var mine = new List<double>();
            while (watch.Elapsed < Round)
            {
                var began = Stopwatch.GetTimestamp();
                using var answer = await client.PostAsync("/v1/models/m:predict", new ByteArrayContent(body));
                await answer.Content.ReadAsByteArrayAsync();
                if (!answer.IsSuccessStatusCode) Interlocked.Increment(ref failed);
                mine.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
            return mine;
        })));
        double[] sorted = [.. times.SelectMany(t => t).Order()];
        return (sorted.Length / watch.Elapsed.TotalSeconds, sorted[sorted.Length / 2], sorted[(int)(sorted.Length * 0.99)], failed);
    }
}
