using System.Runtime.InteropServices;

namespace Keras.Transformers;

/// <summary>Decodes Parquet's delta encodings and its byte stream splits.</summary>
/// <remarks>Source: https://parquet.apache.org/docs/file-format/data-pages/encodings.</remarks>
static class ParquetDeltas
{
    const int LargestBlock = 1 << 16;

    /// <summary>Decodes DELTA_BINARY_PACKED: a first number, then blocks of differences above a minimum, in parts with separate bit widths.</summary>
    /// <param name="bytes">The rest of the page.</param>
    /// <param name="count">The expected number of values.</param>
    /// <param name="used">The number of bytes read.</param>
    /// <exception cref="InvalidDataException">The bytes are truncated, or hold a different number of values.</exception>
    public static long[] Numbers(ReadOnlySpan<byte> bytes, int count, out int used)
    {
        used = 0;
        var block = (long)Varint(bytes, ref used);
        var parts = (long)Varint(bytes, ref used);
        var total = Varint(bytes, ref used);
        var value = ZigZag(bytes, ref used);
        if (block is <= 0 or > LargestBlock || parts is <= 0 || block % parts != 0 || block / parts % 8 != 0) throw new InvalidDataException($"differences come in blocks of {block} in {parts} parts");
        if (total != (ulong)count) throw new InvalidDataException($"a page has {total} numbers instead of {count}");
        if (count == 0) return [];
        if ((count - 1) / block * (1 + parts) > bytes.Length - used) throw CutOff();
        var numbers = new long[count];
        numbers[0] = value;
        var size = (int)(block / parts);
        for (var at = 1; at < count;)
        {
            var least = ZigZag(bytes, ref used);
            if (bytes.Length - used < parts) throw CutOff();
            var widths = bytes.Slice(used, (int)parts);
            used += (int)parts;
            foreach (var width in widths)
            {
                if (at >= count) break;
                var length = size / 8 * width;
                if (width > 64 || length > bytes.Length - used) throw CutOff();
                var packed = bytes.Slice(used, length);
                used += length;
                for (var i = 0; i < size && at < count; i++) numbers[at++] = value = unchecked(value + least + (long)Bits(packed, (long)i * width, width));
            }
        }
        return numbers;
    }

    static ulong Bits(ReadOnlySpan<byte> bytes, long bit, int width)
    {
        if (width == 0) return 0;
        var (at, shift) = ((int)(bit >> 3), (int)(bit & 7));
        UInt128 window = 0;
        for (var i = 0; i < 9 && at + i < bytes.Length; i++) window |= (UInt128)bytes[at + i] << (8 * i);
        return (ulong)(window >> shift) & (ulong.MaxValue >> (64 - width));
    }

    /// <summary>Decodes DELTA_LENGTH_BYTE_ARRAY: all lengths, then all bytes.</summary>
    /// <exception cref="InvalidDataException">The bytes are truncated.</exception>
    public static void Texts(ReadOnlySpan<byte> bytes, int count, Action<ReadOnlySpan<byte>> add)
    {
        var lengths = Numbers(bytes, count, out var at);
        foreach (var length in lengths)
        {
            if (length < 0 || length > bytes.Length - at) throw CutOff();
            add(bytes.Slice(at, (int)length));
            at += (int)length;
        }
    }

    /// <summary>Decodes DELTA_BYTE_ARRAY: the length of the prefix shared with the previous text, then the rest.</summary>
    /// <exception cref="InvalidDataException">The bytes are truncated.</exception>
    public static void Prefixed(ReadOnlySpan<byte> bytes, int count, Action<ReadOnlySpan<byte>> add)
    {
        var prefixes = Numbers(bytes, count, out var at);
        var (index, before) = (0, new byte[64]);
        var last = 0;
        Texts(bytes[at..], count, rest =>
        {
            var prefix = prefixes[index++];
            if (prefix < 0 || prefix > last) throw new InvalidDataException($"a text begins with {prefix} bytes of one of {last}");
            last = checked((int)prefix + rest.Length);
            if (last > before.Length) Array.Resize(ref before, Math.Max(last, 2 * before.Length));
            rest.CopyTo(before.AsSpan((int)prefix));
            add(before.AsSpan(0, last));
        });
    }

    /// <summary>Decodes BYTE_STREAM_SPLIT, the first bytes of all values, then the second ones and so on, to plain values.</summary>
    /// <exception cref="InvalidDataException">The bytes are truncated.</exception>
    public static byte[] Joined(ReadOnlySpan<byte> bytes, int count, int width)
    {
        if ((long)count * width > bytes.Length) throw CutOff();
        var joined = new byte[count * width];
        for (var part = 0; part < width; part++)
        {
            var stream = bytes.Slice(part * count, count);
            for (var i = 0; i < count; i++) joined[(i * width) + part] = stream[i];
        }
        return joined;
    }

    /// <summary>Numbers as their plain bytes.</summary>
    public static ReadOnlySpan<byte> Plain(long[] numbers, int width) =>
        width == sizeof(long) ? MemoryMarshal.AsBytes(numbers.AsSpan()) : MemoryMarshal.AsBytes(Array.ConvertAll(numbers, n => unchecked((int)n)).AsSpan());

    static long ZigZag(ReadOnlySpan<byte> bytes, ref int at) => Varint(bytes, ref at) is var n ? (long)(n >> 1) ^ -(long)(n & 1) : 0;

    static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (at >= bytes.Length) throw CutOff();
            value |= (ulong)(bytes[at] & 0x7F) << shift;
            if (bytes[at++] < 0x80) return value;
        }
        throw CutOff();
    }

    static InvalidDataException CutOff() => new("a page of differences is cut off");
}
