namespace Keras.Transformers;

/// <summary>The generator of NumPy's <c>random.seed</c> and <c>random.choice</c>.</summary>
/// <remarks>Source: M. Matsumoto and T. Nishimura, Mersenne Twister (1998), MT19937 with its seeding of 2002; integers below a bound by bit masks and rejection.</remarks>
sealed class MersenneTwister
{
    const int Words = 624, Middle = 397;

    readonly uint[] _state = new uint[Words];
    int _next = Words;

    public MersenneTwister(uint seed)
    {
        _state[0] = seed;
        for (var i = 1; i < Words; i++) _state[i] = (1812433253 * (_state[i - 1] ^ (_state[i - 1] >> 30))) + (uint)i;
    }

    /// <summary>An integer from 0 to below the bound.</summary>
    public int Below(int bound)
    {
        var largest = (uint)bound - 1;
        if (largest == 0) return 0;
        var mask = uint.MaxValue >> System.Numerics.BitOperations.LeadingZeroCount(largest);
        uint drawn;
        do drawn = Next() & mask;
        while (drawn > largest);
        return (int)drawn;
    }

    uint Next()
    {
        if (_next == Words) Turn();
        var y = _state[_next++];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        return y ^ (y >> 18);
    }

    void Turn()
    {
        for (var i = 0; i < Words; i++)
        {
            var joined = (_state[i] & 0x80000000) | (_state[(i + 1) % Words] & 0x7fffffff);
            _state[i] = _state[(i + Middle) % Words] ^ (joined >> 1) ^ ((joined & 1) * 0x9908b0df);
        }
        _next = 0;
    }
}
