using Keras.Data;
using static Keras.Api;

namespace Keras.Tests.Data;

/// <summary>Threads keep the order, wait for their reader, end with it, and say where they failed.</summary>
[TestFixture]
public sealed class DataThreadTests
{
    static long[] Values(DataPipeline pipeline) => [.. pipeline.as_numpy_iterator().Select(e => (long)e.Single)];

    [Test]
    public void Parallel_map_keeps_the_order()
    {
        var pipeline = keras.data.range(60).map(e =>
        {
            Thread.Sleep((long)e.Single % 7 == 0 ? 3 : 0);
            return e;
        }, num_parallel_calls: 4);
        Assert.That(Values(pipeline), Is.EqualTo(Enumerable.Range(0, 60)));
        Assert.That(Values(pipeline.with_options(deterministic: false)).Order(), Is.EqualTo(Enumerable.Range(0, 60)));
        using var slow = new ManualResetEventSlim();
        var unordered = keras.data.range(4).map(e =>
        {
            if ((long)e.Single == 0) slow.Wait();
            if ((long)e.Single == 3) slow.Set();
            return e;
        }, num_parallel_calls: 2, deterministic: false);
        Assert.That(Values(unordered)[^1], Is.Not.EqualTo(3));
    }

    [Test]
    public void Readers_that_wait_hold_the_threads_back()
    {
        var made = 0;
        using var walk = keras.data.range(1000).map(e =>
        {
            Interlocked.Increment(ref made);
            return e;
        }).prefetch(3).GetEnumerator();
        walk.MoveNext();
        Thread.Sleep(100);
        Assert.That(made, Is.InRange(2, 5));
    }

    [TestCase(1)]
    [TestCase(4)]
    public void Failures_say_which_element(int workers)
    {
        var pipeline = keras.data.range(20).map(e => (long)e.Single == 13 ? throw new InvalidDataException("no such thing") : e, num_parallel_calls: workers).prefetch(2);
        var values = new List<long>();
        var error = Assert.Throws<DataPipelineException>(() =>
        {
            foreach (var element in pipeline) values.Add((long)element.Single);
        });
        Assert.Multiple(() =>
        {
            Assert.That(values, Is.EqualTo(Enumerable.Range(0, 13)));
            Assert.That(error!.ElementIndex, Is.EqualTo(13));
            Assert.That(error.Stage, Is.EqualTo("map"));
            Assert.That(error.InnerException, Is.InstanceOf<InvalidDataException>());
            Assert.That(error.Message, Does.Contain("element 13").And.Contain("no such thing"));
        });
    }

    [Test]
    public void Sources_that_fail_say_where()
    {
        static IEnumerable<int> Failing()
        {
            yield return 1;
            yield return 2;
            throw new IOException("gone");
        }
        var error = Assert.Throws<DataPipelineException>(() => keras.data.from_generator(Failing).batch(1).prefetch(1).as_numpy_iterator().ToList());
        Assert.That(error!.Message, Does.Contain("from_generator, element 2").And.Contain("gone"));
        object[] mixed = [1, 2f];
        Assert.That(() => keras.data.from_generator(() => mixed).as_numpy_iterator().ToList(), Throws.InstanceOf<DTypeMismatchException>().With.Message.Contains("element 1").And.Message.Contains("float32"));
        object[] ranks = [new[] { 1 }, new int[1, 1]];
        Assert.That(() => keras.data.from_generator(() => ranks).as_numpy_iterator().ToList(), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains("element 1").And.Message.Contains("rank"));
        object[] structures = [(1, 2), 3];
        Assert.That(() => keras.data.from_generator(() => structures).as_numpy_iterator().ToList(), Throws.InstanceOf<ShapeMismatchException>().With.Message.Contains("structure"));
    }

    [Test]
    public async Task Asynchronous_sources()
    {
        static async IAsyncEnumerable<int> Slow()
        {
            for (var i = 0; i < 4; i++)
            {
                await Task.Yield();
                yield return i;
            }
        }
        var values = await Task.Run(() => keras.data.from_generator(Slow).prefetch(2).as_numpy_iterator().Select(e => (int)e.Single).ToList());
        Assert.That(values, Is.EqualTo(new[] { 0, 1, 2, 3 }));
    }

    [Test]
    public void Cancelling_ends_a_walk_that_waits()
    {
        using var cancel = new CancellationTokenSource();
        using var never = new ManualResetEventSlim();
        var pipeline = keras.data.range(10).map(e =>
        {
            if ((long)e.Single == 2) never.Wait(5000);
            return e;
        }).prefetch(1).WithCancellation(cancel.Token);
        cancel.CancelAfter(50);
        Assert.That(() => Values(pipeline), Throws.InstanceOf<OperationCanceledException>());
        never.Set();
    }

    [Test]
    public void Threads_of_abandoned_walks_end()
    {
        var ended = new ManualResetEventSlim();
        IEnumerable<int> Endless()
        {
            try
            {
                for (var i = 0; ; i++) yield return i;
            }
            finally
            {
                ended.Set();
            }
        }
        var pipeline = keras.data.from_generator(Endless).map(e => e, num_parallel_calls: 2).prefetch(2);
        foreach (var _ in pipeline.as_numpy_iterator().Take(3)) { }
        Assert.That(ended.Wait(5000), Is.True, "left early");
        ended.Reset();
        Forget(pipeline);
        for (var i = 0; i < 50 && !ended.IsSet; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            ended.Wait(20);
        }
        Assert.That(ended.IsSet, Is.True, "forgotten");
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    static void Forget(DataPipeline pipeline) => pipeline.GetEnumerator().MoveNext();

    [Test]
    public void A_saved_position_goes_on_in_the_same_order()
    {
        DataPipeline Make(int? seed) => keras.data.range(40).shuffle(40, seed).map(e => e.Single * 2, num_parallel_calls: 2).batch(3).prefetch(2);
        keras.utils.set_random_seed(5);
        var pipeline = Make(null);
        _ = pipeline.as_numpy_iterator().ToList();
        using var walk = pipeline.GetEnumerator();
        for (var i = 0; i < 4; i++) walk.MoveNext();
        var state = pipeline.save_state();
        var rest = new List<long[]>();
        while (walk.MoveNext()) rest.Add(walk.Current.Single.ToArray<long>());
        var after = pipeline.as_numpy_iterator().Select(e => e.Single.ToArray<long>()).ToList();

        keras.utils.set_random_seed(77);
        var other = Make(null);
        other.load_state(state);
        Assert.That(other.as_numpy_iterator().Select(e => e.Single.ToArray<long>()).ToList(), Is.EqualTo(rest));
        Assert.That(other.as_numpy_iterator().Select(e => e.Single.ToArray<long>()).ToList(), Is.EqualTo(after));
        Assert.That(() => keras.data.range(3).load_state(state), Throws.ArgumentException.With.Message.Contains("another pipeline"));
        Assert.That(() => other.load_state("{}"), Throws.ArgumentException);
    }
}
