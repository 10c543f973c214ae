using System.Text;
using Keras.Engines;
using Keras.Engines.Torch;
using Keras.Graphs;

namespace Keras.Tests.Torch.Programs;

[NonParallelizable]
sealed class TorchFunctionTests : TorchFixture
{
    static IEnumerable<Tensor> Block(Tensor[] x)
    {
        var hidden = Tf.Gelu(Tf.BiasAdd(Tf.MatMul(x[0], x[1]), x[2]));
        var normal = Tf.LayerNorm(hidden, x[2], x[2], 1e-5f);
        yield return Tf.Softmax(normal);
        yield return Tf.SoftmaxCrossEntropy(normal, x[3]);
    }

    static readonly (DType, Shape)[] BlockInputs =
        [(DType.Float32, new Shape(-1, 8)), (DType.Float32, new Shape(8, 8)), (DType.Float32, new Shape(8)), (DType.Int32, new Shape(-1))];

    static Tensor[] BlockValues(int rows) =>
    [
        Tf.Reshape(Vector([.. Enumerable.Range(0, rows * 8).Select(i => MathF.Sin(i))]), new Shape(rows, 8)),
        Tf.Reshape(Vector([.. Enumerable.Range(0, 64).Select(i => MathF.Cos(i * 3))]), new Shape(8, 8)), Vector(1, 2, 3, 4, 5, 6, 7, 8),
        Tf.Int32([.. Enumerable.Range(0, rows).Select(i => i % 8)]),
    ];

    [Test]
    public void ManyThreadsGetEqualResults()
    {
        using var function = Compile(Block, out _, parameters: BlockInputs);
        var inputs = Enumerable.Range(1, 8).Select(BlockValues).ToArray();
        var expected = inputs.Select(i => Run(function, 2, i).Select(Floats).ToArray()).ToArray();
        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8 }, n =>
        {
            using var use = Engine.Use(Runtime);
            var received = Run(function, 2, inputs[n % 8]);
            for (var i = 0; i < 2; i++)
                if (!Floats(received[i]).AsSpan().SequenceEqual(expected[n % 8][i])) throw new AssertionException($"call {n}, output {i}");
        });
    }

    [Test]
    public void ThreadsThatComeAndGoShareAFewThatStay()
    {
        // Long enough that libtorch uses all cores for it.
        using var function = Compile(x => [Tf.MatMul(x[0], x[0])], out _, parameters: (DType.Float32, new Shape(400, 400)));
        var input = Tf.Fill(Tf.Int32(400, 400), Tf.Constant(1, DType.Float32));
        using var together = new Barrier(Callers);
        var before = OsThreads();
        var during = 0;
        var failures = new System.Collections.Concurrent.ConcurrentQueue<Exception>();
        var threads = Enumerable.Range(0, Callers).Select(n => new Thread(() =>
        {
            try
            {
                using var use = Engine.Use(Runtime);
                if (Floats(Run(function, 1, [input])[0])[0] != 400) throw new AssertionException("a wrong product");
                together.SignalAndWait();
                if (n == 0) during = OsThreads();
                together.SignalAndWait();
            }
            catch (Exception e)
            {
                failures.Enqueue(e);
            }
        })).ToList();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.That(failures, Is.Empty);
        Assert.That(during - before - Callers, Is.LessThanOrEqualTo((Lanes.OwnThreads + Lanes.Count + 1) * Environment.ProcessorCount), $"threads beside the {Callers} callers");
    }

    const int Callers = 40;

    static int OsThreads()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.Threads.Count;
    }

    [Test]
    public void AnErrorReachesTheThreadThatCalled()
    {
        using var function = Compile(x => [Tf.Gather(x[0], x[1], 0)], out _, parameters: [(DType.Float32, new Shape(2)), (DType.Int32, new Shape(1))]);
        Parallel.For(0, 20, new ParallelOptions { MaxDegreeOfParallelism = 10 }, _ =>
        {
            using var use = Engine.Use(Runtime);
            try
            {
                Run(function, 1, [Vector(1, 2), Tf.Int32([7])]);
                throw new AssertionException("no error came");
            }
            catch (EngineException)
            {
            }
        });
    }

    [Test]
    public void TwoThousandStepsLeaveMemoryFlat()
    {
        var weights = new Variable(Tf.Fill(Tf.Int32(64, 64), Tf.Constant(0.01, DType.Float32)));
        using var step = Compile(x =>
        {
            using var tape = new GradientTape();
            var loss = Tf.Sum(Tf.Square(Tf.MatMul(x[0], weights.value)));
            weights.assign_sub(tape.gradient(loss, weights)! * 1e-4);
            return [loss];
        }, out var traced, parameters: (DType.Float32, new Shape(32, 64)));
        var data = Tf.Fill(Tf.Int32(32, 64), Tf.Constant(1, DType.Float32));
        Tensor[] inputs = [data, .. traced.CapturedSources];
        void Steps(int count)
        {
            for (var i = 0; i < count; i++)
                foreach (var result in Run(step, 1, inputs)) result.Dispose();
        }
        Steps(200);
        var live = LiveAfterCollection();
        // What leaks does so in every round; the compiler and what other tests left may add something in one.
        var least = long.MaxValue;
        for (var round = 0; round < 3 && least >= 10L << 20; round++)
        {
            var memory = Environment.WorkingSet;
            Steps(2000);
            Assert.That(LiveAfterCollection(), Is.EqualTo(live));
            least = Math.Min(least, Environment.WorkingSet - memory);
        }
        Assert.That(least, Is.LessThan(10L << 20), "resident bytes added by 2,000 steps");
    }

    [Test]
    public void ReadsAndWritesKeepProgramOrder()
    {
        var variable = new Variable(Vector(1));
        using var function = Compile(x =>
        {
            var before = variable.value;
            variable.assign_add(x[0]);
            var between = variable.value;
            variable.assign(variable.value * 2);
            return [before, between, variable.value];
        }, out var traced, parameters: (DType.Float32, new Shape(1)));
        var results = Run(function, 3, [Vector(10), .. traced.CapturedSources]);
        Assert.That(results.Select(r => r.ReadArray<float>()[0]), Is.EqualTo(new float[] { 1, 11, 22 }));
    }

    [Test]
    public void InputsAreNotWrittenToAndOutputsAreApart()
    {
        using var function = Compile(x => [x[0] + 1, x[0], x[0]], out _, parameters: (DType.Float32, new Shape(3)));
        var input = Vector(1, 2, 3);
        var results = Run(function, 3, input);
        results[1].Dispose();
        Assert.That(Floats(results[0]), Is.EqualTo(new float[] { 2, 3, 4 }));
        Assert.That(Floats(results[2]), Is.EqualTo(new float[] { 1, 2, 3 }));
        Assert.That(Floats(input), Is.EqualTo(new float[] { 1, 2, 3 }));
    }

    [Test]
    public void UnfitInputsAreRefused()
    {
        using var function = Compile(x => [x[0] + 1], out _, parameters: (DType.Float32, new Shape(-1, 3)));
        Assert.That(() => Run(function, 1, Vector(1, 2, 3)), Throws.TypeOf<EngineException>().With.Message.Contains("(None, 3)"));
        Assert.That(() => Run(function, 1, Tf.Int32(1)), Throws.TypeOf<EngineException>().With.Message.Contains("int32"));
    }

    [Test]
    public void FullCompilationRefusesSizesThatDependOnDataAndLeavesTextsOutside()
    {
        Assert.That(() => Compile(x => [Tf.Where(x[0])], out _, jit: true, (DType.Bool, new Shape(3))), Throws.TypeOf<EngineException>().With.Message.Contains("Where"));
        using var texts = Compile(x => [Tf.AsString(x[0])], out _, jit: true, (DType.Int32, new Shape(3)));
        Assert.That(Run(texts, 1, Tf.Int32(1, 2, 3))[0].ToHost().Strings!.Select(Encoding.UTF8.GetString), Is.EqualTo(new[] { "1", "2", "3" }));
    }

    [Test]
    public void AFailureNamesItsNodeAndFreesWhatWasMade()
    {
        using var function = Compile(x => [Tf.Gather(x[0] * 2, x[1], 0)], out _, parameters: [(DType.Float32, new Shape(4)), (DType.Int32, new Shape(1))]);
        Tensor[] inputs = [Vector(1, 2, 3, 4), Tf.Int32(9)];
        var live = LiveAfterCollection();
        Assert.That(() => Run(function, 1, inputs), Throws.TypeOf<EngineException>().With.Message.Contains("GatherV2"));
        Assert.That(LiveAfterCollection(), Is.EqualTo(live));
        GC.KeepAlive(inputs);
    }

    [Test]
    public void OneThreadGivesTheSame()
    {
        var x = Tf.Reshape(Vector([.. Enumerable.Range(0, 1 << 18).Select(i => MathF.Sin(i))]), new Shape(512, 512));
        var all = Floats(Tf.Softmax(x));
        try
        {
            Workers.Threads = 1;
            Assert.That(Floats(Tf.Softmax(x)), Is.EqualTo(all));
        }
        finally
        {
            Workers.Threads = 0;
        }
    }
}
