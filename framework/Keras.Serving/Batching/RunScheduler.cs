using System.Diagnostics;

namespace Keras.Serving;

/// <summary>The threads that compute, for all models: engines block while they compute, so the threads that read and answer requests are never used for it.</summary>
/// <remarks>A batch is taken when it is full, or when it has waited for its time, the one that became due first before the others.</remarks>
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
        // A device or a tape of the caller's is not the threads'.
        foreach (var thread in _threads) thread.UnsafeStart();
    }

    /// <summary>What guards queues and batches.</summary>
    public object Gate => _gate;

    /// <summary>Lets a batch wait for further calls. The gate is held.</summary>
    public void Open(Batch batch)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        // Few batches are open at a time, and those of one waiting time are in order already.
        var before = _open.Last;
        while (before is not null && before.Value.Due > batch.Due) before = before.Previous;
        batch.Place = before is null ? _open.AddFirst(batch) : _open.AddAfter(before, batch);
        Monitor.Pulse(_gate);
    }

    /// <summary>Nothing more joins a batch. The gate is held.</summary>
    public void Close(Batch batch)
    {
        Remove(batch);
        batch.IsClosed = true;
        batch.Place = _closed.AddLast(batch);
        Monitor.Pulse(_gate);
    }

    /// <summary>Takes a batch out, which none waits for any more. The gate is held.</summary>
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

    /// <summary>Whole milliseconds, rounded up: the system waits for no less.</summary>
    static int Rest(long due) => (int)Math.Min(int.MaxValue, Math.Ceiling(Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due).TotalMilliseconds));

    static Batch Taken(Batch batch)
    {
        Remove(batch);
        batch.Take();
        return batch;
    }

    /// <summary>Computes what waits, then ends the threads.</summary>
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
