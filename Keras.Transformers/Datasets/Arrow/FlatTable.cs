using System.Buffers.Binary;
using System.Text;

namespace Keras.Transformers;

/// <summary>A table of FlatBuffers, the format in which Arrow describes messages. Every position is checked against the buffer.</summary>
readonly ref struct FlatTable(ReadOnlySpan<byte> data, int position)
{
    readonly ReadOnlySpan<byte> _data = data;

    /// <exception cref="InvalidDataException">The buffer is too short.</exception>
    public static FlatTable Root(ReadOnlySpan<byte> data) => new(data, Target(data, 0));

    int Slot(int slot, int size)
    {
        var table = (long)position - Int(position);
        var entry = 4 + (2 * slot);
        if (entry + 2 > UShort(table)) return 0;
        var offset = UShort(table + entry);
        if (offset == 0) return 0;
        Need(_data, (long)position + offset, size);
        return position + offset;
    }

    public bool Has(int slot) => Slot(slot, 1) != 0;

    public byte Byte(int slot, byte missing = 0) => Slot(slot, 1) is > 0 and var at ? _data[at] : missing;

    public short Short(int slot, short missing = 0) => Slot(slot, 2) is > 0 and var at ? BinaryPrimitives.ReadInt16LittleEndian(_data[at..]) : missing;

    public int Int(int slot, int missing) => Slot(slot, 4) is > 0 and var at ? BinaryPrimitives.ReadInt32LittleEndian(_data[at..]) : missing;

    public long Long(int slot, long missing = 0) => Slot(slot, 8) is > 0 and var at ? BinaryPrimitives.ReadInt64LittleEndian(_data[at..]) : missing;

    public FlatTable Table(int slot) => Slot(slot, 4) is > 0 and var at ? new(_data, Target(_data, at)) : throw new InvalidDataException("a part of a description is missing");

    public string? Text(int slot)
    {
        if (Slot(slot, 4) is not (> 0 and var at)) return null;
        var start = Target(_data, at);
        var length = Count(start, 1);
        return Encoding.UTF8.GetString(_data.Slice(start + 4, length));
    }

    /// <summary>The number of elements in a vector, checked against the buffer.</summary>
    public int Count(int slot, int size, out int first)
    {
        first = 0;
        if (Slot(slot, 4) is not (> 0 and var at)) return 0;
        var start = Target(_data, at);
        first = start + 4;
        return Count(start, size);
    }

    public FlatTable TableAt(int first, int index) => new(_data, Target(_data, first + (4 * index)));

    public long LongAt(int at) => BinaryPrimitives.ReadInt64LittleEndian(_data[at..]);

    public int IntAt(int at) => BinaryPrimitives.ReadInt32LittleEndian(_data[at..]);

    int Count(int start, int size)
    {
        Need(_data, start, 4);
        var count = BinaryPrimitives.ReadUInt32LittleEndian(_data[start..]);
        Need(_data, start + 4L, (long)count * size);
        return (int)count;
    }

    int Int(int at)
    {
        Need(_data, at, 4);
        return BinaryPrimitives.ReadInt32LittleEndian(_data[at..]);
    }

    ushort UShort(long at)
    {
        Need(_data, at, 2);
        return BinaryPrimitives.ReadUInt16LittleEndian(_data[(int)at..]);
    }

    static int Target(ReadOnlySpan<byte> data, int at)
    {
        Need(data, at, 4);
        var target = at + (long)BinaryPrimitives.ReadUInt32LittleEndian(data[at..]);
        Need(data, target, 4);
        return (int)target;
    }

    static void Need(ReadOnlySpan<byte> data, long at, long size)
    {
        if (at < 0 || size < 0 || at > data.Length - size) throw new InvalidDataException("a description points outside of itself");
    }
}
