using Microsoft.Win32.SafeHandles;

namespace Keras.Checkpoints;

/// <summary>Reads tensors from TensorFlow's checkpoint format. The index is checked when opened, a tensor's bytes when read.</summary>
/// <remarks>Tensors may be read from many threads at once.</remarks>
sealed class TensorBundleReader : IDisposable
{
    const string Remedy = "The file is damaged or was not written by TensorFlow; write or download it again.";

    readonly string _prefix;
    readonly SafeFileHandle[] _shards;
    readonly TensorBundleIndex _index;

    TensorBundleReader(string prefix, SafeFileHandle[] shards, TensorBundleIndex index) => (_prefix, _shards, _index) = (prefix, shards, index);

    /// <summary>The tensors in bytewise order of their names.</summary>
    public IReadOnlyCollection<BundleEntry> Entries => _index.Entries.Values;

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
            foreach (var entry in index.Entries.Values.Concat(index.Slices.Values)) index.CheckBounds(entry, lengths);
            return new(prefix, [.. shards], index);
        }
        catch
        {
            foreach (var shard in shards) shard.Dispose();
            throw;
        }
    }

    /// <summary>Looks up a tensor by its name.</summary>
    public bool TryGet(string name, out BundleEntry entry) => _index.Entries.TryGetValue(name, out entry!);

    /// <summary>Copies elements of a numeric tensor into memory of exactly their size, and checks them.</summary>
    /// <param name="entry">The tensor.</param>
    /// <param name="destination">The memory.</param>
    /// <param name="part">Which elements; null for all.</param>
    /// <exception cref="FileFormatException">The bytes are damaged, or slices are missing.</exception>
    public void Read(BundleEntry entry, HostMemory destination, TensorBox? part = null)
    {
        if (!entry.DType.IsNumeric) throw new DTypeMismatchException("The tensor has no elements of a fixed size", Where(entry), "a numeric dtype", entry.DType.Name);
        part ??= TensorBox.All(entry.Shape);
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, part.Shape.ElementCount * entry.DType.Size);
        foreach (var (box, piece) in Pieces(entry, part))
        {
            if (box.Is(part)) ReadWhole(piece, destination);
            else ReadPart(piece, box, destination, part);
        }
    }

    /// <summary>Reads a numeric tensor's elements, row-major and little-endian, into memory that the caller owns.</summary>
    /// <exception cref="FileFormatException">The bytes are damaged, or slices are missing.</exception>
    public AlignedMemory Read(BundleEntry entry) => Read(entry, TensorBox.All(entry.Shape), length => new AlignedMemory(length));

    /// <summary>Reads elements of a numeric tensor into memory that is allocated only when the files are known to hold them.</summary>
    /// <exception cref="FileFormatException">The bytes are damaged, or slices are missing.</exception>
    public TMemory Read<TMemory>(BundleEntry entry, TensorBox part, Func<long, TMemory> allocate) where TMemory : HostMemory
    {
        Pieces(entry, part);
        var memory = allocate(part.Shape.ElementCount * entry.DType.Size);
        try
        {
            Read(entry, memory, part);
            return memory;
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    /// <summary>Reads elements of a string tensor in row-major order.</summary>
    /// <exception cref="FileFormatException">The bytes are damaged, or slices are missing.</exception>
    public byte[][] ReadStrings(BundleEntry entry, TensorBox? part = null)
    {
        if (entry.DType != DType.String) throw new DTypeMismatchException("The tensor does not hold strings", Where(entry), "string", entry.DType.Name);
        part ??= TensorBox.All(entry.Shape);
        var pieces = Pieces(entry, part);
        if (pieces is [var (only, whole)] && only.Is(part)) return ReadWholeStrings(whole);
        // The slices cover the part, and none claims more strings than it has bytes.
        if (part.Shape.ElementCount > Array.MaxLength)
            throw new UnsupportedException("A tensor of strings is too large to be held in memory", Where(entry), $"at most {Array.MaxLength} strings", $"{part.Shape.ElementCount}", "Restore it in parts.");
        var strings = new byte[part.Shape.ElementCount][];
        foreach (var (box, piece) in pieces)
        {
            var values = ReadWholeStrings(piece);
            box.CopyTo(part, (from, to, count) => Array.Copy(values, from, strings, to, count));
        }
        return strings;
    }

    /// <summary>The entries that hold elements of a part; each element must be stored exactly once.</summary>
    List<(TensorBox Box, BundleEntry Entry)> Pieces(BundleEntry entry, TensorBox part)
    {
        var pieces = _index.PiecesOf(entry).Where(p => !entry.IsSliced || p.Box.Overlap(part) is not null).ToList();
        if (!entry.IsSliced) return pieces;
        var covered = (Int128)0;
        for (var i = 0; i < pieces.Count; i++)
        {
            covered += pieces[i].Box.Overlap(part)!.Shape.ElementCount;
            for (var k = 0; k < i; k++)
                if (pieces[k].Box.Overlap(pieces[i].Box) is not null) throw new FileFormatException("Two slices of a tensor hold the same elements", Where(entry), remedy: Remedy);
        }
        return covered == part.Shape.ElementCount ? pieces
            : throw new FileFormatException("Some slices of a tensor are not in the checkpoint", Where(entry), $"{part.Shape.ElementCount} elements", $"{covered}", "Restore only what was saved.");
    }

    unsafe void ReadPart(BundleEntry piece, TensorBox box, HostMemory destination, TensorBox part)
    {
        using var memory = new AlignedMemory(piece.Size);
        ReadWhole(piece, memory);
        long size = piece.DType.Size;
        box.CopyTo(part, (from, to, count) => Buffer.MemoryCopy(memory.Address + (from * size), destination.Address + (to * size), count * size, count * size));
        GC.KeepAlive(destination);
    }

    unsafe void ReadWhole(BundleEntry entry, HostMemory destination)
    {
        const int chunk = 1 << 20;
        uint checksum = 0;
        for (long done = 0; done < entry.Size; done += chunk)
        {
            var bytes = new Span<byte>(destination.Address + done, (int)Math.Min(chunk, entry.Size - done));
            ReadExactly(entry, bytes, entry.Offset + done);
            checksum = Crc32c.Extend(checksum, bytes);
        }
        GC.KeepAlive(destination);
        Verify(entry, checksum);
    }

    byte[][] ReadWholeStrings(BundleEntry entry)
    {
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

    string Where(BundleEntry entry) => $"{TensorBundle.DataFile(_prefix, entry.Shard, _shards.Length)}, tensor '{entry.Name}' at byte {entry.Offset}";
}
