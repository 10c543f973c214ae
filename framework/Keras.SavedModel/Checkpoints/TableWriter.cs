using System.Buffers;

namespace Keras.Checkpoints;

/// <summary>Writes a LevelDB table, the index format of tensor bundles: sorted keys with shared prefixes, in uncompressed blocks with checksums.</summary>
sealed class TableWriter(Stream stream, int blockSize = 256 * 1024)
{
    internal const int RestartInterval = 16;
    internal const int FooterLength = 48;
    internal const int TrailerLength = 5;
    internal const ulong Magic = 0xDB4775248B80FB57;

    readonly Block _data = new(RestartInterval);
    readonly Block _index = new(1);
    byte[]? _lastKey;
    long _offset;

    /// <summary>Adds one entry; keys must come in ascending bytewise order.</summary>
    public void Add(byte[] key, ReadOnlySpan<byte> value)
    {
        if (_lastKey is not null && _lastKey.AsSpan().SequenceCompareTo(key) >= 0)
            throw new ArgumentException("The keys of a table must be added in ascending order, each once.", nameof(key));
        _data.Add(key, value);
        _lastKey = key;
        if (_data.Length >= blockSize) Flush();
    }

    /// <summary>Writes the remaining blocks and the footer; the stream stays open.</summary>
    public void Finish()
    {
        if (_data.Length > 0) Flush();
        var metaIndex = Write(new Block(1));
        var index = Write(_index);
        var footer = new ArrayBufferWriter<byte>(FooterLength);
        footer.Write(metaIndex);
        footer.Write(index);
        footer.Write(new byte[FooterLength - sizeof(ulong) - footer.WrittenCount]);
        footer.WriteFixed64(Magic);
        stream.Write(footer.WrittenSpan);
    }

    void Flush()
    {
        _index.Add(_lastKey!, Write(_data));
        _data.Clear();
    }

    /// <summary>Writes a block with its trailer; returns its handle.</summary>
    ReadOnlySpan<byte> Write(Block block)
    {
        var (handle, trailer) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        var contents = block.Finish();
        ReadOnlySpan<byte> uncompressed = [0];
        trailer.Write(uncompressed);
        trailer.WriteFixed32(Crc32c.Mask(Crc32c.Extend(Crc32c.Compute(contents), uncompressed)));
        handle.WriteVarint((ulong)_offset);
        handle.WriteVarint((ulong)contents.Length);
        stream.Write(contents);
        stream.Write(trailer.WrittenSpan);
        _offset += contents.Length + trailer.WrittenCount;
        return handle.WrittenSpan;
    }

    sealed class Block(int restartInterval)
    {
        readonly ArrayBufferWriter<byte> _bytes = new();
        readonly List<uint> _restarts = [];
        byte[] _previous = [];
        int _count;

        public int Length => _bytes.WrittenCount;

        public void Add(byte[] key, ReadOnlySpan<byte> value)
        {
            var shared = 0;
            if (_count++ % restartInterval == 0) _restarts.Add((uint)_bytes.WrittenCount);
            else shared = key.AsSpan().CommonPrefixLength(_previous);
            _bytes.WriteVarint((ulong)shared);
            _bytes.WriteVarint((ulong)(key.Length - shared));
            _bytes.WriteVarint((ulong)value.Length);
            _bytes.Write(key.AsSpan(shared));
            _bytes.Write(value);
            _previous = key;
        }

        public ReadOnlySpan<byte> Finish()
        {
            if (_restarts.Count == 0) _restarts.Add(0);
            foreach (var restart in _restarts) _bytes.WriteFixed32(restart);
            _bytes.WriteFixed32((uint)_restarts.Count);
            return _bytes.WrittenSpan;
        }

        public void Clear()
        {
            _bytes.ResetWrittenCount();
            _restarts.Clear();
            _count = 0;
        }
    }
}
