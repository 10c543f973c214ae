using System.Diagnostics;
using System.Text.Json;
using Keras.SavedModels;

namespace Keras.Serving.Load;

/// <summary>Puts load on a real model for minutes while versions are swapped; compares every answer with the first, and watches the host's memory.</summary>
static class Endurance
{
    static readonly TimeSpan BetweenSwaps = TimeSpan.FromSeconds(2), BetweenSamples = TimeSpan.FromSeconds(5);

    public static async Task<bool> RunAsync(string model, TimeSpan duration, int clients)
    {
        var folder = Directory.CreateTempSubdirectory("keras-endurance-");
        try
        {
            Publish(model, folder.FullName, 1);
            await using var host = await HostProcess.StartAsync(folder.FullName, "--enable_batching");
            using var first = new HttpClient { BaseAddress = host.Address };
            var body = BodyOf(model);
            var expected = await AskAsync(first, body) ?? throw new InvalidOperationException("The host refused its first request.");
            using var done = new CancellationTokenSource(duration);
            var swaps = SwapAsync(model, folder.FullName, done.Token);
            var memory = SampleAsync(host, done.Token);
            var (right, wrong, lost) = (0, 0, 0);
            await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
            {
                using var client = new HttpClient { BaseAddress = host.Address };
                while (!done.IsCancellationRequested)
                {
                    var answer = await AskAsync(client, body);
                    if (answer is null) Interlocked.Increment(ref lost);
                    else if (IsNear(answer, expected)) Interlocked.Increment(ref right);
                    else Interlocked.Increment(ref wrong);
                }
            })));
            var samples = await memory;
            Console.WriteLine($"{right} right, {wrong} wrong, {lost} lost, {await swaps} swaps of versions in {duration.TotalMinutes:0.0} min");
            Console.WriteLine($"memory, MB: {string.Join(' ', samples.Where((_, i) => i % Math.Max(1, samples.Count / 20) == 0).Select(s => $"{s.Megabytes:0}"))}");
            Console.WriteLine($"slope over the second half: {Slope(samples[(samples.Count / 2)..]):0.00} MB a minute");
            return wrong + lost == 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Measures the times from the start of a host process to its first answer, ms.</summary>
    public static async Task StartsAsync(string model, int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("keras-start-");
        try
        {
            Publish(model, folder.FullName, 1);
            var body = BodyOf(model);
            var times = new List<double>();
            for (var round = 0; round < rounds; round++)
            {
                var began = Stopwatch.GetTimestamp();
                await using var host = await HostProcess.StartAsync(folder.FullName);
                using var client = new HttpClient { BaseAddress = host.Address };
                if (await AskAsync(client, body) is null) throw new InvalidOperationException("The host refused its first request.");
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
            times.Sort();
            Console.WriteLine($"start to first answer, {rounds} rounds: least {times[0]:0} ms, median {times[rounds / 2]:0} ms, most {times[^1]:0} ms");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static byte[] BodyOf(string model)
    {
        using var reader = SavedModelReader.Open(model);
        return Bench.Body(reader.Signatures.Single(s => s.Name == "serving_default"), 1);
    }

    /// <summary>Copies a model to a version folder, which appears atomically.</summary>
    static void Publish(string model, string basePath, long version)
    {
        var part = Path.Combine(basePath, $".{version}");
        foreach (var file in Directory.EnumerateFiles(model, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(part, Path.GetRelativePath(model, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        Directory.Move(part, Path.Combine(basePath, $"{version}"));
    }

    static async Task<int> SwapAsync(string model, string basePath, CancellationToken done)
    {
        for (var version = 2L; ; version++)
        {
            if (!await WaitAsync(BetweenSwaps, done)) return (int)version - 2;
            Publish(model, basePath, version);
            if (version > 2) Directory.Delete(Path.Combine(basePath, $"{version - 2}"), recursive: true);
        }
    }

    static async Task<List<(double Minutes, double Megabytes)>> SampleAsync(HostProcess host, CancellationToken done)
    {
        var watch = Stopwatch.StartNew();
        var samples = new List<(double, double)>();
        do
        {
            samples.Add((watch.Elapsed.TotalMinutes, host.Memory / 1048576.0));
        }
        while (await WaitAsync(BetweenSamples, done));
        return samples;
    }

    static async Task<bool> WaitAsync(TimeSpan time, CancellationToken done)
    {
        await Task.Delay(time, done).ContinueWith(_ => { }, TaskScheduler.Default);
        return !done.IsCancellationRequested;
    }

    /// <summary>The numbers of an answer; null if there was none.</summary>
    static async Task<double[]?> AskAsync(HttpClient client, byte[] body)
    {
        try
        {
            using var answer = await client.PostAsync("/v1/models/m:predict", new ByteArrayContent(body));
            if (!answer.IsSuccessStatusCode) return null;
            using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
            return [.. Numbers(json.RootElement.GetProperty("predictions"))];
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    static IEnumerable<double> Numbers(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Numbers),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => Numbers(p.Value)),
        JsonValueKind.Number => [element.GetDouble()],
        _ => [],
    };

    static bool IsNear(double[] answer, double[] expected) => answer.Length == expected.Length && answer.Zip(expected).All(p => Math.Abs(p.First - p.Second) <= 1e-5);

    static double Slope(List<(double Minutes, double Megabytes)> samples)
    {
        var (x, y) = (samples.Average(s => s.Minutes), samples.Average(s => s.Megabytes));
        return samples.Sum(s => (s.Minutes - x) * (s.Megabytes - y)) / samples.Sum(s => (s.Minutes - x) * (s.Minutes - x));
    }
}
