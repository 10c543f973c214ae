using System.Text.Json;
using System.Text.Json.Nodes;
using Keras.Data;

namespace Keras.Transformers.Tests;

/// <summary>Pipelines of tables equal those of Hugging Face: specs, structure, number and values of batches.</summary>
[TestFixture]
[Category("Golden")]
public sealed class TFDatasetGoldenTests
{
    static JsonNode? Data { get; } = System.IO.File.Exists(GoldenFolder.PathOf("data", "tf_datasets.json")) ? JsonNode.Parse(System.IO.File.ReadAllText(GoldenFolder.PathOf("data", "tf_datasets.json"))) : null;

    static IEnumerable<TestCaseData> Cases() => Data is null ? [] : Data["cases"]!.AsArray().Select(c => c!.AsObject()).Index()
        .Select(c => new TestCaseData(c.Item).SetArgDisplayNames($"{c.Index}: {c.Item["how"]} {c.Item["name"]}"));

    [TestCaseSource(nameof(Cases))]
    public void Batches_equal_the_reference(JsonObject expected) => AssertBatches(expected, Source);

    [TestCaseSource(nameof(Cases))]
    public void Batches_of_data_sets_equal_the_reference(JsonObject expected) => AssertBatches(expected, DatasetOf);

    static void AssertBatches(JsonObject expected, Func<string, IColumnSource> source)
    {
        if (expected.ToJsonString() is var text && (text.Contains("\"gpt2\"", StringComparison.Ordinal) || text.Contains("\"clm\"", StringComparison.Ordinal) || text.Contains("\"tokcls\"", StringComparison.Ordinal)) && !Directory.Exists(TokenizerGolden.VocabFolder("gpt2")))
            Assert.Ignore("The golden folder has no vocabulary of GPT-2.");
        if (expected.ContainsKey("error"))
        {
            Assert.That(() => Make(expected, source).as_numpy_iterator().ToList(), Throws.InstanceOf<KerasException>().Or.InstanceOf<ArgumentException>());
            return;
        }
        var pipeline = Make(expected, source);
        Assert.That(pipeline.cardinality(), Is.EqualTo((long)expected["cardinality"]!));
        AssertSpec(pipeline.element_spec, expected["spec"]!);
        var elements = pipeline.as_numpy_iterator().ToList();
        if (expected["batch_rows"] is JsonArray rows)
        {
            var isTuple = (bool)expected["tuple"]!;
            Assert.That(elements.Select(e => (isTuple ? e[0] : e).Flatten()[0].shape[0]), Is.EqualTo(rows.Select(r => (long)r!)));
            return;
        }
        var batches = expected["batches"]!.AsArray();
        Assert.That(elements, Has.Count.EqualTo(batches.Count));
        foreach (var (element, batch) in elements.Zip(batches)) AssertElement(element, batch!, "");
    }

    [Test]
    public void Each_walk_has_an_order_of_its_own()
    {
        if (Data is null) Assert.Ignore("The golden folder has no data/tf_datasets.json.");
        var pipeline = Source("fixed").to_tf_dataset(batch_size: 4, columns: "z", shuffle: true, seed: 1);
        float[] Walk() => [.. pipeline.as_numpy_iterator().SelectMany(e => e.Single.ToArray<float>())];
        var (first, second) = (Walk(), Walk());
        Assert.That(first, Is.EquivalentTo(second));
        Assert.That(first, Is.Not.EqualTo(second));
    }

    static DataPipeline Make(JsonObject c, Func<string, IColumnSource> sources)
    {
        var kwargs = c["kwargs"]!.AsObject();
        var source = sources((string)c["data"]!);
        DataCollator? collator = (string?)kwargs["collate_fn"] switch
        {
            null => null,
            "padding" => new DataCollatorWithPadding(CollatorCases.Tokenizer("bert-uncased"), return_tensors: "np"),
            "padding_tf" => new DataCollatorWithPadding(CollatorCases.Tokenizer("bert-uncased")),
            "default" => new DefaultDataCollator("np"),
            "clm" => new DataCollatorForLanguageModeling(CollatorCases.Tokenizer("gpt2"), mlm: false, return_tensors: "np"),
            "tokcls" => new DataCollatorForTokenClassification(CollatorCases.Tokenizer("gpt2"), return_tensors: "np"),
            var other => throw new ArgumentException($"No such collator: {other}"),
        };
        Assert.That(kwargs.Select(k => k.Key), Is.SubsetOf(new[] { "columns", "label_cols", "batch_size", "shuffle", "drop_remainder", "collate_fn", "collate_fn_args", "prefetch", "tokenizer" }));
        var args = kwargs["collate_fn_args"]?.AsObject().ToDictionary(a => a.Key, a => (object?)(int)a.Value!);
        var prefetch = (bool?)kwargs["prefetch"] ?? true;
        if ((string)c["how"]! == "to_tf_dataset")
            return source.to_tf_dataset((int?)kwargs["batch_size"], Names(kwargs["columns"]), (bool?)kwargs["shuffle"] ?? false, collator, (bool?)kwargs["drop_remainder"] ?? false, args, Names(kwargs["label_cols"]), prefetch);
        var tokenizer = (string?)kwargs["tokenizer"] is { } name ? CollatorCases.Tokenizer(name) : null;
        return Model((string)c["name"]!).prepare_tf_dataset(source, (int?)kwargs["batch_size"] ?? 8, (bool?)kwargs["shuffle"] ?? true, tokenizer, collator, args, (bool?)kwargs["drop_remainder"], prefetch);
    }

    static ColumnNames? Names(JsonNode? node) => node switch
    {
        null => null,
        JsonArray names => names.Select(n => (string)n!).ToArray(),
        _ => (string)node!,
    };

    /// <summary>A model of the class; its size does not matter, only its inputs.</summary>
    static TFPreTrainedModel Model(string name)
    {
        var bert = new BertConfig { vocab_size = 40, hidden_size = 4, num_hidden_layers = 1, num_attention_heads = 1, intermediate_size = 4, max_position_embeddings = 8 };
        return name switch
        {
            nameof(TFBertForSequenceClassification) => new TFBertForSequenceClassification(bert),
            nameof(TFBertModel) => new TFBertModel(bert),
            nameof(TFBertForQuestionAnswering) => new TFBertForQuestionAnswering(bert),
            nameof(TFGPT2LMHeadModel) => new TFGPT2LMHeadModel(new GPT2Config { vocab_size = 40, n_positions = 8, n_embd = 4, n_layer = 1, n_head = 1 }),
            _ => throw new ArgumentException($"No such model: {name}"),
        };
    }

    static IColumnSource Source(string name)
    {
        var columns = Data!["data"]![name]!.AsObject();
        return ColumnSource.Of(columns.ToDictionary(c => c.Key, c => Column(c.Value!.AsArray())));
    }

    static Dataset DatasetOf(string name)
    {
        var columns = Data!["data"]![name]!.AsObject();
        return Dataset.from_dict(columns.Select(c => KeyValuePair.Create(c.Key, Column(c.Value!.AsArray()) is { HasRows: true, Values: long[] } ? c.Value!.AsArray().Select(r => r!.AsArray().Select(v => (long)v!).ToArray()).ToArray()
            : Column(c.Value!.AsArray()) is { HasRows: true } ? c.Value!.AsArray().Select(r => r!.AsArray().Select(v => (float)v!).ToArray()).ToArray() : (object)Column(c.Value!.AsArray()).Values)));
    }

    static BatchColumn Column(JsonArray rows) => rows[0] switch
    {
        JsonArray => rows.Any(r => r!.AsArray().Any(CollatorCases.IsFraction)) ? rows.Select(r => r!.AsArray().Select(v => (float)v!).ToArray()).ToArray()
            : rows.Select(r => r!.AsArray().Select(v => (long)v!).ToArray()).ToArray(),
        var v when v!.GetValueKind() == JsonValueKind.String => rows.Select(r => (string)r!).ToArray(),
        var v when v!.GetValueKind() is JsonValueKind.True or JsonValueKind.False => rows.Select(r => (bool)r!).ToArray(),
        _ when rows.Any(CollatorCases.IsFraction) => rows.Select(r => (float)r!).ToArray(),
        _ => rows.Select(r => (long)r!).ToArray(),
    };

    static void AssertSpec(ElementSpec spec, JsonNode expected)
    {
        if (expected is JsonArray parts)
        {
            Assert.That(spec.Count, Is.EqualTo(parts.Count));
            for (var i = 0; i < parts.Count; i++) AssertSpec(spec[i], parts[i]!);
        }
        else if (expected["dtype"] is not null)
        {
            Assert.That(spec.Single.dtype.Name, Is.EqualTo((string)expected["dtype"]!));
            Assert.That(spec.Single.shape, Is.EqualTo(Shape.Create([.. expected["shape"]!.AsArray().Select(d => (long?)d)])));
        }
        else
        {
            Assert.That(spec.Keys, Is.EquivalentTo(expected.AsObject().Select(p => p.Key)));
            foreach (var (key, part) in expected.AsObject()) AssertSpec(spec[key], part!);
        }
    }

    static void AssertElement(Tensors element, JsonNode expected, string path)
    {
        if (expected is JsonArray parts)
        {
            Assert.That(element.Count, Is.EqualTo(parts.Count));
            for (var i = 0; i < parts.Count; i++) AssertElement(element[i], parts[i]!, $"{path}/{i}");
        }
        else if (expected["dtype"] is not null)
        {
            Assert.That(element.Single.dtype.Name, Is.EqualTo((string)expected["dtype"]!), path);
            Assert.That(element.Single.shape, Is.EqualTo(new Shape([.. expected["shape"]!.AsArray().Select(d => (long)d!)])), path);
            var data = expected["data"]!.AsArray();
            if (element.Single.dtype == DType.String) Assert.That(element.Single.ToArray<string>(), Is.EqualTo(data.Select(d => (string)d!)), path);
            else Assert.That(element.Single.RequireEager().ToHost().ToDouble(), Is.EqualTo(data.Select(d => element.Single.dtype == DType.Float32 ? (double)(float)d! : (double)d!)), path);
        }
        else
        {
            Assert.That(element.Keys, Is.EquivalentTo(expected.AsObject().Select(p => p.Key)), path);
            foreach (var (key, part) in expected.AsObject()) AssertElement(element[key], part!, $"{path}/{key}");
        }
    }
}
