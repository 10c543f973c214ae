namespace Keras.Images;

/// <summary>A table of Huffman codes, from the number of codes of each length and their symbols.</summary>
/// <param name="counts">The numbers of codes of 1 to 16 bits.</param>
/// <param name="symbols">The symbols, those of the shortest codes first.</param>
sealed class JpegHuffman(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
{
    public const int LongestCode = 16;
    public const int LookupBits = 10;

    /// <summary>The most bits of a difference of DC coefficients.</summary>
    const int LargestSize = 15;

    readonly byte[] _counts = counts.ToArray();
    readonly byte[] _symbols = symbols.ToArray();
    readonly int[] _lastCodes = new int[LongestCode + 1];
    readonly int[] _shifts = new int[LongestCode + 1];
    ushort[]? _lookup;
    int[]? _numbers;

    /// <summary>Indexed by the next <see cref="LookupBits"/> bits: the code's length times 256 plus its symbol; 0 if the code is longer or invalid.</summary>
    public ushort[] Lookup => _lookup!;

    /// <summary>Indexed by the next <see cref="LookupBits"/> bits: if they hold a run and its number, the number times 65536 plus the run times 256 plus the bits of both; otherwise 0.</summary>
    public int[] Numbers => _numbers ??= MakeNumbers();

    int[] MakeNumbers()
    {
        var numbers = new int[Lookup.Length];
        for (var bits = 0; bits < numbers.Length; bits++)
        {
            var (length, run, size) = (Lookup[bits] >> 8, (Lookup[bits] >> 4) & 15, Lookup[bits] & 15);
            if (length == 0 || size == 0 || length + size > LookupBits) continue;
            var value = (bits >> (LookupBits - length - size)) & ((1 << size) - 1);
            if (value < 1 << (size - 1)) value -= (1 << size) - 1;
            numbers[bits] = (value << 16) | (run << 8) | (length + size);
        }
        return numbers;
    }

    /// <summary>Finds a code that is too long for <see cref="Lookup"/>.</summary>
    /// <param name="bits">The next 16 bits.</param>
    /// <returns>Its length and symbol; 17 and 0 for an invalid code, as in libjpeg.</returns>
    public (int Length, int Symbol) LongCode(int bits)
    {
        for (var length = LookupBits + 1; length <= LongestCode; length++)
        {
            var code = bits >> (LongestCode - length);
            if (code <= _lastCodes[length]) return (length, _symbols[code + _shifts[length]]);
        }
        return (LongestCode + 1, 0);
    }

    /// <summary>Builds the codes when a scan first uses the table, since an unused table may be invalid.</summary>
    /// <param name="isOfSizes">Whether the table codes sizes of differences (DC), not runs and sizes (AC).</param>
    /// <exception cref="FileFormatException">There are more codes than their lengths have room for, or a size is too large.</exception>
    public JpegHuffman Ready(bool isOfSizes)
    {
        if (isOfSizes && _symbols.FirstOrDefault(s => s > LargestSize) is > 0 and var size)
            throw JpegReader.Damaged("a Huffman table has a size that no difference has", $"0 to {LargestSize}", $"{size}");
        if (_lookup is not null) return this;
        var lookup = new ushort[1 << LookupBits];
        for (int length = 1, code = 0, at = 0; length <= LongestCode; length++, code <<= 1)
        {
            var (first, end) = (code, code + _counts[length - 1]);
            // The code of all ones is never used.
            if (end > first && end >= 1 << length) throw JpegReader.Damaged("a Huffman table has too many codes", $"codes below {(1 << length) - 1} of {length} bits", $"{end - 1}");
            (_lastCodes[length], _shifts[length]) = (end > first ? end - 1 : -1, at - first);
            for (; code < end; code++, at++)
                if (length <= LookupBits) lookup.AsSpan(code << (LookupBits - length), 1 << (LookupBits - length)).Fill((ushort)((length << 8) | _symbols[at]));
        }
        _lookup = lookup;
        return this;
    }
}
