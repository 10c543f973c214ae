using System.Diagnostics;
using Keras.Engines.Torch;
using Keras.Engines.Torch.Threads;

namespace Keras.Tests.Torch.Threads;

/// <summary>Work in pieces that several threads take.</summary>
sealed class WorkerPoolTests : TorchFixture
{
    const long Costly = 1 << 20;

    [Test]
    public void EachItemIsDoneOnceWhoeverElseWorks([Values(1, 2, 7, 63, 64, 65, 1000, 4097)] int items)
    {
        Parallel.For(0, 8, _ =>
        {
            for (var round = 0; round < 20; round++)
            {
                var done = new int[items];
                Workers.Run(items, Costly, (begin, end) =>
                {
                    for (var i = begin; i < end; i++) Interlocked.Increment(ref done[i]);
                });
                Assert.That(done, Is.All.EqualTo(1));
            }
        });
    }

    [Test]
    public void NoPieceOfManyItemsIsShort()
    {
        var pieces = new List<long>();
        Workers.Run(100_001, 1 << 10, (begin, end) =>
        {
            lock (pieces) pieces.Add(end - begin);
        });
        Assert.That(pieces.Sum(), Is.EqualTo(100_001));
        Assert.That(pieces, Is.All.GreaterThanOrEqualTo(64), "short rows are rounded in another way than long ones");
    }

    [Test]
    public void AnErrorOfAPieceReachesTheCallerAndTheNextWorkGoesOn()
    {
        for (var round = 0; round < 50; round++)
        {
            Assert.That(() => Workers.Run(100, Costly, (begin, end) => throw new InvalidOperationException("on purpose")), Throws.InvalidOperationException.With.Message.EqualTo("on purpose"));
            var sum = 0L;
            Workers.Run(100, Costly, (begin, end) => Interlocked.Add(ref sum, end - begin));
            Assert.That(sum, Is.EqualTo(100));
        }
    }

    [Test]
    public void WorkWithinWorkEnds()
    {
        var sum = 0L;
        Workers.Run(16, Costly, (begin, end) =>
        {
            for (var i = begin; i < end; i++) Workers.Run(16, Costly, (from, to) => Interlocked.Add(ref sum, to - from));
        });
        Assert.That(sum, Is.EqualTo(256));
    }

    [Test]
    public void ProgramsThatRunAtOnceAskForNoHelp()
    {
        static int Pieces()
        {
            var pieces = 0;
            Workers.Run(64, Costly, (_, _) => Interlocked.Increment(ref pieces));
            return pieces;
        }
        Workers.Threads = 2;
        try
        {
            using (new Lanes.Turn())
            {
                Assert.That(Pieces(), Is.GreaterThan(1), "one program");
                using (new Lanes.Turn()) Assert.That(Pieces(), Is.EqualTo(1), "two programs");
                Assert.That(Pieces(), Is.GreaterThan(1), "the other has ended");
            }
        }
        finally
        {
            Workers.Threads = 0;
        }
    }

    [Test]
    public void AfterLongWaitsWorkIsDoneAloneForAWhile()
    {
        var help = new HelpFromOthers();
        var millisecond = Stopwatch.Frequency / 1000;
        var now = 1000 * millisecond;
        help.Learn(now, now + millisecond, now + millisecond + (millisecond / 10), 8);
        Assert.That(help.IsWorthIt(now + (2 * millisecond)), "a short wait is none");
        help.Learn(now, now + (90 * millisecond), now + (93 * millisecond), 8);
        Assert.That(help.IsWorthIt(now + (94 * millisecond)), "a short wait after long work is none");

        help.Learn(now, now + (2 * millisecond), now + (4 * millisecond), 1);
        Assert.That(help.IsWorthIt(now + (5 * millisecond)), "the last of three pieces is no wait");

        long PauseAfterWait()
        {
            help.Learn(now, now + millisecond, now + (4 * millisecond), 8);
            var until = now + (4 * millisecond);
            while (!help.IsWorthIt(until)) until += millisecond;
            var pause = until - now - (4 * millisecond);
            now = until;
            return pause / millisecond;
        }
        Assert.That(Enumerable.Range(0, 8).Select(_ => PauseAfterWait()), Is.EqualTo(new[] { 6, 12, 24, 48, 96, 192, 250, 250 }), "each that comes soon is twice as long");
        now += 1000 * millisecond;
        Assert.That(PauseAfterWait(), Is.EqualTo(6), "after a good while all begins anew");
    }
}
