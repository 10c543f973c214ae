using Keras.Engines;
using Keras.Engines.TensorFlow;
using Keras.Graphs;

namespace Keras.Tests.TensorFlow;

/// <summary>What XLA compiles of a function, and what runs before and after it.</summary>
sealed class XlaPartsTests : TensorFlowFixture
{
    static Variable NewVariable(params float[] values) => new(() => Vector(values), new Shape(values.Length), DType.Float32, trainable: true, "v");

    static FunctionGraph Trace(Func<Tensor, IEnumerable<Tensor>> body) => FunctionGraph.Trace("test", [(DType.Float32, new Shape(4), "x")], x => body(x[0]));

    static string[] Ops(FunctionGraph function) => [.. function.LiveNodes().Select(n => n.Op.Name).Where(n => n != "Const")];

    static FunctionGraph CompiledPart(FunctionGraph function) =>
        (FunctionGraph)function.LiveNodes().Single(n => n.Op == Tf.PartitionedCallOp || n.Op == Tf.StatefulPartitionedCallOp).Attributes.Items.ToArray().Single(a => a.Name == "f").Value;

    static Tensor Noise(Tensor x, Variable state)
    {
        var words = Tf.Bitcast(state.value, DType.UInt64);
        return Tf.Dropout(x, 0.5f, Tf.Slice(words, [0], [1]), Tf.Concat([Tf.Slice(words, [1], [1]), Tf.Slice(words, [0], [1])], 0));
    }

    [Test]
    public void WithoutDrawsAndUpdatesAllIsCompiled()
    {
        var parts = XlaParts.Apply(Trace(x => [Tf.Exp(x)]));
        Assert.That(parts.MustCompile);
        Assert.That(Ops(parts), Is.EqualTo(new[] { "Exp" }));
    }

    [Test]
    public void LastUpdatesComeAfterTheCompiledPart()
    {
        var v = NewVariable(1, 2, 3, 4);
        var parts = XlaParts.Apply(Trace(x =>
        {
            Tf.ApplyGradientDescent(v.Handle, Tf.Constant(HostTensor.Scalar(0.5f)), Tf.Exp(x));
            return [Tf.Sum(x, [0])];
        }));
        Assert.That(Ops(parts), Is.EqualTo(new[] { "PartitionedCall", "ResourceApplyGradientDescent" }));
        Assert.That(parts.MustCompile, Is.False);
        Assert.That(CompiledPart(parts).MustCompile);
        Assert.That(Ops(CompiledPart(parts)), Is.EquivalentTo(new[] { "Exp", "Sum" }));
    }

    [Test]
    public void AnUpdateWhoseVariableIsReadLaterStaysInside()
    {
        var v = NewVariable(1, 2, 3, 4);
        using var compiled = new TracedFunction("updates", inputs =>
        {
            var x = inputs.Single;
            Tf.ApplyGradientDescent(v.Handle, Tf.Constant(HostTensor.Scalar(0.5f)), x);
            var read = v.value * 10;
            Tf.ApplyGradientDescent(v.Handle, Tf.Constant(HostTensor.Scalar(1f)), x);
            return read;
        }, new CompileOptions(Jit: true));
        Assert.That(Floats(compiled.Call(Vector(2, 2, 2, 2)).Single), Is.EqualTo(new float[] { 0, 10, 20, 30 }));
        Assert.That(Floats(v.value), Is.EqualTo(new float[] { -2, -1, 0, 1 }));
    }

    [Test]
    public void BitsThatFunctionAndGradientShareAreDrawnOnceBefore()
    {
        var state = new Variable(() => Tf.Constant(HostTensor.Vector(7L, 3L)), new Shape(2), DType.Int64, trainable: false, "state");
        FunctionGraph Function() => Trace(x =>
        {
            using var tape = new GradientTape();
            tape.watch(x);
            var y = Noise(x, state);
            return [y, tape.gradient(Tf.Sum(y, [0]), x)!];
        });
        var parts = XlaParts.Apply(Lowering.Lower(Function(), _ => false));
        Assert.That(Ops(parts).Count(o => o == "StatelessRandomUniformFullIntV2"), Is.EqualTo(1));
        Assert.That(Ops(CompiledPart(parts)), Has.None.EqualTo("StatelessRandomUniformFullIntV2"));
    }

    [Test]
    public void DrawsThatFollowAChangeOfTheirStateStayInsideAndDiffer()
    {
        var state = new Variable(() => Tf.Constant(HostTensor.Vector(7L, 3L)), new Shape(2), DType.Int64, trainable: false, "state");
        Tensors Body(Tensors x)
        {
            var first = Noise(x.Single, state);
            state.assign_add(Tf.Constant(HostTensor.Vector(0L, 1L)));
            return Tf.Concat([first, Noise(x.Single, state)], 0);
        }
        var ones = Tf.Constant(HostTensor.Of<float>([.. Enumerable.Repeat(1f, 200)], new Shape(200)));
        using var compiled = new TracedFunction("draws", Body, new CompileOptions(Jit: true));
        var drawn = Floats(compiled.Call(ones).Single);
        state.assign(Tf.Constant(HostTensor.Vector(7L, 3L)));
        Assert.That(drawn, Is.EqualTo(Floats(Body(ones).Single)));
        Assert.That(drawn[..200], Is.Not.EqualTo(drawn[200..]));
    }

    [Test]
    public void DrawsOfASizeThatIsComputedStayInside()
    {
        using var compiled = Compile(jit: true, x => [Tf.Dropout(Tf.Exp(x[0]), 0.5f, Tf.Constant(HostTensor.Vector(1UL)), Tf.Constant(HostTensor.Vector(0UL, 2UL)))],
            out var traced, (DType.Float32, new Shape(-1)));
        Assert.That(XlaParts.Apply(Lowering.Lower(traced, _ => false)).MustCompile, "all of it is compiled");
        foreach (var length in new[] { 3, 8 })
        {
            var zeros = Tf.Constant(HostTensor.Of<float>(new float[length], new Shape(length)));
            Assert.That(Floats(Run(compiled, 1, zeros)[0]), Is.EqualTo(Floats(Tf.Dropout(Tf.Exp(zeros), 0.5f, Tf.Constant(HostTensor.Vector(1UL)), Tf.Constant(HostTensor.Vector(0UL, 2UL))))));
        }
    }
}
