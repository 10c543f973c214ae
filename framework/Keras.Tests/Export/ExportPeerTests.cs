using Keras.Layers;
using Keras.Tests;

namespace Keras.Export.Tests;

/// <summary>Python's TensorFlow and Keras call and train what is exported here.</summary>
[Category("Peer")]
sealed class ExportPeerTests
{
    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        LayerNames.Clear();
    }

    [Test]
    public void Python_calls_and_trains_the_export_of_a_model([ValueSource(typeof(ExportedModels), nameof(ExportedModels.Names))] string name)
    {
        using var folder = new TemporaryFolder();
        var model = ExportedModels.Make(name);
        model.export(folder["1"], verbose: false);
        var inputs = ExportedModels.Inputs(name, 3, 4);

        var counts = KerasPython.CheckExport(folder["1"], "serve", inputs, Named(ExportedModels.Named(name, inputs)), Flat(model.Apply(inputs)));

        Assert.That(counts, Is.EqualTo(new Dictionary<string, int>
        {
            ["variables"] = model.variables.Count,
            ["trainable_variables"] = model.trainable_variables.Count,
            ["non_trainable_variables"] = model.non_trainable_variables.Count,
        }));
    }

    [Test]
    public void Python_finds_collections_beside_endpoints_that_share_variables()
    {
        using var folder = new TemporaryFolder();
        var dense = new Dense(2);
        var x = ExportedModels.Values(2, 3);
        var once = Flat(dense.Apply(x));
        var rows = new InputSpec(DType.Float32, new Shape(-1, 3), name: "x");
        var archive = new ExportArchive();
        archive.track_and_add_endpoint("logits", dense, rows);
        archive.add_endpoint("both", v => new Dictionary<string, Tensors> { ["twice"] = dense.Apply(v).Single * 2, ["once"] = dense.Apply(v) }, rows);
        archive.add_variable_collection("first", dense.variables.Take(1));
        archive.write_out(folder["1"], verbose: false);

        var named = Named(new() { ["x"] = x });
        Assert.That(KerasPython.CheckExport(folder["1"], "logits", x, named, once, "first")["first"], Is.EqualTo(1));
        KerasPython.CheckExport(folder["1"], "both", x, named, [.. once, .. once.Select(v => 2 * v)]);
    }

    static Dictionary<string, Tensors> Named(Dictionary<string, Tensor> inputs) => inputs.ToDictionary(i => i.Key, i => (Tensors)i.Value);

    static double[] Flat(Tensors outputs) => [.. EndpointNames.OfOutputs("", outputs).SelectMany(o => o.Tensor.RequireEager().ToHost().ToDouble())];
}
