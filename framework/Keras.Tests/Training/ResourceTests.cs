using Keras.Engines.TensorFlow;
using Keras.Optimizers;

namespace Keras.Tests.Training;

/// <summary>What steps leave behind, and threads.</summary>
[NonParallelizable]
public sealed class ResourceTests
{
    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    static long Handles()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        return LiveHandles.Of(HandleKind.EagerTensor);
    }

    static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Environment.WorkingSet;
    }

    [Test]
    public void TwoThousandStepsLeaveMemoryAndHandlesAsTheyWere()
    {
        var model = new TinyModel();
        model.compile(new Adam(0.01), "mse", metrics: ["mae"], jit_compile: false);
        (Tensors x, Tensors y) = TinyModel.Data(400);
        model.fit(x, y, batch_size: 2, verbose: 0);
        var (handles, resident) = (Handles(), Resident());
        model.fit(x, y, batch_size: 2, epochs: 9, verbose: 0);
        Assert.That(Handles(), Is.EqualTo(handles));
        Assert.That((Resident() - resident) >> 20, Is.LessThanOrEqualTo(10), "MB more than after 200 steps");
        Assert.That(model.TraceCounts.Train, Is.EqualTo(1));
    }

    [Test]
    public void StepsFreeTheirTensorsWithoutTheCollector()
    {
        var model = new TinyModel();
        model.compile(new SGD(0.01), "mse", jit_compile: false);
        var (x, y) = TinyModel.Data(400);
        (Tensors inputs, Tensors targets) = (x, y);
        model.fit(inputs, targets, batch_size: 2, verbose: 0, shuffle: true);
        var before = Handles();
        Assert.That(GC.TryStartNoGCRegion(64 << 20), Is.True);
        try
        {
            model.fit(inputs, targets, batch_size: 2, verbose: 0);
            // The scalars of resetting metrics and of the last logs are a handful; 200 steps would leave many hundreds.
            Assert.That(LiveHandles.Of(HandleKind.EagerTensor) - before, Is.LessThan(50));
        }
        finally
        {
            if (System.Runtime.GCSettings.LatencyMode == System.Runtime.GCLatencyMode.NoGCRegion) GC.EndNoGCRegion();
        }
    }

    [Test]
    public void EightThreadsPredictTheSame()
    {
        var model = new TinyModel();
        var (x, _) = TinyModel.Data(50);
        var results = new float[8][];
        using var start = new Barrier(8);
        Exception? failure = null;
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(t => new Thread(() =>
        {
            try
            {
                start.SignalAndWait();
                for (var i = 0; i < 10; i++) results[t] = model.predict(x, batch_size: 7 + t, verbose: 0).Single.ToArray<float>();
            }
            catch (Exception error)
            {
                failure = error;
            }
        }))];
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.That(failure, Is.Null);
        foreach (var result in results) Assert.That(result, Is.EqualTo(results[0]).Within(1e-6f));
        Assert.That(results[0], Has.Length.EqualTo(50));
    }

    [Test]
    public void LogsAreReadOnlyWhereSomebodyLooks()
    {
        var model = new TinyModel();
        model.compile(new SGD(0.01), "mse", jit_compile: false);
        var (x, y) = TinyModel.Data(8);
        var unread = new UnreadLogs();
        model.fit(x, y, batch_size: 2, verbose: 0, callbacks: [unread]);
        Assert.That(unread.Seen, Has.Count.EqualTo(4));
        Assert.That(unread.Seen.Select(l => l["loss"]), Has.All.GreaterThan(0), "logs that a callback keeps can be read later");
    }

    sealed class UnreadLogs : Keras.Callbacks.Callback
    {
        public List<Logs> Seen { get; } = [];

        public override void on_train_batch_end(int batch, Logs logs) => Seen.Add(logs);
    }
}
