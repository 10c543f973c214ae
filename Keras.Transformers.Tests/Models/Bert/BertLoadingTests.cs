using System.Text.Json.Nodes;
using Keras.Saving;

namespace Keras.Transformers.Tests.Models;

sealed class BertLoadingTests : EngineFixture
{
    [Test]
    public void A_saved_model_loads_with_identical_predictions_and_Hugging_Faces_names()
    {
        using var folder = new TemporaryFolder();
        var model = new TFBertForSequenceClassification(SmallBert.Config());
        var inputs = SmallBert.Inputs(2, 5);
        var before = Floats(model.Apply(inputs).logits);
        model.save_pretrained(folder);
        var loaded = TFBertForSequenceClassification.from_pretrained(folder, out var report);
        Assert.That(Floats(loaded.Apply(inputs).logits), Is.EqualTo(before));
        Assert.That(Floats(TFAutoModelForSequenceClassification.from_pretrained(folder).Apply(inputs)["logits"].Single), Is.EqualTo(before));
        Assert.That((report.missing_keys.Count, report.unexpected_keys.Count, report.mismatched_keys.Count), Is.EqualTo((0, 0, 0)));
        Assert.That(Directory.GetFiles(folder).Select(Path.GetFileName), Is.EquivalentTo(new[] { "config.json", "model.safetensors" }));
        using var file = SafetensorsSource.Open(folder);
        Assert.That(file.Metadata["format"], Is.EqualTo("pt"));
        Assert.That(file.Entries.Keys, Is.EquivalentTo(ExpectedKeys()));
        Assert.That(file.Entries["classifier.weight"].Shape, Is.EqualTo(new Shape(3, 12)));
        Assert.That(file.Entries["bert.encoder.layer.0.intermediate.dense.weight"].Shape, Is.EqualTo(new Shape(20, 12)));
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "config.json")))!;
        Assert.That(config["architectures"]![0]!.GetValue<string>(), Is.EqualTo("BertForSequenceClassification"));
        Assert.That(config["model_type"]!.GetValue<string>(), Is.EqualTo("bert"));
    }

    static IEnumerable<string> ExpectedKeys()
    {
        string[] layer = ["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense", "attention.output.LayerNorm", "intermediate.dense", "output.dense", "output.LayerNorm"];
        var modules = new[] { 0, 1 }.SelectMany(i => layer.Select(l => $"bert.encoder.layer.{i}.{l}")).Concat(["bert.embeddings.LayerNorm", "bert.pooler.dense", "classifier"]);
        return modules.SelectMany(m => new[] { m + ".weight", m + ".bias" }).Concat(new[] { "word", "position", "token_type" }.Select(e => $"bert.embeddings.{e}_embeddings.weight"));
    }

    [Test, Platform("Linux")]
    public void Kernels_that_were_transposed_leave_the_memory_of_the_mapped_file()
    {
        using var folder = new TemporaryFolder();
        // 2 MB of embeddings, which stay mapped, and 12 MB of kernels.
        var config = new BertConfig { vocab_size = 1_000, hidden_size = 512, intermediate_size = 2_048, num_hidden_layers = 1, num_attention_heads = 8, max_position_embeddings = 16 };
        new TFBertModel(config).save_pretrained(folder);
        var model = TFBertModel.from_pretrained(folder);
        // TensorFlow copies what does not begin with a cache line, and maps nothing then.
        Assert.That(MappedMemory.ResidentOf(Path.Combine(folder, "model.safetensors")) ?? 0, Is.AtMost(6 << 20), "embeddings, and at most two pages of 2 MB around them");
        GC.KeepAlive(model);
    }

    [Test, Platform("Linux")]
    public void A_small_model_keeps_no_file_open()
    {
        using var folder = new TemporaryFolder();
        new TFBertModel(SmallBert.Config()).save_pretrained(folder);
        var model = TFBertModel.from_pretrained(folder);
        Assert.That(MappedMemory.ResidentOf(Path.Combine(folder, "model.safetensors")), Is.Null);
        GC.KeepAlive(model);
    }

    [Test]
    public void A_head_that_the_file_lacks_is_reported_and_the_backbone_kept()
    {
        using var folder = new TemporaryFolder();
        var bare = new TFBertModel(SmallBert.Config());
        bare.save_pretrained(folder);
        var model = TFBertForSequenceClassification.from_pretrained(folder, out var report, num_labels: 4);
        Assert.That(report.missing_keys, Is.EqualTo(new[] { "classifier.bias", "classifier.weight" }));
        Assert.That(report.unexpected_keys, Is.Empty);
        var inputs = SmallBert.Inputs(2, 5);
        Assert.That(Floats(model.Apply(new CallArguments(inputs).WithOption("output_hidden_states", true)).hidden_states![2].Single), Is.EqualTo(Floats(bare.Apply(inputs).last_hidden_state)));
        Assert.That(model.config.id2label.Values, Is.EqualTo(new[] { "LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3" }));
    }

    [Test]
    public void Every_weight_of_another_shape_is_named_at_once_and_nothing_changes()
    {
        using var folder = new TemporaryFolder();
        new TFBertForSequenceClassification(SmallBert.Config(labels: 3)).save_pretrained(folder);
        var config = SmallBert.Config(labels: 5);
        config.vocab_size = 50;
        var model = new TFBertForSequenceClassification(config);
        var before = model.Weights.Keys.ToDictionary(k => k, k => Floats(model.Weights.VariableOf(k).value));
        var error = Assert.Throws<WeightLoadException>(() => model.LoadWeights(folder, ignoreMismatched: false))!;
        foreach (var key in new[] { "classifier.weight (5, 12)", "classifier.bias (5", "bert.embeddings.word_embeddings.weight (50, 12)" })
            Assert.That(error.Expected, Does.Contain(key));
        Assert.That(error.Received, Does.Contain("classifier.weight (3, 12)"));
        foreach (var (key, value) in before) Assert.That(Floats(model.Weights.VariableOf(key).value), Is.EqualTo(value), key);
        var report = model.LoadWeights(folder, ignoreMismatched: true);
        Assert.That(report.mismatched_keys.Select(m => m.Key), Is.EqualTo(new[] { "bert.embeddings.word_embeddings.weight", "classifier.bias", "classifier.weight" }));
        Assert.That(Floats(model.Weights.VariableOf("classifier.weight").value), Is.EqualTo(before["classifier.weight"]));
    }

    [Test]
    public void A_folder_without_weights_is_an_error_that_says_what_is_there()
    {
        using var folder = new TemporaryFolder();
        SmallBert.Config().save_pretrained(folder);
        var error = Assert.Throws<WeightLoadException>(() => TFBertModel.from_pretrained(folder))!;
        Assert.That(error.Message, Does.Contain("model.safetensors").And.Contain("config.json"));
        Assert.That(() => TFBertModel.from_pretrained(Path.Combine(folder, "absent")), Throws.InstanceOf<ConfigException>());
    }

    [TestCase("{}", "model_type")]
    [TestCase("[]", "config.json")]
    [TestCase("{", "config.json")]
    [TestCase("""{"model_type": 3}""", "model_type")]
    [TestCase("""{"model_type": "walrus"}""", "walrus")]
    [TestCase("""{"model_type": "bert", "hidden_size": "big"}""", "hidden_size")]
    [TestCase("""{"model_type": "bert", "hidden_size": 12.5}""", "hidden_size")]
    [TestCase("""{"model_type": "bert", "hidden_size": [768]}""", "hidden_size")]
    [TestCase("""{"model_type": "bert", "layer_norm_eps": {}}""", "layer_norm_eps")]
    [TestCase("""{"model_type": "bert", "hidden_act": "leaky"}""", "quick_gelu")]
    [TestCase("""{"model_type": "bert", "num_attention_heads": 7}""", "num_attention_heads")]
    [TestCase("""{"model_type": "bert", "num_attention_heads": 0}""", "num_attention_heads")]
    [TestCase("""{"model_type": "bert", "id2label": {"first": "a"}}""", "id2label")]
    [TestCase("""{"model_type": "bert", "id2label": {"0": ["a"]}}""", "id2label")]
    [TestCase("""{"model_type": "bert", "num_labels": "two"}""", "num_labels")]
    public void A_configuration_that_cannot_be_used_is_a_typed_error(string json, string named)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder, "config.json"), json);
        var error = Assert.Throws<ConfigException>(() => TFAutoModelForSequenceClassification.from_pretrained(folder))!;
        Assert.That(error.Message, Does.Contain(named));
    }

    [Test]
    public void A_model_made_of_settings_that_do_not_fit_is_refused() =>
        Assert.That(() => new TFBertModel(SmallBert.Config(heads: 5)), Throws.InstanceOf<ConfigException>().With.Message.Contains("num_attention_heads"));
}
