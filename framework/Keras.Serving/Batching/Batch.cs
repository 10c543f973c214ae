namespace Keras.Serving;

/// <summary>Calls that are computed together.</summary>
sealed class Batch(RunQueue queue, string signature, string key, long due)
{
    readonly List<RunCall> _calls = [];

    /// <summary>What calls of the batch have in common.</summary>
    public string Key { get; } = key;

    /// <summary>When the batch is computed at the latest, if a thread is free, in ticks of the stopwatch.</summary>
    public long Due { get; } = due;

    /// <summary>Whether no more calls join.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Where the batch waits.</summary>
    public LinkedListNode<Batch>? Place { get; set; }

    /// <summary>Rows of all calls.</summary>
    public int Rows { get; private set; }

    /// <summary>Whether nobody waits for it.</summary>
    public bool IsEmpty => _calls.Count == 0;

    /// <summary>The gate is held, as for all up to <see cref="Run"/>.</summary>
    public void Add(RunCall call)
    {
        _calls.Add(call);
        call.Batch = this;
        Rows += call.Rows;
    }

    /// <summary>A caller has gone.</summary>
    public void Withdraw(RunCall call)
    {
        _calls.Remove(call);
        call.Batch = null;
        Rows -= call.Rows;
    }

    /// <summary>The batch is computed now.</summary>
    public void Take()
    {
        foreach (var call in _calls) call.Batch = null;
        queue.Left(this);
    }

    /// <summary>Computes the calls.</summary>
    public void Run()
    {
        if (_calls.Count == 0) return;
        try
        {
            queue.Compute(signature, _calls);
        }
        catch (Exception) when (_calls.Count > 1)
        {
            // One caller's inputs must not fail the others'.
            foreach (var call in _calls.Where(c => !c.Done.IsCompleted)) Alone(call);
        }
        catch (Exception e)
        {
            _calls[0].Fail(e);
        }
    }

    void Alone(RunCall call)
    {
        try
        {
            queue.Compute(signature, [call]);
        }
        catch (Exception e)
        {
            call.Fail(e);
        }
    }
}
