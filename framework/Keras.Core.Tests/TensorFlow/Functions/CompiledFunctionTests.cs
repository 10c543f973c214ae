using Keras.Engines;
using Keras.Engines.TensorFlow;
using Keras.Graphs;

namespace Keras.Tests.TensorFlow;

sealed class CompiledFunctionTests : TensorFlowFixture
{
    static readonly (DType, Shape)[] BlockInputs =
        [(DType.Float32, new Shape(-1, 8)), (DType.Float32, new Shape(8, 8)), (DType.Float32, new Shape(8)), (DType.Int32, new Shape(-1))];

    static Tensor[] BlockValues(int rows) =>
    [
        Matrix(rows, 8, i => MathF.Sin(i)), Matrix(8, 8, i => MathF.Cos(i * 3)), Vector(1, 2, 3, 4, 5, 6, 7, 8),
        Tf.Constant(HostTensor.Of<int>([.. Enumerable.Range(0, rows).Select(i => i % 8)], new Shape(rows))),
    ];

    /// <summary>An op that XLA does not know.</summary>
    static readonly OpDefinition ResizeArea = MakeOp("ResizeArea(images: T, size: int32) -> (resized_images: float32)");

    static OpDefinition MakeOp(string signature)
    {
        var (name, inputs, outputs, attributes) = OpSignature.Parse(signature);
        return new OpDefinition { Name = name, Inputs = inputs, Outputs = outputs, Attributes = attributes, Shapes = c => [c[0]] };
    }

    /// <summary>A bit of everything that transformers use: composites, reductions, gathers, dynamic shapes, random bits.</summary>
    static IEnumerable<Tensor> Block(Tensor[] x)
    {
        var hidden = Tf.Gelu(Tf.BiasAdd(Tf.MatMul(x[0], x[1]), x[2]));
        var normal = Tf.LayerNorm(hidden, x[2], x[2], 1e-5f);
        var key = Tf.Constant(HostTensor.Of<ulong>([42], new Shape(1)));
        var counter = Tf.Constant(HostTensor.Of<ulong>([0, 7], new Shape(2)));
        yield return Tf.Softmax(normal);
        yield return Tf.Gather(normal, x[3], 1, batch_dims: 0);
        yield return Tf.Dropout(Tf.Reshape(hidden, Tf.Stack([Tf.DimOf(x[0], 0), Tf.Int32Scalar(2), Tf.Int32Scalar(4)], 0)), 0.25f, key, counter);
        yield return Tf.SoftmaxCrossEntropy(normal, x[3]);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void GivesWhatTheSameOpsGiveEagerly(bool jit)
    {
        using var function = Compile(jit, Block, BlockInputs);
        foreach (var rows in (int[])[3, 5, 3])
        {
            var inputs = BlockValues(rows);
            var expected = Block(inputs).ToArray();
            var received = Run(function, 4, inputs);
            for (var i = 0; i < 4; i++)
            {
                Assert.That(received[i].shape, Is.EqualTo(expected[i].shape));
                Assert.That(received[i].ReadArray<float>(), Is.EqualTo(Floats(expected[i])).Within(1e-5));
            }
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    public void ATrainingStepUpdatesVariablesInPlace(bool jit)
    {
        using var step = new AdamStep(jit, 256);
        var first = step.Run();
        for (var i = 0; i < 50; i++) step.Run();
        Assert.That(step.Run(), Is.LessThan(first / 2));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void TwoThousandStepsLeaveMemoryAndHandlesFlat(bool jit)
    {
        using var step = new AdamStep(jit, 512);
        for (var i = 0; i < 200; i++) step.Run();
        var handles = LiveAfterCollection(HandleKind.EagerTensor);
        var memory = Environment.WorkingSet;
        for (var i = 0; i < 2000; i++) step.Run();
        Assert.That(LiveAfterCollection(HandleKind.EagerTensor), Is.EqualTo(handles));
        Assert.That(Environment.WorkingSet - memory, Is.LessThan(10L << 20), "resident bytes added by 2,000 steps");
    }

    [TestCase(false)]
    [TestCase(true)]
    public void ReadsAndWritesKeepProgramOrder(bool jit)
    {
        var variable = new Variable(Vector(1));
        using var function = Compile(jit, x =>
        {
            var before = variable.value;
            variable.assign_add(x[0]);
            var between = variable.value;
            variable.assign(variable.value * 2);
            return [before, between, variable.value];
        }, out var traced, (DType.Float32, new Shape(1)));
        var results = Run(function, 3, [Vector(10), .. traced.CapturedSources]);
        Assert.That(results.Select(r => r.ReadArray<float>()[0]), Is.EqualTo(new float[] { 1, 11, 22 }));
        Assert.That(Floats(variable.value), Is.EqualTo(new float[] { 22 }));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void ASnapshotHeldAcrossAStepKeepsItsValue(bool jit)
    {
        using var step = new AdamStep(jit, 16);
        var snapshot = step.Weights.value;
        var copy = Floats(snapshot);
        step.Run();
        Assert.That(Floats(snapshot), Is.EqualTo(copy));
        Assert.That(Floats(step.Weights.value), Is.Not.EqualTo(copy));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void ManyThreadsRunOneFunctionAtOnce(bool jit)
    {
        using var function = Compile(jit, Block, BlockInputs);
        var expected = Enumerable.Range(1, 8).Select(rows => Floats(Block(BlockValues(rows)).First())).ToArray();
        var inputs = Enumerable.Range(1, 8).Select(BlockValues).ToArray();
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, t =>
        {
            for (var i = 0; i < 40; i++)
            {
                var results = Run(function, 4, inputs[t]);
                Assert.That(results[0].ReadArray<float>(), Is.EqualTo(expected[t]).Within(1e-5));
                foreach (var result in results) result.Dispose();
            }
        });
    }

    [Test]
    public void XlasRefusalNamesTheOpAndItsLayer()
    {
        using var function = Compile(true, x =>
        {
            using (NameScope.Enter("encoder/layer_3")) return [Dispatch.Run(ResizeArea, [x[0] * 2, Tf.Int32(1, 1)])];
        }, (DType.Float32, new Shape(1, 2, 2, 1)));
        var error = Assert.Throws<EngineException>(() => Run(function, 1, Tf.Reshape(Vector(1, 2, 3, 4), Tf.Int32(1, 2, 2, 1))))!;
        Assert.That(error.Message, Does.StartWith("XLA cannot compile ResizeArea 'encoder/layer_3/ResizeArea' (test_"));
        Assert.That(error.Remedy, Does.Contain("jit_compile: false"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void AFailureAtRunTimeNamesTheNode(bool jit)
    {
        using var function = Compile(jit, x =>
        {
            using (NameScope.Enter("decoder/head")) return [Tf.Reshape(x[0], x[1])];
        }, (DType.Float32, new Shape(-1)), (DType.Int32, new Shape(2)));
        var error = Assert.Throws<EngineException>(() => Run(function, 1, Vector(1, 2, 3), Tf.Int32(2, 2)))!;
        TestContext.Out.WriteLine(error.Message);
        Assert.That(error.Message, Does.Contain("decoder/head/Reshape"));
    }

    [Test]
    public void ADisposedFunctionIsRefusedAndItsNameIsFree()
    {
        var before = LiveHandles.Of(HandleKind.Function);
        var function = Compile(false, x => [x[0] * 2], (DType.Float32, new Shape(1)));
        Assert.That(LiveHandles.Of(HandleKind.Function), Is.EqualTo(before + 1));
        Run(function, 1, Vector(1));
        function.Dispose();
        Assert.That(LiveHandles.Of(HandleKind.Function), Is.EqualTo(before));
        Assert.That(() => Run(function, 1, Vector(1)), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(Floats(Vector(1) * 3), Is.EqualTo(new float[] { 3 }), "the thread's op object had stood for the function");
    }

    [Test]
    public void WrongNumbersOfInputsAndOutputsAreRefused()
    {
        using var function = Compile(false, x => [x[0] * 2], (DType.Float32, new Shape(1)));
        Assert.That(() => Run(function, 1), Throws.TypeOf<EngineException>());
        Assert.That(() => Run(function, 2, Vector(1)), Throws.TypeOf<EngineException>());
    }

    [Test]
    public void AnotherEngineTakesItsOwnThreads()
    {
        using var single = new TensorFlowEngine(new TensorFlowOptions(IntraOpThreads: 1, InterOpThreads: 1));
        using (Engine.Use(single)) Assert.That(Floats(Vector(1, 2) + Vector(3, 4)), Is.EqualTo(new float[] { 4, 6 }));
        Assert.That(Floats(Vector(1, 2) + Vector(3, 4)), Is.EqualTo(new float[] { 4, 6 }), "the first engine on the same thread");
    }

    /// <summary>Least squares by Adam: forward, backward and update in one function.</summary>
    sealed class AdamStep : IDisposable
    {
        readonly ICompiledFunction _function;
        readonly ITensorHandle[] _inputs;
        readonly Variable _m, _v;
        readonly Tensor _x, _y;

        public AdamStep(bool jit, int size)
        {
            Tensor Zeros() => Tf.Zeros(new Shape(size, size), DType.Float32);
            (Weights, _m, _v) = (new(Zeros()), new(Zeros()), new(Zeros()));
            (_x, _y) = (Matrix(4, size, i => MathF.Sin(i)), Matrix(4, size, i => MathF.Cos(i)));
            var traced = FunctionGraph.Trace("step", [], _ =>
            {
                using var tape = new GradientTape();
                var loss = Tf.Mean(Tf.Square(Tf.MatMul(_x, Weights.value) - _y));
                var gradient = tape.gradient(loss, [Weights])[0]!;
                Tensor Number(double value) => Tf.Constant(value, DType.Float32);
                Tf.ApplyAdam(Weights.Handle, _m.Handle, _v.Handle, Number(0.9), Number(0.999), Number(0.01), Number(0.9), Number(0.999), Number(1e-7), gradient);
                return [loss];
            });
            _function = Runtime.Compile(Lowering.Lower(traced, Runtime.RunsNatively), new CompileOptions(jit));
            _inputs = [.. traced.CapturedSources.Select(Handle)];
        }

        public Variable Weights { get; }

        public float Run()
        {
            var results = new ITensorHandle[1];
            _function.Run(_inputs, results);
            using var loss = new EagerTensor(results[0], Runtime);
            return loss.ReadArray<float>()[0];
        }

        public void Dispose() => _function.Dispose();
    }
}
