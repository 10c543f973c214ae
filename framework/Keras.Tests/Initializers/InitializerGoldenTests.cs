using System.Text.Json;
using Keras.Initializers;

namespace Keras.Tests.Initializers;

/// <summary>Every initializer: exact values, or mean, deviation and limits of random ones; fans; names; configs.</summary>
[Category("Golden")]
public sealed class InitializerGoldenTests
{
    static GoldenList List => GoldenList.Find("initializers", "initializers")!;

    static JsonElement? Json => GoldenList.Find("initializers", "initializers")?.Json;

    static IEnumerable<TestCaseData> Cases => GoldenList.Cases("initializers", "initializers", RunMode.Eager);

    static IEnumerable<JsonElement> FanCases => Json is { } json && json.TryGetProperty("compute_fans", out var fans) ? [.. fans.EnumerateArray()] : [];

    static IEnumerable<JsonProperty> Identifiers => Json is { } json && json.TryGetProperty("identifiers", out var names) ? [.. names.EnumerateObject()] : [];

    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    static Initializer Make(JsonElement golden, long? seed = null)
    {
        var (name, config) = (golden.GetProperty("class").GetString()!, GoldenList.Kwargs(golden));
        if (seed is not null && Api.keras.initializers.get(name) is RandomInitializer) config.TryAdd("seed", seed);
        return Api.keras.initializers.deserialize(SerializedObject.Of("", name, config));
    }

    static Shape ShapeOf(JsonElement golden) => new([.. golden.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64())]);

    [TestCaseSource(nameof(Cases))]
    public void ValuesAreKeras(JsonElement golden, RunMode mode)
    {
        var initializer = Make(golden);
        var value = initializer.call(ShapeOf(golden), DType.Float32);
        if (golden.TryGetProperty("value", out var exact))
        {
            List.Compare(value, exact, 1e-5, 1e-5, "value");
            return;
        }
        Assert.That(value.shape, Is.EqualTo(ShapeOf(golden)));
        if (golden.TryGetProperty("expected", out var expected)) HasStatistics(value.ToArray<float>(), golden, expected);
        if (golden.GetProperty("class").GetString() == "Orthogonal") IsOrthogonal(value, golden.GetProperty("kwargs").TryGetProperty("gain", out var gain) ? gain.GetDouble() : 1);
        Assert.That(initializer.call(ShapeOf(golden), DType.Float32).ToArray<float>(), Is.EqualTo(value.ToArray<float>()), "the second call of one instance");
    }

    static void HasStatistics(float[] values, JsonElement golden, JsonElement expected)
    {
        var mean = values.Average(v => (double)v);
        var deviation = Math.Sqrt(values.Average(v => Math.Pow(v - mean, 2)));
        Assert.That(mean, Is.EqualTo(expected.GetProperty("mean").GetDouble()).Within(golden.GetProperty("mean_tolerance").GetDouble()));
        Assert.That(deviation, Is.EqualTo(expected.GetProperty("std").GetDouble()).Within(100 * golden.GetProperty("std_relative_tolerance").GetDouble()).Percent);
        if (expected.GetProperty("min") is { ValueKind: JsonValueKind.Number } low) Assert.That(values.Min(), Is.GreaterThanOrEqualTo((float)low.GetDouble() - 1e-6f));
        if (expected.GetProperty("max") is { ValueKind: JsonValueKind.Number } high) Assert.That(values.Max(), Is.LessThanOrEqualTo((float)high.GetDouble() + 1e-6f));
    }

    static void IsOrthogonal(Tensor value, double gain)
    {
        var rows = Api.ops.reshape(value, [-1, value.shape[-1]]);
        if (rows.shape[0] < rows.shape[1]) rows = Api.ops.transpose(rows);
        var product = Api.ops.matmul(Api.ops.transpose(rows), rows);
        Assert.That((product - (Api.ops.identity((int)rows.shape[1]) * (gain * gain))).ToArray<float>(), Has.All.EqualTo(0).Within(1e-5 * gain * gain + 1e-6));
    }

    [TestCaseSource(nameof(FanCases))]
    public void FansAreKeras(JsonElement golden) =>
        Assert.That(RandomInitializer.Fans(ShapeOf(golden)), Is.EqualTo((golden.GetProperty("fan_in").GetDouble(), golden.GetProperty("fan_out").GetDouble())));

    [TestCaseSource(nameof(Identifiers))]
    public void IdentifierIsKnown(JsonProperty identifier)
    {
        if (identifier.Value.GetString() == "Initializer") Assert.That(() => Api.keras.initializers.get(identifier.Name), Throws.ArgumentException, "a base class makes nothing");
        else Assert.That(Api.keras.initializers.get(identifier.Name)!.GetType().Name, Is.EqualTo(identifier.Value.GetString()));
    }

    [TestCaseSource(nameof(Cases))]
    public void AConfigMakesTheSameAgain(JsonElement golden, RunMode mode)
    {
        // Without a seed each object draws values of its own, as in Keras.
        var first = Make(golden, seed: 7);
        var second = Api.keras.initializers.deserialize(Api.keras.initializers.serialize(first));
        Assert.That(second.call(ShapeOf(golden), DType.Float32).ToArray<float>(), Is.EqualTo(first.call(ShapeOf(golden), DType.Float32).ToArray<float>()));
    }
}
