using System.Buffers.Binary;
using System.Text;

namespace Keras.Transformers;

/// <summary>Which of its three lists a feature of a tf.train.Example has.</summary>
enum TfExampleKind { None = 0, Bytes = 1, Floats = 2, Integers = 3 }

/// <summary>The wire form of tf.train.Example: features { feature: map from names to a list of bytes, floats or whole numbers }.</summary>
/// <remarks>Source: tensorflow/core/example/example.proto and feature.proto.</remarks>
static class TfExample
{
    const int Varint = 0, Fixed64 = 1, Delimited = 2, Fixed32 = 5;

    /// <summary>One feature of a record; its list is read where it lies.</summary>
    internal readonly record struct Entry(string Name, TfExampleKind Kind, ReadOnlyMemory<byte> List);

    /// <summary>One field of a message: its number, its wire type, its bytes or its number.</summary>
    readonly record struct Field(int Number, int Wire, ReadOnlyMemory<byte> Content, ulong Value);

    /// <exception cref="InvalidDataException">The record is no tf.train.Example.</exception>
    public static List<Entry> Read(ReadOnlyMemory<byte> record)
    {
        var entries = new List<Entry>();
        foreach (var features in Fields(record).Where(IsPart(1)))
            foreach (var pair in Fields(features.Content).Where(IsPart(1))) entries.Add(ReadPair(pair.Content));
        return entries;
    }

    static Entry ReadPair(ReadOnlyMemory<byte> pair)
    {
        var entry = new Entry("", TfExampleKind.None, default);
        foreach (var field in Fields(pair))
        {
            if (IsPart(1)(field)) entry = entry with { Name = Encoding.UTF8.GetString(field.Content.Span) };
            else if (IsPart(2)(field))
                foreach (var list in Fields(field.Content))
                    if (list is { Number: >= 1 and <= 3, Wire: Delimited }) entry = entry with { Kind = (TfExampleKind)list.Number, List = list.Content };
        }
        return entry;
    }

    public static IEnumerable<ReadOnlyMemory<byte>> Bytes(ReadOnlyMemory<byte> list) => Fields(list).Where(IsPart(1)).Select(f => f.Content);

    /// <summary>Numbers may be packed or stand alone.</summary>
    public static List<float> Floats(ReadOnlyMemory<byte> list)
    {
        var floats = new List<float>();
        foreach (var field in Fields(list))
        {
            if (field.Number != 1) continue;
            if (field.Wire == Fixed32) floats.Add(BitConverter.UInt32BitsToSingle((uint)field.Value));
            else if (field.Content.Length % sizeof(float) != 0) throw new InvalidDataException("a list of floats has a part of one");
            for (var at = 0; at < field.Content.Length; at += sizeof(float)) floats.Add(BinaryPrimitives.ReadSingleLittleEndian(field.Content.Span[at..]));
        }
        return floats;
    }

    public static List<long> Integers(ReadOnlyMemory<byte> list)
    {
        var numbers = new List<long>();
        foreach (var field in Fields(list))
        {
            if (field.Number != 1) continue;
            if (field.Wire == Varint) numbers.Add((long)field.Value);
            for (var at = 0; at < field.Content.Length;) numbers.Add((long)ReadVarint(field.Content.Span, ref at));
        }
        return numbers;
    }

    /// <summary>One record of features, in the order of their names.</summary>
    public static byte[] Write(IEnumerable<(string Name, TfExampleKind Kind, byte[] List)> entries)
    {
        var features = new ByteBuffer();
        foreach (var (name, kind, list) in entries.OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            var value = new ByteBuffer();
            Part(value, (int)kind, list);
            var pair = new ByteBuffer();
            Part(pair, 1, Encoding.UTF8.GetBytes(name));
            Part(pair, 2, value.Written.Span);
            Part(features, 1, pair.Written.Span);
        }
        var example = new ByteBuffer();
        Part(example, 1, features.Written.Span);
        return example.Written.ToArray();
    }

    public static void Part(ByteBuffer to, int number, ReadOnlySpan<byte> content)
    {
        WriteVarint(to, (uint)(number << 3 | Delimited));
        WriteVarint(to, (uint)content.Length);
        to.Append(content);
    }

    public static void WriteVarint(ByteBuffer to, ulong value)
    {
        for (; value >= 0x80; value >>= 7) to.Append((byte)(value | 0x80));
        to.Append((byte)value);
    }

    static Func<Field, bool> IsPart(int number) => f => f.Number == number && f.Wire == Delimited;

    static List<Field> Fields(ReadOnlyMemory<byte> message)
    {
        var fields = new List<Field>();
        var bytes = message.Span;
        for (var at = 0; at < bytes.Length;)
        {
            var tag = ReadVarint(bytes, ref at);
            var (number, wire) = ((int)(tag >> 3), (int)(tag & 7));
            var length = wire switch { Varint => 0UL, Fixed64 => 8UL, Fixed32 => 4UL, Delimited => ReadVarint(bytes, ref at), _ => throw new InvalidDataException("no tf.train.Example") };
            if (length > (ulong)(bytes.Length - at)) throw new InvalidDataException("a part is longer than its record");
            var content = message.Slice(at, (int)length);
            fields.Add(wire switch
            {
                Varint => new(number, wire, default, ReadVarint(bytes, ref at)),
                Fixed32 => new(number, wire, default, BinaryPrimitives.ReadUInt32LittleEndian(content.Span)),
                Fixed64 => new(number, wire, default, BinaryPrimitives.ReadUInt64LittleEndian(content.Span)),
                _ => new(number, wire, content, 0),
            });
            at += (int)length;
        }
        return fields;
    }

    static ulong ReadVarint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (at >= bytes.Length) throw new InvalidDataException("a number ends behind its record");
            var next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
        throw new InvalidDataException("a number has more than ten bytes");
    }
}
