using System.Text;
using Google.Protobuf;
using Keras.Files;
using Keras.Graphs;
using Keras.SavedModelProtos;

namespace Keras.Checkpoints;

/// <summary>Writes tensors in TensorFlow's checkpoint format: one data file, filled as tensors are added, and its index.</summary>
sealed class TensorBundleWriter
{
    /// <summary>Numeric tensors start at multiples of this, so that a mapped file can be used in place.</summary>
    const int Alignment = 64;

    readonly SortedDictionary<byte[], BundleEntryProto> _entries = new(TensorBundle.Bytewise);
    readonly Stream _data;
    bool _finished;

    TensorBundleWriter(Stream data) => _data = data;

    /// <summary>Writes a bundle; a failure leaves existing files as they were. The index is put in place last.</summary>
    /// <param name="prefix">The path before ".index" and ".data-00000-of-00001"; missing folders are made, existing files are replaced.</param>
    /// <param name="add">Adds the tensors.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static void Write(string prefix, Action<TensorBundleWriter> add)
    {
        using var files = new AtomicFileSet();
        SortedDictionary<byte[], BundleEntryProto>? entries = null;
        files.Write(TensorBundle.DataFile(prefix, 0, 1), data =>
        {
            using var buffered = new BufferedStream(data, 1 << 16);
            var writer = new TensorBundleWriter(buffered);
            add(writer);
            writer._finished = true;
            entries = writer._entries;
        });
        files.Write(TensorBundle.IndexFile(prefix), index => WriteIndex(index, entries!, shards: 1));
        files.Commit();
    }

    /// <summary>Writes an index file.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="entries">The tensors by their names.</param>
    /// <param name="shards">The number of data files.</param>
    public static void WriteIndex(Stream stream, SortedDictionary<byte[], BundleEntryProto> entries, int shards)
    {
        var table = new TableWriter(stream);
        table.Add([], new BundleHeaderProto { NumShards = shards, Version = new VersionDef { Producer = TensorBundle.Version } }.ToByteArray());
        foreach (var (key, entry) in entries) table.Add(key, entry.ToByteArray());
        table.Finish();
    }

    /// <summary>Adds a numeric tensor.</summary>
    /// <param name="name">The key; unique.</param>
    /// <param name="dtype">A numeric or bool type.</param>
    /// <param name="shape">The fully known shape.</param>
    /// <param name="bytes">The elements, row-major and little-endian.</param>
    public void Add(string name, DType dtype, Shape shape, ReadOnlySpan<byte> bytes)
    {
        var entry = Begin(name, dtype, shape, bytes.Length);
        _data.Write(bytes);
        End(entry, Crc32c.Compute(bytes));
    }

    /// <summary>Adds a numeric tensor of any size.</summary>
    public unsafe void Add(string name, DType dtype, Shape shape, HostMemory memory)
    {
        Add(name, dtype, shape, memory.Address, memory.Length);
        GC.KeepAlive(memory);
    }

    /// <summary>Adds a numeric tensor of any size from memory that the caller keeps alive.</summary>
    /// <param name="name">The key, unique; for a part, the tensor's name.</param>
    /// <param name="dtype">A numeric or bool type.</param>
    /// <param name="shape">The fully known shape.</param>
    /// <param name="address">The elements, row-major and little-endian.</param>
    /// <param name="length">Their size in bytes.</param>
    /// <param name="part">Which part of its tensor this is; null for a whole tensor.</param>
    public unsafe void Add(string name, DType dtype, Shape shape, byte* address, long length, TensorPart? part = null)
    {
        const int chunk = 1 << 20;
        var entry = Begin(name, dtype, shape, length, part);
        uint checksum = 0;
        for (long done = 0; done < length; done += chunk)
        {
            var bytes = new ReadOnlySpan<byte>(address + done, (int)Math.Min(chunk, length - done));
            checksum = Crc32c.Extend(checksum, bytes);
            _data.Write(bytes);
        }
        End(entry, checksum);
    }

    /// <summary>Adds a tensor of byte strings in row-major order.</summary>
    public void AddStrings(string name, Shape shape, ReadOnlySpan<byte[]> values, TensorPart? part = null)
    {
        if (shape.ElementCount != values.Length)
            throw new ShapeMismatchException("A tensor of strings has another number of elements than its shape", name,
                shape.ToString(), $"{values.Length} strings");
        var entry = NewEntry(name, DType.String, shape, part);
        End(entry, StringTensorFormat.Write(_data, values));
    }

    BundleEntryProto Begin(string name, DType dtype, Shape shape, long byteCount, TensorPart? part = null)
    {
        if (!dtype.IsNumeric) throw new DTypeMismatchException("A checkpoint cannot hold this dtype as bytes", name, "a numeric dtype or bool", dtype.Name);
        if (!shape.IsFullyKnown || checked(shape.ElementCount * dtype.Size) != byteCount)
            throw new ShapeMismatchException("A tensor has another number of bytes than its shape and dtype", name, $"{shape} of {dtype}", $"{byteCount} bytes");
        while (_data.Position % Alignment != 0) _data.WriteByte(0);
        return NewEntry(name, dtype, shape, part);
    }

    BundleEntryProto NewEntry(string name, DType dtype, Shape shape, TensorPart? part)
    {
        ObjectDisposedException.ThrowIf(_finished, this);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var entry = new BundleEntryProto { Dtype = ShapeProtos.ToProto(dtype), Shape = ShapeProtos.ToProto(shape), Offset = _data.Position };
        // As in TensorFlow, a part that is the whole tensor is stored as the tensor.
        var key = part is null || shape == part.Whole ? Encoding.UTF8.GetBytes(name) : Announce(name, dtype, shape, part);
        if (!_entries.TryAdd(key, entry))
            throw new ArgumentException($"The checkpoint holds a tensor named '{name}' already.", nameof(name));
        return entry;
    }

    /// <summary>Adds a part to its tensor's entry; returns the key of the part's own entry.</summary>
    byte[] Announce(string name, DType dtype, Shape shape, TensorPart part)
    {
        if (part.Slice.Within(part.Whole)?.Shape != shape)
            throw new ShapeMismatchException("A part of a tensor has another shape than its slice", name, $"{part.Slice} of {part.Whole}", shape.ToString());
        var whole = new BundleEntryProto { Dtype = ShapeProtos.ToProto(dtype), Shape = ShapeProtos.ToProto(part.Whole) };
        var key = Encoding.UTF8.GetBytes(name);
        if (!_entries.TryGetValue(key, out var known)) _entries.Add(key, known = whole);
        else if (known.Slices.Count == 0 || known.Dtype != whole.Dtype || !known.Shape.Equals(whole.Shape))
            throw new ArgumentException($"The checkpoint holds a tensor named '{name}' already, and this is no part of it.", nameof(name));
        known.Slices.Add(part.Slice.ToProto());
        return part.Slice.KeyOf(name);
    }

    void End(BundleEntryProto entry, uint checksum)
    {
        entry.Size = _data.Position - entry.Offset;
        entry.Crc32C = Crc32c.Mask(checksum);
    }
}

/// <summary>A part of a tensor to write: the tensor's shape and the slice of it.</summary>
sealed record TensorPart(Shape Whole, TensorSlice Slice);
