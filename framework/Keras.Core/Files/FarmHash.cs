using System.Buffers.Binary;

namespace Keras.Files;

/// <summary>FarmHash's 64-bit fingerprint, which never changes: TensorFlow hashes strings into buckets and fingerprints SavedModels with it.</summary>
static class FarmHash
{
    const ulong K0 = 0xC3A5C85C97CB3127;
    const ulong K1 = 0xB492B66FBE98F273;
    const ulong K2 = 0x9AE16A3B2F90404F;

    public static ulong Fingerprint(ReadOnlySpan<byte> s) => s.Length <= 16 ? UpTo16(s) : s.Length <= 32 ? UpTo32(s) : s.Length <= 64 ? UpTo64(s) : Longer(s);

    static ulong Word(ReadOnlySpan<byte> s, int at) => BinaryPrimitives.ReadUInt64LittleEndian(s[at..]);

    static ulong HalfWord(ReadOnlySpan<byte> s, int at) => BinaryPrimitives.ReadUInt32LittleEndian(s[at..]);

    static ulong Turn(ulong value, int by) => ulong.RotateRight(value, by);

    static ulong Mix(ulong value) => value ^ (value >> 47);

    static ulong Join(ulong u, ulong v, ulong factor)
    {
        var a = Mix((u ^ v) * factor);
        return Mix((v ^ a) * factor) * factor;
    }

    static ulong UpTo16(ReadOnlySpan<byte> s)
    {
        var n = (ulong)s.Length;
        var factor = K2 + (n * 2);
        if (n >= 8)
        {
            var (a, b) = (Word(s, 0) + K2, Word(s, s.Length - 8));
            return Join((Turn(b, 37) * factor) + a, (Turn(a, 25) + b) * factor, factor);
        }
        if (n >= 4) return Join(n + (HalfWord(s, 0) << 3), HalfWord(s, s.Length - 4), factor);
        if (n == 0) return K2;
        var (y, z) = (s[0] + ((uint)s[s.Length >> 1] << 8), (uint)n + ((uint)s[^1] << 2));
        return Mix((y * K2) ^ (z * K0)) * K2;
    }

    static ulong UpTo32(ReadOnlySpan<byte> s)
    {
        var factor = K2 + ((ulong)s.Length * 2);
        var (a, b, c, d) = (Word(s, 0) * K1, Word(s, 8), Word(s, s.Length - 8) * factor, Word(s, s.Length - 16) * K2);
        return Join(Turn(a + b, 43) + Turn(c, 30) + d, a + Turn(b + K2, 18) + c, factor);
    }

    static ulong UpTo64(ReadOnlySpan<byte> s)
    {
        var factor = K2 + ((ulong)s.Length * 2);
        var (a, b, c, d) = (Word(s, 0) * K2, Word(s, 8), Word(s, s.Length - 8) * factor, Word(s, s.Length - 16) * K2);
        var y = Turn(a + b, 43) + Turn(c, 30) + d;
        var z = Join(y, a + Turn(b + K2, 18) + c, factor);
        var (e, f) = (Word(s, 16) * factor, Word(s, 24));
        var (g, h) = ((y + Word(s, s.Length - 32)) * factor, (z + Word(s, s.Length - 24)) * factor);
        return Join(Turn(e + f, 43) + Turn(g, 30) + h, e + Turn(f + a, 18) + g, factor);
    }

    static (ulong First, ulong Second) Weak(ReadOnlySpan<byte> s, int at, ulong a, ulong b)
    {
        var z = Word(s, at + 24);
        a += Word(s, at);
        b = Turn(b + a + z, 21);
        var c = a;
        a += Word(s, at + 8) + Word(s, at + 16);
        return (a + z, b + Turn(a, 44) + c);
    }

    static ulong Longer(ReadOnlySpan<byte> s)
    {
        const ulong Seed = 81;
        var (x, y) = unchecked(((Seed * K2) + Word(s, 0), (Seed * K1) + 113));
        var z = Mix((y * K2) + 113) * K2;
        (ulong First, ulong Second) v = (0, 0), w = (0, 0);
        var (end, rest) = ((s.Length - 1) / 64 * 64, (s.Length - 1) & 63);
        var at = 0;
        void Round(ReadOnlySpan<byte> bytes, ulong factor, ulong nine)
        {
            x = Turn(x + y + v.First + Word(bytes, at + 8), 37) * factor;
            y = Turn(y + v.Second + Word(bytes, at + 48), 42) * factor;
            x ^= w.Second * nine;
            y += (v.First * nine) + Word(bytes, at + 40);
            z = Turn(z + w.First, 33) * factor;
            v = Weak(bytes, at, v.Second * factor, x + w.First);
            w = Weak(bytes, at + 32, z + w.Second, y + Word(bytes, at + 16));
            (z, x) = (x, z);
        }
        for (; at != end; at += 64) Round(s, K1, 1);
        var last = K1 + ((z & 0xFF) << 1);
        at = end + rest - 63;
        w.First += (ulong)rest;
        v.First += w.First;
        w.First += v.First;
        Round(s, last, 9);
        return Join(Join(v.First, w.First, last) + (Mix(y) * K0) + z, Join(v.Second, w.Second, last) + x, last);
    }
}
