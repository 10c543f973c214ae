namespace Keras.Transformers;

/// <summary>LZ4's blocks: literals, then a copy of what was unpacked before, again and again.</summary>
/// <remarks>Source: https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md.</remarks>
static class Lz4Block
{
    const int Longer = 15, LeastCopy = 4;

    /// <returns>How many bytes were unpacked.</returns>
    /// <exception cref="InvalidDataException">The block is cut off, or holds more.</exception>
    public static int Unpack(ReadOnlySpan<byte> block, Span<byte> to)
    {
        var (at, end) = (0, 0);
        while (at < block.Length)
        {
            var token = block[at++];
            var literals = Length(block, ref at, token >> 4);
            if (literals > block.Length - at || literals > to.Length - end) throw Damaged();
            block.Slice(at, literals).CopyTo(to[end..]);
            (at, end) = (at + literals, end + literals);
            if (at == block.Length) break;
            if (block.Length - at < 2) throw Damaged();
            var back = block[at] | (block[at + 1] << 8);
            at += 2;
            var copy = Length(block, ref at, token & 0xF) + LeastCopy;
            if (back == 0 || back > end || copy > to.Length - end) throw Damaged();
            // What is copied may have been made by the copy itself.
            for (var i = 0; i < copy; i++, end++) to[end] = to[end - back];
        }
        return end;
    }

    static int Length(ReadOnlySpan<byte> block, ref int at, int length)
    {
        if (length < Longer) return length;
        for (byte more = 255; more == 255; length = checked(length + more)) more = at < block.Length ? block[at++] : throw Damaged();
        return length;
    }

    static InvalidDataException Damaged() => new("a page packed by LZ4 is damaged");
}
