using System.Text.Json;
using System.Text.Json.Nodes;

namespace Keras.Transformers.Tests.Golden;

/// <summary>Pipelines say what Hugging Face's say: the same fields in the same order, scores to 1e-5. Golden/pipelines/make.py makes the cases.</summary>
[Category("Golden")]
sealed class PipelineGoldenTests : EngineFixture
{
    const double Tolerance = 1e-5;

    static readonly string Root = GoldenFolder.PathOf("pipelines");

    static IEnumerable<TestCaseData> Cases => (Directory.Exists(Root) ? JsonNode.Parse(File.ReadAllBytes(Path.Combine(Root, "cases.json")))!.AsArray() : [])
        .Select(c => new TestCaseData(c).SetArgDisplayNames((string)c!["name"]!)).DefaultIfEmpty(new TestCaseData(new JsonObject()).SetArgDisplayNames("none").Ignore($"There are no such cases in {Root}."));

    [TestCaseSource(nameof(Cases))]
    public void Outputs_are_those_of_Hugging_Face(JsonNode golden)
    {
        var inputs = golden["inputs"]!.AsArray().Select(Input).ToArray();
        var expected = golden["expected"]!.AsArray();
        foreach (var batch in new[] { 1, 3 })
        {
            var pipe = Pipelines.pipeline((string)golden["task"]!, FolderOf((string)golden["model"]!), batch_size: batch);
            var outputs = pipe.Apply(inputs, Options(golden["options"]!.AsObject()));
            Assert.That(outputs, Has.Count.EqualTo(expected.Count));
            for (var i = 0; i < outputs.Count; i++) Compare(JsonNode.Parse(outputs[i].ToString()!)!, expected[i]!, $"batch_size {batch}, input {i}: {outputs[i]}");
        }
    }

    static string FolderOf(string model) => Repository.PathOf("models", model) is var shared && Directory.Exists(shared) ? shared : Path.Combine(Root, model);

    static PipelineInput Input(JsonNode? given) => (string?)given!["image"] is { } image ? Path.Combine(Root, image) : JsonSerializer.Deserialize<Dictionary<string, string>>(given)!;

    static PipelineOptions Options(JsonObject given)
    {
        // One label, or several with commas, may be a text too.
        if (given["candidate_labels"] is not JsonValue labels) return JsonSerializer.Deserialize<PipelineOptions>(given)!;
        var others = (JsonObject)given.DeepClone();
        others.Remove("candidate_labels");
        return JsonSerializer.Deserialize<PipelineOptions>(others)! with { candidate_labels = (string)labels! };
    }

    static void Compare(JsonNode actual, JsonNode expected, string where)
    {
        switch (expected)
        {
            case JsonObject fields:
                Assert.That(actual.AsObject().Select(f => f.Key), Is.EqualTo(fields.Select(f => f.Key)), where);
                foreach (var (name, value) in fields) Compare(actual[name]!, value!, $"{where}, {name}");
                break;
            case JsonArray items:
                Assert.That(actual.AsArray(), Has.Count.EqualTo(items.Count), where);
                for (var i = 0; i < items.Count; i++) Compare(actual[i]!, items[i]!, $"{where}[{i}]");
                break;
            case var value when value.GetValueKind() == JsonValueKind.Number:
                Assert.That((double)actual, Is.EqualTo((double)value).Within(Tolerance * Math.Max(1, Math.Abs((double)value))), where);
                break;
            default:
                Assert.That((string?)actual, Is.EqualTo((string?)expected), where);
                break;
        }
    }
}
