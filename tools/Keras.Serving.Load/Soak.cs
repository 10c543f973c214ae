using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Keras.Serving.Load;

/// <summary>The outcome of the requests.</summary>
sealed record SoakReport(int Right, int Wrong, int Lost, int Vanished, int Swaps, TimeSpan Elapsed, string? FirstFault)
{
    public bool IsFlawless => Wrong == 0 && Lost == 0;

    public override string ToString() =>
        $"{Right + Wrong + Lost} requests in {Elapsed.TotalSeconds:0.0} s: {Right} right, {Wrong} wrong, {Lost} lost; {Vanished} more whose clients vanished; {Swaps} swaps of versions{(FirstFault is null ? "" : $"; first fault: {FirstFault}")}";
}

/// <summary>Runs many clients, some of which vanish, while versions come and go.</summary>
static class Soak
{
    /// <summary>One in this many requests is abandoned while running.</summary>
    const int VanishesOneOf = 20;

    public static async Task<SoakReport> RunAsync(Uri address, string basePath, int requests, int clients, TimeSpan between)
    {
        var (right, wrong, lost, vanished, asked, swaps) = (0, 0, 0, 0, 0, 0);
        string? fault = null;
        using var done = new CancellationTokenSource();
        var swapping = Task.Run(async () =>
        {
            for (var version = 2L; !done.IsCancellationRequested; version++)
            {
                await Task.Delay(between, done.Token).ContinueWith(_ => { }, TaskScheduler.Default);
                if (done.IsCancellationRequested) break;
                ScaleModel.Write(basePath, version);
                // The previous version may still be in use; once the host has loaded the next, it no longer needs its files.
                if (version > 2) Directory.Delete(Path.Combine(basePath, $"{version - 2}"), recursive: true);
                swaps++;
            }
        });
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            using var client = new HttpClient { BaseAddress = address };
            while (Interlocked.Increment(ref asked) <= requests)
            {
                if (random.Next(VanishesOneOf) == 0)
                {
                    await VanishAsync(client, random);
                    Interlocked.Increment(ref vanished);
                }
                var x = random.Next(-1000, 1000);
                try
                {
                    using var answer = await client.PostAsync("/v1/models/m:predict", Body(x));
                    var text = await answer.Content.ReadAsStringAsync();
                    if (!answer.IsSuccessStatusCode) Count(ref lost, $"{(int)answer.StatusCode} {text}");
                    else if (IsRight(text, x)) Interlocked.Increment(ref right);
                    else Count(ref wrong, $"{x}: {text}");
                }
                catch (HttpRequestException e)
                {
                    Count(ref lost, e.Message);
                }
            }
        })));
        var elapsed = watch.Elapsed;
        await done.CancelAsync();
        await swapping;
        return new(right, wrong, lost, vanished, swaps, elapsed, fault);

        void Count(ref int counter, string what)
        {
            Interlocked.Increment(ref counter);
            Interlocked.CompareExchange(ref fault, what, null);
        }
    }

    static StringContent Body(int x) => new(string.Create(CultureInfo.InvariantCulture, $"{{\"instances\":[[{x},1]]}}"), Encoding.UTF8, "application/json");

    static async Task VanishAsync(HttpClient client, Random random)
    {
        using var going = new CancellationTokenSource(TimeSpan.FromMicroseconds(random.Next(2000)));
        try
        {
            using var answer = await client.PostAsync("/v1/models/m:predict", Body(1), going.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException)
        {
            // This request was meant to be abandoned.
        }
    }

    static bool IsRight(string text, int x)
    {
        using var json = JsonDocument.Parse(text);
        var row = json.RootElement.GetProperty("predictions")[0];
        return row[1].GetDouble() >= 1 && row[0].GetDouble() == x * row[1].GetDouble();
    }
}
