using System.Text.Json.Nodes;
using Keras.Optimizers;

namespace Keras.Transformers.Tests.Models;

/// <content>Configurations, weights and exports in files; the size of the vocabulary.</content>
sealed partial class FamilyContractTests
{
    [TestCaseSource(nameof(Classes))]
    public void Weights_of_every_format_are_read_back(ContractClass c)
    {
        var model = c.New();
        var inputs = ContractClass.Inputs(model);
        var expected = model.Apply(inputs);
        foreach (var format in Enum.GetValues<WeightFormat>())
            foreach (var size in new[] { "5GB", "4kB" })
            {
                using var folder = new TemporaryFolder();
                model.config.save_pretrained(folder);
                var files = WeightFormats.Save(model, folder, format, max_shard_size: size);
                Assert.That(files, size == "5GB" ? Has.Count.EqualTo(1) : Has.Count.GreaterThan(1));
                AssertSame(c.Load(folder).Apply(inputs), expected, message: $"{format}, {size}");
                if (format == WeightFormat.Safetensors) continue;
                using var converted = new TemporaryFolder();
                WeightFormats.Convert(folder, converted);
                AssertSame(c.Load(converted).Apply(inputs), expected, message: $"{format}, {size}, converted");
            }
    }

    [TestCaseSource(nameof(Classes))]
    public void A_configuration_is_read_back_with_every_key(ContractClass c)
    {
        using var folder = new TemporaryFolder();
        var model = c.New();
        model.save_pretrained(folder);
        var written = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "config.json")))!.AsObject();
        Assert.That(AutoConfig.from_pretrained(folder).to_json_string(), Is.EqualTo(model.config.to_json_string()));
        Assert.That(AutoConfig.from_pretrained(folder), Is.TypeOf(model.config.GetType()));
        Assert.That(written["architectures"]![0]!.GetValue<string>(), Is.EqualTo(c.Name[2..]), "without TF");
        Assert.That(written["model_type"]!.GetValue<string>(), Is.EqualTo(c.Family.ModelType));
        foreach (var (key, value) in JsonNode.Parse(c.Config().to_json_string())!.AsObject()) Assert.That(written[key]?.ToJsonString(), Is.EqualTo(value?.ToJsonString()), key);

        written["unheard_of"] = "kept";
        File.WriteAllText(Path.Combine(folder, "config.json"), written.ToJsonString());
        Assert.That(JsonNode.Parse(AutoConfig.from_pretrained(folder).to_json_string())!["unheard_of"]!.GetValue<string>(), Is.EqualTo("kept"));
        Assert.That(() => AutoConfig.from_pretrained(folder, new Dictionary<string, object?> { ["unheard_of"] = 1 }), Throws.InstanceOf<ConfigException>().With.Message.Contains("unheard_of"));
    }

    [TestCaseSource(nameof(Classes))]
    public void An_export_gives_what_the_model_gives_for_every_batch_and_length(ContractClass c)
    {
        using var folder = new TemporaryFolder();
        var model = c.New();
        model.export(Path.Combine(folder, "1"));
        ServedOps.Require(Path.Combine(folder, "1"));
        using var served = new Layers.TFSMLayer(Path.Combine(folder, "1"));
        using var wide = HasIntegers(model) ? new Layers.TFSMLayer(Path.Combine(folder, "1"), "int64_serving") : null;
        if (wide is null) Assert.That(() => new Layers.TFSMLayer(Path.Combine(folder, "1"), "int64_serving"), Throws.ArgumentException, "Without integers there is one endpoint.");
        foreach (var (rows, length) in new[] { (ContractClass.Rows, ContractClass.Length), (1, ContractClass.Length + 3) })
        {
            var inputs = ContractClass.Inputs(model, rows, length);
            var expected = model.Apply(inputs);
            foreach (var actual in new[] { served.Apply(inputs), wide?.Apply(Wide(inputs)) }.OfType<Tensors>())
                foreach (var (name, value) in expected.Named().Where(o => o.Value.IsLeaf)) Assert.That(Values(actual[name]), Is.EqualTo(Values(value)).Within(1e-5f), $"{name} of {rows} rows of {length}");
        }
    }

    /// <summary>What does not depend on how many words there are: of scores of words those of the first.</summary>
    static float[] OfWords(Tensors outputs, long words, int kept) => [.. outputs.Named().SelectMany(o => o.Value.IsLeaf && o.Value.Single.shape[^1] == words ? Values(o.Value).Chunk((int)words).SelectMany(r => r[..kept]) : Values(o.Value))];

    [TestCaseSource(nameof(WithWords))]
    public void A_resized_vocabulary_keeps_the_old_words_trains_and_is_read_back(ContractClass c)
    {
        foreach (var change in new[] { -9, 9 })
        {
            var model = c.New();
            model.EnsureBuilt();
            var words = model.get_input_embeddings().shape[0];
            var (count, kept) = ((int)words + change, (int)words + Math.Min(0, change));
            var inputs = ContractClass.Inputs(model, below: kept);
            var before = OfWords(model.Apply(inputs), words, kept);
            Compile(model, RunMode.Graph, "sgd");
            model.predict(inputs, verbose: 0);
            Assert.That(model.resize_token_embeddings(count).shape, Is.EqualTo(new Shape(count, model.get_input_embeddings().shape[1])));
            Assert.That(model.resize_token_embeddings(), Is.SameAs(model.get_input_embeddings()));
            Assert.That(model.get_output_embeddings()?.shape[0] ?? count, Is.EqualTo(count));
            Assert.That(model.InputRanges[model.main_input_name].Max, Is.EqualTo(count - 1));
            Assert.That(OfWords(model.Apply(inputs), count, kept), Is.EqualTo(before).Within(1e-6f));
            Assert.That(OfWords(model.predict(inputs, verbose: 0), count, kept), Is.EqualTo(OfWords(WithoutPast(model.Apply(inputs)), count, kept)).Within(1e-5f), "Functions of the old table are not used again.");

            foreach (var format in Enum.GetValues<WeightFormat>())
            {
                using var folder = new TemporaryFolder();
                model.config.save_pretrained(folder);
                WeightFormats.Save(model, folder, format);
                AssertSame(c.Load(folder).Apply(inputs), model.Apply(inputs), message: $"{format}");
            }
            if (model.LabelNames.Count == 0) continue;
            Compile(model, RunMode.Eager, new Adam(0.01));
            Assert.That(model.fit(ContractClass.With(inputs, ContractClass.Labels(model, inputs)), epochs: 3, verbose: 0).history["loss"], Is.Ordered.Descending);
        }
    }
}
