using Keras.Graphs;
using Keras.Layers;
using Keras.SavedModels;
using Keras.Tests;

namespace Keras.Export.Tests;

/// <summary>What <c>Model.export</c> writes gives the model's predictions, on every engine and by every loader.</summary>
sealed class ModelExportTests
{
    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        LayerNames.Clear();
    }

    [Test]
    public void Exports_give_the_models_predictions_at_every_size([ValueSource(typeof(ExportedModels), nameof(ExportedModels.Names))] string name)
    {
        using var folder = new TemporaryFolder();
        var model = ExportedModels.Make(name);
        model.export(folder["1"], verbose: false);
        ServedOps.Require(folder["1"]);
        using var loaded = new Loaded(folder["1"]);
        Assert.That(loaded.Signatures, Is.EquivalentTo(new[] { "serve", "serving_default" }));
        foreach (var (rows, steps) in new[] { (1, 1), (2, 5), (5, 2) })
        {
            var inputs = ExportedModels.Inputs(name, rows, steps);
            var expected = model.Apply(inputs, training: false);
            foreach (var signature in loaded.Signatures)
            {
                var actual = loaded.Run(signature, ExportedModels.Named(name, inputs));
                var (names, values) = (EndpointNames.OfOutputs("", expected).Select(o => o.Name).ToArray(), EndpointNames.OfOutputs("", expected).Select(o => o.Tensor).ToArray());
                Assert.That(actual.Keys, Is.EquivalentTo(names));
                for (var i = 0; i < names.Length; i++)
                    Assert.That(actual[names[i]], Is.EqualTo(values[i].RequireEager().ToHost().ToDouble()).Within(1e-5), $"{names[i]} of {signature} at {rows} x {steps}");
            }
        }
    }

    [Test]
    public void Weights_are_those_at_the_time_of_the_export_and_a_layer_reads_the_file()
    {
        using var folder = new TemporaryFolder();
        var model = Api.keras.Sequential([Api.keras.Input(new Shape(2), name: "x"), new Dense(1, use_bias: false)]);
        model.set_weights([Tf.Constant(HostTensor.From(new[,] { { 2f }, { 3f } }))]);
        model.export(folder["1"], verbose: false);
        model.set_weights([Tf.Constant(HostTensor.From(new[,] { { 0f }, { 0f } }))]);
        using var layer = new TFSMLayer(folder["1"]);
        var outputs = layer.Apply(Tf.Constant(HostTensor.From(new[,] { { 1f, 10f } })));
        Assert.That(outputs["output_0"].Single.ToArray<float>(), Is.EqualTo(new[] { 32f }));
    }

    [Test]
    public void A_model_that_was_called_has_a_free_batch_and_a_signature_frees_more()
    {
        using var folder = new TemporaryFolder();
        var model = new Words();
        model.Apply(Tf.Constant(HostTensor.From(new[,] { { 1, 2, 3 } })));
        model.export(folder["fixed"], verbose: false);
        model.export(folder["free"], verbose: false, input_signature: new InputSpec(DType.Int32, new Shape(-1, -1), name: "ids"));
        using (var reader = SavedModelReader.Open(folder["fixed"]))
        {
            var input = reader.Signatures.Single(s => s.Name == "serve").Inputs.Single();
            Assert.That((input.DType, input.Shape), Is.EqualTo((DType.Int32, new Shape(-1, 3))), "whole numbers stay such");
        }
        using var loaded = new Loaded(folder["free"]);
        var ids = Tf.Constant(HostTensor.From(new[,] { { 1, 2, 3, 4, 5 }, { 9, 9, 9, 9, 9 } }));
        Assert.That(loaded.Run("serve", new() { ["ids"] = ids })["output_0"], Is.EqualTo(model.Apply(ids).Single.RequireEager().ToHost().ToDouble()).Within(1e-6));
    }

    sealed class Words : Model
    {
        readonly Embedding embedding = new(10, 4);

        public override Tensors call(Tensors inputs, bool training = false) => Tf.Mean(embedding.Apply(inputs).Single, [1]);
    }

    [Test]
    public void Inputs_without_names_are_called_as_in_Keras()
    {
        using var folder = new TemporaryFolder();
        var model = new Sum();
        model.Apply(new Tensors[] { ExportedModels.Values(2, 3), ExportedModels.Values(2, 3) });
        model.export(folder["1"], verbose: false);
        using var loaded = new Loaded(folder["1"]);
        var results = loaded.Run("serving_default", new() { ["args_0"] = ExportedModels.Values(1, 3), ["args_0_1"] = ExportedModels.Values(1, 3) });
        Assert.That(results.Keys, Is.EqualTo(new[] { "output_0" }));
    }

    sealed class Sum : Model
    {
        readonly Dense dense = new(2);

        public override Tensors call(Tensors inputs, bool training = false) => dense.Apply(inputs[0]).Single + dense.Apply(inputs[1]).Single;
    }

    [Test]
    public void Mixed_precision_is_exported_as_it_computes()
    {
        using var folder = new TemporaryFolder();
        var model = Api.keras.Sequential([Api.keras.Input(new Shape(3), name: "x"), new Dense(4, activation: "relu", dtype: "mixed_bfloat16"), new Dense(2)]);
        model.export(folder["1"], verbose: false);
        using var loaded = new Loaded(folder["1"]);
        var x = ExportedModels.Values(3, 3);
        Assert.That(loaded.Run("serve", new() { ["x"] = x })["output_0"], Is.EqualTo(model.Apply(x).Single.RequireEager().ToHost().ToDouble()).Within(1e-2));
    }

    [Test]
    public void Models_that_are_not_known_well_enough_are_refused_with_a_remedy()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<InvalidOperationException>(() => new ExportedModels.Gated().export(folder["1"]))!;
        Assert.That(error.Message, Does.Contain("no weights"));
        var built = Api.keras.Sequential([new Dense(2)]);
        Assert.Throws<InvalidOperationException>(() => built.export(folder["1"]));
        Assert.Throws<ArgumentException>(() => _ = (Tensors)new InputSpec(ndim: 2));
        Assert.That(Directory.Exists(folder["1"]), Is.False);
    }

    [TestCase("onnx")]
    [TestCase("openvino")]
    [TestCase("litert")]
    [TestCase("torch")]
    public void Other_formats_are_refused_by_name(string format)
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<UnsupportedException>(() => ExportedModels.Make("sequential").export(folder["1"], format))!;
        Assert.That(error.Message, Does.Contain(format).And.Contain("tf_saved_model"));
    }

    [Test]
    public void Nested_outputs_are_refused()
    {
        using var folder = new TemporaryFolder();
        var model = new Nested();
        model.Apply(ExportedModels.Values(2, 3));
        Assert.That(Assert.Throws<UnsupportedException>(() => model.export(folder["1"]))!.Message, Does.Contain("serve"));
    }

    sealed class Nested : Model
    {
        public override Tensors call(Tensors inputs, bool training = false) => new Tensors[] { inputs, new Tensors[] { inputs, inputs } };
    }
}
