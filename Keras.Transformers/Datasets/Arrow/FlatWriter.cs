using System.Buffers.Binary;
using System.Text;

namespace Keras.Transformers;

/// <summary>Writes FlatBuffers from front to back: a table first, then what it points to.</summary>
sealed class FlatWriter
{
    /// <summary>A member of a table: its slot, its size in bytes and its bits; pointers are set later.</summary>
    public readonly record struct Member(int Slot, int Size, long Value = 0);

    readonly ByteBuffer _bytes = new();

    public FlatWriter() => _bytes.Append(0);

    public ReadOnlyMemory<byte> Written => _bytes.Written;

    /// <summary>Writes the root table.</summary>
    public int[] Root(params ReadOnlySpan<Member> members) => Table(0, members);

    /// <summary>Writes a table, sets the pointer to it, and returns the positions of its members.</summary>
    public int[] Table(int pointer, params ReadOnlySpan<Member> members)
    {
        var slots = 0;
        foreach (var member in members) slots = Math.Max(slots, member.Slot + 1);
        var entries = 4 + (2 * slots);
        while ((_bytes.Length + entries) % 8 != 4) _bytes.Append((byte)0);
        var (entry, table) = (_bytes.Length, _bytes.Length + entries);
        var sorted = members.ToArray();
        Array.Sort(sorted, (a, b) => b.Size - a.Size);
        var places = new Dictionary<int, int>();
        var end = 4;
        foreach (var member in sorted)
        {
            places[member.Slot] = end;
            end += member.Size;
        }
        _bytes.Append((ushort)entries);
        _bytes.Append((ushort)end);
        for (var slot = 0; slot < slots; slot++) _bytes.Append((ushort)places.GetValueOrDefault(slot));
        _bytes.Append(table - entry);
        Span<byte> bits = stackalloc byte[8];
        foreach (var member in sorted)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bits, member.Value);
            _bytes.Append(bits[..member.Size]);
        }
        Point(pointer, table);
        var at = new int[members.Length];
        for (var i = 0; i < at.Length; i++) at[i] = table + places[members[i].Slot];
        return at;
    }

    public void Text(int pointer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Align(4, 0);
        Point(pointer, _bytes.Length);
        _bytes.Append(bytes.Length);
        _bytes.Append(bytes);
        _bytes.Append((byte)0);
    }

    /// <summary>Writes a vector of pointers and returns the position of each.</summary>
    public int[] Pointers(int pointer, int count)
    {
        Align(4, 0);
        Point(pointer, _bytes.Length);
        _bytes.Append(count);
        var at = new int[count];
        for (var i = 0; i < count; i++)
        {
            at[i] = _bytes.Length;
            _bytes.Append(0);
        }
        return at;
    }

    /// <summary>Writes a vector of pairs of numbers.</summary>
    public void Pairs(int pointer, IReadOnlyList<(long First, long Second)> pairs)
    {
        Align(8, 4);
        Point(pointer, _bytes.Length);
        _bytes.Append(pairs.Count);
        foreach (var (first, second) in pairs)
        {
            _bytes.Append(first);
            _bytes.Append(second);
        }
    }

    void Align(int to, int rest)
    {
        while (_bytes.Length % to != rest) _bytes.Append((byte)0);
    }

    void Point(int pointer, int target) =>
        BinaryPrimitives.WriteInt32LittleEndian(System.Runtime.InteropServices.MemoryMarshal.AsMemory(_bytes.Written).Span[pointer..], target - pointer);
}
