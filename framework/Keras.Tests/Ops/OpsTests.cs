using Keras.Graphs;
using static Keras.Api;

namespace Keras.Tests.Ops;

/// <summary>What C# adds to keras.ops: plain numbers, dimensions that are not known while tracing, slices, control flow.</summary>
public sealed class OpsTests
{
    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    static Tensor Row(params float[] values) => ops.convert_to_tensor(values);

    /// <summary>Traces with every dimension unknown, compiles and runs.</summary>
    static Tensor[] RunOpen(bool jit, Tensor[] inputs, Func<Tensor[], IEnumerable<Tensor>> body)
    {
        var engine = Engines.Engine.Current;
        var function = FunctionGraph.Trace("open", inputs.Select((t, i) => (t.dtype, Shape.OfSymbolic([.. Enumerable.Range(0, t.ndim).Select(_ => Symbol.New())]), $"x{i}")), body);
        using var compiled = engine.Compile(Lowering.Lower(function, engine.RunsNatively), new(jit));
        var results = new Engines.ITensorHandle[function.Outputs.Count];
        compiled.Run([.. inputs.Concat(function.CapturedSources).Select(t => t.RequireEager().Handle)], results);
        return [.. results.Select(r => (Tensor)new EagerTensor(r, engine))];
    }

    [Test]
    public void APlainNumberTakesTheDTypeOfWhatItMeets()
    {
        var bytes = ops.cast(Row(1, 2), "uint8");
        Assert.That(ops.add(bytes, 2).dtype, Is.EqualTo(DType.UInt8));
        Assert.That(ops.multiply(bytes, 0.5).dtype, Is.EqualTo(DType.Float32));
        Assert.That(ops.add(ops.cast(Row(1), "float16"), 2.5).dtype, Is.EqualTo(DType.Float16));
        Assert.That(ops.exp(1).dtype, Is.EqualTo(DType.Float32));
        Assert.That(ops.add(1, 2).ToScalar<int>(), Is.EqualTo(3));
        Assert.That(ops.add(5_000_000_000, 1).ToScalar<long>(), Is.EqualTo(5_000_000_001));
    }

    [Test]
    public void VariablesArraysAndStructuresAreArguments()
    {
        var variable = new Variable(Row(1, 2));
        Tensors structure = Row(3, 4);
        Assert.That(ops.add(variable, structure).ToArray<float>(), Is.EqualTo(new float[] { 4, 6 }));
        Assert.That(ops.matmul(new float[,] { { 1, 2 }, { 3, 4 } }, new float[] { 1, 1 }).ToArray<float>(), Is.EqualTo(new float[] { 3, 7 }));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void ShapesAreComputedWhereTheyAreNotKnown(bool jit)
    {
        var x = ops.reshape(ops.arange(24.0), (2, 3, 4));
        var results = RunOpen(jit, [x], given =>
        {
            var shape = ops.shape(given[0]);
            var heads = ops.reshape(given[0], [shape[0], shape[1], 2, shape[2] / 2]);
            var filled = ops.full([shape[0] * 2, shape[1] + 1], 7.0);
            return [ops.transpose(heads, (0, 2, 1, 3)), filled, ops.repeat(given[0], 2, 1), ops.tril(given[0])];
        });
        Assert.That(results[0].shape, Is.EqualTo(new Shape(2, 2, 3, 2)));
        Assert.That(results[1].shape, Is.EqualTo(new Shape(4, 4)));
        Assert.That(results[2].ToArray<float>(), Is.EqualTo(ops.repeat(x, 2, 1).ToArray<float>()));
        Assert.That(results[3].ToArray<float>(), Is.EqualTo(ops.tril(x).ToArray<float>()));
    }

    [Test]
    public void TensorsAreSlicedAsInPython()
    {
        var x = ops.reshape(ops.arange(24), (2, 3, 4));
        Assert.That(x[.., 0].shape, Is.EqualTo(new Shape(2, 4)));
        Assert.That(x[1, 2, 3].ToScalar<int>(), Is.EqualTo(23));
        Assert.That(x[SliceKey.Ellipsis, -1].ToArray<int>(), Is.EqualTo(new[] { 3, 7, 11, 15, 19, 23 }));
        Assert.That(x[^1, 1..^1, ..2].ToArray<int>(), Is.EqualTo(new[] { 16, 17 }));
        Assert.That(x[0, SliceKey.Of(step: -1), 0].ToArray<int>(), Is.EqualTo(new[] { 8, 4, 0 }));
        Assert.That(x[.., SliceKey.NewAxis].shape, Is.EqualTo(new Shape(2, 1, 3, 4)));
    }

    [TestCase(RunMode.Eager)]
    [TestCase(RunMode.Graph)]
    [TestCase(RunMode.Xla)]
    public void BranchesAndLoops(RunMode mode)
    {
        var results = GoldenList.Run(mode, Row(1, 2, 3), given =>
        {
            Tensor x = given;
            var branch = ops.cond(ops.greater(ops.sum(x), 5), () => x * 2, () => x);
            var doubled = ops.while_loop(v => ops.less(ops.sum(v), 100), v => (Tensor)v * 2, x);
            var summed = ops.fori_loop(0, 4, (i, v) => (Tensor)v + ops.cast(i, "float32"), x);
            var (carry, ys) = ops.scan((c, s) => (c * (Tensor)s!, ops.add(c, s!)), ops.convert_to_tensor(1f), x);
            var chosen = ops.@switch(2, [v => (Tensor)v, v => (Tensor)v * 10, v => (Tensor)v * 100], x);
            return new Tensors([branch, doubled, summed, carry, ys, chosen, ops.map(v => ops.square(v), x)]);
        }).Flatten();
        Assert.That(results[0].ToArray<float>(), Is.EqualTo(new float[] { 2, 4, 6 }));
        Assert.That(results[1].ToArray<float>(), Is.EqualTo(new float[] { 32, 64, 96 }));
        Assert.That(results[2].ToArray<float>(), Is.EqualTo(new float[] { 7, 8, 9 }));
        Assert.That(results[3].ToScalar<float>(), Is.EqualTo(6));
        Assert.That(results[4].ToArray<float>(), Is.EqualTo(new float[] { 2, 3, 5 }));
        Assert.That(results[5].ToArray<float>(), Is.EqualTo(new float[] { 100, 200, 300 }));
        Assert.That(results[6].ToArray<float>(), Is.EqualTo(new float[] { 1, 4, 9 }));
    }

    [TestCase(RunMode.Eager)]
    [TestCase(RunMode.Graph)]
    [TestCase(RunMode.Xla)]
    public void ScansAndBranchesHaveGradients(RunMode mode)
    {
        Tensor gradient = GoldenList.Run(mode, Row(2, 3, 4), given =>
        {
            Tensor x = given;
            using var tape = new GradientTape();
            tape.watch(x);
            var product = ops.scan((c, s) => (c * (Tensor)s!, c), ops.convert_to_tensor(1f), x).Carry;
            var doubled = ops.cond(ops.greater(product, 1), () => (Tensor)product * 2, () => product);
            return tape.gradient(doubled, x)!;
        });
        Assert.That(gradient.ToArray<float>(), Is.EqualTo(new float[] { 24, 16, 12 }));
    }

    [Test]
    public void ACustomGradientIsTaken()
    {
        var clipped = ops.custom_gradient(x => (x[0] * 3, g => [ops.clip(g, -1, 1)]));
        var x = Row(1, 2);
        using var tape = new GradientTape();
        tape.watch(x);
        Assert.That(tape.gradient(clipped([x]) * 5, x)!.ToArray<float>(), Is.EqualTo(new float[] { 1, 1 }));
    }

    /// <summary>log(1 + e^x) with its stable gradient, whose own derivatives go through what was computed on the way.</summary>
    [Test]
    public void ACustomGradientHasDerivativesOfItsOwn()
    {
        var softplus = ops.custom_gradient(x =>
        {
            var e = ops.exp(x[0]);
            return (ops.log(1 + e), g => [g * (1 - (1 / (1 + e)))]);
        });
        var x = Row(0, 1);
        using var tape = new GradientTape(persistent: true);
        tape.watch(x);
        var first = tape.gradient(softplus([x]), x)!;
        Assert.That(first.ToArray<float>(), Is.EqualTo(new[] { 0.5f, 0.7310586f }).Within(1e-6));
        Assert.That(tape.gradient(first, x)!.ToArray<float>(), Is.EqualTo(new[] { 0.25f, 0.1966119f }).Within(1e-6));
    }

    [Test]
    public void ACustomGradientMayReturnItsInput()
    {
        var reversed = ops.custom_gradient(x => (x[0], g => [-g]));
        var x = Row(1, 2);
        using var tape = new GradientTape();
        tape.watch(x);
        Assert.That(tape.gradient((reversed([x]) * 3) + x, x)!.ToArray<float>(), Is.EqualTo(new float[] { -2, -2 }));
    }

    [Test]
    public void VariablesInACustomGradientNeedAnAnswer()
    {
        var w = new Variable(Row(2, 3), name: "scale");
        var x = Row(1, 1);
        var silent = ops.custom_gradient(i => (i[0] * w, g => [g * w]));
        var answering = ops.custom_gradient(i => (i[0] * w, (g, variables) => ([g * variables[0]], [g * i[0] * 10])));
        using (var tape = new GradientTape())
            Assert.That(() => silent([x]), Throws.TypeOf<UnsupportedException>().With.Message.Contains("scale"));
        Assert.That(silent([x]).ToArray<float>(), Is.EqualTo(new float[] { 2, 3 }), "without a tape");
        using (var tape = new GradientTape())
        {
            tape.watch(x);
            var found = tape.gradient(answering([x]), [x, w.value]);
            Assert.That(found[0]!.ToArray<float>(), Is.EqualTo(new float[] { 2, 3 }));
        }
        using (var tape = new GradientTape())
            Assert.That(tape.gradient(answering([x]), w)!.ToArray<float>(), Is.EqualTo(new float[] { 10, 10 }));
    }

    [Test]
    public void ArraysGoInAndOut()
    {
        var array = new double[,] { { 1, 2, 3 }, { 4, 5, 6 } };
        Assert.That(ops.convert_to_numpy(array), Is.EqualTo(array));
        Assert.That(ops.convert_to_numpy(ops.convert_to_tensor(new[] { "a", "bc" })), Is.EqualTo(new[] { "a", "bc" }));
    }

    [Test]
    public void SymbolicInputsKeepTheirKnownDimensions()
    {
        var x = Graph.Scratch.AddPlaceholder(DType.Float32, new Shape(-1, 4, 6), "x");
        Assert.That(ops.reshape(x, (-1, 24)).shape.ToString(), Is.EqualTo("(None, 24)"));
        Assert.That(ops.pad(x, [[0, 0], [1, 1], [0, 2]]).shape.ToString(), Is.EqualTo("(None, 6, 8)"));
        Assert.That(ops.image.resize(ops.expand_dims(x, -1), (8, 8)).shape.ToString(), Is.EqualTo("(None, 8, 8, 1)"));
    }

    [Test]
    public void RefusalsSayWhatToDo()
    {
        Assert.That(() => ops.take(Row(1, 2), Row(1)), Throws.InstanceOf<DTypeMismatchException>().With.Message.Contains("ops.cast"));
        Assert.That(() => ops.sum(Row(1, 2), axis: 3), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains("from -1 to 0"));
        Assert.That(() => ops.max(ops.zeros((0, 3))), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains("initial"));
        Assert.That(() => ops.one_hot(Row(1), 2, sparse: true), Throws.InstanceOf<UnsupportedException>());
        Assert.That(() => ops.matmul(Row(1), 2), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains("ops.multiply"));
    }
}
