using System.Runtime.ExceptionServices;

namespace Keras.Engines.Torch.Threads;

/// <summary>Work that lies open: whoever is free takes the next piece.</summary>
/// <param name="items">How many items there are.</param>
/// <param name="piece">Items of a piece.</param>
/// <param name="helpers">How many threads may help.</param>
/// <param name="body">The work on a range of items.</param>
sealed class WorkerJob(long items, long piece, int helpers, Workers.Range body)
{
    readonly object _finished = new();
    readonly long _pieces = Math.Max(1, items / piece);
    long _next, _done;
    ExceptionDispatchInfo? _failure;

    /// <summary>How many threads may help; those of a higher number may not.</summary>
    public int Helpers => helpers;

    /// <summary>Whether pieces are left that nobody has taken.</summary>
    public bool HasWork => Volatile.Read(ref _next) < _pieces;

    bool IsDone => Volatile.Read(ref _done) >= _pieces;

    /// <summary>Takes pieces until none is left.</summary>
    /// <returns>How many it took.</returns>
    public long Help()
    {
        var own = 0L;
        while (HasWork)
        {
            var taken = Interlocked.Increment(ref _next) - 1;
            if (taken >= _pieces) break;
            own++;
            try
            {
                // What is left over goes with the last piece: short ends would be computed one by one, with other roundings than in a long row.
                body(taken * piece, taken == _pieces - 1 ? items : (taken + 1) * piece);
            }
            catch (Exception e)
            {
                _failure ??= ExceptionDispatchInfo.Capture(e);
            }
            if (Interlocked.Increment(ref _done) >= _pieces)
                lock (_finished) Monitor.PulseAll(_finished);
        }
        return own;
    }

    /// <summary>Waits for pieces that others have taken.</summary>
    /// <param name="turns">How often it looks before it sleeps. Asleep it leaves its core to a thread that was put off its own.</param>
    public void Wait(int turns)
    {
        for (var i = 0; i < turns && !IsDone; i++) Thread.SpinWait(1);
        var interrupted = false;
        while (!IsDone)
        {
            try
            {
                lock (_finished)
                    while (!IsDone) Monitor.Wait(_finished);
            }
            catch (ThreadInterruptedException)
            {
                // The pieces are in memory that is the caller's: it may not leave before they are done.
                interrupted = true;
            }
        }
        if (interrupted) Thread.CurrentThread.Interrupt();
        _failure?.Throw();
    }
}
