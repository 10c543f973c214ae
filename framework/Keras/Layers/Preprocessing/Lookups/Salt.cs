namespace Keras.Layers;

/// <summary>The two keys of a keyed hash (SipHash), so that others cannot predict which values share a bin.</summary>
public sealed class Salt
{
    Salt(long first, long second) => (First, Second) = (first, second);

    internal long First { get; }

    internal long Second { get; }

    /// <summary>The salt as configs store it.</summary>
    internal long[] ToConfig() => [First, Second];

    /// <summary>One number for both keys.</summary>
    public static implicit operator Salt(long key) => new(key, key);

    /// <summary>The two keys of the hash.</summary>
    public static implicit operator Salt((long, long) keys) => new(keys.Item1, keys.Item2);

    /// <summary>The two keys of the hash.</summary>
    /// <exception cref="ArgumentException">There are more or fewer than two.</exception>
    public static implicit operator Salt(long[] keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return keys.Length == 2 ? new(keys[0], keys[1]) : throw new ArgumentException($"The salt has the wrong length. Expected: one whole number or two. Received: {keys.Length}.", nameof(keys));
    }
}
