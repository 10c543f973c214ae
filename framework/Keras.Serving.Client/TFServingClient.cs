using Polly;
using Polly.Retry;

namespace Keras.Serving;

/// <summary>Calls models of TensorFlow Serving, or of <c>keras-transformers serve</c>, over gRPC or REST with the same methods. A client is thread-safe and reuses its connections, so keep one.</summary>
/// <remarks>Source: TensorFlow Serving's apis (PredictionService, ModelService) and its REST API. Each call has a deadline. If a server is away or its queue is full (Unavailable,
/// ResourceExhausted, no connection), calls that change nothing are sent again.</remarks>
public sealed partial class TFServingClient : IDisposable
{
    readonly IServingTransport _transport;
    readonly TFServingClientOptions _options;
    readonly ResiliencePipeline _retries;

    internal TFServingClient(TFServingClientOptions options, IServingTransport transport)
    {
        (_options, _transport) = (options, transport);
        _retries = options.Retries == 0 ? ResiliencePipeline.Empty : new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = options.Retries,
            Delay = options.RetryDelay,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = new PredicateBuilder().Handle<TFServingException>(IsWorthRepeating),
        }).Build();
    }

    /// <summary>Creates a client that uses gRPC.</summary>
    /// <param name="address">The server's address, <c>http://host:8500</c>.</param>
    /// <param name="configure">Sets deadline, retries, limits and headers; null for the defaults.</param>
    /// <exception cref="ArgumentException">The address or an option is invalid.</exception>
    public static TFServingClient Grpc(string address, Action<TFServingClientOptions>? configure = null)
    {
        var options = Options(address, false, configure);
        return new(options, new GrpcTransport(options, null));
    }

    /// <summary>Creates a client that uses REST.</summary>
    /// <param name="address">The server's address, <c>http://host:8501</c>.</param>
    /// <param name="configure">Sets deadline, retries, limits and headers; null for the defaults.</param>
    /// <exception cref="ArgumentException">The address or an option is invalid.</exception>
    public static TFServingClient Rest(string address, Action<TFServingClientOptions>? configure = null)
    {
        var options = Options(address, true, configure);
        return new(options, new RestTransport(options, null));
    }

    static TFServingClientOptions Options(string address, bool rest, Action<TFServingClientOptions>? configure)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(address);
        var options = new TFServingClientOptions { Address = Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri : throw new ArgumentException($"No address. Expected: http://host:{(rest ? 8501 : 8500)}. Received: {address}.", nameof(address)) };
        configure?.Invoke(options);
        options.UseRest = rest;
        return options.Checked();
    }

    /// <summary>Closes the connections; running calls fail.</summary>
    public void Dispose() => _transport.Dispose();

    static bool IsWorthRepeating(TFServingException e) => e.IsTransient && !e.Detail.Contains("exceeds the maximum configured message size", StringComparison.Ordinal);

    async Task<T> RunAsync<T>(string model, bool repeat, Func<CallTime, Task<T>> call, TimeSpan? deadline, CancellationToken cancellation)
    {
        var longest = deadline ?? _options.Deadline;
        if (longest <= TimeSpan.Zero && longest != Timeout.InfiniteTimeSpan) throw new ArgumentOutOfRangeException(nameof(deadline), $"A deadline must be positive, or infinite. Received: {longest}.");
        cancellation.ThrowIfCancellationRequested();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (longest != Timeout.InfiniteTimeSpan) ending.CancelAfter(longest);
        var time = new CallTime(longest == Timeout.InfiniteTimeSpan ? null : DateTime.UtcNow + longest, ending.Token);
        TFServingException? last = null;
        try
        {
            return await (repeat ? _retries : ResiliencePipeline.Empty).ExecuteAsync(async _ => await Remembered(() => call(time)), ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e)
        {
            if (cancellation.IsCancellationRequested) throw new OperationCanceledException(e.Message, e, cancellation);
            if (ending.IsCancellationRequested) throw new TFServingException(TFServingStatus.DeadlineExceeded, model, $"There was no answer within {longest}.{(last is null ? "" : $" The last try: {last.Detail}")}", e);
            throw;
        }

        async Task<T> Remembered(Func<Task<T>> once)
        {
            try
            {
                return await once().ConfigureAwait(false);
            }
            catch (TFServingException e)
            {
                last = e;
                throw;
            }
        }
    }
}
