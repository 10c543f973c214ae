using Keras.Engines;
using Keras.Engines.TensorFlow;
using Keras.Graphs;

namespace Keras.Tests.TensorFlow;

/// <summary>What needs a process of its own: how it ends, and settings that are read once.</summary>
sealed class ProcessTests
{
    [SetUp]
    public void RequireLibrary()
    {
        if (!TensorFlowEngine.IsPresent) Assert.Ignore("libtensorflow is not installed: run ./build.sh provision or set KERAS_LIBTENSORFLOW");
    }

    [TestCase("idle", 1)]
    [TestCase("busy", 3)]
    public void AProcessEndsCleanlyWithTensorsFunctionsAndThreadsAlive(string threads, int times)
    {
        for (var i = 0; i < times; i++) EndOne(threads);
    }

    static void EndOne(string threads)
    {
        using var child = ChildProcess.Start(WorkAndLeave, threads);
        Assert.That(child.ReadLine(), Is.EqualTo("working"));
        Assert.That(child.Finish(), Is.Zero);
    }

    [Test]
    public void TheDiskCacheOfXlaIsFilledAndUsed()
    {
        var root = Directory.CreateTempSubdirectory("keras-xla-").FullName;
        try
        {
            DateTime? written = null;
            for (var i = 0; i < 2; i++)
            {
                using var child = ChildProcess.Start(CompileWithCache, root);
                Assert.That(child.ReadLine(), Is.EqualTo("compiled"));
                Assert.That(child.Finish(), Is.Zero);
                var files = Directory.GetFiles(root, "*", SearchOption.AllDirectories);
                Assert.That(files, Has.Length.EqualTo(1));
                written ??= File.GetLastWriteTimeUtc(files[0]);
                Assert.That(File.GetLastWriteTimeUtc(files[0]), Is.EqualTo(written), "the second process reads what the first wrote");
                Assert.That(Path.GetDirectoryName(files[0]), Is.EqualTo(XlaDiskCache.FolderIn(root, new Version(2, 21))));
            }
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    static void WorkAndLeave(string threads)
    {
        var engine = new TensorFlowEngine();
        Engine.Current = engine;
        var traced = FunctionGraph.Trace("work", [(DType.Float32, new Shape(64, 64), "x")], x => [Tf.Softmax(Tf.MatMul(x[0], x[0]))]);
        var functions = new[] { true, false }.Select(jit => engine.Compile(Lowering.Lower(traced, engine.RunsNatively), new CompileOptions(jit))).ToArray();
        var input = (EagerTensor)Tf.Fill(Tf.Int32(64, 64), Tf.Constant(1, DType.Float32));
        GC.KeepAlive(new Variable(input).value);
        using var started = new CountdownEvent(2);
        foreach (var function in functions)
        {
            var thread = new Thread(() =>
            {
                var results = new ITensorHandle[1];
                function.Run([input.Handle], results);
                started.Signal();
                while (threads == "busy") function.Run([input.Handle], results);
            })
            { IsBackground = true };
            thread.Start();
        }
        started.Wait();
        Console.WriteLine("working");
        Console.ReadLine();
    }

    static void CompileWithCache(string root)
    {
        Environment.SetEnvironmentVariable(XlaDiskCache.Variable, root);
        var engine = new TensorFlowEngine();
        Engine.Current = engine;
        var traced = FunctionGraph.Trace("cached", [(DType.Float32, new Shape(8, 8), "x")], x => [Tf.MatMul(x[0], x[0])]);
        var function = engine.Compile(Lowering.Lower(traced, engine.RunsNatively), new CompileOptions(Jit: true));
        function.Run([((EagerTensor)Tf.Fill(Tf.Int32(8, 8), Tf.Constant(1, DType.Float32))).Handle], new ITensorHandle[1]);
        Console.WriteLine("compiled");
        Console.ReadLine();
    }
}
