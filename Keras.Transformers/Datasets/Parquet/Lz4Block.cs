namespace Keras.Transformers;

/// <summary>Unpacks LZ4 blocks: repeatedly literals, then a copy of earlier output.</summary>
/// <remarks>Source: https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md.</remarks>
static class Lz4Block
{
    const int Longer = 15, LeastCopy = 4;

    /// <returns>The number of unpacked bytes.</returns>
    /// <exception cref="InvalidDataException">The block is truncated, or holds more.</exception>
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
            // The source of a copy may overlap its own output.
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
