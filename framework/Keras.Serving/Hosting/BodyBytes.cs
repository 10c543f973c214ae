namespace Keras.Serving;

/// <summary>Limits the total bytes of all request bodies, over REST and gRPC; each counts from its arrival until its request is answered.</summary>
/// <param name="most">The limit.</param>
sealed class BodyBytes(long most)
{
    static readonly AsyncLocal<Share?> Flowing = new();

    long _held;

    /// <summary>The number of bytes held now.</summary>
    public long Held => Interlocked.Read(ref _held);

    /// <summary>The share of the current request; null outside requests.</summary>
    public static Share? Current => Flowing.Value;

    /// <summary>Begins a request; its bytes are released when the share is disposed.</summary>
    public Share Begin() => Flowing.Value = new(this);

    ServingException Full(long more) => new(TFServingStatus.ResourceExhausted,
        $"The bodies of all requests together have too many bytes now. Expected: at most {most} ({nameof(ServingOptions.MaxBytesInFlight)}, --max_bytes_in_flight). Received: {more} more than {Held}. Try again later.");

    /// <summary>The bytes that one request holds.</summary>
    public sealed class Share(BodyBytes all) : IDisposable
    {
        long _bytes;

        /// <summary>Rejects a body of a known length if there is no room. It reserves nothing: an announced length alone must not take room from others.</summary>
        /// <exception cref="ServingException">ResourceExhausted: there is no room.</exception>
        public void RequireRoom(long length)
        {
            if (length - _bytes > all.Left) throw all.Full(length - _bytes);
        }

        /// <summary>Counts further bytes.</summary>
        /// <exception cref="ServingException">ResourceExhausted: there is no room; the bytes are not counted.</exception>
        public void Take(long more)
        {
            if (Interlocked.Add(ref all._held, more) > all.Most)
            {
                Interlocked.Add(ref all._held, -more);
                throw all.Full(more);
            }
            _bytes += more;
        }

        /// <summary>Raises the count to a number of bytes.</summary>
        /// <exception cref="ServingException">ResourceExhausted: there is no room.</exception>
        public void TakeTo(long bytes)
        {
            if (bytes > _bytes) Take(bytes - _bytes);
        }

        /// <summary>Releases the bytes of answered messages; further ones may come.</summary>
        public void Release() => Interlocked.Add(ref all._held, -Interlocked.Exchange(ref _bytes, 0));

        public void Dispose() => Release();
    }

    long Most => most;

    long Left => most - Held;
}
