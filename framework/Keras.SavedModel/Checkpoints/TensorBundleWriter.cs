using System.Text;
using Google.Protobuf;
using Keras.Graphs;
using Keras.SavedModelProtos;

namespace Keras.Checkpoints;

/// <summary>Writes tensors as TensorFlow's checkpoint format: one data file, filled as tensors come, and an index written by <see cref="Finish"/>.</summary>
/// <remarks>Without <see cref="Finish"/> nothing is left behind. The two files are not replaced atomically; callers write into a new folder.</remarks>
sealed class TensorBundleWriter : IDisposable
{
    /// <summary>Numeric tensors start at multiples of this, so that a mapped file can be used in place.</summary>
    const int Alignment = 64;

    static readonly Comparer<byte[]> Bytewise = Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b));

    readonly SortedDictionary<byte[], BundleEntryProto> _entries = new(Bytewise);
    readonly string _prefix;
    readonly FileStream _data;
    bool _finished;

    /// <summary>Starts a bundle.</summary>
    /// <param name="prefix">The path before ".index" and ".data-00000-of-00001"; its folder exists, files of that name are replaced.</param>
    public TensorBundleWriter(string prefix)
    {
        _prefix = prefix;
        _data = new FileStream(TensorBundle.DataFile(prefix, 0, 1), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);
    }

    /// <summary>Adds a numeric tensor.</summary>
    /// <param name="name">The key; each once.</param>
    /// <param name="dtype">A numeric or bool type.</param>
    /// <param name="shape">The fully known shape.</param>
    /// <param name="bytes">Its elements, row-major, little-endian.</param>
    public void Add(string name, DType dtype, Shape shape, ReadOnlySpan<byte> bytes)
    {
        var entry = Begin(name, dtype, shape, bytes.Length);
        _data.Write(bytes);
        End(entry, Crc32c.Compute(bytes));
    }

    /// <summary>Adds a numeric tensor of any size.</summary>
    public unsafe void Add(string name, DType dtype, Shape shape, HostMemory memory)
    {
        const int chunk = 1 << 20;
        var entry = Begin(name, dtype, shape, memory.Length);
        uint checksum = 0;
        for (long done = 0; done < memory.Length; done += chunk)
        {
            var part = new ReadOnlySpan<byte>(memory.Address + done, (int)Math.Min(chunk, memory.Length - done));
            checksum = Crc32c.Extend(checksum, part);
            _data.Write(part);
        }
        GC.KeepAlive(memory);
        End(entry, checksum);
    }

    /// <summary>Adds a tensor of byte strings, row-major.</summary>
    public void AddStrings(string name, Shape shape, ReadOnlySpan<byte[]> values)
    {
        if (shape.ElementCount != values.Length)
            throw new ShapeMismatchException("A tensor of strings has another number of elements than its shape", name,
                shape.ToString(), $"{values.Length} strings");
        var entry = NewEntry(name, DType.String, shape);
        End(entry, StringTensorFormat.Write(_data, values));
    }

    /// <summary>Writes the index; the bundle is complete then.</summary>
    public void Finish()
    {
        _data.Flush(flushToDisk: true);
        using var index = new FileStream(TensorBundle.IndexFile(_prefix), FileMode.Create, FileAccess.Write, FileShare.None);
        var table = new TableWriter(index);
        table.Add([], new BundleHeaderProto { NumShards = 1, Version = new VersionDef { Producer = TensorBundle.Version } }.ToByteArray());
        foreach (var (key, entry) in _entries) table.Add(key, entry.ToByteArray());
        table.Finish();
        index.Flush(flushToDisk: true);
        _finished = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _data.Dispose();
        if (!_finished) File.Delete(_data.Name);
    }

    BundleEntryProto Begin(string name, DType dtype, Shape shape, long byteCount)
    {
        if (!dtype.IsNumeric) throw new DTypeMismatchException("A checkpoint cannot hold this dtype as bytes", name, "a numeric dtype or bool", dtype.Name);
        if (!shape.IsFullyKnown || checked(shape.ElementCount * dtype.Size) != byteCount)
            throw new ShapeMismatchException("A tensor has another number of bytes than its shape and dtype", name, $"{shape} of {dtype}", $"{byteCount} bytes");
        while (_data.Position % Alignment != 0) _data.WriteByte(0);
        return NewEntry(name, dtype, shape);
    }

    BundleEntryProto NewEntry(string name, DType dtype, Shape shape)
    {
        ObjectDisposedException.ThrowIf(_finished, this);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var entry = new BundleEntryProto { Dtype = ShapeProtos.ToProto(dtype), Shape = ShapeProtos.ToProto(shape), Offset = _data.Position };
        if (!_entries.TryAdd(Encoding.UTF8.GetBytes(name), entry))
            throw new ArgumentException($"The checkpoint holds a tensor named '{name}' already.", nameof(name));
        return entry;
    }

    void End(BundleEntryProto entry, uint checksum)
    {
        entry.Size = _data.Position - entry.Offset;
        entry.Crc32C = Crc32c.Mask(checksum);
    }
}
