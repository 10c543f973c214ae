namespace Keras.Serving;

/// <summary>Calls that run together as one batch.</summary>
sealed class Batch(RunQueue queue, string signature, string key, long due)
{
    readonly List<RunCall> _calls = [];

    /// <summary>The signature and shapes that calls of the batch share.</summary>
    public string Key { get; } = key;

    /// <summary>The time, in stopwatch ticks, when the batch stops waiting for more calls.</summary>
    public long Due { get; } = due;

    /// <summary>Whether the batch is closed to further calls.</summary>
    public bool IsClosed { get; set; }

    /// <summary>The batch's node in the list where it waits.</summary>
    public LinkedListNode<Batch>? Place { get; set; }

    /// <summary>The total rows of all calls.</summary>
    public int Rows { get; private set; }

    /// <summary>Whether all callers have withdrawn.</summary>
    public bool IsEmpty => _calls.Count == 0;

    /// <summary>Adds a call. The gate must be held, as for all methods before <see cref="Run"/>.</summary>
    public void Add(RunCall call)
    {
        _calls.Add(call);
        call.Batch = this;
        Rows += call.Rows;
    }

    /// <summary>Removes a call whose caller has gone.</summary>
    public void Withdraw(RunCall call)
    {
        _calls.Remove(call);
        call.Batch = null;
        Rows -= call.Rows;
    }

    /// <summary>Marks the batch as running, so that calls can no longer be withdrawn.</summary>
    public void Take()
    {
        foreach (var call in _calls) call.Batch = null;
        queue.Left(this);
    }

    /// <summary>Runs the calls.</summary>
    public void Run()
    {
        if (_calls.Count == 0) return;
        try
        {
            queue.Compute(signature, _calls);
        }
        catch (Exception) when (_calls.Count > 1)
        {
            // One caller's inputs must not make the other calls fail.
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
