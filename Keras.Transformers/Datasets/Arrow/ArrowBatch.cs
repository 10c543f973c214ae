using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Keras.Transformers;

/// <summary>Makes the columns of a record batch as views of the mapped body, after checking every length, range and offset.</summary>
sealed class ArrowBatch
{
    const int ViewSize = 16, ShortView = 12;

    readonly ReadOnlyMemory<byte> _body;
    readonly ImmutableDictionary<long, ArrowDictionary> _dictionaries;
    readonly (long Length, long Nulls)[] _nodes;
    readonly (long Offset, long Length)[] _buffers;
    readonly long[] _viewBuffers;
    int _node, _buffer, _view;

    ArrowBatch(FlatTable batch, ReadOnlyMemory<byte> body, ImmutableDictionary<long, ArrowDictionary> dictionaries)
    {
        (_body, _dictionaries) = (body, dictionaries);
        _nodes = Pairs(batch, 1);
        _buffers = Pairs(batch, 2);
        _viewBuffers = new long[batch.Count(4, sizeof(long), out var first)];
        for (var i = 0; i < _viewBuffers.Length; i++) _viewBuffers[i] = batch.LongAt(first + (sizeof(long) * i));
    }

    /// <summary>Reads the columns of a batch.</summary>
    /// <param name="batch">The batch's description.</param>
    /// <param name="body">The batch's buffers.</param>
    /// <param name="fields">The columns with their origins.</param>
    /// <param name="dictionaries">The dictionaries that the batch may refer to.</param>
    /// <exception cref="InvalidDataException">The batch contradicts itself.</exception>
    public static ColumnData[] Read(FlatTable batch, ReadOnlyMemory<byte> body, IEnumerable<(ArrowField Field, ColumnOrigin Origin)> fields, ImmutableDictionary<long, ArrowDictionary> dictionaries)
    {
        var reader = new ArrowBatch(batch, body, dictionaries);
        var rows = Length(batch.Long(0));
        return [.. fields.Select(f => reader.Column(f.Field, f.Origin, rows, exact: true))];
    }

    static (long, long)[] Pairs(FlatTable batch, int slot)
    {
        var pairs = new (long, long)[batch.Count(slot, 16, out var first)];
        for (var i = 0; i < pairs.Length; i++) pairs[i] = (batch.LongAt(first + (16 * i)), batch.LongAt(first + (16 * i) + 8));
        return pairs;
    }

    public static int Length(long length) => length is >= 0 and < int.MaxValue ? (int)length : throw new InvalidDataException($"a column has {length} rows");

    ColumnData Column(ArrowField field, ColumnOrigin origin, int rows, bool exact)
    {
        if (_node >= _nodes.Length) throw new InvalidDataException("a batch has fewer columns than the schema");
        var (given, claimed) = _nodes[_node++];
        var length = Length(given);
        if (exact ? length != rows : length < rows) throw new InvalidDataException($"column \"{origin.Column}\" has {length} rows instead of {rows}");
        var type = field.Type;
        if (field.Dictionary is null && type is Value { Element.Kind: ElementKind.Null }) return new(type, length, default, length, default) { Origin = origin };
        var (validity, nulls) = Validity(length, claimed);
        if (field.Dictionary is { Index: var index }) return ArrowDictionary.Decoded(new(new Value(index), length, validity, nulls, Buffer((long)length * index.Width)), field, _dictionaries, origin);
        switch (type)
        {
            case Value { Element: var element }:
                if (!element.HasBytes) return new(type, length, validity, nulls, Buffer(element.Width == 0 ? Bits.Bytes(length) : (long)length * element.Width)) { Origin = origin };
                if (field.IsView) return Views(type, origin, length, validity, nulls);
                var textOffsets = Offsets(length, element.IsLarge, out var end);
                return new(type, length, validity, nulls, Buffer(end), textOffsets) { Origin = origin };
            case Sequence { length: >= 0 and var n }:
                return new(type, length, validity, nulls, default, default, Column(field.Children[0], origin.Elements, Length((long)length * n), exact: false)) { Origin = origin };
            case Sequence:
                var offsets = Offsets(length, field.IsLarge, out var last);
                return new(type, length, validity, nulls, default, offsets, Column(field.Children[0], origin.Elements, last, exact: false)) { Origin = origin };
            default:
                return new(type, length, validity, nulls, default, default, [.. field.Children.Select(c => Column(c, origin, length, exact: false))]) { Origin = origin };
        }
    }

    /// <summary>Copies texts stored as views into one buffer.</summary>
    ColumnData Views(Feature type, ColumnOrigin origin, int length, ReadOnlyMemory<byte> validity, int nulls)
    {
        var views = Buffer((long)length * ViewSize);
        if (_view >= _viewBuffers.Length || _viewBuffers[_view] < 0 || _viewBuffers[_view] > _buffers.Length - _buffer) throw new InvalidDataException($"column \"{origin.Column}\" does not say in how many buffers its texts lie");
        var buffers = new ReadOnlyMemory<byte>[_viewBuffers[_view++]];
        for (var i = 0; i < buffers.Length; i++) buffers[i] = Buffer(0);
        var builder = new ColumnBuilder(type, origin.Column);
        for (var row = 0; row < length; row++)
        {
            if (nulls > 0 && !Bits.Get(validity.Span, row))
            {
                builder.AppendNull();
                continue;
            }
            var view = views.Span.Slice(row * ViewSize, ViewSize);
            var size = BinaryPrimitives.ReadInt32LittleEndian(view);
            if (size is >= 0 and <= ShortView)
            {
                builder.AppendBytes(view.Slice(sizeof(int), size));
                continue;
            }
            var (buffer, offset) = (BinaryPrimitives.ReadInt32LittleEndian(view[8..]), BinaryPrimitives.ReadInt32LittleEndian(view[12..]));
            if (size < 0 || (uint)buffer >= (uint)buffers.Length || offset < 0 || offset > buffers[buffer].Length - size) throw new InvalidDataException($"a text of column \"{origin.Column}\" lies outside of its buffer");
            builder.AppendBytes(buffers[buffer].Span.Slice(offset, size));
        }
        return builder.Build().Of(origin);
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
