using Keras.Backend;

namespace Keras.Transformers.Tests.Export;

sealed class ViTExportTests : EngineFixture
{
    [Test]
    public void An_export_has_one_endpoint_for_images_of_the_models_size()
    {
        using var folder = new TemporaryFolder();
        var model = new TFViTForImageClassification(SmallViT.Config());
        model.save_pretrained(folder, saved_model: true);
        using var session = EngineSelection.LoadSavedModel(Path.Combine(folder, "saved_model", "1"));
        Assert.That(session.Signatures.Where(s => !s.StartsWith("__", StringComparison.Ordinal)), Is.EqualTo(new[] { "serving_default" }));
        foreach (var count in new[] { 1, 3 })
        {
            var images = SmallViT.Images(count);
            var outputs = session.Run("serving_default", new Dictionary<string, HostTensor> { ["pixel_values"] = Host(images) });
            Assert.That(outputs["logits"].As<float>().ToArray(), Is.EqualTo(Floats(model.Apply(images).logits)).Within(1e-5f));
        }
    }

    [Test]
    public void States_and_attentions_are_exported_where_the_configuration_asks()
    {
        using var folder = new TemporaryFolder();
        var config = SmallViT.Config();
        (config.output_hidden_states, config.output_attentions) = (true, true);
        var model = new TFViTModel(config);
        model.export(Path.Combine(folder, "1"));
        using var session = EngineSelection.LoadSavedModel(Path.Combine(folder, "1"));
        var outputs = session.Run("serving_default", new Dictionary<string, HostTensor> { ["pixel_values"] = Host(SmallViT.Images(2)) });
        Assert.That((outputs["hidden_states"].Shape, outputs["attentions"].Shape), Is.EqualTo((new Shape(3, 2, 5, 12), new Shape(2, 2, 3, 5, 5))));
    }

    [Test]
    public void Records_of_files_are_classified()
    {
        using var folder = new TemporaryFolder();
        var source = Repository.PathOf("models", "vit-tiny");
        var model = TFAutoModelForImageClassification.from_pretrained(source);
        var processor = (ViTImageProcessor)AutoImageProcessor.from_pretrained(source);
        var file = File.ReadAllBytes(Path.Combine(source, "example.png"));
        var path = Path.Combine(folder, "1");
        model.export(path, processor, examples: true);
        ServedOps.Require(path);
        using var session = EngineSelection.LoadSavedModel(path);
        Assert.That(session.Signatures.Order(StringComparer.Ordinal), Is.EqualTo(new[] { "classify", "examples", "float32_serving", "serving_default", "uint8_serving" }));
        if (!ExampleRecords.CanRun) return;
        var probabilities = session.Run("serving_default", new Dictionary<string, HostTensor> { ["image_bytes"] = HostTensor.OfStrings(1, [file]) })["probabilities"].ToDouble();
        var records = Host(ExampleRecords.Of(new Dictionary<string, object> { ["image_bytes"] = file }, new Dictionary<string, object> { ["image_bytes"] = file }));
        var classified = session.Run("classify", new Dictionary<string, HostTensor> { ["inputs"] = records });
        Assert.That(classified["scores"].ToDouble(), Is.EqualTo(probabilities.Concat(probabilities)).Within(1e-6));
        Assert.That(System.Text.Encoding.UTF8.GetString(classified["classes"].Strings![Array.IndexOf(probabilities, probabilities.Max())]), Is.EqualTo("8"));
    }

    [Test, Category("Peer")]
    public void Python_calls_and_trains_an_export()
    {
        using var folder = new TemporaryFolder();
        var model = new TFViTForImageClassification(SmallViT.Config());
        model.export(Path.Combine(folder, "1"));
        Tensors inputs = new Dictionary<string, Tensors> { ["pixel_values"] = SmallViT.Images(2) };
        double[] expected = [.. Floats(model.Apply(inputs).logits).Select(v => (double)v)];

        var counts = KerasPython.CheckExport(Path.Combine(folder, "1"), "serving_default", inputs, inputs.Named().ToDictionary(), expected);

        Assert.That(counts["trainable_variables"], Is.EqualTo(model.trainable_variables.Count));
    }
}
