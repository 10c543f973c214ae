using System.Text.Json.Nodes;

namespace Keras.Transformers.Tests;

/// <summary>Every metric gives the figures of the golden folder, to 1e-9 of their size; those of documentation to the digits that are printed there.</summary>
[TestFixture]
[Category("Golden")]
public sealed class MetricGoldenTests
{
    static IEnumerable<JsonObject> Read(Func<string, bool> file) => !Directory.Exists(GoldenFolder.PathOf("metrics")) ? []
        : Directory.EnumerateFiles(GoldenFolder.PathOf("metrics"), "*.json").Order(StringComparer.Ordinal).Where(f => file(Path.GetFileNameWithoutExtension(f)))
            .SelectMany(f => JsonNode.Parse(File.ReadAllText(f))!.AsArray().Select(c => c!.AsObject()));

    static IEnumerable<TestCaseData> Cases(Func<string, bool> file) => Read(file).Select(c => new TestCaseData(c).SetArgDisplayNames((string)c["name"]!));

    static IEnumerable<TestCaseData> Metrics() => Cases(f => f is not ("sacrebleu_words" or "stems"));

    static IEnumerable<TestCaseData> Words() => Cases(f => f == "sacrebleu_words");

    static IEnumerable<TestCaseData> Stems() => Cases(f => f == "stems");

    [TestCaseSource(nameof(Metrics))]
    public void Values_equal_the_reference(JsonObject example)
    {
        var metric = Evaluate.evaluate.load((string)example["metric"]!, (string?)example["config"], seed: (int?)example["seed"]);
        var result = Compute(metric, example["inputs"]!.AsObject(), example["options"]!.AsObject());
        var expected = ValueOf(example["expected"]);
        if (example["digits"] is { } digits) AssertRounded(result, expected, (int)digits!, (string)example["name"]!);
        else AssertSame(result, expected, (string)example["name"]!);
        if (example["signature"] is { } signature) Assert.That(metric.signature, Does.StartWith((string)signature! + "|version:"));
    }

    [TestCaseSource(nameof(Words))]
    public void Words_equal_the_reference(JsonObject example) =>
        Assert.That(SacreBleuTokenizer.Of((string)example["tokenize"]!)(PythonText.TrimEnd((string)example["text"]!)), Is.EqualTo(example["expected"]!.AsArray().Select(w => (string)w!)));

    [TestCaseSource(nameof(Stems))]
    public void Stems_equal_the_reference(JsonObject example) => Assert.That(PorterStemmer.Stem((string)example["name"]!), Is.EqualTo((string)example["expected"]!));

    static MetricValue Compute(EvaluationModule metric, JsonObject inputs, JsonObject options)
    {
        var method = typeof(EvaluationModule).GetMethod(nameof(EvaluationModule.compute))!;
        return (MetricResult)method.Invoke(metric, [.. method.GetParameters().Select(p => Argument(p.ParameterType, inputs[p.Name!] ?? options[p.Name!]))])!;
    }

    static object? Argument(Type type, JsonNode? given)
    {
        if (given is null) return null;
        if (type == typeof(MetricValue)) return ValueOf(given);
        if (type == typeof(IReadOnlyList<string>)) return given.AsArray().Select(t => (string)t!).ToArray();
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain == typeof(int) ? (int)given : plain == typeof(double) ? (double)given : plain == typeof(bool) ? (bool)given : (string?)given;
    }

    static MetricValue ValueOf(JsonNode? node) => node switch
    {
        JsonObject members => MetricValue.From(members.ToDictionary(m => m.Key, m => (object?)ValueOf(m.Value))),
        JsonArray items => MetricValue.From(items.Select(ValueOf)),
        JsonValue value when value.TryGetValue<bool>(out var flag) => flag,
        JsonValue value when value.TryGetValue<long>(out var number) => number,
        JsonValue value when value.TryGetValue<double>(out var number) => number,
        JsonValue value => (string)value! is "nan" ? double.NaN : (string)value!,
        _ => MetricValue.From(null),
    };

    static void AssertSame(MetricValue actual, MetricValue expected, string where)
    {
        if (expected.Keys.Count > 0) Assert.That(actual.Keys, Is.EquivalentTo(expected.Keys), where);
        if (expected.IsNumber && double.IsNaN(expected)) Assert.That((double)actual, Is.NaN, where);
        else if (expected.IsNumber) Assert.That((double)actual, Is.EqualTo((double)expected).Within(1e-9 * Math.Max(1, Math.Abs(expected))), where);
        else foreach (var (key, value) in Members(expected)) AssertSame(Member(actual, key), value, $"{where}.{key}");
    }

    static void AssertRounded(MetricValue actual, MetricValue expected, int digits, string where)
    {
        if (expected.IsNumber) Assert.That(Math.Round((double)actual, digits), Is.EqualTo((double)expected).Within(1e-12), where);
        else foreach (var (key, value) in Members(expected)) AssertRounded(Member(actual, key), value, digits, $"{where}.{key}");
    }

    static IEnumerable<(object Key, MetricValue Value)> Members(MetricValue value) => value.Keys.Count > 0 ? value.Keys.Select(k => ((object)k, value[k])) : value.Select((v, i) => ((object)i, v));

    static MetricValue Member(MetricValue value, object key) => key is string name ? value[name] : value[(int)key];
}
