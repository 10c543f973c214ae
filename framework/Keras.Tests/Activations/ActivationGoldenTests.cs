using System.Text.Json;
using Keras.Graphs;

namespace Keras.Tests.Activations;

/// <summary>Every activation on Keras' reference vectors, with its gradient; names.</summary>
[Category("Golden")]
public sealed class ActivationGoldenTests
{
    static GoldenList List => GoldenList.Find("activations", "activations")!;

    static IEnumerable<TestCaseData> Cases => GoldenList.Cases("activations", "activations", RunMode.Eager, RunMode.Graph, RunMode.Xla);

    static IEnumerable<JsonProperty> Identifiers => GoldenList.Find("activations", "activations")?.Json is { } json && json.TryGetProperty("identifiers", out var names) ? [.. names.EnumerateObject()] : [];

    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    [TestCaseSource(nameof(Cases))]
    public void ValueAndGradientAreKeras(JsonElement golden, RunMode mode)
    {
        var call = new GoldenCall(golden);
        var results = GoldenList.Run(mode, List.Tensor(golden.GetProperty("input")), given =>
        {
            Tensor x = given;
            using var tape = new GradientTape();
            tape.watch(x);
            var y = call.Apply(Api.keras.activations, golden.GetProperty("function").GetString()!, x);
            var half = Tf.Sum(Tf.Square(y), [.. Enumerable.Range(0, y.ndim)]) * 0.5;
            return (y, tape.gradient(half, x)!);
        }).Flatten();

        if (GoldenList.Part(golden, "output") is { } output) List.Compare(results[0], output, 1e-5, 1e-5, "value");
        if (golden.TryGetProperty("grad_of_half_sum_sq", out var gradient)) List.Compare(results[1], gradient, 1e-4, 2e-5, "gradient");
    }

    [TestCaseSource(nameof(Identifiers))]
    public void IdentifierIsKnown(JsonProperty identifier) => Assert.That(Api.keras.activations.get(identifier.Name).name, Is.EqualTo(identifier.Value.GetString()));

    [Test]
    public void AnUnknownNameIsRefused() => Assert.That(() => Api.keras.activations.get("rellu"), Throws.ArgumentException.With.Message.Contains("rellu"));

    [Test]
    public void AFunctionOfOnesOwnIsAnActivation()
    {
        ActivationFunction doubled = new(x => x * 2);
        Assert.That(doubled.Apply(3f).ToScalar<float>(), Is.EqualTo(6));
    }
}
