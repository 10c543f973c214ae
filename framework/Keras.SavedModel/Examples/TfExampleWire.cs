using System.Buffers.Binary;
using System.Text;

namespace Keras.Checkpoints;

/// <summary>The list that a feature of a tf.train.Example holds.</summary>
enum TfExampleKind { None = 0, Bytes = 1, Floats = 2, Integers = 3 }

/// <summary>Reads the wire form of tf.train.Example: features { feature: map from names to a list of bytes, floats or integers }.</summary>
/// <remarks>Source: tensorflow/core/example/example.proto and feature.proto. Records are untrusted: every length is checked against the available bytes, and nothing is kept that is
/// larger than a small multiple of them. Invalid records throw <see cref="InvalidDataException"/>; lists are read in place, so their errors appear only when they are used.</remarks>
static class TfExampleWire
{
    const int Varint = 0, Fixed64 = 1, Delimited = 2, Fixed32 = 5;

    /// <summary>An unparsed feature of a record.</summary>
    internal readonly record struct Entry(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Feature)
    {
        public string Name => Encoding.UTF8.GetString(Key.Span);
    }

    /// <summary>One field of a message: its number, its wire type, and its bytes or its value.</summary>
    readonly record struct Field(int Number, int Wire, ReadOnlyMemory<byte> Content, ulong Value)
    {
        public bool IsPart(int number) => Number == number && Wire == Delimited;
    }

    /// <summary>Reads the features in the order of the record; the last of several with one name counts.</summary>
    public static List<Entry> Read(ReadOnlyMemory<byte> record) => ReadMap(record, 1);

    /// <summary>Reads the feature lists of a tf.train.SequenceExample in its order, unparsed.</summary>
    public static List<Entry> ReadLists(ReadOnlyMemory<byte> record) => ReadMap(record, 2);

    /// <summary>Reads the pairs of the map in a field of a record.</summary>
    static List<Entry> ReadMap(ReadOnlyMemory<byte> record, int field)
    {
        var entries = new List<Entry>();
        foreach (var map in new Fields(record))
        {
            if (!map.IsPart(field)) continue;
            foreach (var pair in new Fields(map.Content))
                if (pair.IsPart(1)) entries.Add(ReadPair(pair.Content));
        }
        return entries;
    }

    /// <summary>The features of a list, one for each step.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> StepsOf(ReadOnlyMemory<byte> list)
    {
        foreach (var field in new Fields(list))
            if (field.IsPart(1)) yield return field.Content;
    }

    static Entry ReadPair(ReadOnlyMemory<byte> pair)
    {
        var entry = new Entry();
        foreach (var field in new Fields(pair))
        {
            if (field.IsPart(1)) entry = entry with { Key = field.Content };
            else if (field.IsPart(2)) entry = entry with { Feature = field.Content };
        }
        return entry;
    }

    /// <summary>The kind of a feature's list, and the list; None for an empty feature.</summary>
    public static (TfExampleKind Kind, ReadOnlyMemory<byte> List) ListOf(ReadOnlyMemory<byte> feature)
    {
        var (kind, list) = (TfExampleKind.None, ReadOnlyMemory<byte>.Empty);
        foreach (var field in new Fields(feature))
            if (field is { Number: >= 1 and <= 3, Wire: Delimited }) (kind, list) = ((TfExampleKind)field.Number, field.Content);
        return (kind, list);
    }

    public static void AddBytes(ReadOnlyMemory<byte> list, List<ReadOnlyMemory<byte>> to)
    {
        foreach (var field in new Fields(list))
            if (field.IsPart(1)) to.Add(field.Content);
    }

    /// <summary>Reads floats, packed or as single fields.</summary>
    public static void AddFloats(ReadOnlyMemory<byte> list, List<float> to)
    {
        foreach (var field in new Fields(list))
        {
            if (field.Number != 1) continue;
            if (field.Wire == Fixed32) to.Add(BitConverter.UInt32BitsToSingle((uint)field.Value));
            else if (field.Content.Length % sizeof(float) != 0) throw new InvalidDataException("a list of floats has a part of one");
            var numbers = field.Content.Span;
            for (var at = 0; at < numbers.Length; at += sizeof(float)) to.Add(BinaryPrimitives.ReadSingleLittleEndian(numbers[at..]));
        }
    }

    public static void AddIntegers(ReadOnlyMemory<byte> list, List<long> to)
    {
        foreach (var field in new Fields(list))
        {
            if (field.Number != 1) continue;
            if (field.Wire == Varint) to.Add((long)field.Value);
            var numbers = field.Content.Span;
            for (var at = 0; at < numbers.Length;) to.Add((long)ReadVarint(numbers, ref at));
        }
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

    /// <summary>Enumerates the fields of a message.</summary>
    readonly struct Fields(ReadOnlyMemory<byte> message)
    {
        public Enumerator GetEnumerator() => new(message);

        public struct Enumerator(ReadOnlyMemory<byte> message)
        {
            int _at;

            public Field Current { get; private set; }

            public bool MoveNext()
            {
                var bytes = message.Span;
                if (_at >= bytes.Length) return false;
                var tag = ReadVarint(bytes, ref _at);
                if (tag > uint.MaxValue) throw new InvalidDataException("a field has a number beyond all fields");
                var (number, wire) = ((int)(tag >> 3), (int)(tag & 7));
                var length = wire switch { Varint => 0UL, Fixed64 => 8UL, Fixed32 => 4UL, Delimited => ReadVarint(bytes, ref _at), _ => throw new InvalidDataException("no tf.train.Example") };
                if (length > (ulong)(bytes.Length - _at)) throw new InvalidDataException("a part is longer than its record");
                var content = message.Slice(_at, (int)length);
                Current = wire switch
                {
                    Varint => new(number, wire, default, ReadVarint(bytes, ref _at)),
                    Fixed32 => new(number, wire, default, BinaryPrimitives.ReadUInt32LittleEndian(content.Span)),
                    Fixed64 => new(number, wire, default, BinaryPrimitives.ReadUInt64LittleEndian(content.Span)),
                    _ => new(number, wire, content, 0),
                };
                _at += (int)length;
                return true;
            }
        }
    }
}
