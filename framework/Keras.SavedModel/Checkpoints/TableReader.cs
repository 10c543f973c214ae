using System.Buffers.Binary;

namespace Keras.Checkpoints;

/// <summary>Reads a LevelDB table; every bound and checksum and the order of keys are checked.</summary>
sealed class TableReader(ReadOnlyMemory<byte> bytes, string file)
{
    /// <summary>All entries, in ascending order of their keys; the values are slices of the table.</summary>
    /// <exception cref="FileFormatException">The table is damaged.</exception>
    /// <exception cref="UnsupportedException">The table is compressed.</exception>
    public List<(byte[] Key, ReadOnlyMemory<byte> Value)> ReadAll()
    {
        var entries = new List<(byte[] Key, ReadOnlyMemory<byte> Value)>();
        foreach (var (_, handle) in ReadBlock(IndexHandle()))
        {
            var cursor = new ByteCursor(handle.Span, $"{file}, a handle in the index block", 0);
            foreach (var entry in ReadBlock((cursor.Varint64(), cursor.Varint64())))
            {
                if (entries.Count > 0 && entries[^1].Key.AsSpan().SequenceCompareTo(entry.Key) >= 0)
                    throw Damaged("The keys of a table are not in ascending order");
                entries.Add(entry);
            }
        }
        return entries;
    }

    (ulong Offset, ulong Size) IndexHandle()
    {
        var footer = bytes.Length - TableWriter.FooterLength;
        if (footer < 0) throw Damaged("The file is too short for a table", $"at least {TableWriter.FooterLength} bytes", $"{bytes.Length} bytes");
        var magic = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span[^sizeof(ulong)..]);
        if (magic != TableWriter.Magic) throw Damaged("The file does not end as a table does", $"0x{TableWriter.Magic:x16}", $"0x{magic:x16}");
        var cursor = new ByteCursor(bytes.Span[footer..^sizeof(ulong)], file, footer);
        cursor.Varint64();
        cursor.Varint64();
        return (cursor.Varint64(), cursor.Varint64());
    }

    List<(byte[] Key, ReadOnlyMemory<byte> Value)> ReadBlock((ulong Offset, ulong Size) handle)
    {
        var contents = Contents(handle);
        var cursor = new ByteCursor(contents.Span, file, (long)handle.Offset);
        // Prefix sharing with a restart every 16 entries expands no further than this; a malicious file could expand without limit.
        var keyBytesLeft = (long)contents.Length * TableWriter.RestartInterval;
        var entries = new List<(byte[] Key, ReadOnlyMemory<byte> Value)>();
        byte[] previous = [];
        while (!cursor.AtEnd)
        {
            var (shared, unshared, valueLength) = (cursor.Varint32(), cursor.Varint32(), cursor.Varint32());
            if (shared > previous.Length)
                throw cursor.Damaged("A key shares more with the key before it than there is", $"at most {previous.Length} bytes", $"{shared} bytes");
            keyBytesLeft -= (long)shared + unshared;
            if (keyBytesLeft < 0) throw cursor.Damaged("The keys expand beyond what a table of this size can hold", null, null);
            previous = [.. previous.AsSpan(0, (int)shared), .. cursor.Take(unshared)];
            entries.Add((previous, contents.Slice(cursor.Position, cursor.Take(valueLength).Length)));
        }
        return entries;
    }

    /// <summary>Checks a block and returns its entries without the restart points, which only a search needs.</summary>
    ReadOnlyMemory<byte> Contents((ulong Offset, ulong Size) handle)
    {
        var end = (ulong)(bytes.Length - TableWriter.FooterLength);
        if (handle.Offset > end || handle.Size > end - handle.Offset || end - handle.Offset - handle.Size < TableWriter.TrailerLength)
            throw Damaged("A block reaches past the end of the file", $"at most {end} bytes", $"{handle.Size} bytes at {handle.Offset}");
        var block = bytes.Slice((int)handle.Offset, (int)handle.Size);
        var trailer = bytes.Span.Slice((int)(handle.Offset + handle.Size), TableWriter.TrailerLength);
        var (expected, actual) = (BinaryPrimitives.ReadUInt32LittleEndian(trailer[1..]), Crc32c.Mask(Crc32c.Extend(Crc32c.Compute(block.Span), trailer[..1])));
        if (expected != actual) throw Damaged($"The checksum of the block at byte {handle.Offset} is wrong", $"{expected:x8}", $"{actual:x8}");
        if (trailer[0] != 0)
            throw new UnsupportedException("The index of the checkpoint is compressed", file, "blocks without compression, as TensorFlow writes them",
                $"compression type {trailer[0]}", "Write the checkpoint again with TensorFlow's SaveV2.");
        return block[..^RestartsLength(block.Span, (long)handle.Offset)];
    }

    int RestartsLength(ReadOnlySpan<byte> block, long offset)
    {
        var count = block.Length < sizeof(uint) ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(block[^sizeof(uint)..]);
        var length = (count + 1L) * sizeof(uint);
        if (count == 0 || length > block.Length)
            throw Damaged($"The block at byte {offset} has no room for its restart points", $"1 to {(block.Length / sizeof(uint)) - 1}", $"{count}");
        return (int)length;
    }

    FileFormatException Damaged(string what, string? expected = null, string? received = null) =>
        new(what, file, expected, received, "The file is damaged or not a tensor bundle's index; write or download it again.");
}
