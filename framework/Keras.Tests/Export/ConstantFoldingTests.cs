using Keras.Graphs;
using Keras.Layers;
using Keras.SavedModelProtos;
using Keras.Tests;

namespace Keras.Export.Tests;

/// <summary>What an export computes of constants alone is computed when it is written.</summary>
sealed class ConstantFoldingTests
{
    const int Width = 64;

    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        LayerNames.Clear();
    }

    static NodeDef[] Nodes(string folder)
    {
        var graph = ServedOps.GraphOf(folder);
        return [.. graph.Node, .. (graph.Library?.Function ?? []).SelectMany(f => f.NodeDef)];
    }

    static int Count(string folder, string op) => Nodes(folder).Count(n => n.Op == op);

    /// <summary>The constants that stand in the graph once, in bytes.</summary>
    static long Shared(string folder) => Nodes(folder).Where(n => n.Op == "Const" && n.Name.StartsWith("constants/", StringComparison.Ordinal)).Sum(n => n.Attr["value"].Tensor.CalculateSize());

    /// <summary>Writes a function under two names, folded and not, and returns the outputs of both.</summary>
    static (double[] Plain, double[] Folded) Export(TemporaryFolder folder, Func<Tensor, Tensor> function, ExportOptions options)
    {
        var x = ExportedModels.Values(3, Width);
        double[] Written(string name, bool folds)
        {
            var archive = new ExportArchive(options with { FoldConstants = folds });
            foreach (var endpoint in (string[])["first", "second"]) archive.add_endpoint(endpoint, inputs => function(inputs.Single), new InputSpec(DType.Float32, new Shape(-1, Width), name: "x"));
            archive.write_out(folder[name], verbose: false);
            ServedOps.Require(folder[name]);
            using var loaded = new Loaded(folder[name]);
            var values = loaded.Run("first", new() { ["x"] = x })["output_0"];
            Assert.That(loaded.Run("second", new() { ["x"] = x })["output_0"], Is.EqualTo(values));
            return values;
        }
        return (Written("plain", false), Written("folded", true));
    }

    static Variable Kernel(string name = "kernel") => new(ExportedModels.Values(Width, Width), name: name);

    [Test]
    public void Chains_of_constants_become_their_results()
    {
        using var folder = new TemporaryFolder();
        var (kernel, bias) = (Kernel(), new Variable(ExportedModels.Values(Width), name: "bias"));
        var (plain, folded) = Export(folder, x => Tf.MatMul(x, (Tf.Transpose(kernel.value, 1, 0) * 2) + 1) + Tf.Exp(Tf.Max(bias.value, [0], false)), new() { Frozen = true });
        Assert.That(folded, Is.EqualTo(plain).Within(1e-4));
        Assert.That(Nodes(folder["folded"]), Has.Length.LessThan(Nodes(folder["plain"]).Length - 8));
        foreach (var op in (string[])["Transpose", "Mul", "Exp", "Max"]) Assert.That(Count(folder["folded"], op), Is.Zero, op);
        Assert.That(Shared(folder["folded"]), Is.EqualTo(Shared(folder["plain"])), "both signatures share one result, and what it is made of is gone");
        Assert.That(new ExportOptions { Frozen = true }.FoldConstants, Is.Null, "frozen exports are folded unless they are told not to");
    }

    [Test]
    public void Results_that_would_make_the_file_larger_stay_as_they_are()
    {
        using var folder = new TemporaryFolder();
        var kernel = Kernel();
        var (plain, folded) = Export(folder, x =>
        {
            // A table that is looked up in too is needed anyway; and many copies are larger than one.
            var looked = Tf.Gather(kernel.value, Tf.Cast(Tf.Abs(x * 3), DType.Int32), 0);
            var copies = Tf.Tile(kernel.value, Tf.Int32(100, 1));
            return Tf.MatMul(x, Tf.Transpose(kernel.value, 1, 0)) + Tf.Max(looked, [1], false) + Tf.Max(Tf.Abs(copies) * 2, [0], false);
        }, new() { Frozen = true });
        Assert.That(folded, Is.EqualTo(plain).Within(1e-4));
        Assert.That(Count(folder["folded"], "Tile"), Is.EqualTo(Count(folder["plain"], "Tile")));
        Assert.That(Count(folder["folded"], "Transpose"), Is.EqualTo(Count(folder["plain"], "Transpose")));
    }

    [Test]
    public void What_two_results_are_made_of_counts_for_neither()
    {
        using var folder = new TemporaryFolder();
        var kernel = Kernel();
        var (plain, folded) = Export(folder, x => Tf.MatMul(Tf.MatMul(x, Tf.Transpose(kernel.value, 1, 0)), Tf.Abs(kernel.value)), new() { Frozen = true });
        Assert.That(folded, Is.EqualTo(plain).Within(1e-4));
        foreach (var op in (string[])["Transpose", "Abs"]) Assert.That(Count(folder["folded"], op), Is.EqualTo(Count(folder["plain"], op)).And.GreaterThan(0), op);
        Assert.That(Shared(folder["folded"]), Is.EqualTo(Shared(folder["plain"])));
    }

    [TestCase("float16", false)]
    [TestCase("bfloat16", false)]
    [TestCase("float32", true)]
    public void Weights_in_a_narrow_form_stay_narrow(string dtype, bool int8)
    {
        using var folder = new TemporaryFolder();
        var model = Api.keras.Sequential([Api.keras.Input(new Shape(Width), name: "x"), new Dense(Width, activation: "relu"), new Dense(Width)]);
        var options = new ExportOptions { Frozen = true, WeightDType = DType.Parse(dtype), Int8Kernels = int8 };
        model.export(folder["plain"], verbose: false, options: options with { FoldConstants = false });
        model.export(folder["folded"], verbose: false, options: options);
        Assert.That(Count(folder["plain"], "Cast"), Is.GreaterThanOrEqualTo(2));
        Assert.That(Count(folder["folded"], "Cast"), Is.EqualTo(Count(folder["plain"], "Cast")));
        Assert.That(Shared(folder["folded"]), Is.EqualTo(Shared(folder["plain"])));
        using var loaded = new Loaded(folder["folded"]);
        var x = ExportedModels.Values(3, Width);
        Assert.That(loaded.Run("serve", new() { ["x"] = x })["output_0"], Is.EqualTo(model.Apply(x).Single.RequireEager().ToHost().ToDouble()).Within(0.1));
    }

    [Test]
    public void Effects_and_branches_stay_and_so_do_variables()
    {
        using var folder = new TemporaryFolder();
        var (kernel, count) = (Kernel(), new Variable(Tf.Constant(5, DType.Float32), trainable: false, name: "count"));
        var (plain, folded) = Export(folder, x =>
        {
            count.assign_add(Tf.Constant(0, DType.Float32) * 3);
            var chosen = ControlFlow.If(Tf.Greater(Tf.Sum(x), Tf.Constant(0, DType.Float32)), () => [x + 1], () => [x - 1])[0];
            return (Tf.MatMul(chosen, Tf.Transpose(kernel.value, 1, 0)) + count.value) * (Tf.Constant(2, DType.Float32) * 3);
        }, new());
        Assert.That(folded, Is.EqualTo(plain).Within(1e-4));
        foreach (var op in (string[])["Transpose", "ReadVariableOp", "AssignAddVariableOp"]) Assert.That(Count(folder["folded"], op), Is.EqualTo(Count(folder["plain"], op)), op);
        Assert.That(Count(folder["folded"], "StatelessIf"), Is.EqualTo(Count(folder["plain"], "StatelessIf")));
        Assert.That(Count(folder["folded"], "Mul"), Is.LessThan(Count(folder["plain"], "Mul")));
    }
}
