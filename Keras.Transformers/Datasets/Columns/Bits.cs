using System.Numerics;

namespace Keras.Transformers;

/// <summary>Reads bits in Arrow's order: the lowest bit of a byte comes first.</summary>
static class Bits
{
    public static bool Get(ReadOnlySpan<byte> bits, int index) => (bits[index >> 3] >> (index & 7) & 1) != 0;

    public static int Bytes(int count) => (int)(((long)count + 7) / 8);

    /// <summary>Counts the cleared bits among the first ones.</summary>
    public static int CountClear(ReadOnlySpan<byte> bits, int count)
    {
        var set = 0;
        foreach (var b in bits[..(count >> 3)]) set += BitOperations.PopCount(b);
        if ((count & 7) != 0) set += BitOperations.PopCount((uint)bits[count >> 3] & ((1u << (count & 7)) - 1));
        return count - set;
    }
}

/// <summary>A growing buffer of bytes.</summary>
sealed class ByteBuffer
{
    byte[] _bytes = [];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    /// <summary>Appends space for more bytes and returns it.</summary>
    /// <exception cref="UnsupportedException">There would be more than 2 GB.</exception>
    public Span<byte> Grow(int count)
    {
        var needed = (long)Length + count;
        if (needed > Array.MaxLength)
            throw new UnsupportedException("One column of a batch is larger than 2 GB", null, "less", $"{needed} bytes", "Use a smaller batch_size or writer_batch_size.");
        if (needed > _bytes.Length) Array.Resize(ref _bytes, (int)Math.Min(Math.Max(needed, Math.Max(64, 2L * _bytes.Length)), Array.MaxLength));
        var room = _bytes.AsSpan(Length, count);
        Length = (int)needed;
        return room;
    }

    public void Append(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Grow(bytes.Length));

    public unsafe void Append<T>(T value) where T : unmanaged => System.Runtime.InteropServices.MemoryMarshal.Write(Grow(sizeof(T)), in value);
}

/// <summary>A growing buffer of bits.</summary>
sealed class BitBuffer
{
    readonly ByteBuffer _bytes = new();
    int _count;

    public ReadOnlyMemory<byte> Written => _bytes.Written;

    public void Append(bool bit)
    {
        if ((_count & 7) == 0) _bytes.Grow(1)[0] = 0;
        if (bit) System.Runtime.InteropServices.MemoryMarshal.AsMemory(_bytes.Written).Span[_count >> 3] |= (byte)(1 << (_count & 7));
        _count++;
    }

    public void Append(bool bit, int count)
    {
        for (; count > 0 && (_count & 7) != 0; count--) Append(bit);
        var whole = count >> 3;
        _bytes.Grow(whole).Fill(bit ? (byte)0xFF : (byte)0);
        _count += whole << 3;
        for (count &= 7; count > 0; count--) Append(bit);
    }

    public void Append(ReadOnlySpan<byte> bits, int start, int count)
    {
        if ((_count & 7) == 0 && (start & 7) == 0)
        {
            var whole = count >> 3;
            _bytes.Append(bits.Slice(start >> 3, whole));
            _count += whole << 3;
            start += whole << 3;
            count &= 7;
        }
        for (var i = 0; i < count; i++) Append(Bits.Get(bits, start + i));
    }
}
