using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Keras.Images;

/// <summary>The bytes of a JPEG file: segments after markers, and coded bits that end at the next marker.</summary>
/// <remarks>Damage is handled as in libjpeg: bytes before a marker are skipped, missing bits are zeros, and an end without a marker is an error.</remarks>
sealed class JpegInput(byte[] bytes)
{
    /// <summary>The most bits of a code and the number that follows it.</summary>
    const int MostBits = 32;

    int _position;
    ulong _buffer;
    int _count;

    /// <summary>The marker that ended the coded bits, until it is taken; 0 if none.</summary>
    public int Marker { get; private set; }

    /// <summary>Whether more bits were read than precede a marker; the extra ones are zeros.</summary>
    public bool IsExhausted { get; private set; }

    /// <summary>The number of bytes left.</summary>
    public int Remaining => bytes.Length - _position;

    /// <summary>Finds the next marker, skipping whatever precedes it.</summary>
    public int TakeMarker()
    {
        var marker = Marker != 0 ? Marker : NextMarker();
        Marker = 0;
        return marker;
    }

    /// <summary>Reads the content of the segment that begins here.</summary>
    /// <param name="isChecked">Whether a length below 2, which omits its own bytes, is an error; otherwise the segment is empty.</param>
    public ImageCursor Segment(bool isChecked = true)
    {
        var cursor = new ImageCursor(bytes.AsSpan(_position), JpegReader.Kind);
        var length = cursor.Big16() - sizeof(ushort);
        if (length < 0 && isChecked) throw JpegReader.Damaged("a segment has a wrong length", "2 or more", $"{length + sizeof(ushort)}");
        var content = cursor.Take(Math.Max(length, 0));
        _position += cursor.Position;
        return new ImageCursor(content, JpegReader.Kind);
    }

    /// <summary>Starts reading the coded bits of a scan.</summary>
    public void StartBits() => (_buffer, _count, IsExhausted) = (0, 0, false);

    /// <summary>Reads the symbol of the next code.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Symbol(JpegHuffman table)
    {
        if (_count < MostBits) Fill();
        int entry = table.Lookup[(int)(_buffer >> (64 - JpegHuffman.LookupBits))];
        if (entry == 0) return LongSymbol(table);
        Drop(entry >> 8);
        return entry & 0xFF;
    }

    int LongSymbol(JpegHuffman table)
    {
        var (length, symbol) = table.LongCode((int)(_buffer >> (64 - JpegHuffman.LongestCode)));
        Drop(length);
        return symbol;
    }

    /// <summary>Reads the next 1 to 15 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Bits(int count)
    {
        if (_count < count) Fill();
        var value = (int)(_buffer >> (64 - count));
        Drop(count);
        return value;
    }

    /// <summary>Reads the next 1 to 15 bits as a number, which is negative if the first bit is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Number(int count)
    {
        var value = Bits(count);
        return value < 1 << (count - 1) ? value - (1 << count) + 1 : value;
    }

    /// <summary>Reads all coefficients of a block after the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Numbers(JpegHuffman table, Span<short> block)
    {
        var (lookup, numbers) = (table.Lookup, table.Numbers);
        var places = JpegBlock.Places;
        var (buffer, count) = (_buffer, _count);
        for (var k = 1; k < JpegBlock.Size; k++)
        {
            if (count < MostBits)
            {
                (_buffer, _count) = (buffer, count);
                Fill();
                (buffer, count) = (_buffer, _count);
                if (count < MostBits)
                {
                    LastNumbers(table, block, k);
                    return;
                }
            }
            var number = numbers[(int)(buffer >> (64 - JpegHuffman.LookupBits))];
            if (number != 0)
            {
                var taken = number & 0xFF;
                buffer <<= taken;
                count -= taken;
                k += (number >> 8) & 0xFF;
                block[places[k]] = (short)(number >> 16);
                continue;
            }
            int entry = lookup[(int)(buffer >> (64 - JpegHuffman.LookupBits))];
            var (length, symbol) = entry != 0 ? (entry >> 8, entry & 0xFF) : table.LongCode((int)(buffer >> (64 - JpegHuffman.LongestCode)));
            buffer <<= length;
            count -= length;
            var (run, size) = (symbol >> 4, symbol & 15);
            if (size == 0)
            {
                if (run != JpegScan.FullRun) break;
                k += run;
                continue;
            }
            k += run;
            var value = (int)(buffer >> (64 - size));
            buffer <<= size;
            count -= size;
            block[places[k]] = (short)(value < 1 << (size - 1) ? value - (1 << size) + 1 : value);
        }
        (_buffer, _count) = (buffer, count);
    }

    /// <summary>Reads the remaining coefficients when too few bits are left for the fast loop.</summary>
    void LastNumbers(JpegHuffman table, Span<short> block, int k)
    {
        for (; k < JpegBlock.Size; k++)
        {
            var symbol = Symbol(table);
            var (run, size) = (symbol >> 4, symbol & 15);
            if (size == 0 && run != JpegScan.FullRun) return;
            k += run;
            if (size != 0) block[JpegBlock.Places[k]] = (short)Number(size);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Drop(int count)
    {
        _buffer <<= count;
        _count -= count;
        if (_count < 0) (_count, IsExhausted) = (0, true);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Fill()
    {
        if (Remaining >= sizeof(ulong))
        {
            var next = BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(_position));
            if (Marker == 0 && !HasMarkerByte(next))
            {
                var taken = (64 - _count) / 8;
                _buffer |= next >> (64 - (taken * 8)) << (64 - (taken * 8) - _count);
                (_position, _count) = (_position + taken, _count + (taken * 8));
                return;
            }
        }
        while (_count <= 56 && Marker == 0)
        {
            var value = Next();
            if (value == 0xFF && SkipFilling() is > 0 and var marker) Marker = marker;
            else
            {
                _buffer |= (ulong)value << (56 - _count);
                _count += 8;
            }
        }
    }

    /// <summary>Whether any of eight bytes is 0xFF: only its complement, 0, borrows through the highest bit when 1 is subtracted.</summary>
    static bool HasMarkerByte(ulong value) => ((~value - 0x0101_0101_0101_0101) & value & 0x8080_8080_8080_8080) != 0;

    /// <summary>Goes to the start of a scan's next restart interval.</summary>
    /// <param name="number">The number of its restart marker, 0 to 7.</param>
    public void Restart(int number)
    {
        (_buffer, _count) = (0, 0);
        if (Marker == 0) Marker = NextMarker();
        if (Marker == JpegMarker.FirstRestart + number) Marker = 0;
        else Resume(number);
        if (Marker == 0) IsExhausted = false;
    }

    /// <summary>Whether the next marker ends the scan, so that its rest is zeros.</summary>
    public bool IsAtEndOfScan => IsExhausted && Marker >= JpegMarker.FirstFrame && !JpegMarker.IsRestart(Marker);

    /// <summary>Resynchronises at an unexpected marker: an overdue one is skipped; one due soon, or of another kind, is left for later.</summary>
    void Resume(int number)
    {
        while (true)
        {
            var ahead = (Marker - JpegMarker.FirstRestart - number + JpegMarker.Restarts) % JpegMarker.Restarts;
            var isOverdue = ahead is JpegMarker.Restarts - 1 or JpegMarker.Restarts - 2;
            if (JpegMarker.IsRestart(Marker) ? isOverdue : Marker < JpegMarker.FirstFrame)
            {
                Marker = NextMarker();
                continue;
            }
            if (JpegMarker.IsRestart(Marker) && ahead is not (1 or 2)) Marker = 0;
            return;
        }
    }

    int NextMarker()
    {
        while (true)
        {
            while (Next() != 0xFF) ;
            if (SkipFilling() is > 0 and var marker) return marker;
        }
    }

    /// <summary>Skips any number of 0xFF bytes and returns the byte after them.</summary>
    int SkipFilling()
    {
        int value;
        do value = Next();
        while (value == 0xFF);
        return value;
    }

    byte Next()
    {
        if (_position >= bytes.Length) throw JpegReader.Damaged("it ends too early", "the mark of its end", $"{bytes.Length} bytes");
        return bytes[_position++];
    }
}
