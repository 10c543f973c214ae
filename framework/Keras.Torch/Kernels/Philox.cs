using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Keras.Engines.Torch;

/// <summary>Philox-4x32-10: a 128-bit counter, encrypted with a key, gives a group of four words.</summary>
readonly unsafe struct Philox(ulong key, ulong low, ulong high)
{
    /// <summary>The number of bytes in a group.</summary>
    public const int GroupBytes = 16;

    /// <summary>The number of 16-bit decisions in a group.</summary>
    public const int Decisions = 8;

    const int Rounds = 10;
    const uint FirstFactor = 0xD2511F53, SecondFactor = 0xCD9E8D57;
    const uint FirstStep = 0x9E3779B9, SecondStep = 0xBB67AE85;

    /// <summary>The number of groups computed together.</summary>
    const int Together = 8;

    /// <summary>Creates the generator from a key (1) and a counter (2), uint64.</summary>
    public static Philox Of(TorchTensor key, TorchTensor counter) => new(*(ulong*)key.Data, ((ulong*)counter.Data)[0], ((ulong*)counter.Data)[1]);

    /// <summary>Fills words with groups, starting at the counter plus <paramref name="first"/>.</summary>
    public void Fill(ulong first, long groups, uint* words)
    {
        var done = 0L;
        if (Avx2.IsSupported && groups >= Together)
        {
            var keys = stackalloc Vector256<ulong>[2 * Rounds];
            for (var round = 0; round < Rounds; round++)
            {
                keys[2 * round] = Vector256.Create((ulong)((uint)key + ((uint)round * FirstStep)));
                keys[(2 * round) + 1] = Vector256.Create((ulong)((uint)(key >> 32) + ((uint)round * SecondStep)));
            }
            for (; done <= groups - Together; done += Together)
            {
                var start = low + first + (ulong)done;
                // If the counter's lower half overflows among these, each group computes its own upper half.
                if (start < low || start > ulong.MaxValue - Together) Each(first + (ulong)done, Together, words + (done * 4));
                else Eight(start, keys, words + (done * 4));
            }
        }
        Each(first + (ulong)done, groups - done, words + (done * 4));
    }

    /// <summary>Computes one group at a time; the bits are those of <see cref="Fill"/>.</summary>
    public void Each(ulong first, long groups, uint* words)
    {
        for (var group = 0L; group < groups; group++, words += 4)
        {
            var lower = low + first + (ulong)group;
            var upper = lower < low ? high + 1 : high;
            var (a, b, c, d) = ((uint)lower, (uint)(lower >> 32), (uint)upper, (uint)(upper >> 32));
            var (k0, k1) = ((uint)key, (uint)(key >> 32));
            for (var round = 0; round < Rounds; round++)
            {
                var (x, y) = ((ulong)FirstFactor * a, (ulong)SecondFactor * c);
                (a, b, c, d) = ((uint)(y >> 32) ^ b ^ k0, (uint)y, (uint)(x >> 32) ^ d ^ k1, (uint)x);
                k0 += FirstStep;
                k1 += SecondStep;
            }
            (words[0], words[1], words[2], words[3]) = (a, b, c, d);
        }
    }

    /// <summary>Computes eight groups in two sets of vectors; a word is in the lower half of 64 bits, and the upper half is ignored.</summary>
    void Eight(ulong start, Vector256<ulong>* keys, uint* words)
    {
        var (first, second) = (Vector256.Create((ulong)FirstFactor).AsUInt32(), Vector256.Create((ulong)SecondFactor).AsUInt32());
        var a = Vector256.Create(start) + Vector256.Create(0UL, 1, 2, 3);
        var e = a + Vector256.Create(4UL);
        Vector256<ulong> b = a >>> 32, f = e >>> 32, c = Vector256.Create(high), d = c >>> 32, g = c, h = d;
        for (var round = 0; round < Rounds; round++)
        {
            Vector256<ulong> x = Avx2.Multiply(first, a.AsUInt32()), y = Avx2.Multiply(second, c.AsUInt32());
            Vector256<ulong> z = Avx2.Multiply(first, e.AsUInt32()), w = Avx2.Multiply(second, g.AsUInt32());
            Vector256<ulong> k0 = keys[2 * round], k1 = keys[(2 * round) + 1];
            a = (y >>> 32) ^ b ^ k0;
            e = (w >>> 32) ^ f ^ k0;
            c = (x >>> 32) ^ d ^ k1;
            g = (z >>> 32) ^ h ^ k1;
            (b, d, f, h) = (y, x, w, z);
        }
        Store(a, b, c, d, words);
        Store(e, f, g, h, words + 16);
    }

    /// <summary>Stores four groups, each with its words in sequence.</summary>
    static void Store(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c, Vector256<ulong> d, uint* words)
    {
        var lower = Vector256.Create((ulong)uint.MaxValue);
        var (front, back) = ((a & lower) | (b << 32), (c & lower) | (d << 32));
        var (even, odd) = (Avx2.UnpackLow(front, back), Avx2.UnpackHigh(front, back));
        Avx2.Permute2x128(even, odd, 0x20).AsUInt32().Store(words);
        Avx2.Permute2x128(even, odd, 0x31).AsUInt32().Store(words + 8);
    }
}
