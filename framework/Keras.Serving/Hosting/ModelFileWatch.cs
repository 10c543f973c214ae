using Microsoft.Extensions.Logging;

namespace Keras.Serving;

/// <summary>Looks at the file of models again and again: when it has changed, its list is served.</summary>
sealed class ModelFileWatch(ServingOptions options, ModelStore store, ILogger logger) : IAsyncDisposable
{
    readonly CancellationTokenSource _closing = new();
    Task _watching = Task.CompletedTask;
    string _last = "";

    /// <summary>Starts, where there is a file and a time to look at it.</summary>
    public void Start()
    {
        if (options.ModelConfigFile is not { } file || options.ModelConfigPollInterval <= TimeSpan.Zero) return;
        _last = TextOf(file);
        _watching = Task.Run(() => WatchAsync(file));
    }

    async Task WatchAsync(string file)
    {
        using var timer = new PeriodicTimer(options.ModelConfigPollInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(_closing.Token).ConfigureAwait(false)) await LookAsync(file).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The host closes.
        }
    }

    async Task LookAsync(string file)
    {
        try
        {
            var text = TextOf(file);
            if (text == _last) return;
            _last = text;
            var failures = await store.ApplyAsync(HostModels.Of(options), _closing.Token).ConfigureAwait(false);
            logger.LogInformation("The models of {File} are served; not available: {Failures}", file, failures.Count == 0 ? "none" : string.Join(", ", failures));
        }
        catch (Exception e) when (e is ArgumentException or FileFormatException or ServingException or IOException or UnauthorizedAccessException)
        {
            // What was served goes on.
            logger.LogWarning("The list of models in {File} cannot be served: {Reason}", file, e.Message);
        }
    }

    static string TextOf(string file) => File.Exists(file) ? File.ReadAllText(file) : "";

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
        _closing.Dispose();
    }
}
