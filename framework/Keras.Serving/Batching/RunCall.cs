namespace Keras.Serving;

/// <summary>A request's inputs on their way to the model.</summary>
sealed class RunCall(IReadOnlyDictionary<string, HostTensor> inputs, int rows)
{
    readonly TaskCompletionSource<IReadOnlyDictionary<string, HostTensor>> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The time of arrival, in stopwatch ticks.</summary>
    public long Came { get; } = System.Diagnostics.Stopwatch.GetTimestamp();

    /// <summary>The inputs by name.</summary>
    public IReadOnlyDictionary<string, HostTensor> Inputs { get; } = inputs;

    /// <summary>The rows of each input, if the call may share a batch.</summary>
    public int Rows { get; } = rows;

    /// <summary>Completes with the outputs.</summary>
    public Task<IReadOnlyDictionary<string, HostTensor>> Done => _done.Task;

    /// <summary>The batch where the call waits; null once it runs.</summary>
    public Batch? Batch { get; set; }

    public void Finish(IReadOnlyDictionary<string, HostTensor> outputs) => _done.TrySetResult(outputs);

    public void Fail(Exception error) => _done.TrySetException(error);

    public void Cancel(CancellationToken cancellation) => _done.TrySetCanceled(cancellation);
}
