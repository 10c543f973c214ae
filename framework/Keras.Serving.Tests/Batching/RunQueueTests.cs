using Keras.SavedModels;

namespace Keras.Serving.Tests;

/// <summary>Calls become batches, and each gets its own rows.</summary>
public sealed class RunQueueTests
{
    static readonly SignatureDescription Signature = new("s", "", [new("x", "x:0", DType.Float32, new Shape(-1, -1))], [new("y", "y:0", DType.Float32, new Shape(-1, -1))]);

    readonly List<int> _rows = [];
    readonly ManualResetEventSlim _gate = new(true);

    [SetUp]
    public void Reset()
    {
        _rows.Clear();
        _gate.Set();
    }

    [OneTimeTearDown]
    public void Dispose() => _gate.Dispose();

    /// <summary>Doubles; a negative number makes it fail.</summary>
    Dictionary<string, HostTensor> Double(string signature, IReadOnlyDictionary<string, HostTensor> inputs)
    {
        _gate.Wait();
        var x = inputs["x"];
        lock (_rows) _rows.Add((int)x.Shape[0]);
        if (x.As<float>().ToArray().Any(v => v < 0)) throw new ValueRangeException("A number is negative");
        return new() { ["y"] = HostTensor.Of<float>([.. x.As<float>().ToArray().Select(v => 2 * v)], x.Shape) };
    }

    static Dictionary<string, HostTensor> Rows(int rows, int width, float value = 1) => new() { ["x"] = HostTensor.Of<float>([.. Enumerable.Repeat(value, rows * width)], new Shape(rows, width)) };

    static float[] Values(IReadOnlyDictionary<string, HostTensor> outputs) => outputs["y"].As<float>().ToArray();

    /// <summary>Runs calls that all wait while the only thread is busy with a first one.</summary>
    async Task<Task<IReadOnlyDictionary<string, HostTensor>>[]> TogetherAsync(BatchingParameters? parameters, params Dictionary<string, HostTensor>[] calls)
    {
        using var scheduler = new RunScheduler(1, "test");
        var queue = new RunQueue(scheduler, parameters, 3, Double);
        _gate.Reset();
        var first = queue.RunAsync(Signature, Rows(1, 7), default);
        while (true)
        {
            lock (scheduler.Gate)
                if (!queue.HasWaiting) break;
            await Task.Yield();
        }
        var running = calls.Select(c => queue.RunAsync(Signature, c, default)).ToArray();
        _gate.Set();
        await first;
        await Task.WhenAll(running.Select(r => r.ContinueWith(_ => { }, TaskScheduler.Default)));
        return running;
    }

    [Test]
    public async Task What_waits_is_computed_together_and_divided()
    {
        var answers = await TogetherAsync(new() { MaxBatchSize = 8 }, Rows(1, 2, 1), Rows(2, 2, 2), Rows(3, 2, 3));
        Assert.That(_rows, Is.EqualTo(new[] { 1, 6 }));
        Assert.That(answers.Select(a => string.Join(' ', Values(a.Result))), Is.EqualTo(new[] { "2 2", "4 4 4 4", "6 6 6 6 6 6" }));
    }

    [Test]
    public async Task Batches_are_not_larger_than_allowed_and_are_filled_up()
    {
        var answers = await TogetherAsync(new() { MaxBatchSize = 4, AllowedBatchSizes = [2, 4] }, Rows(2, 2), Rows(1, 2), Rows(3, 2), Rows(1, 2));
        Assert.That(_rows, Is.EqualTo(new[] { 2, 4, 4 }));
        Assert.That(answers.Select(a => Values(a.Result).Length), Is.EqualTo(new[] { 4, 2, 6, 2 }));
    }

    [Test]
    public async Task Lengths_share_a_batch_where_they_are_padded()
    {
        var apart = await TogetherAsync(new(), Rows(1, 2), Rows(1, 3));
        Assert.That(_rows, Is.EqualTo(new[] { 1, 1, 1 }));
        Assert.That(apart.Select(a => Values(a.Result).Length), Is.EqualTo(new[] { 2, 3 }));
        _rows.Clear();
        var together = await TogetherAsync(new() { PadVariableLengthInputs = true }, Rows(1, 2), Rows(1, 3));
        Assert.That(_rows, Is.EqualTo(new[] { 1, 2 }));
        Assert.That(Values(together[0].Result), Is.EqualTo(new[] { 2f, 2, 0 }));
    }

    [Test]
    public async Task One_callers_failure_is_not_the_others()
    {
        var answers = await TogetherAsync(new(), Rows(1, 2), Rows(1, 2, -1), Rows(1, 2, 3));
        Assert.That(answers[1].Exception!.InnerException, Is.TypeOf<ValueRangeException>());
        Assert.That(Values(answers[2].Result), Is.EqualTo(new[] { 6f, 6 }));
        Assert.That(answers[0].IsCompletedSuccessfully);
    }

    [Test]
    public async Task Large_requests_are_refused_or_cut()
    {
        var refused = await TogetherAsync(new() { MaxBatchSize = 4 }, Rows(5, 2));
        Assert.That(((ServingException)refused[0].Exception!.InnerException!).Status, Is.EqualTo(TFServingStatus.InvalidArgument));
        _rows.Clear();
        var cut = await TogetherAsync(new() { MaxBatchSize = 4, EnableLargeBatchSplitting = true, MaxExecutionBatchSize = 2 }, Rows(5, 2));
        Assert.That(_rows, Is.EqualTo(new[] { 1, 2, 2, 1 }));
        Assert.That(Values(cut[0].Result), Is.EqualTo(Enumerable.Repeat(2f, 10)));
    }

    [Test]
    public async Task Too_many_that_wait_are_refused([Values] bool batching)
    {
        var answers = await TogetherAsync(batching ? new() { MaxBatchSize = 1, MaxEnqueuedBatches = 3 } : null, Rows(1, 2), Rows(1, 2), Rows(1, 2), Rows(1, 2));
        Assert.That(answers.Count(a => a.IsCompletedSuccessfully), Is.EqualTo(3));
        Assert.That(((ServingException)answers[3].Exception!.InnerException!).Status, Is.EqualTo(TFServingStatus.Unavailable));
    }

    [Test]
    public async Task Who_goes_leaves_the_batch()
    {
        using var scheduler = new RunScheduler(1, "test");
        var queue = new RunQueue(scheduler, new() { BatchTimeoutMicros = 60_000_000, MaxBatchSize = 5 }, 10, Double);
        using var going = new CancellationTokenSource();
        var gone = queue.RunAsync(Signature, Rows(2, 2), going.Token);
        var stays = queue.RunAsync(Signature, Rows(2, 2, 3), default);
        await going.CancelAsync();
        Assert.That(async () => await gone, Throws.InstanceOf<OperationCanceledException>());
        var last = queue.RunAsync(Signature, Rows(3, 2, 4), default);
        Assert.That(Values(await last), Is.EqualTo(Enumerable.Repeat(8f, 6)));
        Assert.That(Values(await stays), Is.EqualTo(new[] { 6f, 6, 6, 6 }));
    }

    [Test]
    public async Task A_batch_waits_for_its_time_and_no_longer()
    {
        using var scheduler = new RunScheduler(1, "test");
        var queue = new RunQueue(scheduler, new() { BatchTimeoutMicros = 30_000 }, 10, Double);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var both = new[] { queue.RunAsync(Signature, Rows(1, 2), default), queue.RunAsync(Signature, Rows(1, 2), default) };
        await Task.WhenAll(both);
        Assert.That(watch.ElapsedMilliseconds, Is.GreaterThanOrEqualTo(29));
        Assert.That(_rows, Is.EqualTo(new[] { 2 }));
    }

    [TestCase(0L, 0L, false)]
    [TestCase(4L, 8L, true)]
    [TestCase(4L, 2L, false)]
    public void Impossible_numbers_are_refused(long most, long execution, bool splits) =>
        Assert.That(() => new BatchingParameters { MaxBatchSize = most, MaxExecutionBatchSize = execution, EnableLargeBatchSplitting = splits }.Validate(), Throws.InstanceOf<ArgumentException>());
}
