using Microsoft.Extensions.Logging;

namespace Keras.Serving;

/// <summary>Polls the model config file and serves its list when it has changed.</summary>
/// <param name="options">The file's path and the polling interval.</param>
/// <param name="seen">The file's text from <see cref="Seen"/>, read before the options' models.</param>
/// <param name="store">The store that serves the models.</param>
/// <param name="logger">Logs the result of each change.</param>
sealed class ModelFileWatch(ServingOptions options, string? seen, ModelStore store, ILogger logger) : IAsyncDisposable
{
    readonly CancellationTokenSource _closing = new();
    Task _watching = Task.CompletedTask;
    string? _last = seen;

    /// <summary>The file's current text; null if it cannot be read.</summary>
    public static string? Seen(ServingOptions options)
    {
        try
        {
            return options.ModelConfigFile is { } file ? TextOf(file) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Starts polling, if there is a file and an interval.</summary>
    public void Start()
    {
        if (options.ModelConfigFile is not { } file || options.ModelConfigPollInterval <= TimeSpan.Zero) return;
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
            // The host shuts down.
        }
    }

    async Task LookAsync(string file)
    {
        string? text = null;
        try
        {
            text = TextOf(file);
            if (text == _last) return;
            var failures = await store.ApplyAsync(HostModels.Of(options), _closing.Token).ConfigureAwait(false);
            _last = text;
            logger.LogInformation("The models of {File} are served; not available: {Failures}", file, failures.Count == 0 ? "none" : string.Join(", ", failures));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Serving continues as before. A bad list is read again when it changes; an unreadable file at the next poll.
            if (text is { Length: 0 } || !IsPassing(e)) _last = text;
            logger.LogWarning("The list of models in {File} cannot be served: {Reason}", file, e.Message);
        }
    }

    static bool IsPassing(Exception e) => (e is ArgumentException { InnerException: { } inner } ? inner : e) is IOException or UnauthorizedAccessException;

    static string TextOf(string file) => File.Exists(file) ? File.ReadAllText(file) : "";

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
        _closing.Dispose();
    }
}
