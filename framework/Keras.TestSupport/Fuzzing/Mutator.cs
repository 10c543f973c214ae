using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Keras.Fuzz;

/// <summary>Makes broken files out of real ones: the same seed makes the same file.</summary>
static class Mutator
{
    /// <summary>Numbers at which programs go wrong.</summary>
    static readonly long[] Edges = [0, 1, -1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue, long.MaxValue / 4, 1L << 32, 1L << 40];

    const int LongestRun = 64;

    /// <summary>Random bytes, or a real file that was changed in up to six places, cut, or lengthened.</summary>
    public static byte[] Make(Random random, IReadOnlyList<byte[]> files)
    {
        if (random.Next(20) == 0) return Noise(random);
        var bytes = (byte[])files[random.Next(files.Count)].Clone();
        var isText = Utf8.IsValid(bytes);
        if (bytes is [(byte)'{', ..] && random.Next(2) == 0 && JsonMutator.TryMake(random, bytes) is { } json) return json;
        for (var n = random.Next(1, 7); n > 0 && bytes.Length > 0; n--) bytes = Change(random, bytes, files);
        // A reader of text would refuse most changes for their bytes and never see what they say.
        return isText && random.Next(2) == 0 ? Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes)) : bytes;
    }

    static byte[] Noise(Random random)
    {
        var bytes = new byte[random.Next(600)];
        random.NextBytes(bytes);
        return bytes;
    }

    static byte[] Change(Random random, byte[] bytes, IReadOnlyList<byte[]> files)
    {
        var at = Place(random, bytes.Length);
        var length = Math.Min(random.Next(1, LongestRun), bytes.Length - at);
        switch (random.Next(12))
        {
            case 0: return bytes[..at];
            case 1: return [.. bytes[..at], .. bytes[(at + length)..]];
            case 2: return [.. bytes[..at], .. bytes.AsSpan(at, length), .. bytes[at..]];
            case 3: random.NextBytes(bytes.AsSpan(at, length)); return bytes;
            case 4: bytes.AsSpan(at, length).Fill((byte)random.Next(256)); return bytes;
            case 5: return Splice(random, bytes, at, length, files);
            case 6 or 7 or 8: return Number(random, bytes, at);
            case 9: bytes[at] ^= (byte)(1 << random.Next(8)); return bytes;
            case 10: bytes[at] += (byte)random.Next(-3, 4); return bytes;
            default: bytes[at] = (byte)random.Next(256); return bytes;
        }
    }

    /// <summary>Structure lies at the beginning and at the end of files more often than in the middle.</summary>
    static int Place(Random random, int length) => random.Next(4) switch
    {
        0 => random.Next(Math.Min(length, 512)),
        1 => length - 1 - random.Next(Math.Min(length, 512)),
        _ => random.Next(length),
    };

    static byte[] Splice(Random random, byte[] bytes, int at, int length, IReadOnlyList<byte[]> files)
    {
        var other = files[random.Next(files.Count)];
        var from = random.Next(other.Length);
        var part = other.AsSpan(from, Math.Min(length, other.Length - from));
        part[..Math.Min(part.Length, bytes.Length - at)].CopyTo(bytes.AsSpan(at));
        return bytes;
    }

    static byte[] Number(Random random, byte[] bytes, int at)
    {
        var aligned = random.Next(2) == 0 ? at & ~7 : at;
        var value = random.Next(4) == 0 ? random.Next(bytes.Length + 16) : Edges[random.Next(Edges.Length)];
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, value);
        number[..Math.Min(1 << random.Next(4), bytes.Length - aligned)].CopyTo(bytes.AsSpan(aligned));
        return bytes;
    }
}
