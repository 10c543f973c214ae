using System.Text.Json.Nodes;

namespace Keras.Transformers.Tests;

/// <summary>Batches without masking equal Hugging Face's.</summary>
[TestFixture]
[Category("Golden")]
public sealed class LanguageModelingGoldenTests
{
    static IEnumerable<TestCaseData> Cases()
    {
        var path = GoldenFolder.PathOf("data", "collators.json");
        if (!File.Exists(path)) return [];
        return JsonNode.Parse(File.ReadAllText(path))!["cases"]!.AsArray().Select(c => c!.AsObject()).Index().Where(c => IsOurs(c.Item))
            .Select(c => new TestCaseData(c.Item).SetArgDisplayNames($"{c.Index}: {c.Item["tokenizer"]} {c.Item["kwargs"]!.ToJsonString()}"));
    }

    // Lists of bare ids are no encoding here; tokenizers other than BERT's are not there.
    static bool IsOurs(JsonObject c) => (string?)c["collator"] == nameof(DataCollatorForLanguageModeling) && ((string)c["tokenizer"]!).StartsWith("bert", StringComparison.Ordinal)
        && c.ContainsKey("result") && c["features"]![0] is JsonObject;

    [TestCaseSource(nameof(Cases))]
    public void Batches_equal_the_reference(JsonObject expected)
    {
        var tokenizer = BertTokenizerFast.from_pretrained(TokenizerGolden.VocabFolder("bert-base-uncased"));
        if (((string)expected["tokenizer"]!).EndsWith("left", StringComparison.Ordinal)) tokenizer.padding_side = "left";
        var collator = new DataCollatorForLanguageModeling(tokenizer, mlm: (bool)expected["kwargs"]!["mlm"]!, pad_to_multiple_of: (int?)expected["kwargs"]!["pad_to_multiple_of"]);

        var batch = collator.Apply(expected["features"]!.AsArray().Select(f => new BatchEncoding(f!.AsObject().Select(c => KeyValuePair.Create(c.Key, (BatchColumn)Ints(c.Value!))))));

        var result = expected["result"]!.AsObject();
        Assert.That(batch.Keys, Is.EquivalentTo(result.Select(r => r.Key)));
        foreach (var (name, column) in result)
        {
            Assert.That(batch[name].Values, Is.EqualTo(Ints(column!["data"]!)), name);
            Assert.That(batch[name].Shape, Is.EqualTo(new Shape([.. Ints(column["shape"]!).Select(d => (long)d)])), name);
        }
    }

    static int[] Ints(JsonNode node) => [.. node.AsArray().Select(v => (int)v!)];
}
