using Keras.Engines;
using Keras.Graphs;
using Keras.Tests.Ops;

namespace Keras.Tests.Graphs;

/// <summary>When a function is traced again, and with which shapes.</summary>
sealed class TracedFunctionTests(string engine) : EngineFixture(engine)
{
    readonly List<string> _traces = [];

    TracedFunction Make(Func<Tensors, Tensors> body, bool jit = false) => new("f", x =>
    {
        _traces.Add(string.Join(" ", x.Flatten().Select(t => t.shape)));
        return body(x);
    }, new CompileOptions(jit));

    [SetUp]
    public void Clear() => _traces.Clear();

    static Tensor Ones(params int[] dims) => Tf.Fill(Tf.Int32(dims), Tf.Constant(1, DType.Float32));

    [Test]
    public void TheSameShapesAreTracedOnce([Values] bool jit)
    {
        using var f = Make(x => Tf.Sum(x.Single * 2), jit);
        for (var i = 0; i < 3; i++) Assert.That(((Tensor)f.Call(Ones(2, 3))!).ToScalar<float>(), Is.EqualTo(12));
        Assert.That(_traces, Is.EqualTo(new[] { "(2, 3)" }));
    }

    [Test]
    public void ASecondShapeRelaxesWhatDiffers([Values] bool jit)
    {
        using var f = Make(x => Tf.Sum(x.Single, [0]), jit);
        for (var batch = 2; batch < 7; batch++) Assert.That(((Tensor)f.Call(Ones(batch, 3))!).ToArray<float>(), Is.All.EqualTo(batch));
        Assert.That(_traces, Is.EqualTo(new[] { "(2, 3)", "(None, 3)" }));
    }

    [Test]
    public void DimensionsThatChangeTogetherMustStayEqual()
    {
        using var f = Make(x => x[0].Single + x[1].Single);
        f.Call(new Tensor[] { Ones(2), Ones(2) });
        f.Call(new Tensor[] { Ones(3), Ones(3) });
        f.Call(new Tensor[] { Ones(5), Ones(5) });
        Assert.That(_traces, Has.Count.EqualTo(2));
        Assert.That(((Tensor)f.Call(new Tensor[] { Ones(4), Ones(1) })!).shape, Is.EqualTo(new Shape(4)));
        Assert.That(_traces, Has.Count.EqualTo(3));
    }

    [Test]
    public void AnotherDtypeRankOrStaticKeyIsAnotherFunction()
    {
        using var f = Make(x => x.Single * 2);
        f.Call(Ones(2));
        f.Call(Tf.Cast(Ones(2), DType.Float64));
        f.Call(Ones(2, 2));
        f.Call(Ones(2), staticKey: "training");
        Assert.That(_traces, Has.Count.EqualTo(4));
    }

    [Test]
    public void ManyUnknownDimensionsAreStillRecognised()
    {
        using var f = Make(x => Tf.AddN([.. x.Flatten().Select(t => Tf.Sum(t))]));
        Tensors Inputs(int shift) => Enumerable.Range(1, 70).Select(i => Ones(i + shift, i + (2 * shift) + 100)).ToArray();
        f.Call(Inputs(0));
        f.Call(Inputs(1));
        f.Call(Inputs(2));
        Assert.That(_traces, Has.Count.EqualTo(2), "140 symbols");
    }

    [Test]
    public void WhatIsCapturedIsReadAtEachCall()
    {
        var v = new Variable(Floats(1));
        using var f = Make(x => x.Single + v.value);
        Assert.That(((Tensor)f.Call(Floats(10))!).ToScalar<float>(), Is.EqualTo(11));
        v.assign(Floats(5));
        Assert.That(((Tensor)f.Call(Floats(10))!).ToScalar<float>(), Is.EqualTo(15));
    }

    [Test]
    public void AVariableThatIsReadNeedsNoFurtherMemory()
    {
        var v = new Variable(Ones(1000));
        using var f = Make(x => x.Single + v.value);
        var function = f.Prepare(Ones(1000));
        Assert.That(function.LiveNodes().Single(n => n.Op == Tf.ReadVariableOp).Outputs[0].shape, Is.EqualTo(new Shape(1000)), "its bytes are known");
        Assert.That(function.PeakBytes(), Is.EqualTo(1000 * sizeof(float)), "the sum alone");
    }

    [Test]
    public void AVariableMadeInsideIsMadeOnceOutside()
    {
        Variable? v = null;
        using var f = Make(x => x.Single + (v ??= new Variable(() => Tf.Fill(Tf.Int32(1), Tf.Constant(3, DType.Float32)), 1, DType.Float32)).value);
        f.Call(Floats(1));
        v!.assign_add(Floats(1));
        Assert.That(((Tensor)f.Call(Floats(1))!).ToScalar<float>(), Is.EqualTo(5));
    }

    [Test]
    public void UnderATapeItRunsInline()
    {
        using var f = Make(x => Tf.Square(x.Single));
        var x = Floats(3);
        using var tape = new GradientTape();
        tape.watch(x);
        AssertClose(tape.gradient(f.Call(x)!, x)!, [6]);
    }

    [Test]
    public void ManyTracesWarnOnceWithTheLastTwoSignatures()
    {
        var warnings = new List<string>();
        var before = Diagnostics.Warn;
        Diagnostics.Warn = warnings.Add;
        try
        {
            using var f = Make(x => x.Single * 2);
            for (var i = 0; i < 12; i++)
            {
                f.Call(Ones(2), staticKey: $"{i}");
                f.Call(Ones(3), staticKey: $"{i}");
            }
        }
        finally
        {
            Diagnostics.Warn = before;
        }
        Assert.That(warnings, Has.Count.EqualTo(1));
        Assert.That(warnings[0], Does.Contain("(2,)").And.Contain("(3,)"));
    }

    [Test]
    public void ThreadsTraceOnce()
    {
        using var f = Make(x => Tf.Sum(x.Single));
        var inputs = Ones(4);
        Parallel.For(0, 16, _ =>
        {
            using var engine = Engine.Use(Runtime);
            Assert.That(((Tensor)f.Call(inputs)!).ToScalar<float>(), Is.EqualTo(4));
        });
        Assert.That(_traces, Has.Count.EqualTo(1));
    }

    [Test]
    public void AStructureComesBackAsItWas()
    {
        using var f = Make(x => new Dictionary<string, Tensor> { ["sum"] = x["a"].Single + x["b"].Single, ["a"] = x["a"].Single });
        var result = f.Call(new Dictionary<string, Tensor> { ["a"] = Floats(1), ["b"] = Floats(2) });
        Assert.That(result.Keys, Is.EqualTo(new[] { "sum", "a" }));
        Assert.That(result["sum"].Single.ToScalar<float>(), Is.EqualTo(3));
    }
}
