using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using static Keras.Transformers.FlatWriter;

namespace Keras.Transformers;

/// <summary>Writes rows as an Arrow stream, with the metadata from which <c>datasets</c> reads the features.</summary>
/// <remarks>The format: https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc.</remarks>
sealed class ArrowStreamWriter
{
    const short Version5 = 4;
    const byte SchemaMessage = 1, BatchMessage = 3;
    static readonly byte[] Zeros = new byte[8];
    static readonly string[] Units = ["s", "ms", "us", "ns"];

    readonly Stream _stream;
    readonly Features _stored;

    /// <summary>Begins a stream.</summary>
    public ArrowStreamWriter(Stream stream, Features features)
    {
        (_stream, _stored) = (stream, (Features)features.Storage);
        var info = new JsonObject { ["info"] = new JsonObject { ["features"] = features.ToJson() } };
        var flat = new FlatWriter();
        var header = flat.Root(new(0, 2, Version5), new(1, 1, SchemaMessage), new(2, 4), new(3, 8))[2];
        var schema = flat.Table(header, new(0, 2), new(1, 4), new(2, 4));
        var fields = flat.Pointers(schema[1], features.Count);
        for (var i = 0; i < fields.Length; i++) WriteField(flat, fields[i], _stored.NameAt(i), _stored.At(i));
        var pair = flat.Table(flat.Pointers(schema[2], 1)[0], new(0, 4), new(1, 4));
        flat.Text(pair[0], "huggingface");
        flat.Text(pair[1], info.ToJsonString());
        WriteMessage(flat.Written.Span);
    }

    /// <summary>Writes rows.</summary>
    public void Write(ColumnData[] columns, int rows)
    {
        var (nodes, places, buffers) = (new List<(long, long)>(), new List<(long, long)>(), new List<ReadOnlyMemory<byte>>());
        long length = 0;
        void Add(ReadOnlyMemory<byte> buffer)
        {
            places.Add((length, buffer.Length));
            buffers.Add(buffer);
            length += Padded(buffer.Length);
        }
        foreach (var column in columns) Collect(column, nodes, Add);

        var flat = new FlatWriter();
        var header = flat.Root(new(0, 2, Version5), new(1, 1, BatchMessage), new(2, 4), new(3, 8, length))[2];
        var batch = flat.Table(header, new(0, 8, rows), new(1, 4), new(2, 4));
        flat.Pairs(batch[1], nodes);
        flat.Pairs(batch[2], places);
        WriteMessage(flat.Written.Span);
        foreach (var buffer in buffers)
        {
            _stream.Write(buffer.Span);
            _stream.Write(Zeros.AsSpan(0, (int)(Padded(buffer.Length) - buffer.Length)));
        }
        GC.KeepAlive(columns);
    }

    /// <summary>Ends the stream.</summary>
    public void Finish()
    {
        _stream.Write([0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]);
        _stream.Flush();
    }

    static void Collect(ColumnData column, List<(long, long)> nodes, Action<ReadOnlyMemory<byte>> add)
    {
        nodes.Add((column.Length, column.Nulls));
        if (column.Element?.Kind == ElementKind.Null) return;
        add(column.Nulls == 0 ? default : column.Validity[..Bits.Bytes(column.Length)]);
        if (column.Element is { } element)
        {
            if (element.HasBytes) add(element.IsLarge ? Widened(column.OffsetSpan) : column.Offsets[..(4 * (column.Length + 1))]);
            add(element.HasBytes ? column.Values : column.Values[..(element.Width == 0 ? Bits.Bytes(column.Length) : checked(column.Length * element.Width))]);
        }
        else if (column.Type is Sequence { length: < 0 }) add(column.Offsets[..(4 * (column.Length + 1))]);
        foreach (var child in column.Children) Collect(child, nodes, add);
    }

    static byte[] Widened(ReadOnlySpan<int> offsets)
    {
        var wide = new long[offsets.Length];
        for (var i = 0; i < wide.Length; i++) wide[i] = offsets[i];
        return MemoryMarshal.AsBytes(wide.AsSpan()).ToArray();
    }

    void WriteMessage(ReadOnlySpan<byte> flat)
    {
        var padded = (int)Padded(flat.Length);
        Span<byte> prefix = stackalloc byte[8];
        prefix[..4].Fill(0xFF);
        MemoryMarshal.Write(prefix[4..], in padded);
        _stream.Write(prefix);
        _stream.Write(flat);
        _stream.Write(Zeros.AsSpan(0, padded - flat.Length));
    }

    static long Padded(long length) => (length + 7) / 8 * 8;

    static void WriteField(FlatWriter flat, int pointer, string name, Feature feature)
    {
        var (kind, members) = TypeOf(feature);
        var field = flat.Table(pointer, new(0, 4), new(1, 1, 1), new(2, 1, kind), new(3, 4), new(5, 4));
        flat.Text(field[0], name);
        var type = flat.Table(field[3], members);
        if (feature is Value { Element.Zone: { } zone }) flat.Text(type[1], zone);
        (string Name, Feature Feature)[] children = feature switch
        {
            Sequence list => [("item", list.feature)],
            Features record => [.. record.Select(c => (c.Key, c.Value))],
            _ => [],
        };
        var places = flat.Pointers(field[4], children.Length);
        for (var i = 0; i < places.Length; i++) WriteField(flat, places[i], children[i].Name, children[i].Feature);
    }

    static (byte Kind, Member[] Members) TypeOf(Feature feature)
    {
        if (feature is Sequence list) return list.length < 0 ? (ArrowSchema.List, []) : (ArrowSchema.FixedSizeList, [new(0, 4, list.length)]);
        if (feature is not Value { Element: var element }) return (ArrowSchema.Struct, []);
        var unit = Math.Max(Array.IndexOf(Units, element.Unit), 0);
        return element.Kind switch
        {
            ElementKind.Null => (ArrowSchema.Null, []),
            ElementKind.Bool => (ArrowSchema.Bool, []),
            ElementKind.Int => (ArrowSchema.Int, [new(0, 4, 8 * element.Width), new(1, 1, 1)]),
            ElementKind.UInt => (ArrowSchema.Int, [new(0, 4, 8 * element.Width), new(1, 1, 0)]),
            ElementKind.Float => (ArrowSchema.Float, [new(0, 2, element.Width switch { 2 => 0, 4 => 1, _ => 2 })]),
            ElementKind.Text => (element.IsLarge ? ArrowSchema.LargeUtf8 : ArrowSchema.Utf8, []),
            ElementKind.Bytes => (element.IsLarge ? ArrowSchema.LargeBinary : ArrowSchema.Binary, []),
            ElementKind.Date => (ArrowSchema.Date, [new(0, 2, element.Width == 4 ? 0 : 1)]),
            ElementKind.Time => (ArrowSchema.Time, [new(0, 2, unit), new(1, 4, 8 * element.Width)]),
            ElementKind.Decimal => (ArrowSchema.Decimal, [new(0, 4, element.Digits.Precision), new(1, 4, element.Digits.Scale), new(2, 4, 128)]),
            ElementKind.Duration => (ArrowSchema.Duration, [new(0, 2, unit)]),
            _ => (ArrowSchema.Timestamp, element.Zone is null ? [new(0, 2, unit)] : [new(0, 2, unit), new(1, 4)]),
        };
    }
}
