namespace Keras.Engines.Torch;

/// <summary>Random bits.</summary>
static unsafe class RandomKernels
{
    public static readonly Dictionary<string, Kernel> Kernels = new() { ["StatelessRandomUniformFullIntV2"] = Bits };

    const int PhiloxAlgorithm = 1;

    static void Bits(KernelCall c)
    {
        if (c.Long(3) != PhiloxAlgorithm) throw c.Fail("algorithm 1, Philox", $"{c.Long(3)}");
        var philox = Philox.Of(c.Tensor(1), c.Tensor(2));
        var result = c.Result(0, new Shape(c.Longs(0)));
        var data = result.Data;
        var bytes = result.ByteLength;
        const int GroupBytes = Philox.Decisions * 2;
        Workers.Run((bytes + GroupBytes - 1) / GroupBytes, 128, (begin, end) =>
        {
            var words = stackalloc uint[4];
            for (var group = begin; group < end; group++)
            {
                philox.Group((ulong)group, words);
                var at = group * GroupBytes;
                new ReadOnlySpan<byte>(words, (int)Math.Min(GroupBytes, bytes - at)).CopyTo(new Span<byte>(data + at, (int)Math.Min(GroupBytes, bytes - at)));
            }
        });
    }
}

/// <summary>Philox-4x32-10: a counter of 128 bits, enciphered with a key, gives four words.</summary>
readonly unsafe struct Philox(ulong key, ulong low, ulong high)
{
    /// <summary>Decisions of 16 bits that a group gives.</summary>
    public const int Decisions = 8;

    /// <summary>Of a key (1) and a counter (2), uint64.</summary>
    public static Philox Of(TorchTensor key, TorchTensor counter) => new(*(ulong*)key.Data, ((ulong*)counter.Data)[0], ((ulong*)counter.Data)[1]);

    /// <summary>The four words of the counter plus an index.</summary>
    public void Group(ulong index, uint* words)
    {
        var first = low + index;
        var second = first < low ? high + 1 : high;
        var (a, b, c, d) = ((uint)first, (uint)(first >> 32), (uint)second, (uint)(second >> 32));
        var (k0, k1) = ((uint)key, (uint)(key >> 32));
        for (var round = 0; round < 10; round++)
        {
            var (x, y) = (0xD2511F53UL * a, 0xCD9E8D57UL * c);
            (a, b, c, d) = ((uint)(y >> 32) ^ b ^ k0, (uint)y, (uint)(x >> 32) ^ d ^ k1, (uint)x);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }
        (words[0], words[1], words[2], words[3]) = (a, b, c, d);
    }
}
