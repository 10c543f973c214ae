using System.Text.Json;

namespace Keras.Tests.Regularizers;

/// <summary>Every regularizer and constraint of Keras' reference vectors: values, gradients, configs and names.</summary>
[Category("Golden")]
public sealed class RegularizerGoldenTests
{
    static GoldenList List => GoldenList.Find("regularizers", "regularizers")!;

    static IEnumerable<TestCaseData> Of(string kind) => GoldenList.Cases("regularizers", "regularizers", RunMode.Eager, RunMode.Graph, RunMode.Xla).Where(c => ((JsonElement)c.Arguments[0]!).GetProperty("kind").GetString() == kind);

    static IEnumerable<TestCaseData> RegularizerCases => Of("regularizer");

    static IEnumerable<TestCaseData> ConstraintCases => Of("constraint");

    static IEnumerable<JsonProperty> Names(string key) => GoldenList.Find("regularizers", "regularizers")?.Json is { } json && json.TryGetProperty(key, out var names) ? [.. names.EnumerateObject()] : [];

    static IEnumerable<JsonProperty> RegularizerNames => Names("identifiers");

    static IEnumerable<JsonProperty> ConstraintNames => Names("constraint_identifiers");

    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    static Dictionary<string, object?> Serialized(JsonElement golden) => SerializedObject.Of("", golden.GetProperty("class").GetString()!, GoldenList.Kwargs(golden));

    [TestCaseSource(nameof(RegularizerCases))]
    public void RegularizersAreKeras(JsonElement golden, RunMode mode)
    {
        var regularizer = Api.keras.regularizers.deserialize(Serialized(golden));
        var gradient = GoldenList.Part(golden, "grad");
        var results = GoldenList.Run(mode, List.Tensor(golden.GetProperty("input")), given =>
        {
            using var tape = new GradientTape();
            tape.watch(given.Single);
            var loss = regularizer.call(given);
            return gradient is not null ? (loss, tape.gradient(loss, given.Single)!) : loss;
        });
        if (GoldenList.Part(golden, "value")?.GetDouble() is { } value)
            Assert.That(results.Flatten()[0].ToScalar<float>(), Is.EqualTo(value).Within(1e-5).Percent.Or.EqualTo(value).Within(1e-5));
        if (gradient is { } expected) List.Compare(results[1], expected, 1e-4, 2e-5, "gradient");
        if (GoldenList.Part(golden, "config") is not { } config) return;
        GoldenList.CompareConfig(regularizer.get_config(), config, "config");
        GoldenList.CompareConfig(Api.keras.regularizers.deserialize(Api.keras.regularizers.serialize(regularizer)!).get_config(), config, "config");
    }

    [TestCaseSource(nameof(ConstraintCases))]
    public void ConstraintsAreKeras(JsonElement golden, RunMode mode)
    {
        var constraint = Api.keras.constraints.deserialize(Serialized(golden));
        var result = GoldenList.Run(mode, List.Tensor(golden.GetProperty("input")), given => constraint.call(given));
        if (GoldenList.Part(golden, "output") is { } output) List.Compare(result, output, 1e-5, 1e-5, "output");
        if (GoldenList.Part(golden, "config") is not { } config) return;
        GoldenList.CompareConfig(constraint.get_config(), config, "config");
        GoldenList.CompareConfig(Api.keras.constraints.deserialize(Api.keras.constraints.serialize(constraint)!).get_config(), config, "config");
    }

    [TestCaseSource(nameof(RegularizerNames))]
    public void RegularizerIsKnown(JsonProperty identifier)
    {
        if (identifier.Value.GetString() == "Regularizer") Assert.That(() => Api.keras.regularizers.get(identifier.Name), Throws.ArgumentException, "a base class makes no loss");
        else Assert.That(Api.keras.regularizers.get(identifier.Name)!.GetType().Name, Is.EqualTo(identifier.Value.GetString()));
    }

    [TestCaseSource(nameof(ConstraintNames))]
    public void ConstraintIsKnown(JsonProperty identifier)
    {
        if (identifier.Value.GetString() == "Constraint") Assert.That(() => Api.keras.constraints.get(identifier.Name), Throws.ArgumentException, "a base class constrains nothing");
        else Assert.That(Api.keras.constraints.get(identifier.Name)!.GetType().Name, Is.EqualTo(identifier.Value.GetString()));
    }
}
