using System.Text.Json;

namespace Keras.Tests;

/// <summary>The statistics of keras.random.</summary>
[Category("Golden")]
public sealed class RandomGoldenTests
{
    static IEnumerable<TestCaseData> Cases => GoldenList.Cases("random", "random", RunMode.Eager, RunMode.Graph, RunMode.Xla);

    static RandomApi Random => Api.keras.random;

    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    [TestCaseSource(nameof(Cases))]
    public void StatisticsAreKeras(JsonElement golden, RunMode mode)
    {
        var function = golden.GetProperty("function").GetString()!;
        switch (function)
        {
            case "SeedGenerator": GivesStates(golden); break;
            case "shuffle": Permutes(mode); break;
            case "dropout": Drops(golden, mode); break;
            case "categorical": DrawsByShares(golden, mode); break;
            default: HasStatistics(Values(golden, function, mode), golden); break;
        }
    }

    static double[] Values(JsonElement golden, string function, RunMode mode)
    {
        var call = new GoldenCall(golden);
        Tensor drawn = GoldenList.Run(mode, Array.Empty<Tensor>(), _ => (Tensor)call.Invoke(Random, function, [])!);
        return drawn.RequireEager().ToHost().ToDouble();
    }

    static void HasStatistics(double[] values, JsonElement golden)
    {
        var expected = golden.GetProperty("expected");
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Average(v => Math.Pow(v - mean, 2)));
        Assert.That(mean, Is.EqualTo(expected.GetProperty("mean").GetDouble()).Within(golden.GetProperty("mean_tolerance").GetDouble()));
        Assert.That(deviation, Is.EqualTo(expected.GetProperty("std").GetDouble()).Within(100 * golden.GetProperty("std_relative_tolerance").GetDouble()).Percent);
        if (expected.GetProperty("min") is { ValueKind: JsonValueKind.Number } low) Assert.That(values.Min(), Is.GreaterThanOrEqualTo(low.GetDouble()));
        if (expected.GetProperty("max") is { ValueKind: JsonValueKind.Number } high) Assert.That(values.Max(), Is.LessThanOrEqualTo(high.GetDouble()));
    }

    static void GivesStates(JsonElement golden)
    {
        var generator = Random.SeedGenerator(golden.GetProperty("kwargs").GetProperty("seed").GetInt64());
        foreach (var expected in golden.GetProperty("next").EnumerateArray())
            Assert.That(generator.next().ToArray<long>(), Is.EqualTo(expected.EnumerateArray().Select(e => e.GetInt64())));
    }

    static void Permutes(RunMode mode)
    {
        var x = Api.ops.reshape(Api.ops.arange(60), (20, 3));
        int[] Shuffled(int seed) => ((Tensor)GoldenList.Run(mode, x, given => Random.shuffle(given, seed: seed))).ToArray<int>();
        var drawn = Shuffled(7);
        Assert.That(Shuffled(7), Is.EqualTo(drawn));
        Assert.That(Shuffled(8), Is.Not.EqualTo(drawn));
        Assert.That(drawn.Chunk(3).Select(row => row[0] / 3).Order(), Is.EqualTo(Enumerable.Range(0, 20)));
        Assert.That(drawn.Chunk(3), Has.All.Matches<int[]>(row => row is [var first, var second, var third] && second == first + 1 && third == first + 2));
    }

    static void Drops(JsonElement golden, RunMode mode)
    {
        var rate = golden.GetProperty("kwargs").GetProperty("rate").GetDouble();
        var expected = golden.GetProperty("expected");
        var values = ((Tensor)GoldenList.Run(mode, Api.ops.ones((100, 200)), given => Random.dropout(given, rate, seed: 3))).ToArray<float>();
        Assert.That(values.Count(v => v == 0) / (double)values.Length, Is.EqualTo(expected.GetProperty("zero_fraction").GetDouble()).Within(golden.GetProperty("zero_fraction_tolerance").GetDouble()));
        Assert.That(values.Where(v => v != 0), Has.All.EqualTo(expected.GetProperty("kept_value").GetDouble()).Within(1e-5).Percent.Or.EqualTo(expected.GetProperty("kept_value").GetDouble()).Within(1e-5));
    }

    static void DrawsByShares(JsonElement golden, RunMode mode)
    {
        var kwargs = golden.GetProperty("kwargs");
        float[][] logits = [.. kwargs.GetProperty("logits").EnumerateArray().Select(r => r.EnumerateArray().Select(v => (float)v.GetDouble()).ToArray())];
        var draws = ((Tensor)GoldenList.Run(mode, Api.ops.convert_to_tensor(logits), given => Random.categorical(given, kwargs.GetProperty("num_samples").GetInt32()))).ToArray<int>();
        double[] expected = [.. golden.GetProperty("expected").GetProperty("fractions").EnumerateArray().Select(f => f.GetDouble())];
        for (var i = 0; i < expected.Length; i++)
            Assert.That(draws.Count(d => d == i) / (double)draws.Length, Is.EqualTo(expected[i]).Within(golden.GetProperty("tolerance").GetDouble()));
    }
}
