namespace Keras.Transformers;

/// <summary>Runs one upload at a time in the background.</summary>
sealed class BackgroundUpload(IHubUploader uploader)
{
    /// <summary>How long an upload may take to stop once asked to.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    (Task Task, CancellationTokenSource Stop)? _running;
    Exception? _failure;

    public bool IsRunning => _running is { Task.IsCompleted: false };

    /// <summary>Starts an upload; an error before the background work starts counts as a failure of the upload too.</summary>
    public void Begin(string folder, string repoId, string message, string? token)
    {
        var stop = new CancellationTokenSource();
        _running = (Task.Run(() => uploader.Upload(folder, repoId, message, token, stop.Token)), stop);
    }

    /// <summary>Waits until the upload has ended, successfully or not.</summary>
    /// <returns>False if it took longer: it is asked to stop, given a little more time, and then left.</returns>
    public bool Wait(TimeSpan patience)
    {
        if (_running is not { } running) return true;
        // WhenAny throws nothing; TakeFailure reads what the upload threw.
        if (Task.WhenAny(running.Task).Wait(patience)) return true;
        running.Stop.Cancel();
        // An upload that goes on nevertheless may still check whether to stop.
        if (Task.WhenAny(running.Task).Wait(Grace)) running.Stop.Dispose();
        _running = null;
        _failure = new TimeoutException($"An upload did not end within {patience}.");
        return false;
    }

    /// <summary>Why the last upload failed; null if it succeeded or the failure was already reported.</summary>
    public Exception? TakeFailure()
    {
        if (_running is { Task: { IsCompleted: true } ended, Stop: var stop })
        {
            stop.Dispose();
            _failure = ended.Exception?.InnerException ?? (ended.IsCanceled ? new OperationCanceledException("The upload was cancelled.") : null);
            _running = null;
        }
        var failure = _failure;
        _failure = null;
        return failure;
    }
}
