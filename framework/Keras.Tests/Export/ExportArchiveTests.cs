using Keras.Graphs;
using Keras.Layers;
using Keras.SavedModels;
using Keras.Tests;

namespace Keras.Export.Tests;

/// <summary>Archives with endpoints of one's own.</summary>
sealed class ExportArchiveTests
{
    static readonly InputSpec Rows = new(DType.Float32, new Shape(-1, 3), name: "x");

    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        LayerNames.Clear();
    }

    [Test]
    public void Endpoints_share_variables_and_the_first_is_the_default()
    {
        using var folder = new TemporaryFolder();
        var dense = new Dense(2, name: "shared");
        dense.Apply(ExportedModels.Values(1, 3));
        var archive = Api.keras.export.ExportArchive();
        archive.track_and_add_endpoint("logits", dense, Rows);
        archive.add_endpoint("both", x => new Dictionary<string, Tensors> { ["twice"] = dense.Apply(x).Single * 2, ["once"] = dense.Apply(x) }, new Tensors[] { Rows });
        archive.write_out(folder["1"], verbose: false);

        using var loaded = new Loaded(folder["1"]);
        var x = ExportedModels.Values(4, 3);
        var once = dense.Apply(x).Single.RequireEager().ToHost().ToDouble();
        Assert.That(loaded.Run("serving_default", new() { ["x"] = x })["output_0"], Is.EqualTo(once).Within(1e-6));
        var both = loaded.Run("both", new() { ["x"] = x });
        Assert.That(both["once"], Is.EqualTo(once).Within(1e-6));
        Assert.That(both["twice"], Is.EqualTo(once.Select(v => 2 * v)).Within(1e-6));
        using var reader = SavedModelReader.Open(folder["1"]);
        Assert.That(reader.Variables.Select(v => v.Name), Is.EqualTo(new[] { "shared/bias", "shared/kernel" }), "each variable once");
        var functions = reader.Meta.ObjectGraphDef.ConcreteFunctions;
        Assert.That(functions.Values.Select(f => f.BoundInputs.ToHashSet()), Is.All.EquivalentTo(functions.Values.First().BoundInputs.ToHashSet()));
    }

    [Test]
    public void An_endpoint_that_changes_a_variable_changes_it_from_call_to_call()
    {
        using var folder = new TemporaryFolder();
        var count = new Variable(Tf.Constant(5, DType.Float32), trainable: false, name: "count");
        var archive = new ExportArchive();
        archive.add_endpoint("step", x =>
        {
            count.assign_add(Tf.Sum(x.Single));
            return count.value;
        }, new InputSpec(DType.Float32, new Shape(-1)));
        archive.write_out(folder["1"], verbose: false);

        using var loaded = new Loaded(folder["1"]);
        Dictionary<string, Tensor> two = new() { ["args_0"] = ExportedModels.Values(1) + Tf.Constant(2, DType.Float32) };
        Assert.That(new[] { loaded.Run("step", two)["output_0"][0], loaded.Run("step", two)["output_0"][0] }, Is.EqualTo(new[] { 7.0, 9.0 }));
        Assert.That(count.value.ToScalar<float>(), Is.EqualTo(5), "tracing changes nothing here");
    }

    [Test]
    public void The_archive_lists_what_is_tracked_and_collected()
    {
        using var folder = new TemporaryFolder();
        var model = Api.keras.Sequential([Api.keras.Input(new Shape(3), name: "x"), new Dense(2, name: "dense"), new BatchNormalization(name: "norm")], name: "net");
        model.compile(optimizer: Api.keras.optimizers.Adam(), loss: "mse");
        model.train_on_batch(ExportedModels.Values(4, 3), ExportedModels.Values(4, 2));
        var archive = new ExportArchive();
        archive.track(model);
        archive.track(model);
        archive.add_endpoint("serve", model);
        archive.add_variable_collection("optimizer_variables", model.optimizer.variables);
        archive.write_out(folder["1"], verbose: false);

        Assert.That(archive.variables, Is.EqualTo(model.variables));
        Assert.That(archive.trainable_variables, Is.EqualTo(model.trainable_variables));
        Assert.That(archive.non_trainable_variables, Is.EqualTo(model.non_trainable_variables));
        using var reader = SavedModelReader.Open(folder["1"]);
        Assert.That(reader.Variables.Select(v => v.Name), Does.Contain("net/dense/kernel").And.Contain("net/norm/moving_mean"));
        var nodes = reader.Meta.ObjectGraphDef.Nodes;
        var lists = nodes[0].Children.ToDictionary(c => c.LocalName, c => nodes[c.NodeId]);
        Assert.That(lists["variables"].Children, Has.Count.EqualTo(6));
        Assert.That(lists["trainable_variables"].Children.Select(c => nodes[c.NodeId].Variable.Trainable), Is.EqualTo(new[] { true, true, true, true }));
        Assert.That(lists["non_trainable_variables"].Children.Select(c => nodes[c.NodeId].Variable.Name), Is.EqualTo(new[] { "net/norm/moving_mean", "net/norm/moving_variance" }));
        Assert.That(lists["optimizer_variables"].Children, Has.Count.EqualTo(model.optimizer.variables.Count));
    }

    [Test]
    public void Dropout_draws_in_an_endpoint_for_training_only()
    {
        using var folder = new TemporaryFolder();
        var model = ExportedModels.Make("subclassed");
        var archive = new ExportArchive();
        archive.track_and_add_endpoint("serve", model);
        archive.add_endpoint("train", inputs => model.Apply(inputs, training: true), new Dictionary<string, Tensors> { ["x"] = Rows, ["gate"] = new InputSpec(DType.Float32, new Shape(-1, 3)) });
        archive.write_out(folder["1"], verbose: false);

        using var loaded = Backend.EngineSelection.LoadSavedModel(folder["1"]);
        HostTensor host = ExportedModels.Values(50, 3).RequireEager().ToHost();
        double[] Run(string signature, string x) => loaded.Run(signature, new Dictionary<string, HostTensor> { [x] = host, ["gate"] = host })["output_0"].ToDouble();
        Assert.That(Run("serve", "x"), Is.EqualTo(Run("serve", "x")));
        Assert.That(Run("train", "x").Count(v => v == 0), Is.InRange(50, 150), "half of 200");
        Assert.That(Run("train", "x"), Is.Not.EqualTo(Run("train", "x")), "the seed goes on");
    }

    [Test]
    public void An_endpoint_for_XLA_gives_the_same()
    {
        using var folder = new TemporaryFolder();
        var archive = new ExportArchive();
        var dense = new Dense(2);
        var x = ExportedModels.Values(4, 3);
        var expected = dense.Apply(x).Single.RequireEager().ToHost().ToDouble();
        archive.track_and_add_endpoint("serve", dense, Rows, jit_compile: true);
        archive.write_out(folder["1"], verbose: false);
        using var loaded = new Loaded(folder["1"]);
        Assert.That(loaded.Run("serve", new() { ["x"] = x })["output_0"], Is.EqualTo(expected).Within(1e-6));
    }

    [Test]
    public void A_table_in_an_endpoint_is_refused_by_the_endpoints_name()
    {
        using var folder = new TemporaryFolder();
        var table = Tf.HashTable(DType.String, DType.Int64);
        var archive = new ExportArchive();
        archive.add_endpoint("look_up", text => Tf.Lookup(table, text.Single, Tf.Constant(-1, DType.Int64)), new InputSpec(DType.String, new Shape(-1)));
        Assert.That(() => archive.write_out(folder["1"]), Throws.TypeOf<UnsupportedException>().With.Message.Contains("look_up"));
        Assert.That(Directory.Exists(folder["1"]), Is.False);
    }

    [Test]
    public void The_endpoints_are_printed_with_what_they_take_and_return()
    {
        using var folder = new TemporaryFolder();
        var output = Console.Out;
        using var text = new StringWriter();
        try
        {
            Console.SetOut(text);
            ExportedModels.Make("functional").export(folder["1"]);
        }
        finally
        {
            Console.SetOut(output);
        }
        Assert.That(text.ToString(), Does.Contain("* serve").And.Contain("takes b: float32 (None, None, 4)").And.Contain("returns y: float32 (None, 2)"));
    }

    [Test]
    public void Wrong_use_is_a_typed_error()
    {
        using var folder = new TemporaryFolder();
        var archive = new ExportArchive();
        Assert.That(() => archive.write_out(folder["1"]), Throws.InvalidOperationException.With.Message.Contains("add_endpoint"));
        Assert.That(() => archive.track(new Dense(2)), Throws.InvalidOperationException.With.Message.Contains("dense"));
        Assert.That(() => archive.add_endpoint("serve", new Dense(2)), Throws.InvalidOperationException);
        archive.add_endpoint("double", x => x.Single * 2, Rows);
        Assert.That(() => archive.add_endpoint("double", x => x, Rows), Throws.ArgumentException.With.Message.Contains("double"));
        Assert.That(() => archive.add_variable_collection("double", []), Throws.ArgumentException);
        foreach (var name in new[] { "variables", "signatures", "_init" }) Assert.That(() => archive.add_endpoint(name, x => x, Rows), Throws.ArgumentException, name);
        archive.add_variable_collection("more", []);
        Assert.That(() => archive.add_endpoint("more", x => x, Rows), Throws.ArgumentException.With.Message.Contains("collection"));
        Assert.That(() => archive.add_endpoint("none", x => x, Tensors.Create([])), Throws.ArgumentException.With.Message.Contains("empty"));
        archive.write_out(folder["1"], verbose: false);
        using var loaded = new Loaded(folder["1"]);
        Assert.That(loaded.Run("double", new() { ["x"] = ExportedModels.Values(1, 3) })["output_0"][1], Is.EqualTo(2 * Math.Sin(0.7)).Within(1e-6), "a model without variables");
    }
}
