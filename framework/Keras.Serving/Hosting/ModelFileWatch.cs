using Microsoft.Extensions.Logging;

namespace Keras.Serving;

/// <summary>Looks at the file of models again and again: when it has changed, its list is served.</summary>
/// <param name="options">Where it is, and how often it is looked at.</param>
/// <param name="seen">Its text, as <see cref="Seen"/> before the options' models were read.</param>
/// <param name="store">Serves the models.</param>
/// <param name="logger">Takes what became of a list.</param>
sealed class ModelFileWatch(ServingOptions options, string? seen, ModelStore store, ILogger logger) : IAsyncDisposable
{
    readonly CancellationTokenSource _closing = new();
    Task _watching = Task.CompletedTask;
    string? _last = seen;

    /// <summary>The file's text now; null where there is none that can be read.</summary>
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

    /// <summary>Starts, where there is a file and a time to look at it.</summary>
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
            // The host closes.
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
            // What was served goes on. A bad list is read again when it changes; a file that only could not be read, at the next look.
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
