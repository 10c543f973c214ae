using System.Buffers.Binary;
using System.Text;

namespace Keras.Saving;

/// <summary>A buffer for the structure of an HDF5 file while it is built: each address is allocated once.</summary>
sealed class H5Buffer
{
    byte[] _bytes = new byte[4096];

    /// <summary>The number of bytes allocated so far.</summary>
    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Allocates zeroed bytes at a multiple of eight.</summary>
    public int Allocate(int length)
    {
        var start = Length;
        Length = checked(start + ((length + 7) & ~7));
        if (Length > _bytes.Length) Array.Resize(ref _bytes, Math.Max(Length, checked(_bytes.Length * 2)));
        return start;
    }

    public Span<byte> At(int address, int length) => _bytes.AsSpan(address, length);

    /// <summary>Appends bytes and returns their address.</summary>
    public int Append(ReadOnlySpan<byte> bytes)
    {
        var at = Allocate(bytes.Length);
        bytes.CopyTo(At(at, bytes.Length));
        return at;
    }
}

/// <summary>Builds little-endian bytes from numbers and text.</summary>
sealed class H5Part
{
    readonly List<byte> _bytes = [];

    public int Length => _bytes.Count;

    public byte[] ToArray() => [.. _bytes];

    public H5Part Byte(int value)
    {
        _bytes.Add((byte)value);
        return this;
    }

    public H5Part Bytes(params ReadOnlySpan<byte> values)
    {
        _bytes.AddRange(values);
        return this;
    }

    public H5Part UInt16(int value) => Byte(value & 0xFF).Byte(value >> 8);

    public H5Part UInt32(long value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)value);
        return Bytes(bytes);
    }

    public H5Part Int64(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return Bytes(bytes);
    }

    /// <summary>Appends text, padded with zeros to a width.</summary>
    public H5Part Text(string text, int width)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Bytes(bytes).Zeros(width - bytes.Length);
    }

    public H5Part Zeros(int count)
    {
        for (var i = 0; i < count; i++) _bytes.Add(0);
        return this;
    }

    /// <summary>Appends zeros up to a multiple of eight.</summary>
    public H5Part Align() => Zeros((8 - (_bytes.Count & 7)) & 7);
}
