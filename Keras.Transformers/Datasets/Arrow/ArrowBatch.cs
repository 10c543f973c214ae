using System.Runtime.InteropServices;

namespace Keras.Transformers;

/// <summary>Makes columns of one record batch, each a part of the mapped body; every length, range and offset is checked first.</summary>
sealed class ArrowBatch
{
    readonly ReadOnlyMemory<byte> _body;
    readonly (long Length, long Nulls)[] _nodes;
    readonly (long Offset, long Length)[] _buffers;
    readonly bool[] _largeLists;
    int _node, _buffer;

    ArrowBatch(FlatTable batch, ReadOnlyMemory<byte> body, bool[] largeLists)
    {
        (_body, _largeLists) = (body, largeLists);
        _nodes = Pairs(batch, 1);
        _buffers = Pairs(batch, 2);
    }

    /// <summary>The columns of a batch.</summary>
    /// <exception cref="InvalidDataException">The batch contradicts itself.</exception>
    public static ColumnData[] Read(FlatTable batch, ReadOnlyMemory<byte> body, Features stored, bool[] largeLists, string file, long firstRow)
    {
        var reader = new ArrowBatch(batch, body, largeLists);
        var rows = Length(batch.Long(0));
        return [.. stored.Select(c => reader.Column(c.Value, new(file, c.Key, firstRow), rows, exact: true))];
    }

    static (long, long)[] Pairs(FlatTable batch, int slot)
    {
        var pairs = new (long, long)[batch.Count(slot, 16, out var first)];
        for (var i = 0; i < pairs.Length; i++) pairs[i] = (batch.LongAt(first + (16 * i)), batch.LongAt(first + (16 * i) + 8));
        return pairs;
    }

    public static int Length(long length) => length is >= 0 and < int.MaxValue ? (int)length : throw new InvalidDataException($"a column has {length} rows");

    ColumnData Column(Feature type, ColumnOrigin origin, int rows, bool exact)
    {
        if (_node >= _nodes.Length) throw new InvalidDataException("a batch has fewer columns than the schema");
        var large = _largeLists[_node];
        var (given, claimed) = _nodes[_node++];
        var length = Length(given);
        if (exact ? length != rows : length < rows) throw new InvalidDataException($"column \"{origin.Column}\" has {length} rows instead of {rows}");
        if (type is Value { Element.Kind: ElementKind.Null }) return new(type, length, default, length, default) { Origin = origin };
        var (validity, nulls) = Validity(length, claimed);
        switch (type)
        {
            case Value { Element: var element }:
                if (!element.HasBytes) return new(type, length, validity, nulls, Buffer(element.Width == 0 ? Bits.Bytes(length) : (long)length * element.Width)) { Origin = origin };
                var textOffsets = Offsets(length, element.IsLarge, out var end);
                return new(type, length, validity, nulls, Buffer(end), textOffsets) { Origin = origin };
            case Sequence { length: >= 0 and var n, feature: var item }:
                return new(type, length, validity, nulls, default, default, Column(item, origin.Elements, Length((long)length * n), exact: false)) { Origin = origin };
            case Sequence { feature: var item }:
                var offsets = Offsets(length, large, out var last);
                return new(type, length, validity, nulls, default, offsets, Column(item, origin.Elements, last, exact: false)) { Origin = origin };
            default:
                return new(type, length, validity, nulls, default, default, [.. ((Features)type).Values.Select(c => Column(c, origin, length, exact: false))]) { Origin = origin };
        }
    }

    (ReadOnlyMemory<byte> Bits, int Nulls) Validity(int length, long claimed)
    {
        var bits = Buffer(0);
        if (claimed == 0) return (default, 0);
        if (bits.Length == 0 && claimed < 0) return (default, 0);
        if (claimed > length || bits.Length < Bits.Bytes(length)) throw new InvalidDataException($"a column of {length} rows has {claimed} nulls in {bits.Length} bytes");
        return (bits, Bits.CountClear(bits.Span, length));
    }

    ReadOnlyMemory<byte> Buffer(long least)
    {
        if (_buffer >= _buffers.Length) throw new InvalidDataException("a batch has fewer buffers than its columns need");
        var (offset, length) = _buffers[_buffer++];
        if (offset < 0 || length < 0 || offset > _body.Length - length) throw new InvalidDataException("a buffer lies outside of its batch");
        if (length < least) throw new InvalidDataException($"a buffer has {length} bytes instead of {least}");
        return _body.Slice((int)offset, (int)length);
    }

    ReadOnlyMemory<byte> Offsets(int length, bool wide, out int last)
    {
        var size = wide ? sizeof(long) : sizeof(int);
        var bytes = Buffer(length == 0 ? 0 : (length + 1L) * size);
        last = 0;
        if (length == 0) return new byte[sizeof(int)];
        var narrow = wide ? Narrowed(MemoryMarshal.Cast<byte, long>(bytes.Span)[..(length + 1)]) : bytes;
        var offsets = MemoryMarshal.Cast<byte, int>(narrow.Span)[..(length + 1)];
        var before = 0;
        foreach (var offset in offsets)
        {
            if (offset < before) throw new InvalidDataException("offsets go back");
            before = offset;
        }
        last = before;
        return narrow;
    }

    static byte[] Narrowed(ReadOnlySpan<long> wide)
    {
        var narrow = new byte[wide.Length * sizeof(int)];
        var offsets = MemoryMarshal.Cast<byte, int>(narrow.AsSpan());
        for (var i = 0; i < wide.Length; i++) offsets[i] = wide[i] is >= 0 and <= int.MaxValue ? (int)wide[i] : throw new InvalidDataException($"an offset is {wide[i]}");
        return narrow;
    }
}
