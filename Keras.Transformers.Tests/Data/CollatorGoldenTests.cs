using System.Text.Json.Nodes;

namespace Keras.Transformers.Tests;

/// <summary>Batches of every collator equal Hugging Face's, as numpy and as TensorFlow have them.</summary>
[TestFixture]
[Category("Golden")]
public sealed class CollatorGoldenTests
{
    static IEnumerable<TestCaseData> Cases()
    {
        var path = GoldenFolder.PathOf("data", "collators.json");
        if (!File.Exists(path)) return [];
        var all = JsonNode.Parse(File.ReadAllText(path))!;
        return all["cases"]!.AsArray().Concat(all["multiple_choice"]!.AsArray()).Select(c => c!.AsObject()).Index().SelectMany(c => (c.Item.ContainsKey("tf") || c.Item.ContainsKey("error") ? new[] { "np", "tf" } : ["np"]).Select(kind =>
            new TestCaseData(c.Item, kind).SetArgDisplayNames($"{c.Index}: {c.Item["collator"]} {c.Item["tokenizer"]} {c.Item["kwargs"]!.ToJsonString()}", kind)));
    }

    [TestCaseSource(nameof(Cases))]
    public void Batches_equal_the_reference(JsonObject expected, string kind)
    {
        if ((string?)expected["tokenizer"] == "gpt2" && !Directory.Exists(TokenizerGolden.VocabFolder("gpt2"))) Assert.Ignore("The golden folder has no vocabulary of GPT-2.");
        var error = expected["error"] ?? (expected["tf"] is JsonObject tf && kind == "tf" ? tf["error"] : null);
        var result = expected["result"]?.AsObject();
        if (error is not null || result!.Any(c => (string?)c.Value?["dtype"] == "object"))
        {
            // Ragged rows that numpy takes as objects are an error here too.
            Assert.That(() => Batch(expected, kind), Throws.InstanceOf<KerasException>().Or.InstanceOf<ArgumentException>());
            return;
        }
        var batch = Batch(expected, kind);
        var columns = result!.Where(c => c.Value is not null).ToDictionary(c => c.Key, c => c.Value!);
        Assert.That(batch.Keys, Is.EquivalentTo(columns.Keys));
        foreach (var (name, column) in columns)
        {
            Tensor tensor = batch[name];
            var dtype = kind == "tf" && expected["tf"] is JsonObject other ? (string?)other["dtypes"]?[name] ?? (string)column["dtype"]! : (string)column["dtype"]!;
            Assert.That(tensor.dtype.Name, Is.EqualTo(dtype), name);
            Assert.That(tensor.shape, Is.EqualTo(new Shape([.. column["shape"]!.AsArray().Select(d => (long)d!)])), name);
            var values = column["data"]!.AsArray().Select(v => v!.GetValueKind() switch { System.Text.Json.JsonValueKind.True => 1.0, System.Text.Json.JsonValueKind.False => 0.0, _ => (double)v }).ToArray();
            Assert.That(tensor.RequireEager().ToHost().ToDouble(), Is.EqualTo(values), name);
        }
    }

    static BatchEncoding Batch(JsonObject c, string kind)
    {
        var collator = CollatorCases.Make((string)c["collator"]!, (string?)c["tokenizer"], c["kwargs"]!.AsObject(), kind);
        var features = c["features"]!.AsArray();
        return features.Count > 0 && features[0] is JsonArray
            ? ((DataCollatorForLanguageModeling)collator).Apply(features.Select(f => f!.AsArray().Select(v => (int)v!).ToArray()))
            : collator.Apply(features.Select(f => (IReadOnlyDictionary<string, BatchColumn>)f!.AsObject().ToDictionary(p => p.Key, p => CollatorCases.Column(p.Value)!)));
    }
}
