namespace Keras.Serving;

/// <summary>The bytes of the bodies of all requests, by REST and gRPC, that are held at once; each is counted as it comes, until its request is answered.</summary>
/// <param name="most">The limit.</param>
sealed class BodyBytes(long most)
{
    static readonly AsyncLocal<Share?> Flowing = new();

    long _held;

    /// <summary>How many bytes are held now.</summary>
    public long Held => Interlocked.Read(ref _held);

    /// <summary>The share of the request that this code works for; null outside of one.</summary>
    public static Share? Current => Flowing.Value;

    /// <summary>A request begins; what it holds is given back when the share is disposed.</summary>
    public Share Begin() => Flowing.Value = new(this);

    ServingException Full(long more) => new(TFServingStatus.ResourceExhausted,
        $"The bodies of all requests together have too many bytes now. Expected: at most {most} ({nameof(ServingOptions.MaxBytesInFlight)}, --max_bytes_in_flight). Received: {more} more than {Held}. Try again later.");

    /// <summary>What one request holds.</summary>
    public sealed class Share(BodyBytes all) : IDisposable
    {
        long _bytes;

        /// <summary>Refuses a body of a known length for which there is no room. It takes nothing yet: who only says that much will come leaves the room to others.</summary>
        /// <exception cref="ServingException">ResourceExhausted.</exception>
        public void RequireRoom(long length)
        {
            if (length - _bytes > all.Left) throw all.Full(length - _bytes);
        }

        /// <summary>Further bytes have come.</summary>
        /// <exception cref="ServingException">ResourceExhausted; they are not counted.</exception>
        public void Take(long more)
        {
            if (Interlocked.Add(ref all._held, more) > all.Most)
            {
                Interlocked.Add(ref all._held, -more);
                throw all.Full(more);
            }
            _bytes += more;
        }

        /// <summary>Counts up to a number of bytes.</summary>
        /// <exception cref="ServingException">ResourceExhausted.</exception>
        public void TakeTo(long bytes)
        {
            if (bytes > _bytes) Take(bytes - _bytes);
        }

        /// <summary>What was held is answered; further bytes may come.</summary>
        public void Release() => Interlocked.Add(ref all._held, -Interlocked.Exchange(ref _bytes, 0));

        public void Dispose() => Release();
    }

    long Most => most;

    long Left => most - Held;
}
