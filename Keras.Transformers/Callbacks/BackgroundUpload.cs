namespace Keras.Transformers;

/// <summary>One upload at a time, in the background.</summary>
sealed class BackgroundUpload(IHubUploader uploader)
{
    Task? _running;
    Action? _stop;
    Exception? _failure;

    public bool IsRunning => _running is { IsCompleted: false };

    /// <summary>Begins an upload; also what fails before anything runs in the background is a failure of the upload.</summary>
    public void Begin(string folder, string repoId, string message, string? token)
    {
        var stop = new CancellationTokenSource();
        _stop = stop.Cancel;
        _running = Task.Run(() => uploader.Upload(folder, repoId, message, token, stop.Token));
    }

    /// <summary>Waits until the upload has ended, well or not.</summary>
    /// <returns>False where it took longer: it is told to stop, and not waited for again.</returns>
    public bool Wait(TimeSpan patience)
    {
        if (_running is null) return true;
        // WhenAny throws nothing; what the upload threw is read by TakeFailure.
        if (Task.WhenAny(_running).Wait(patience)) return true;
        _stop!();
        _running = null;
        _failure = new TimeoutException($"An upload did not end within {patience}.");
        return false;
    }

    /// <summary>Why the last upload failed; null where it did not, or was told before.</summary>
    public Exception? TakeFailure()
    {
        if (_running is { IsCompleted: true } ended)
        {
            _failure = ended.Exception?.InnerException ?? (ended.IsCanceled ? new OperationCanceledException("The upload was cancelled.") : null);
            _running = null;
        }
        var failure = _failure;
        _failure = null;
        return failure;
    }
}
