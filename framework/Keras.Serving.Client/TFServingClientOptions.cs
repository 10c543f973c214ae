namespace Keras.Serving;

/// <summary>How a model server is asked.</summary>
public sealed class TFServingClientOptions
{
    /// <summary>The server's address: <c>http://host:8500</c> for gRPC, <c>http://host:8501</c> for REST, as TensorFlow Serving's image has them; https for encrypted ones.</summary>
    public Uri? Address { get; set; }

    /// <summary>Whether REST is spoken; default false, gRPC. REST has no MultiInference and no reload, and sends numbers as text.</summary>
    public bool UseRest { get; set; }

    /// <summary>How long a call may take with all its tries; default 60 seconds, <see cref="Timeout.InfiniteTimeSpan"/> for no bound. A call may say otherwise.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a call is sent again where the server was away or its queue full; default 3, 0 for never. Calls that change what is served are sent once.</summary>
    public int Retries { get; set; } = 3;

    /// <summary>The pause before the first repetition, in [1 ms, 1 min]; each further is about twice as long. Default 100 ms.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The largest answer in bytes; default 1 GiB. Requests have no bound but the server's.</summary>
    public int MaxMessageBytes { get; set; } = 1 << 30;

    /// <summary>Headers that each call is sent with, such as <c>authorization</c>.</summary>
    public IDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="ArgumentException">A value is out of its range.</exception>
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
