using System.Text;

namespace Keras.Saving;

/// <summary>Writes HDF5 files in h5py's default layout, which every reader supports: old groups, contiguous datasets, texts in heaps.</summary>
/// <remarks>The structure comes first and the arrays after it, so that each is fetched, written and freed in turn. Source: the HDF5 File Format
/// Specification, version 3.0 (superblock 0, object headers of version 1).</remarks>
sealed class H5Writer
{
    const int SuperblockLength = 96, EntryLength = 40, EntriesPerTable = 8, ChildrenPerNode = 32;
    const int TableLength = 8 + (EntriesPerTable * EntryLength), NodeLength = 24 + (16 * ChildrenPerNode) + 8;
    const int HeapHead = 32, SmallestTexts = 4096, MostTexts = 60_000;

    readonly H5Buffer _buffer = new();
    readonly List<(SafetensorsTensor Tensor, int AddressField)> _arrays = [];
    readonly List<(byte[] Text, Action<long, int> Place)> _texts = [];

    /// <summary>Replaces a file as a whole; if anything fails, the old one stays.</summary>
    /// <exception cref="UnsupportedException">A name is too long, or HDF5 has no such element type.</exception>
    /// <exception cref="IOException">The disk is full or cannot be written.</exception>
    public static void Write(string path, H5Tree root)
    {
        using var set = new Files.AtomicFileSet();
        Add(set, path, root);
        set.Commit();
    }

    /// <summary>Writes one file of a set that is replaced together.</summary>
    public static void Add(Files.AtomicFileSet set, string path, H5Tree root)
    {
        var writer = new H5Writer();
        var length = writer.Lay(root);
        set.Write(path, writer.WriteTo, length);
    }

    /// <summary>Writes to a stream that need not seek.</summary>
    public static void Write(Stream stream, H5Tree root)
    {
        var writer = new H5Writer();
        writer.Lay(root);
        writer.WriteTo(stream);
    }

    /// <summary>Builds the whole structure and assigns every array its position.</summary>
    /// <returns>The file's length.</returns>
    long Lay(H5Tree root)
    {
        _buffer.Allocate(SuperblockLength);
        var (header, node, heap) = Group(root);
        Texts();
        var end = (long)_buffer.Length;
        foreach (var (tensor, field) in _arrays)
        {
            Set(field, tensor.Length == 0 ? H5Bytes.Undefined : end);
            end += (tensor.Length + 7) & ~7L;
        }
        var superblock = new H5Part().Bytes(0x89).Text("HDF\r\n", 5).Bytes(0x1A, (byte)'\n').Zeros(5).Bytes(8, 8, 0)
            .UInt16(EntriesPerTable / 2).UInt16(ChildrenPerNode / 2).UInt32(0).Int64(0).Int64(H5Bytes.Undefined).Int64(end).Int64(H5Bytes.Undefined)
            .Int64(0).Int64(header).UInt32(1).UInt32(0).Int64(node).Int64(heap);
        superblock.ToArray().CopyTo(_buffer.At(0, SuperblockLength));
        return end;
    }

    void WriteTo(Stream stream)
    {
        stream.Write(_buffer.Written);
        Span<byte> zeros = stackalloc byte[8];
        zeros.Clear();
        foreach (var (tensor, _) in _arrays)
        {
            tensor.WriteTo(stream);
            stream.Write(zeros[..(int)(-tensor.Length & 7)]);
        }
    }

    (int Header, int Node, int Heap) Group(H5Tree group)
    {
        var children = group.Children.Select(c => (c.Key, Child: Object(c.Value))).ToList();
        var (heap, offsets) = Heap(children.Select(c => c.Key));
        var tables = children.Zip(offsets, (c, o) => (Offset: o, c.Child)).Chunk(EntriesPerTable).Select(c => (Address: Table(c), LastName: c[^1].Offset)).ToList();
        var node = Node(tables, level: 0);
        var header = Header([Message(0x11, new H5Part().Int64(node).Int64(heap).ToArray()), .. Attributes(group)]);
        return (header, node, heap);
    }

    (int Header, int Node, int Heap) Object(H5Tree tree) => tree.Tensor is { } tensor ? (Dataset(tree, tensor), 0, 0) : Group(tree);

    int Dataset(H5Tree tree, SafetensorsTensor tensor)
    {
        var layout = new H5Part().Bytes(3, 1).Int64(0).Int64(tensor.Length).ToArray();
        byte[][] messages =
        [
            Message(H5Message.Dataspace, Dataspace(tensor.Shape.ToArray())),
            Message(H5Message.Datatype, H5TypeWriter.Of(tensor.DType, tensor.Name)),
            // No fill value is defined; space is allocated when data is written.
            Message(0x05, [2, 2, 2, 0]),
            Message(H5Message.Layout, layout),
            .. Attributes(tree),
        ];
        var header = Header(messages);
        _arrays.Add((tensor, header + 16 + messages[..3].Sum(m => m.Length) + 8 + 2));
        return header;
    }

    static byte[] Dataspace(params ReadOnlySpan<long> dims)
    {
        var part = new H5Part().Bytes(1, (byte)dims.Length, 0, 0, 0, 0, 0, 0);
        foreach (var dim in dims) part.Int64(dim);
        return part.ToArray();
    }

    static byte[] Message(int kind, byte[] content)
    {
        var length = (content.Length + 7) & ~7;
        if (length > ushort.MaxValue) throw new UnsupportedException("A part of an HDF5 file is too long", expected: $"up to {ushort.MaxValue} bytes", received: $"{length}", remedy: "Use fewer or shorter names.");
        return new H5Part().UInt16(kind).UInt16(length).Zeros(4).Bytes(content).Align().ToArray();
    }

    int Header(byte[][] messages)
    {
        var part = new H5Part().Bytes(1, 0).UInt16(messages.Length).UInt32(1).UInt32(messages.Sum(m => (long)m.Length)).Zeros(4);
        foreach (var message in messages) part.Bytes(message);
        var at = _buffer.Append(part.ToArray());
        var start = at + 16;
        foreach (var message in messages)
        {
            if (_pending.Remove(message, out var place)) place(start + 8);
            start += message.Length;
        }
        return at;
    }

    /// <summary>Attributes whose texts go into a heap written later; each action is given the position of the attribute's elements.</summary>
    readonly Dictionary<byte[], Action<int>> _pending = new(ReferenceEqualityComparer.Instance);

    IEnumerable<byte[]> Attributes(H5Tree tree)
    {
        foreach (var attribute in tree.Attributes)
        {
            var type = H5TypeWriter.Text(attribute.Width, attribute.Utf8);
            var space = attribute.IsScalar ? Dataspace() : Dataspace(attribute.Values.Count);
            var name = Encoding.UTF8.GetByteCount(attribute.Name) + 1;
            var part = new H5Part().Bytes(1, 0).UInt16(name).UInt16(type.Length).UInt16(space.Length)
                .Text(attribute.Name, name).Align().Bytes(type).Align().Bytes(space).Align();
            var start = part.Length;
            if (attribute.Width > 0)
                foreach (var value in attribute.Values) part.Text(value, attribute.Width);
            else part.Zeros(attribute.Values.Count * H5TypeWriter.PointerSize);
            var message = Message(H5Message.Attribute, part.ToArray());
            if (attribute.Width == 0) _pending.Add(message, at => Queue(attribute.Values, at + start));
            yield return message;
        }
    }

    void Queue(IReadOnlyList<string> values, int at)
    {
        foreach (var (value, i) in values.Select((v, i) => (Encoding.UTF8.GetBytes(v), i)))
        {
            if (value.Length == 0) continue;
            var field = at + (i * H5TypeWriter.PointerSize);
            _texts.Add((value, (heap, index) => new H5Part().UInt32(value.Length).Int64(heap).UInt32(index).ToArray().CopyTo(_buffer.At(field, H5TypeWriter.PointerSize))));
        }
    }

    /// <summary>Writes all texts of the file into as few heaps as possible.</summary>
    void Texts()
    {
        foreach (var texts in _texts.Chunk(MostTexts))
        {
            var part = new H5Part();
            foreach (var ((text, _), i) in texts.Select((t, i) => (t, i))) part.UInt16(i + 1).UInt16(1).UInt32(0).Int64(text.Length).Bytes(text).Align();
            var free = Math.Max(16, SmallestTexts - 16 - part.Length);
            part.Zeros(8).Int64(free).Zeros(free - 16);
            var head = new H5Part().Text("GCOL", 4).Bytes(1, 0, 0, 0).Int64(16 + part.Length).Bytes(part.ToArray());
            var at = _buffer.Append(head.ToArray());
            for (var i = 0; i < texts.Length; i++) texts[i].Place(at, i + 1);
        }
    }

    (int Address, List<int> Offsets) Heap(IEnumerable<string> names)
    {
        // An empty name comes first, since it sorts before all others.
        var content = new H5Part().Zeros(8);
        var offsets = new List<int>();
        foreach (var name in names)
        {
            offsets.Add(content.Length);
            content.Text(name, Encoding.UTF8.GetByteCount(name) + 1).Align();
        }
        var at = _buffer.Allocate(HeapHead + content.Length);
        // 1 means "no free block".
        new H5Part().Text("HEAP", 4).Zeros(4).Int64(content.Length).Int64(1).Int64(at + HeapHead).Bytes(content.ToArray()).ToArray().CopyTo(_buffer.At(at, HeapHead + content.Length));
        return (at, offsets);
    }

    int Table((int Offset, (int Header, int Node, int Heap) Child)[] entries)
    {
        var part = new H5Part().Text("SNOD", 4).Bytes(1, 0).UInt16(entries.Length);
        foreach (var (offset, (header, node, heap)) in entries)
        {
            part.Int64(offset).Int64(header).UInt32(node > 0 ? 1 : 0).UInt32(0);
            if (node > 0) part.Int64(node).Int64(heap);
            else part.Zeros(16);
        }
        return _buffer.Append(part.Zeros(TableLength - part.Length).ToArray());
    }

    /// <summary>Writes a tree over tables of names, with as many levels as needed.</summary>
    int Node(List<(int Address, int LastName)> children, int level)
    {
        if (children.Count > ChildrenPerNode)
        {
            var groups = children.Chunk(ChildrenPerNode).ToList();
            var addresses = groups.ConvertAll(_ => _buffer.Allocate(NodeLength));
            var firstName = 0;
            for (var i = 0; i < groups.Count; i++)
            {
                Fill(addresses[i], groups[i], level, firstName, i > 0 ? addresses[i - 1] : H5Bytes.Undefined, i + 1 < groups.Count ? addresses[i + 1] : H5Bytes.Undefined);
                firstName = groups[i][^1].LastName;
            }
            return Node([.. groups.Zip(addresses, (g, a) => (a, g[^1].LastName))], level + 1);
        }
        var at = _buffer.Allocate(NodeLength);
        Fill(at, children, level, firstName: 0, H5Bytes.Undefined, H5Bytes.Undefined);
        return at;
    }

    void Fill(int at, IReadOnlyList<(int Address, int LastName)> children, int level, int firstName, long left, long right)
    {
        var part = new H5Part().Text("TREE", 4).Bytes(0, (byte)level).UInt16(children.Count).Int64(left).Int64(right).Int64(firstName);
        foreach (var (address, lastName) in children) part.Int64(address).Int64(lastName);
        part.ToArray().CopyTo(_buffer.At(at, part.Length));
    }

    void Set(int field, long value) => new H5Part().Int64(value).ToArray().CopyTo(_buffer.At(field, 8));
}
