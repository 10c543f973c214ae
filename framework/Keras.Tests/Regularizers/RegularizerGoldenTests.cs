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

    static Dictionary<string, object?> Serialized(JsonElement golden) => SerializedObject.Of("", golden.GetProperty("class").GetString()!, GoldenList.Object(golden.GetProperty("kwargs")));

    [TestCaseSource(nameof(RegularizerCases))]
    public void RegularizersAreKeras(JsonElement golden, RunMode mode)
    {
        var regularizer = Api.keras.regularizers.deserialize(Serialized(golden));
        var hasGradient = golden.GetProperty("grad").ValueKind != JsonValueKind.Null;
        var results = GoldenList.Run(mode, List.Tensor(golden.GetProperty("input")), given =>
        {
            using var tape = new GradientTape();
            tape.watch(given.Single);
            var loss = regularizer.call(given);
            return hasGradient ? (loss, tape.gradient(loss, given.Single)!) : loss;
        });
        Assert.That(results.Flatten()[0].ToScalar<float>(), Is.EqualTo(golden.GetProperty("value").GetDouble()).Within(1e-5).Percent.Or.EqualTo(golden.GetProperty("value").GetDouble()).Within(1e-5));
        if (hasGradient) List.Compare(results[1], golden.GetProperty("grad"), 1e-4, 2e-5, "gradient");
        GoldenList.CompareConfig(regularizer.get_config(), golden.GetProperty("config"), "config");
        GoldenList.CompareConfig(Api.keras.regularizers.deserialize(Api.keras.regularizers.serialize(regularizer)!).get_config(), golden.GetProperty("config"), "config");
    }

    [TestCaseSource(nameof(ConstraintCases))]
    public void ConstraintsAreKeras(JsonElement golden, RunMode mode)
    {
        var constraint = Api.keras.constraints.deserialize(Serialized(golden));
        var result = GoldenList.Run(mode, List.Tensor(golden.GetProperty("input")), given => constraint.call(given));
        List.Compare(result, golden.GetProperty("output"), 1e-5, 1e-5, "output");
        GoldenList.CompareConfig(constraint.get_config(), golden.GetProperty("config"), "config");
        GoldenList.CompareConfig(Api.keras.constraints.deserialize(Api.keras.constraints.serialize(constraint)!).get_config(), golden.GetProperty("config"), "config");
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
