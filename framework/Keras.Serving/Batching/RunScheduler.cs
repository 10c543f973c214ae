using System.Diagnostics;

namespace Keras.Serving;

/// <summary>The threads that run all models: engines block while they compute, so the threads that read and answer requests are never used.</summary>
/// <remarks>A batch is taken when it is full or due, the earliest due first.</remarks>
sealed class RunScheduler : IDisposable
{
    readonly object _gate = new();
    readonly LinkedList<Batch> _closed = new();
    readonly LinkedList<Batch> _open = new();
    readonly Thread[] _threads;
    bool _isDisposed;

    /// <summary>Starts the threads.</summary>
    public RunScheduler(int threads, string name)
    {
        _threads = [.. Enumerable.Range(0, threads).Select(i => new Thread(Work) { IsBackground = true, Name = $"{name} {i}" })];
        // The threads do not inherit the caller's device or tape.
        foreach (var thread in _threads) thread.UnsafeStart();
    }

    /// <summary>The lock on queues and batches.</summary>
    public object Gate => _gate;

    /// <summary>Lets a batch wait for further calls. The gate must be held.</summary>
    public void Open(Batch batch)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        // Few batches are open at a time, and those with the same timeout are already in order.
        var before = _open.Last;
        while (before is not null && before.Value.Due > batch.Due) before = before.Previous;
        batch.Place = before is null ? _open.AddFirst(batch) : _open.AddAfter(before, batch);
        Monitor.Pulse(_gate);
    }

    /// <summary>Closes a batch to further calls. The gate must be held.</summary>
    public void Close(Batch batch)
    {
        Remove(batch);
        batch.IsClosed = true;
        batch.Place = _closed.AddLast(batch);
        Monitor.Pulse(_gate);
    }

    /// <summary>Removes a batch from its list. The gate must be held.</summary>
    public static void Remove(Batch batch)
    {
        batch.Place?.List?.Remove(batch.Place);
        batch.Place = null;
    }

    void Work()
    {
        while (Next() is { } batch) batch.Run();
    }

    Batch? Next()
    {
        lock (_gate)
        {
            while (true)
            {
                if (_closed.First is { } closed) return Taken(closed.Value);
                if (_isDisposed && _open.Count == 0) return null;
                if (_open.First is not { } open) Monitor.Wait(_gate);
                else if (_isDisposed || open.Value.Due <= Stopwatch.GetTimestamp()) return Taken(open.Value);
                else Monitor.Wait(_gate, Rest(open.Value.Due));
            }
        }
    }

    /// <summary>The time left in whole milliseconds, rounded up, since waits are no finer.</summary>
    static int Rest(long due) => (int)Math.Min(int.MaxValue, Math.Ceiling(Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due).TotalMilliseconds));

    static Batch Taken(Batch batch)
    {
        Remove(batch);
        batch.Take();
        return batch;
    }

    /// <summary>Runs the waiting batches, then ends the threads.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            Monitor.PulseAll(_gate);
        }
        foreach (var thread in _threads) thread.Join();
    }
}
