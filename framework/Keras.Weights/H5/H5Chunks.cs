using System.Buffers.Binary;
using System.IO.Compression;

namespace Keras.Saving;

/// <summary>An array stored in chunks, each possibly compressed.</summary>
sealed unsafe class H5Chunks
{
    const int Deflate = 1, Shuffle = 2, Checksum = 3;
    const int HighestTree = 32;
    const string What = "A node of chunks";

    /// <summary>The most bytes that one compressed byte can expand to.</summary>
    const int BestCompression = 1032;

    readonly H5Bytes _file;
    readonly string _path;
    readonly H5Dataset _dataset;
    readonly long[] _chunk;
    readonly int[] _filters;
    readonly List<(long[] Start, long Address, long Length, uint Skipped)> _pieces = [];
    readonly HashSet<long> _places = [];

    H5Chunks(H5Bytes file, string path, H5Dataset dataset, long[] chunk, int[] filters) =>
        (_file, _path, _dataset, _chunk, _filters) = (file, path, dataset, chunk, filters);

    public static H5Chunks Read(ref H5Cursor layout, int version, H5Bytes file, IReadOnlyList<H5Message> messages, H5Dataset dataset, string path)
    {
        if (version != 3) throw file.Unsupported("The chunks of an HDF5 file's dataset are listed in a newer way that is not read", $"'{path}'", "the layout of h5py's default, libver='earliest'", $"layout version {version}");
        var at = layout.Address;
        var rank = layout.Byte() - 1;
        var tree = layout.Int64();
        var chunk = new long[Math.Max(rank, 0)];
        Int128 size = dataset.Type.Size;
        for (var i = 0; i < rank; i++) size *= chunk[i] = layout.UInt32();
        if (rank != dataset.Shape.Rank || rank < 1 || chunk.Contains(0) || layout.UInt32() != dataset.Type.Size || size > int.MaxValue)
            throw file.Wrong($"The chunks of the dataset '{path}' of an HDF5 file do not fit it", at, $"chunks of {dataset.Type.Description} in {dataset.Shape.Rank} dimensions", $"({string.Join(", ", chunk)})");
        var chunks = new H5Chunks(file, path, dataset, chunk, Filters(file, messages, path));
        if (tree != H5Bytes.Undefined) chunks.ReadTree(tree, HighestTree);
        chunks.CheckSize((long)size, at);
        return chunks;
    }

    static int[] Filters(H5Bytes file, IReadOnlyList<H5Message> messages, string path)
    {
        foreach (var message in messages)
        {
            if (message.Kind != H5Message.Filters) continue;
            var cursor = file.At(message.Address, message.Length, "A list of filters");
            var version = cursor.Version("A list of filters", 1, 2);
            var filters = new int[cursor.Byte()];
            if (version == 1) cursor.Skip(6);
            for (var i = 0; i < filters.Length; i++)
            {
                filters[i] = cursor.UInt16();
                var name = version == 1 || filters[i] >= 256 ? cursor.UInt16() : 0;
                cursor.Skip(2);
                var values = cursor.UInt16();
                cursor.Skip(version == 1 ? (name + 7) & ~7 : name);
                cursor.Skip((4L * values) + (version == 1 && values % 2 == 1 ? 4 : 0));
                if (filters[i] is not (Deflate or Shuffle or Checksum))
                    throw file.Unsupported("A dataset of an HDF5 file is compressed in a way that is not read", $"'{path}'", "gzip, shuffle or fletcher32", $"filter {filters[i]}");
            }
            return filters;
        }
        return [];
    }

    void ReadTree(long address, int height)
    {
        if (height == 0) throw _file.Wrong("The nodes of an HDF5 file's dataset point to each other", address, $"a tree of at most {HighestTree} levels", "more");
        var head = _file.At(address, 24, What);
        head.Signature("TREE", What);
        var (kind, level, count) = (head.Byte(), head.Byte(), head.UInt16());
        if (kind != 1) throw _file.Wrong("A node of an HDF5 file is of another kind", address, "1, a dataset's", $"{kind}");
        var keySize = 8 + (8 * (_chunk.Length + 1));
        var cursor = _file.At(address + 24, (count * (keySize + 8L)) + keySize, What);
        for (var i = 0; i < count; i++)
        {
            var (length, skipped) = (cursor.UInt32(), cursor.UInt32());
            var start = new long[_chunk.Length];
            for (var d = 0; d < start.Length; d++) start[d] = cursor.Int64();
            cursor.Skip(8);
            var child = cursor.Int64();
            if (level > 0) ReadTree(child, Math.Min(height - 1, level));
            else AddPiece(start, child, length, skipped, address);
        }
    }

    void AddPiece(long[] start, long address, long length, uint skipped, long node)
    {
        var place = 0L;
        for (var d = 0; d < start.Length; d++)
        {
            if (start[d] < 0 || start[d] >= _dataset.Shape[d] || start[d] % _chunk[d] != 0)
                throw _file.Wrong($"A chunk of the dataset '{_path}' of an HDF5 file lies outside of it", node, $"a multiple of ({string.Join(", ", _chunk)}) within {_dataset.Shape}", $"({string.Join(", ", start)})");
            place = (place * _dataset.Shape[d]) + start[d];
        }
        if (!_places.Add(place)) throw _file.Wrong($"The dataset '{_path}' of an HDF5 file has a chunk twice", node, "each chunk once", $"({string.Join(", ", start)})");
        _file.CheckRange(address, length, H5Bytes.Data);
        _pieces.Add((start, address, length, skipped));
    }

    /// <summary>Checks that the stored bytes can hold the elements that the file claims.</summary>
    void CheckSize(long chunkLength, long at)
    {
        var stored = _pieces.Sum(p => p.Length);
        var most = _filters.Contains(Deflate) ? (Int128)stored * BestCompression : stored;
        var chunks = Enumerable.Range(0, _chunk.Length).Aggregate((Int128)1, (n, d) => n * ((_dataset.Shape[d] + _chunk[d] - 1) / _chunk[d]));
        if (chunks != _pieces.Count || chunks * chunkLength > most)
            throw _file.Wrong($"The dataset '{_path}' of an HDF5 file is too short", at, $"{chunks} chunks of {chunkLength} bytes for {_dataset.Type.Description} {_dataset.Shape}", $"{_pieces.Count} chunks with {stored} bytes");
    }

    /// <summary>Assembles all elements.</summary>
    public HostMemory Decode()
    {
        var memory = new AlignedMemory(_dataset.Length);
        try
        {
            var chunk = new byte[_chunk.Aggregate((long)_dataset.Type.Size, (n, d) => n * d)];
            foreach (var piece in _pieces)
            {
                Unpack(piece.Address, piece.Length, piece.Skipped, chunk);
                Place(chunk, piece.Start, memory);
            }
            return memory;
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    void Unpack(long address, long length, uint skipped, byte[] chunk)
    {
        var bytes = new ReadOnlySpan<byte>(_file.Map.Address + _file.Base + address, (int)length).ToArray();
        for (var i = _filters.Length - 1; i >= 0; i--)
        {
            if ((skipped & (1u << i)) != 0) continue;
            bytes = _filters[i] switch
            {
                Deflate => Inflate(bytes, chunk.Length + 4, address),
                Shuffle => Unshuffle(bytes, _dataset.Type.Size),
                _ => CheckedBytes(bytes, address),
            };
        }
        if (bytes.Length != chunk.Length) throw _file.Wrong($"A chunk of the dataset '{_path}' of an HDF5 file is of another size", address, $"{chunk.Length} bytes", $"{bytes.Length}");
        bytes.CopyTo(chunk, 0);
    }

    byte[] Inflate(byte[] bytes, int most, long address)
    {
        var result = new byte[most];
        try
        {
            using var stream = new ZLibStream(new MemoryStream(bytes), CompressionMode.Decompress);
            var length = stream.ReadAtLeast(result, most, throwOnEndOfStream: false);
            return result[..length];
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new FileFormatException($"A chunk of the dataset '{_path}' of an HDF5 file cannot be decompressed", _file.Where(address), "gzip", e.Message.TrimEnd('.'), H5Bytes.Damaged, e);
        }
    }

    static byte[] Unshuffle(byte[] bytes, int size)
    {
        var result = new byte[bytes.Length];
        var count = bytes.Length / size;
        for (var b = 0; b < size; b++)
            for (var i = 0; i < count; i++) result[(i * size) + b] = bytes[(b * count) + i];
        bytes.AsSpan(count * size).CopyTo(result.AsSpan(count * size));
        return result;
    }

    byte[] CheckedBytes(byte[] bytes, long address)
    {
        if (bytes.Length < 4) throw _file.Wrong($"A chunk of the dataset '{_path}' of an HDF5 file is too short for its checksum", address, "at least 4 bytes", $"{bytes.Length}");
        var content = bytes.AsSpan(0, bytes.Length - 4);
        var stored = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(content.Length));
        var computed = Fletcher32(content);
        return stored == computed ? content.ToArray() : throw _file.Wrong($"A chunk of the dataset '{_path}' of an HDF5 file is damaged", address, $"the checksum 0x{stored:X8}", $"0x{computed:X8}");
    }

    /// <summary>Fletcher's checksum: two sums modulo 65535 over big-endian words.</summary>
    static uint Fletcher32(ReadOnlySpan<byte> bytes)
    {
        uint a = 0, b = 0;
        for (var i = 0; i < bytes.Length; i += 2)
        {
            a = (a + (uint)((bytes[i] << 8) | (i + 1 < bytes.Length ? bytes[i + 1] : 0))) % 65535;
            b = (b + a) % 65535;
        }
        return (b << 16) | a;
    }

    /// <summary>Copies a chunk row by row, without the parts beyond the array's end.</summary>
    void Place(byte[] chunk, long[] start, AlignedMemory memory)
    {
        var rank = _chunk.Length;
        var size = _dataset.Type.Size;
        var row = Math.Min(_chunk[^1], _dataset.Shape[rank - 1] - start[^1]) * size;
        var rows = chunk.Length / (_chunk[^1] * size);
        for (var r = 0L; r < rows; r++)
        {
            var (rest, target, stride, inside) = (r, start[^1], _dataset.Shape[rank - 1], true);
            for (var d = rank - 2; d >= 0; d--)
            {
                var index = start[d] + (rest % _chunk[d]);
                rest /= _chunk[d];
                inside &= index < _dataset.Shape[d];
                target += index * stride;
                stride *= _dataset.Shape[d];
            }
            if (inside) new ReadOnlySpan<byte>(chunk, (int)(r * _chunk[^1] * size), (int)row).CopyTo(new Span<byte>(memory.Address + (target * size), (int)row));
        }
    }
}
