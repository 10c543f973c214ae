using System.Security.Cryptography;

namespace Keras.Transformers;

/// <summary>NumPy's <c>default_rng</c>, as far as needed for row orders: PCG64, seeded by SeedSequence.</summary>
/// <remarks>Source: M. E. O'Neill, PCG (2014), the generator XSL-RR 128/64; SeedSequence is M. E. O'Neill's seed_seq_fe.</remarks>
sealed class NumpyRandom
{
    static readonly UInt128 Multiplier = new(2549297995355413924, 4865540595714422341);

    UInt128 _state;
    readonly UInt128 _increment;
    uint? _half;

    NumpyRandom(ReadOnlySpan<uint> entropy)
    {
        var words = SeedWords(entropy);
        _increment = (new UInt128(words[2], words[3]) << 1) | 1;
        _state = _increment + new UInt128(words[0], words[1]);
        Step();
    }

    /// <summary>Makes a generator; without a seed, its start is random.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The seed is negative.</exception>
    public static NumpyRandom Of(int? seed)
    {
        if (seed is { } given) return new([(uint)Require.Count(0, given, nameof(seed))]);
        Span<uint> entropy = stackalloc uint[4];
        RandomNumberGenerator.Fill(System.Runtime.InteropServices.MemoryMarshal.AsBytes(entropy));
        return new(entropy);
    }

    /// <summary>The numbers below n in a random order.</summary>
    public int[] Permutation(int n) => Shuffled([.. Enumerable.Range(0, n)]);

    /// <summary>A list in a random order.</summary>
    public int[] Permuted(IReadOnlyList<int> items) => Shuffled([.. items]);

    /// <summary>Draws some of a list without repetition, as <c>choice(items, count, replace=False)</c> does for up to 10,000 items.</summary>
    /// <remarks>Source: R. W. Floyd's sampling (Bentley, Programming Pearls, 1987), then a shuffle.</remarks>
    public int[] Choice(int[] items, int count)
    {
        var (chosen, places) = (new HashSet<int>(), new int[count]);
        for (var i = 0; i < count; i++)
        {
            var last = items.Length - count + i;
            var drawn = (int)Scaled((uint)last);
            chosen.Add(places[i] = chosen.Contains(drawn) ? last : drawn);
        }
        for (var i = count - 1; i > 0; i--)
        {
            var j = (int)Scaled((uint)i);
            (places[i], places[j]) = (places[j], places[i]);
        }
        return Array.ConvertAll(places, p => items[p]);
    }

    /// <summary>Draws a number from 0 to n - 1.</summary>
    public int Next(int n) => (int)Below((uint)(n - 1));

    /// <summary>Draws a number in [0, 1).</summary>
    public double NextDouble() => (Next64() >> 11) * (1.0 / 9007199254740992.0);

    int[] Shuffled(int[] items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = (int)Below((uint)i);
            (items[i], items[j]) = (items[j], items[i]);
        }
        return items;
    }

    /// <summary>Draws a uniform number from 0 to the largest, by drawing bits until they are not larger.</summary>
    uint Below(uint largest)
    {
        if (largest == 0) return 0;
        var mask = uint.MaxValue >> System.Numerics.BitOperations.LeadingZeroCount(largest);
        uint value;
        do value = Next32() & mask;
        while (value > largest);
        return value;
    }

    /// <summary>Draws the number from the upper half of a product, with a division only if the result would be biased.</summary>
    /// <remarks>Source: D. Lemire, Fast Random Integer Generation in an Interval (2019).</remarks>
    uint Scaled(uint largest)
    {
        if (largest == 0) return 0;
        var count = largest + 1;
        var product = (ulong)Next32() * count;
        if ((uint)product < count)
            for (var least = (uint.MaxValue - largest) % count; (uint)product < least;) product = (ulong)Next32() * count;
        return (uint)(product >> 32);
    }

    uint Next32()
    {
        if (_half is { } kept)
        {
            _half = null;
            return kept;
        }
        var next = Next64();
        _half = (uint)(next >> 32);
        return (uint)next;
    }

    ulong Next64()
    {
        Step();
        return ulong.RotateRight((ulong)(_state >> 64) ^ (ulong)_state, (int)(_state >> 122));
    }

    void Step() => _state = (_state * Multiplier) + _increment;

    static ulong[] SeedWords(ReadOnlySpan<uint> entropy)
    {
        var pool = new uint[4];
        var hash = 0x43b0d7e5u;
        uint Hash(uint value)
        {
            value ^= hash;
            hash *= 0x931e8875;
            value *= hash;
            return value ^ (value >> 16);
        }
        static uint Mix(uint x, uint y)
        {
            var result = (0xca01f9ddu * x) - (0x4973f715u * y);
            return result ^ (result >> 16);
        }
        for (var i = 0; i < pool.Length; i++) pool[i] = Hash(i < entropy.Length ? entropy[i] : 0);
        for (var from = 0; from < pool.Length; from++)
            for (var to = 0; to < pool.Length; to++)
                if (from != to) pool[to] = Mix(pool[to], Hash(pool[from]));

        var words = new uint[8];
        var constant = 0x8b51f9ddu;
        for (var i = 0; i < words.Length; i++)
        {
            var value = pool[i % pool.Length] ^ constant;
            constant *= 0x58f38ded;
            value *= constant;
            words[i] = value ^ (value >> 16);
        }
        return [.. Enumerable.Range(0, 4).Select(i => words[2 * i] | ((ulong)words[(2 * i) + 1] << 32))];
    }
}
