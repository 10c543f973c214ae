using System.Runtime.ExceptionServices;

namespace Keras.Engines.Torch.Threads;

/// <summary>Work that lies open: whoever is free takes the next piece.</summary>
sealed class WorkerJob(long items, long piece, Workers.Range body)
{
    readonly object _finished = new();
    long _next, _done;
    ExceptionDispatchInfo? _failure;

    /// <summary>Whether pieces are left that nobody has taken.</summary>
    public bool HasWork => Volatile.Read(ref _next) < items;

    bool IsDone => Volatile.Read(ref _done) >= items;

    /// <summary>Takes pieces until none is left.</summary>
    public void Help()
    {
        while (HasWork)
        {
            var begin = Interlocked.Add(ref _next, piece) - piece;
            if (begin >= items) return;
            var end = Math.Min(begin + piece, items);
            try
            {
                body(begin, end);
            }
            catch (Exception e)
            {
                _failure ??= ExceptionDispatchInfo.Capture(e);
            }
            if (Interlocked.Add(ref _done, end - begin) >= items)
                lock (_finished) Monitor.PulseAll(_finished);
        }
    }

    /// <summary>Waits for pieces that others have taken.</summary>
    /// <param name="turns">How often it looks before it sleeps. Asleep it leaves its core to a thread that was put off its own.</param>
    public void Wait(int turns)
    {
        for (var i = 0; i < turns && !IsDone; i++) Thread.SpinWait(1);
        if (!IsDone)
            lock (_finished)
                while (!IsDone) Monitor.Wait(_finished);
        _failure?.Throw();
    }
}
