namespace Keras.Transformers;

/// <summary>Parquet's hybrid encoding of runs and bit-packed numbers.</summary>
static class ParquetRuns
{
    /// <summary>The number of bits for numbers up to this one.</summary>
    public static int BitsFor(int largest) => 32 - System.Numerics.BitOperations.LeadingZeroCount((uint)largest);

    /// <summary>Reads levels.</summary>
    /// <exception cref="InvalidDataException">There are fewer levels than asked for, or one is too large.</exception>
    public static void Read(ReadOnlySpan<byte> bytes, int bits, Span<byte> to, int largest)
    {
        var numbers = new int[to.Length];
        Read(bytes, bits, numbers);
        for (var i = 0; i < numbers.Length; i++) to[i] = numbers[i] <= largest ? (byte)numbers[i] : throw new InvalidDataException($"a level is {numbers[i]}, above {largest}");
    }

    /// <summary>Reads numbers.</summary>
    /// <exception cref="InvalidDataException">There are fewer numbers than asked for.</exception>
    public static void Read(ReadOnlySpan<byte> bytes, int bits, Span<int> to)
    {
        if (bits == 0)
        {
            to.Clear();
            return;
        }
        for (int at = 0, count = 0; count < to.Length;)
        {
            var head = Varint(bytes, ref at);
            if ((head & 1) == 0)
            {
                var run = (int)Math.Min(head >> 1, (uint)(to.Length - count));
                var value = 0;
                for (var b = 0; b < (bits + 7) / 8; b++) value |= (at < bytes.Length ? bytes[at++] : throw CutOff()) << (8 * b);
                to.Slice(count, run).Fill(value);
                count += run;
                if (run == 0) throw new InvalidDataException("a run is empty");
                continue;
            }
            var packed = Math.Min((long)(head >> 1) * 8, to.Length - count);
            if (packed == 0 || ((packed * bits) + 7) / 8 > bytes.Length - at) throw CutOff();
            long bit = 8L * at;
            for (var i = 0; i < packed; i++, bit += bits) to[count + i] = Bits(bytes, bit, bits);
            count += (int)packed;
            at = (int)Math.Min(at + ((long)(head >> 1) * bits), bytes.Length);
        }
    }

    static int Bits(ReadOnlySpan<byte> bytes, long bit, int bits)
    {
        var (at, shift) = ((int)(bit >> 3), (int)(bit & 7));
        ulong window = 0;
        for (var i = 0; i < 5 && at + i < bytes.Length; i++) window |= (ulong)bytes[at + i] << (8 * i);
        return (int)((window >> shift) & ((1UL << bits) - 1));
    }

    static uint Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        uint value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            if (at >= bytes.Length) throw CutOff();
            value |= (uint)(bytes[at] & 0x7F) << shift;
            if (bytes[at++] < 0x80) return value;
        }
        throw CutOff();
    }

    static InvalidDataException CutOff() => new("a page of levels or numbers is cut off");

    /// <summary>Writes levels as runs.</summary>
    public static void Write(ByteBuffer to, ReadOnlySpan<byte> levels)
    {
        for (int i = 0, run; i < levels.Length; i += run)
        {
            for (run = 1; i + run < levels.Length && levels[i + run] == levels[i];) run++;
            TfExample.WriteVarint(to, (uint)run << 1);
            to.Append(levels[i]);
        }
    }
}
