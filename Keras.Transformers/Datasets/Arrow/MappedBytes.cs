using System.Buffers;
using Keras.Files;

namespace Keras.Transformers;

/// <summary>A part of a mapped file as memory, which keeps the mapping alive.</summary>
sealed unsafe class MappedBytes : MemoryManager<byte>
{
    readonly MappedFile _file;
    readonly byte* _address;
    readonly int _length;

    public MappedBytes(MappedFile file, long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, file.Length - offset);
        _file = file;
        _address = file.Address + offset;
        _length = length;
    }

    public override Span<byte> GetSpan()
    {
        _file.ThrowIfDisposed();
        return new(_address, _length);
    }

    public override MemoryHandle Pin(int elementIndex = 0) => new(_address + elementIndex, pinnable: this);

    public override void Unpin() { }

    protected override void Dispose(bool disposing) { }
}
