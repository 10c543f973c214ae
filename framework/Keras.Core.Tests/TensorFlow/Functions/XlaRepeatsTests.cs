using Keras.Engines;
using Keras.Engines.TensorFlow;
using Keras.Graphs;

namespace Keras.Tests.TensorFlow;

/// <summary>Layers that are alike are compiled once, and compute what they computed as one function.</summary>
sealed class XlaRepeatsTests : TensorFlowFixture
{
    const int Width = 1024;

    /// <summary>So many that a layer computes enough to be a part.</summary>
    const int Rows = 64;

    static Variable NewVariable(Shape shape, int seed)
    {
        var random = new Random(seed);
        var values = new float[shape.ElementCount];
        foreach (ref var value in values.AsSpan()) value = ((float)random.NextDouble() - 0.5f) * 0.1f;
        return new(() => Tf.Constant(HostTensor.Of<float>(values, shape)), shape, DType.Float32, trainable: true, "v");
    }

    static Variable[] NewKernels(int count) => [.. Enumerable.Range(0, count).Select(i => NewVariable(new Shape(Width, Width), i))];

    static Tensor Layer(Tensor x, Variable kernel, float scale = 0.5f)
    {
        var rows = Tf.ShapeOf(x);
        var y = Tf.MatMul(x, kernel.value);
        for (var i = 0; i < 8; i++) y = (Tf.Tanh(y * scale) + x) * 0.5f;
        return Tf.Reshape(y, rows);
    }

    static FunctionGraph Trace(Shape shape, Func<Tensor, Tensor> body) => FunctionGraph.Trace("test", [(DType.Float32, shape, "x")], x => [body(x[0])]);

    static string[] Called(FunctionGraph? cut) => [.. cut!.LiveNodes().Where(n => n.Op == Tf.PartitionedCallOp || n.Op == Tf.StatefulPartitionedCallOp)
        .Select(n => ((FunctionGraph)n.Attributes.Items.ToArray().Single(a => a.Name == "f").Value).Name)];

    static Tensor Input(int rows)
    {
        var random = new Random(7);
        return Tf.Constant(HostTensor.Of<float>([.. Enumerable.Range(0, rows * Width).Select(_ => (float)random.NextDouble())], new Shape(rows, Width)));
    }

    static void AssertSame(Func<Tensor, Tensor> body, params int[] rows)
    {
        using var compiled = new TracedFunction("repeats", inputs => body(inputs.Single), new CompileOptions(Jit: true));
        foreach (var n in rows)
        {
            var x = Input(n);
            Assert.That(Floats(compiled.Call(x).Single), Is.EqualTo(Floats(body(x))).Within(0.01).Percent, $"{n} rows");
        }
    }

    static void AssertSevenAreOneAndSame(Func<Tensor, Tensor> body)
    {
        var called = Called(XlaRepeats.Apply(Trace(new Shape(Rows, Width), body)));
        Assert.That(called.CountBy(c => c).Max(c => c.Value), Is.GreaterThanOrEqualTo(7));
        AssertSame(body, Rows);
    }

    [Test]
    public void LayersThatAreAlikeAreOneFunction()
    {
        var kernels = NewKernels(8);
        AssertSevenAreOneAndSame(x => Tf.Sum(kernels.Aggregate(Tf.Exp(x), (y, k) => Layer(y, k)), [-1]));
    }

    [Test]
    public void ALayerThatIsOtherIsAFunctionOfItsOwn()
    {
        var kernels = NewKernels(9);
        AssertSevenAreOneAndSame(x => kernels.Index().Aggregate(x, (y, k) => Layer(y, k.Item, k.Index == 4 ? 0.25f : 0.5f)));
    }

    [Test]
    public void LengthsThatChangeAreCompiledAnewAndRight()
    {
        var kernels = NewKernels(8);
        AssertSame(x => kernels.Aggregate(x, (y, k) => Layer(y, k)), Rows, Rows + 2, 3);
    }

    [Test]
    public void StatesThatLayersChangeAreChangedInOrder()
    {
        var kernels = NewKernels(8);
        var (shared, own) = (new Variable(() => Tf.Constant(HostTensor.Scalar(1f)), Shape.Scalar, DType.Float32, trainable: false, "shared"), NewVariable(new Shape(1), 3));
        Tensor Body(Tensor x)
        {
            foreach (var kernel in kernels)
            {
                x = Layer(x, kernel) * shared.value;
                shared.assign(shared.value * 0.5f + Tf.Mean(x, [0, 1]));
                own.assign_add(Tf.Reshape(shared.value, new Shape(1)));
            }
            return x;
        }
        var cut = XlaRepeats.Apply(Trace(new Shape(Rows, Width), Body));
        Assert.That(Called(cut).Distinct().Count(), Is.LessThan(Called(cut).Length));
        float[] Run(Func<Tensor, Tensor> body)
        {
            shared.assign(Tf.Constant(HostTensor.Scalar(1f)));
            own.assign(Tf.Constant(HostTensor.Vector(0f)));
            return [.. Floats(body(Input(Rows))), .. Floats(shared.value), .. Floats(own.value)];
        }
        using var compiled = new TracedFunction("states", inputs => Body(inputs.Single), new CompileOptions(Jit: true));
        Assert.That(Run(x => compiled.Call(x).Single), Is.EqualTo(Run(Body)).Within(0.01).Percent);
    }

    [Test]
    public void FewOrSmallLayersStayTogether()
    {
        var (two, many) = (NewKernels(2), Enumerable.Range(0, 20).Select(i => NewVariable(new Shape(8, 8), i)).ToArray());
        Assert.That(XlaRepeats.Apply(Trace(new Shape(Rows, Width), x => two.Aggregate(x, (y, k) => Layer(y, k)))), Is.Null);
        var kernels = NewKernels(8);
        Assert.That(XlaRepeats.Apply(Trace(new Shape(1, Width), x => kernels.Aggregate(x, (y, k) => Layer(y, k)))), Is.Null, "a row of large kernels");
        Assert.That(XlaRepeats.Apply(Trace(new Shape(4, 8), x => many.Aggregate(x, (y, k) => Layer(y, k)))), Is.Null);
    }

    /// <summary>A step of decoding changes a row of large states and reads them again.</summary>
    [Test]
    public void LargeStatesThatAreOnlyReadAgainDoNotMakeLayersLarge()
    {
        var (kernels, states) = (NewKernels(8), NewKernels(8));
        Tensor Step(Tensor x)
        {
            foreach (var (kernel, state) in kernels.Zip(states))
            {
                Tf.ResourceScatterNdUpdate(state.Handle, Tf.Constant(HostTensor.Of<int>([3], new Shape(1, 1))), x);
                x = Tf.MatMul(Layer(x, kernel), Tf.Reshape(state.value, new Shape(Width, Width)));
            }
            return x;
        }
        Assert.That(XlaRepeats.Apply(Trace(new Shape(1, Width), Step)), Is.Null);
    }
}
