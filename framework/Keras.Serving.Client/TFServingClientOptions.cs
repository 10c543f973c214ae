namespace Keras.Serving;

/// <summary>Options of a client for model servers.</summary>
public sealed class TFServingClientOptions
{
    /// <summary>The server's address: <c>http://host:8500</c> for gRPC, <c>http://host:8501</c> for REST, as in TensorFlow Serving's image; https for encrypted connections.</summary>
    public Uri? Address { get; set; }

    /// <summary>Whether to use REST; default false: gRPC. REST has no MultiInference and no reload, and sends numbers as text.</summary>
    public bool UseRest { get; set; }

    /// <summary>How long a call may take, including retries; default 60 seconds, <see cref="Timeout.InfiniteTimeSpan"/> for no limit. A call can override it.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a call is retried if the server is away or its queue full; default 3, 0 for never. Calls that change the served models are never retried.</summary>
    public int Retries { get; set; } = 3;

    /// <summary>The pause before the first retry, in [1 ms, 1 min]; each further one is about twice as long. Default 100 ms.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The maximum size of a response in bytes; default 1 GiB. Only the server limits requests.</summary>
    public int MaxMessageBytes { get; set; } = 1 << 30;

    /// <summary>Headers sent with each call, such as <c>authorization</c>.</summary>
    public IDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="ArgumentException">An option is invalid.</exception>
    internal TFServingClientOptions Checked()
    {
        if (Address is not { IsAbsoluteUri: true } || Address.Scheme is not ("http" or "https"))
            throw new ArgumentException($"{nameof(Address)} must be an http or https address. Expected: http://host:{(UseRest ? 8501 : 8500)}. Received: {Address?.ToString() ?? "null"}.");
        if (Deadline <= TimeSpan.Zero && Deadline != Timeout.InfiniteTimeSpan) throw new ArgumentException($"{nameof(Deadline)} must be positive, or infinite. Received: {Deadline}.");
        if (Retries is < 0 or > 100) throw new ArgumentException($"{nameof(Retries)} must lie in [0, 100]. Received: {Retries}.");
        if (RetryDelay < TimeSpan.FromMilliseconds(1) || RetryDelay > TimeSpan.FromMinutes(1)) throw new ArgumentException($"{nameof(RetryDelay)} must lie in [1 ms, 1 min]. Received: {RetryDelay}.");
        if (MaxMessageBytes < 1) throw new ArgumentException($"{nameof(MaxMessageBytes)} must be positive. Received: {MaxMessageBytes}.");
        return this;
    }
}
