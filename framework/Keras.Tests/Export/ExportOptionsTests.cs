using Keras.Checkpoints;
using Keras.Graphs;
using Keras.Layers;
using Keras.SavedModelProtos;
using Keras.SavedModels;
using Keras.ServingProtos;
using Keras.Tests;

namespace Keras.Export.Tests;

/// <summary>Forms of weights, warm-up requests and what else lies in an export's folder.</summary>
sealed class ExportOptionsTests
{
    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        LayerNames.Clear();
    }

    static Model Made()
    {
        var x = Api.keras.Input(new Shape(8), name: "x");
        Tensor hidden = new Dense(64, activation: "relu", name: "first").Apply(x);
        Tensor heads = new EinsumDense("ab,bcd->acd", new Shape(4, 16), bias_axes: "cd", name: "heads").Apply(hidden);
        return Api.keras.Model(x, new Dense(3, name: "last").Apply(new Flatten().Apply(heads)));
    }

    static double[] Values(Tensors outputs) => outputs.Single.RequireEager().ToHost().ToDouble();

    static long SizeOf(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length);

    [TestCase("float16", false, false, 2e-3, "float16,float16,float16")]
    [TestCase("bfloat16", false, false, 2e-2, "bfloat16,bfloat16,bfloat16")]
    [TestCase("float32", true, false, 3e-2, "int8,int8,int8")]
    [TestCase("float32", false, true, 1e-6, "")]
    [TestCase("float16", true, true, 3e-2, "")]
    public void Weights_are_held_in_other_forms(string dtype, bool int8, bool frozen, double difference, string kernels)
    {
        using var folder = new TemporaryFolder();
        var model = Made();
        var options = new ExportOptions { WeightDType = DType.Parse(dtype), Int8Kernels = int8, Frozen = frozen };
        model.export(folder["plain"], verbose: false);
        model.export(folder["1"], verbose: false, options: options);
        ServedOps.Require(folder["1"]);
        var x = ExportedModels.Values(5, 8);
        var expected = Values(model.Apply(x));
        using (var loaded = new Loaded(folder["1"]))
        {
            Assert.That(loaded.Run("serve", new() { ["x"] = x })["output_0"], Is.EqualTo(expected).Within(difference));
            Assert.That(loaded.Run("serving_default", new() { ["x"] = x })["output_0"], Is.EqualTo(expected).Within(difference));
        }
        using var reader = SavedModelReader.Open(folder["1"]);
        Assert.That(string.Join(",", reader.Variables.Where(v => v.Name.EndsWith("kernel", StringComparison.Ordinal)).Select(v => v.Entry.DType.Name)), Is.EqualTo(kernels));
        Assert.That(Directory.Exists(Path.Combine(folder["1"], "variables")), Is.EqualTo(!frozen));
        Assert.That(reader.Meta.GraphDef.Node.Count(n => n.Op == "Const" && n.Name.StartsWith("constants/", StringComparison.Ordinal)), frozen ? Is.GreaterThan(0) : Is.Zero, "large ones stand in the graph once");
        if (int8 && !frozen) Assert.That(reader.Variables.Select(v => (v.Name, v.Entry.Shape)).Where(v => v.Name.Contains("scale")).Select(v => v.Shape), Is.EquivalentTo(new[] { new Shape(1, 64), new Shape(1, 4, 16), new Shape(1, 3) }));
        if (dtype != "float32" || int8) Assert.That(Weights(folder["1"]), Is.LessThan(0.7 * Weights(folder["plain"])));
        Assert.That(Values(model.Apply(x)), Is.EqualTo(expected), "the model keeps its own");

        static double Weights(string path) => File.Exists(Path.Combine(path, "variables/variables.data-00000-of-00001")) ? new FileInfo(Path.Combine(path, "variables/variables.data-00000-of-00001")).Length : SizeOf(path) * 0.5;
    }

    [TestCase("bfloat16", false, false)]
    [TestCase("float32", true, false)]
    [TestCase("float16", false, true)]
    public void What_is_no_weight_of_the_model_is_held_as_it_is(string dtype, bool int8, bool frozen)
    {
        using var folder = new TemporaryFolder();
        var (model, moments) = (Made(), new Variable(Tf.Constant(HostTensor.Of<float>([1f / 3, 1e20f, float.PositiveInfinity, 0], new Shape(2, 2))), trainable: false, name: "moments"));
        var archive = new ExportArchive(new() { WeightDType = DType.Parse(dtype), Int8Kernels = int8, Frozen = frozen });
        archive.track_and_add_endpoint("serve", model);
        archive.add_variable_collection("slots", [moments]);
        var (kernel, x) = (model.weights[0], ExportedModels.Values(5, 8));
        var before = Values(model.Apply(x));
        kernel.assign(kernel.value * 2);
        archive.write_out(folder["1"], verbose: false);
        using var reader = SavedModelReader.Open(folder["1"]);
        using var value = reader.ReadVariable("moments");
        Assert.That(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(value.AsSpan()).ToArray(), Is.EqualTo(new[] { 1f / 3, 1e20f, float.PositiveInfinity, 0 }));
        using var loaded = new Loaded(folder["1"]);
        Assert.That(loaded.Run("serve", new() { ["x"] = x })["output_0"], Is.EqualTo(frozen ? before : Values(model.Apply(x))).Within(6e-2), "constants are those of the trace, variables those of the time of writing");
    }

    [TestCase("float16", false)]
    [TestCase("bfloat16", false)]
    [TestCase("float32", true)]
    public void Tracked_weights_that_no_endpoint_reads_have_their_values(string dtype, bool int8)
    {
        using var folder = new TemporaryFolder();
        var (used, other) = (new Dense(2, name: "used"), new Dense(2, name: "other"));
        used.Apply(ExportedModels.Values(1, 3));
        other.Apply(ExportedModels.Values(1, 3));
        byte[][] Written(string name, bool reads)
        {
            var archive = new ExportArchive(new() { WeightDType = DType.Parse(dtype), Int8Kernels = int8 });
            archive.track(used);
            archive.track(other);
            archive.add_endpoint("serve", x => reads ? (Tensors)(used.Apply(x).Single + other.Apply(x).Single) : used.Apply(x), new InputSpec(DType.Float32, new Shape(-1, 3), name: "x"));
            archive.write_out(folder[name], verbose: false);
            using var reader = SavedModelReader.Open(folder[name]);
            return [.. reader.Variables.Where(v => v.Name.StartsWith("other/kernel", StringComparison.Ordinal)).Select(v =>
            {
                using var value = reader.ReadVariable(v.Name);
                return value.AsSpan().ToArray();
            })];
        }
        var (unread, read) = (Written("unread", false), Written("read", true));
        Assert.That(unread, Has.Length.EqualTo(int8 ? 2 : 1));
        Assert.That(unread.Select(bytes => bytes.Any(b => b != 0)), Is.All.True);
        Assert.That(unread, Is.EqualTo(read));
    }

    [Test]
    public void What_a_form_cannot_hold_is_refused()
    {
        using var folder = new TemporaryFolder();
        var model = Made();
        Assert.That(() => new ExportOptions { WeightDType = DType.Int8 }, Throws.ArgumentException.With.Message.Contains("float16"));
        var (kernel, count) = (model.weights[0], new Variable(Tf.Constant(0, DType.Float32), trainable: false, name: "count"));
        kernel.assign(kernel.value + 70_000);
        Assert.That(() => model.export(folder["1"], verbose: false, options: new() { WeightDType = DType.Float16 }), Throws.TypeOf<ValueRangeException>().With.Message.Contains("kernel"));
        kernel.assign(kernel.value * double.NaN);
        Assert.That(() => model.export(folder["1"], verbose: false, options: new() { Int8Kernels = true }), Throws.TypeOf<ValueRangeException>().With.Message.Contains("NaN"));
        var archive = new ExportArchive(new() { Frozen = true });
        Assert.That(() => archive.add_endpoint("count", v => { count.assign_add(Tf.Sum(v.Single)); return count.value; }, new InputSpec(DType.Float32, new Shape(-1))), Throws.TypeOf<UnsupportedException>().With.Message.Contains("count"));
        Assert.That(Directory.Exists(folder["1"]), Is.False);
    }

    [Test]
    public void Warmup_requests_are_written_as_a_server_reads_them()
    {
        using var folder = new TemporaryFolder();
        var model = Made();
        var signatures = model.ServingSignatures();
        signatures.AddClassify("classify", f => model.Apply(f["x"]), new Dictionary<string, Tensors> { ["x"] = new InputSpec(DType.Float32, new Shape(-1, 8)) });
        var x = ExportedModels.Values(2, 8);
        model.export(folder["1"], signatures, new() { Warmup = [new(x), new(new Dictionary<string, Tensors> { ["x"] = x }, "serve"), new(ExampleRecords.Of(new Dictionary<string, object> { ["x"] = new float[8] }), "classify")] });

        var logs = TfRecordFile.Read(Path.Combine(folder["1"], "assets.extra/tf_serving_warmup_requests")).Select(r => PredictionLog.Parser.ParseFrom(r.Span)).ToArray();
        Assert.That(logs.Select(l => l.LogTypeCase), Is.EqualTo(new[] { PredictionLog.LogTypeOneofCase.PredictLog, PredictionLog.LogTypeOneofCase.PredictLog, PredictionLog.LogTypeOneofCase.ClassifyLog }));
        Assert.That(logs[0].PredictLog.Request.ModelSpec.SignatureName, Is.EqualTo("serving_default"));
        Assert.That(TensorProtos.FromProto(logs[1].PredictLog.Request.Inputs["x"], "x").ToDouble(), Is.EqualTo(Values(x)));
        Assert.That(logs[2].ClassifyLog.Request.Input.ExampleList.Examples.Single().Features.Feature["x"].FloatList.Value, Has.Count.EqualTo(8));
        Assert.That(Directory.Exists(folder["none"]), Is.False);

        void Refused<T>(WarmupRequest request, string what) where T : Exception =>
            Assert.That(() => model.export(folder["none"], signatures, new() { Warmup = [request] }), Throws.TypeOf<T>().With.Message.Contains(what));
        Assert.Multiple(() =>
        {
            Refused<ArgumentException>(new(x, "unheard"), "unheard");
            Refused<ArgumentException>(new(new Dictionary<string, Tensors> { ["y"] = x }), "y");
            Refused<ShapeMismatchException>(new(ExportedModels.Values(2, 7)), "8");
            Refused<DTypeMismatchException>(new(Tf.Cast(x, DType.Float64)), "float64");
            Refused<ValueRangeException>(new(x * double.NaN), "NaN");
            Refused<ValueRangeException>(new(Tf.Constant(HostTensor.From(new[] { "no record" })), "classify"), "tf.train.Example");
            Assert.That(Directory.Exists(folder["none"]), Is.False, "nothing was written");
        });
    }

    [Test]
    public void A_fingerprint_tells_exports_apart()
    {
        using var folder = new TemporaryFolder();
        var model = Made();
        FingerprintDef Export(string name)
        {
            model.export(folder[name], verbose: false);
            return FingerprintDef.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(folder[name], "fingerprint.pb")));
        }
        var (first, second) = (Export("1"), Export("2"));
        model.weights[0].assign(Tf.ZerosLike(model.weights[0].value));
        var changed = Export("3");
        Assert.That(first.SavedModelChecksum, Is.Not.Zero.And.EqualTo(Files.FarmHash.Fingerprint(File.ReadAllBytes(Path.Combine(folder["1"], "saved_model.pb")))));
        Assert.That((second.GraphDefProgramHash, second.SignatureDefHash, second.SavedObjectGraphHash, second.CheckpointHash), Is.EqualTo((first.GraphDefProgramHash, first.SignatureDefHash, first.SavedObjectGraphHash, first.CheckpointHash)));
        Assert.That(changed.CheckpointHash, Is.Not.EqualTo(first.CheckpointHash));
        Assert.That((second.Uuid, first.Version.Producer), Is.Not.EqualTo((first.Uuid, 0)));
    }
}
