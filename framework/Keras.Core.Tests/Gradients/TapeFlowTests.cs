using Keras.Engines;
using Keras.Graphs;
using Keras.Tests.Ops;

namespace Keras.Tests.Gradients;

/// <summary>Where a tape records: over awaits, in tasks, around its own gradients.</summary>
sealed class TapeFlowTests(string engine) : EngineFixture(engine)
{
    [Test]
    public async Task ATapeGoesOverAnAwait()
    {
        var x = Doubles(3);
        using (var tape = new GradientTape())
        {
            tape.watch(x);
            var y = Tf.Square(x);
            await OnAnotherThread();
            using var engine = Engine.Use(Runtime);
            y *= x;
            AssertClose(tape.gradient(y, x)!, [27]);
        }
        Assert.That(GradientTape.IsActive, Is.False);
    }

    [Test]
    public async Task ATapeThatIsDisposedAfterAnAwaitRecordsNowhereAnyMore()
    {
        var x = Doubles(3);
        var tape = new GradientTape(persistent: true);
        tape.watch(x);
        await OnAnotherThread();
        tape.Dispose();
        using var engine = Engine.Use(Runtime);
        Assert.That(GradientTape.IsActive, Is.False);
        Assert.That(tape.gradient(Tf.Square(x), x), Is.Null);
    }

    [Test]
    public void ATapeThatIsDisposedElsewhereStopsHere()
    {
        var x = Doubles(3);
        var tape = new GradientTape(persistent: true);
        tape.watch(x);
        InThread(tape.Dispose);
        Assert.That(GradientTape.IsActive, Is.False);
        Assert.That(tape.gradient(Tf.Square(x), x), Is.Null);
    }

    [Test]
    public void TasksOfTheBlockAreRecorded()
    {
        var x = Doubles(3);
        using var tape = new GradientTape();
        tape.watch(x);
        var parts = new Tensor[8];
        Parallel.For(0, parts.Length, i =>
        {
            using var engine = Engine.Use(Runtime);
            parts[i] = Tf.Square(x) * i;
        });
        AssertClose(tape.gradient(Tf.AddN(parts), x)!, [6 * 28]);
    }

    [Test]
    public void AThreadThatRanBeforeIsNotRecorded()
    {
        var x = Doubles(2);
        using var go = new ManualResetEventSlim();
        Tensor? elsewhere = null;
        var thread = new Thread(() =>
        {
            go.Wait();
            using var engine = Engine.Use(Runtime);
            elsewhere = Tf.Square(x);
        });
        thread.Start();
        using var tape = new GradientTape(persistent: true);
        tape.watch(x);
        go.Set();
        thread.Join();
        Assert.That(tape.gradient(elsewhere!, x), Is.Null);
    }

    [Test]
    public void APersistentTapeRecordsItsOwnGradients([Values] Mode mode) => AssertClose(Run(mode, x =>
    {
        using var tape = new GradientTape(persistent: true);
        tape.watch(x[0]);
        var first = tape.gradient(x[0] * x[0] * x[0], x[0])!;
        var second = tape.gradient(first, x[0])!;
        return tape.gradient(second, x[0])! + second;
    }, Doubles(3)), [18 + 6]);

    [Test]
    public void WhatIsComputedWhileATapeIsStoppedIsNotRecorded()
    {
        var x = Doubles(3);
        using var tape = new GradientTape(persistent: true);
        tape.watch(x);
        var y = Tf.Square(x);
        Tensor unseen;
        using (tape.stop_recording()) unseen = y * x;
        AssertClose(tape.gradient(y, x)!, [6]);
        Assert.That(tape.gradient(unseen, x), Is.Null);
        AssertClose(tape.gradient(y * x, x)!, [27]);
        tape.reset();
        Assert.That(tape.gradient(y, x), Is.Null);
    }

    static Task OnAnotherThread() => Task.Run(() => { });

    static void InThread(Action action)
    {
        var thread = new Thread(() => action());
        thread.Start();
        thread.Join();
    }
}
