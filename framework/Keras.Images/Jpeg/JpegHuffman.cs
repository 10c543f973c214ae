namespace Keras.Images;

/// <summary>A table of Huffman codes: how many there are of each length, and what they stand for.</summary>
/// <param name="counts">Codes of 1 to 16 bits.</param>
/// <param name="symbols">What they stand for, the shortest first.</param>
sealed class JpegHuffman(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
{
    public const int LongestCode = 16;
    public const int LookupBits = 10;

    /// <summary>The most bits that a difference of DC coefficients has.</summary>
    const int LargestSize = 15;

    readonly byte[] _counts = counts.ToArray();
    readonly byte[] _symbols = symbols.ToArray();
    readonly int[] _lastCodes = new int[LongestCode + 1];
    readonly int[] _shifts = new int[LongestCode + 1];
    ushort[]? _lookup;
    int[]? _numbers;

    /// <summary>By the next <see cref="LookupBits"/> bits: the code's length times 256, and its symbol; 0 where the code is longer or there is none.</summary>
    public ushort[] Lookup => _lookup!;

    /// <summary>By the next <see cref="LookupBits"/> bits, where they hold a run and the number after it: the number times 65536, the run times 256, and the bits of both; else 0.</summary>
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

    /// <summary>Looks for a code that is too long for <see cref="Lookup"/>.</summary>
    /// <param name="bits">The next 16 bits.</param>
    /// <returns>Its length and symbol; 17 and 0 where no code begins so, as libjpeg has it.</returns>
    public (int Length, int Symbol) LongCode(int bits)
    {
        for (var length = LookupBits + 1; length <= LongestCode; length++)
        {
            var code = bits >> (LongestCode - length);
            if (code <= _lastCodes[length]) return (length, _symbols[code + _shifts[length]]);
        }
        return (LongestCode + 1, 0);
    }

    /// <summary>Makes the codes. A scan does it that uses the table: one that none uses may be wrong.</summary>
    /// <param name="isOfSizes">Whether it is for the sizes of differences, not for runs and sizes.</param>
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
            // The code of ones alone is never used.
            if (end > first && end >= 1 << length) throw JpegReader.Damaged("a Huffman table has too many codes", $"codes below {(1 << length) - 1} of {length} bits", $"{end - 1}");
            (_lastCodes[length], _shifts[length]) = (end > first ? end - 1 : -1, at - first);
            for (; code < end; code++, at++)
                if (length <= LookupBits) lookup.AsSpan(code << (LookupBits - length), 1 << (LookupBits - length)).Fill((ushort)((length << 8) | _symbols[at]));
        }
        _lookup = lookup;
        return this;
    }
}
