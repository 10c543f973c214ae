using System.Text;
using Keras.Layers;
using Keras.SavedModels;
using Keras.Tests;

namespace Keras.Export.Tests;

/// <summary>Signatures of one's own, in place of a model's and beside them.</summary>
sealed class ExportSignaturesTests
{
    static readonly InputSpec Rows = new(DType.Float32, new Shape(-1, 3), name: "x");
    static readonly Dictionary<string, Tensors> Features = new() { ["x"] = Rows };

    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        LayerNames.Clear();
    }

    static Model Made() => Api.keras.Sequential([Api.keras.Input(new Shape(3), name: "x"), new Dense(4, activation: "relu"), new Dense(2, activation: "softmax")]);

    static double[] Values(Tensors outputs) => outputs.Single.RequireEager().ToHost().ToDouble();

    [Test]
    public void Functions_stand_in_place_of_the_models_signatures_or_beside_them_and_share_variables()
    {
        using var folder = new TemporaryFolder();
        var model = Made();
        var x = ExportedModels.Values(4, 3);
        var signatures = model.ServingSignatures();
        signatures.Add("twice", v => new Dictionary<string, Tensors> { ["y"] = model.Apply(v).Single * 2 }, Rows);
        model.export(folder["beside"], signatures);
        model.export(folder["one"], new ExportSignature(v => model.Apply(v).Single + 1, Rows));

        using (var loaded = new Loaded(folder["beside"]))
        {
            Assert.That(loaded.Signatures, Is.EquivalentTo(new[] { "serve", "serving_default", "twice" }));
            Assert.That(loaded.Run("twice", new() { ["x"] = x })["y"], Is.EqualTo(Values(model.Apply(x)).Select(v => 2 * v)).Within(1e-5));
        }
        using (var loaded = new Loaded(folder["one"]))
        {
            Assert.That(loaded.Signatures, Is.EqualTo(new[] { "serving_default" }), "one function is the default");
            Assert.That(loaded.Run("serving_default", new() { ["x"] = x })["output_0"], Is.EqualTo(Values(model.Apply(x)).Select(v => v + 1)).Within(1e-5));
        }
        using var reader = SavedModelReader.Open(folder["beside"]);
        Assert.That(reader.Variables, Has.Count.EqualTo(4), "each once");
    }

    [Test]
    public void Classify_and_regress_answer_serialized_records()
    {
        using var folder = new TemporaryFolder();
        var model = Made();
        var signatures = new ExportSignatures();
        signatures.AddClassify("classify", f => model.Apply(f["x"]), Features, ["no", "yes"]);
        signatures.AddClassify("scores", f => model.Apply(f["x"]), Features);
        signatures.AddRegress("regress", f => model.Apply(f["x"]).Single[.., ..1], Features);
        signatures.AddExamples("examples", f => new Dictionary<string, Tensors> { ["ids"] = f["ids"], ["flag"] = f["flag"], ["name"] = f["name"] }, new Dictionary<string, Tensors>
        {
            ["ids"] = new InputSpec(DType.Int32, new Shape(-1, -1)), ["flag"] = new InputSpec(DType.Bool, new Shape(-1)), ["name"] = new InputSpec(DType.String, new Shape(-1)),
        });
        model.export(folder["1"], signatures);

        ServedOps.Require(folder["1"]);
        using (var reader = SavedModelReader.Open(folder["1"]))
        {
            Assert.That(reader.Signatures.Select(s => (s.Name, s.MethodName)), Is.EquivalentTo(new[]
            {
                ("classify", "tensorflow/serving/classify"), ("scores", "tensorflow/serving/classify"), ("regress", "tensorflow/serving/regress"), ("examples", "tensorflow/serving/predict"),
            }));
            var classify = reader.Signatures.Single(s => s.Name == "classify");
            Assert.That(classify.Inputs.Single() is { Name: "inputs", DType: var dtype, Shape: var shape } && dtype == DType.String && shape.Rank == 1);
            Assert.That(classify.Outputs.Select(o => (o.Name, o.DType, o.Shape.Rank)), Is.EqualTo(new[] { ("classes", DType.String, 2), ("scores", DType.Float32, 2) }));
        }
        if (!ExampleRecords.CanRun) return;
        using var loaded = Backend.EngineSelection.LoadSavedModel(folder["1"]);
        foreach (var rows in new[] { 1, 3 })
        {
            var x = ExportedModels.Values(rows, 3);
            var records = ExampleRecords.Of(x.ToArray<float>().Chunk(3).Select(row => new Dictionary<string, object> { ["x"] = row })).RequireEager().ToHost();
            var expected = Values(model.Apply(x));
            foreach (var runner in new[] { loaded, SavedModelRunner.Load(folder["1"], Backend.EngineSelection.Current) })
            {
                var answer = runner.Run("classify", new Dictionary<string, HostTensor> { ["inputs"] = records });
                Assert.That(answer["scores"].ToDouble(), Is.EqualTo(expected).Within(1e-5));
                Assert.That(answer["classes"].Strings!.Select(Encoding.UTF8.GetString), Is.EqualTo(Enumerable.Repeat(new[] { "no", "yes" }, rows).SelectMany(c => c)));
                Assert.That(runner.Run("scores", new Dictionary<string, HostTensor> { ["inputs"] = records }).Keys, Is.EqualTo(new[] { "scores" }));
                Assert.That(runner.Run("regress", new Dictionary<string, HostTensor> { ["inputs"] = records })["outputs"].ToDouble(), Is.EqualTo(expected.Where((_, i) => i % 2 == 0)).Within(1e-5));
            }
        }
        var mixed = ExampleRecords.Of(new() { ["ids"] = new long[] { 5, 6, 7 }, ["flag"] = new long[] { 1 }, ["name"] = "a" }, new() { ["ids"] = new long[] { 8 }, ["flag"] = new long[] { 0 }, ["name"] = "日本" }).RequireEager().ToHost();
        var parsed = loaded.Run("examples", new Dictionary<string, HostTensor> { ["examples"] = mixed });
        Assert.That(parsed["ids"].As<int>().ToArray(), Is.EqualTo(new[] { 5, 6, 7, 8, 0, 0 }), "filled up");
        Assert.That(parsed["flag"].ToInt64(), Is.EqualTo(new[] { 1, 0 }));
        Assert.That(parsed["name"].Strings!.Select(Encoding.UTF8.GetString), Is.EqualTo(new[] { "a", "日本" }));
        Assert.That(() => loaded.Run("examples", new Dictionary<string, HostTensor> { ["examples"] = HostTensor.From(new[] { "no record" }) }), Throws.TypeOf<EngineException>());
    }

    [Test]
    public void What_clashes_or_fits_no_request_is_refused_before_anything_is_written()
    {
        using var folder = new TemporaryFolder();
        var model = Made();
        var signatures = model.ServingSignatures();
        void Refused<T>(Action<ExportSignatures> add, string what) where T : Exception
        {
            Assert.That(() =>
            {
                var own = new ExportSignatures();
                add(own);
                model.export(folder["1"], own);
            }, Throws.TypeOf<T>().With.Message.Contains(what));
        }
        Assert.Multiple(() =>
        {
            Assert.That(() => signatures.Add("serve", x => x, Rows), Throws.ArgumentException.With.Message.Contains("serve"));
            Assert.That(() => signatures["unheard"], Throws.TypeOf<KeyNotFoundException>().With.Message.Contains("serving_default"));
            Refused<ArgumentException>(_ => { }, "at least one signature");
            Refused<ArgumentException>(s => s.Add("variables", x => x, Rows), "variables");
            Refused<ArgumentException>(s => s.AddClassify("c", f => f["x"], Features, []), "no names");
            Refused<ArgumentException>(s => s.AddClassify("c", f => f["x"], Rows), "dictionary");
            Refused<ArgumentException>(s => s.AddRegress("r", f => f["x"], new Dictionary<string, Tensors> { ["x"] = new InputSpec(DType.Float32, new Shape(2, 3)) }), "batch");
            Refused<ArgumentException>(s => s.AddRegress("r", f => f["x"], new Dictionary<string, Tensors> { ["x"] = new InputSpec(DType.Complex64, new Shape(-1)) }), "complex64");
            Refused<ShapeMismatchException>(s => s.AddClassify("c", f => model.Apply(f["x"]), Features, ["a", "b", "c"]), "(B, 3)");
            Refused<UnsupportedException>(s => s.AddRegress("r", f => model.Apply(f["x"]), Features), "'outputs', float32 (B) or (B, 1)");
            Refused<UnsupportedException>(s => s.Add("c", new ExportSignature(x => x, Rows) { MethodName = "tensorflow/serving/classify" }), "one input 'inputs'");
            Refused<UnsupportedException>(s => s.Add("c", new ExportSignature(x => x, Rows) { MethodName = "classify" }), "\"classify\"");
            Assert.That(Directory.Exists(folder["1"]), Is.False);
        });
    }
}
