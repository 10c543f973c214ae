using Keras.Backend;

namespace Keras.Transformers.Tests.Export;

sealed class BertExportTests : EngineFixture
{
    [Test]
    public void An_export_gives_the_models_logits_for_every_batch_and_length()
    {
        using var folder = new TemporaryFolder();
        var model = new TFBertForSequenceClassification(SmallBert.Config());
        model.save_pretrained(folder, saved_model: true, version: 3);
        using var session = EngineSelection.LoadSavedModel(Path.Combine(folder, "saved_model", "3"));
        Assert.That(session.Signatures, Is.SupersetOf(new[] { "serving_default", "int64_serving" }));
        foreach (var (rows, length) in new[] { (1, 4), (3, SmallBert.Longest), (2, 7) })
        {
            var inputs = SmallBert.Inputs(rows, length);
            var expected = Floats(model.Apply(inputs).logits);
            foreach (var (signature, dtype) in new[] { ("serving_default", DType.Int32), ("int64_serving", DType.Int64) })
            {
                var outputs = session.Run(signature, inputs.Named().ToDictionary(i => i.Key, i => Host(Graphs.Tf.Cast(i.Value.Single, dtype))));
                Assert.That(outputs.Keys, Is.EqualTo(new[] { "logits" }));
                Assert.That(outputs["logits"].Shape, Is.EqualTo(new Shape(rows, 3)));
                Assert.That(outputs["logits"].As<float>().ToArray(), Is.EqualTo(expected).Within(1e-5f), $"{signature}, {rows} rows of {length}");
            }
        }
    }

    [Test]
    public void An_export_replaces_the_one_before()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder, "1");
        new TFBertModel(SmallBert.Config()).export(path);
        var model = new TFBertModel(SmallBert.Config());
        model.export(path);
        using var session = EngineSelection.LoadSavedModel(path);
        var inputs = SmallBert.Inputs(2, 5);
        var outputs = session.Run("serving_default", inputs.Named().ToDictionary(i => i.Key, i => Host(i.Value.Single)));
        Assert.That(outputs.Keys, Is.EquivalentTo(new[] { "last_hidden_state", "pooler_output" }));
        Assert.That(outputs["pooler_output"].As<float>().ToArray(), Is.EqualTo(Floats(model.Apply(inputs).pooler_output)).Within(1e-5f));
    }

    [Test, Category("Peer")]
    public void Python_calls_and_trains_an_export([Values("serving_default", "int64_serving")] string endpoint)
    {
        using var folder = new TemporaryFolder();
        var model = new TFBertForSequenceClassification(SmallBert.Config());
        model.export(Path.Combine(folder, "1"));
        var ids = endpoint == "serving_default" ? DType.Int32 : DType.Int64;
        var inputs = new Tensors(SmallBert.Inputs(2, 5).Named().Select(i => KeyValuePair.Create(i.Key, new Tensors(Graphs.Tf.Cast(i.Value.Single, ids)))));
        double[] expected = [.. Floats(model.Apply(SmallBert.Inputs(2, 5)).logits).Select(v => (double)v)];

        var counts = KerasPython.CheckExport(Path.Combine(folder, "1"), endpoint, inputs, inputs.Named().ToDictionary(), expected);

        Assert.That(counts["trainable_variables"], Is.EqualTo(model.trainable_variables.Count));
    }
}
