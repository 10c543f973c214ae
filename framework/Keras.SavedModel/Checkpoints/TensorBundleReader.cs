using Microsoft.Win32.SafeHandles;

namespace Keras.Checkpoints;

/// <summary>Reads tensors from TensorFlow's checkpoint format. The index is checked when opened, a tensor's bytes when read.</summary>
/// <remarks>Tensors may be read from many threads at once.</remarks>
sealed class TensorBundleReader : IDisposable
{
    const string Remedy = "The file is damaged or was not written by TensorFlow; write or download it again.";

    readonly string _prefix;
    readonly SafeFileHandle[] _shards;
    readonly Dictionary<string, BundleEntry> _entries;

    TensorBundleReader(string prefix, SafeFileHandle[] shards, Dictionary<string, BundleEntry> entries) =>
        (_prefix, _shards, _entries) = (prefix, shards, entries);

    /// <summary>The tensors in bytewise order of their names.</summary>
    public IReadOnlyCollection<BundleEntry> Entries => _entries.Values;

    /// <summary>Opens a bundle.</summary>
    /// <param name="prefix">The path before ".index" and ".data-00000-of-00001".</param>
    /// <exception cref="FileNotFoundException">The index or a data file is absent.</exception>
    /// <exception cref="FileFormatException">A file is damaged.</exception>
    /// <exception cref="UnsupportedException">The bundle is big-endian, compressed, of a newer format or holds a dtype that tensors here cannot have.</exception>
    public static TensorBundleReader Open(string prefix)
    {
        var index = TensorBundleIndex.Read(TensorBundle.IndexFile(prefix));
        var shards = new List<SafeFileHandle>();
        try
        {
            for (var i = 0; i < index.ShardCount; i++) shards.Add(File.OpenHandle(TensorBundle.DataFile(prefix, i, index.ShardCount)));
            var lengths = shards.ConvertAll(RandomAccess.GetLength);
            foreach (var entry in index.Entries.Values) index.CheckBounds(entry, lengths);
            return new(prefix, [.. shards], index.Entries);
        }
        catch
        {
            foreach (var shard in shards) shard.Dispose();
            throw;
        }
    }

    /// <summary>Looks up a tensor by its name.</summary>
    public bool TryGet(string name, out BundleEntry entry) => _entries.TryGetValue(name, out entry!);

    /// <summary>Copies a numeric tensor's elements into memory of exactly its size, and checks them.</summary>
    /// <exception cref="FileFormatException">The bytes are not those that were written.</exception>
    public unsafe void Read(BundleEntry entry, HostMemory destination)
    {
        if (!entry.DType.IsNumeric) throw new DTypeMismatchException("The tensor has no elements of a fixed size", Where(entry), "a numeric dtype", entry.DType.Name);
        RejectSlices(entry);
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, entry.Size);
        const int chunk = 1 << 20;
        uint checksum = 0;
        for (long done = 0; done < entry.Size; done += chunk)
        {
            var part = new Span<byte>(destination.Address + done, (int)Math.Min(chunk, entry.Size - done));
            ReadExactly(entry, part, entry.Offset + done);
            checksum = Crc32c.Extend(checksum, part);
        }
        GC.KeepAlive(destination);
        Verify(entry, checksum);
    }

    /// <summary>A numeric tensor's elements, row-major, little-endian, in memory of the caller's own.</summary>
    /// <exception cref="FileFormatException">The bytes are not those that were written.</exception>
    public AlignedMemory Read(BundleEntry entry)
    {
        var memory = new AlignedMemory(entry.Size);
        try
        {
            Read(entry, memory);
            return memory;
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    /// <summary>A string tensor's elements, row-major.</summary>
    /// <exception cref="FileFormatException">The bytes are not those that were written.</exception>
    public byte[][] ReadStrings(BundleEntry entry)
    {
        if (entry.DType != DType.String) throw new DTypeMismatchException("The tensor does not hold strings", Where(entry), "string", entry.DType.Name);
        RejectSlices(entry);
        if (entry.Size > Array.MaxLength)
            throw new UnsupportedException("A tensor of strings is too large to be held in memory", Where(entry),
                $"at most {Array.MaxLength} bytes", $"{entry.Size} bytes");
        var bytes = new byte[entry.Size];
        ReadExactly(entry, bytes, entry.Offset);
        var (values, checksum) = StringTensorFormat.Read(bytes, entry.Shape.ElementCount, Where(entry));
        Verify(entry, checksum);
        return values;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var shard in _shards) shard.Dispose();
    }

    void ReadExactly(BundleEntry entry, Span<byte> destination, long offset)
    {
        while (destination.Length > 0)
        {
            var read = RandomAccess.Read(_shards[entry.Shard], destination, offset);
            if (read == 0) throw new FileFormatException("The data file ends inside a tensor", Where(entry), null, null, Remedy);
            destination = destination[read..];
            offset += read;
        }
    }

    void Verify(BundleEntry entry, uint checksum)
    {
        if (Crc32c.Mask(checksum) != entry.Checksum)
            throw new FileFormatException("The checksum of a tensor is wrong", Where(entry), $"{entry.Checksum:x8}", $"{Crc32c.Mask(checksum):x8}", Remedy);
    }

    void RejectSlices(BundleEntry entry)
    {
        if (entry.IsSliced)
            throw new UnsupportedException("The tensor is stored in slices (a partitioned variable)", Where(entry), "a whole tensor", null,
                "Load the checkpoint with TensorFlow and save it without a partitioner.");
    }

    string Where(BundleEntry entry) => $"{TensorBundle.DataFile(_prefix, entry.Shard, _shards.Length)}, tensor '{entry.Name}' at byte {entry.Offset}";
}
