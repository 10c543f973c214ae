using System.Text;
using Keras.Checkpoints;

namespace Keras.Transformers;

/// <summary>Reads (with <see cref="TfExampleWire"/>) and writes records of tf.train.Example.</summary>
static class TfExample
{
    const int Delimited = 2;

    /// <summary>One feature of a record; its list is not copied.</summary>
    internal readonly record struct Entry(string Name, TfExampleKind Kind, ReadOnlyMemory<byte> List);

    /// <exception cref="InvalidDataException">The record is not a tf.train.Example.</exception>
    public static List<Entry> Read(ReadOnlyMemory<byte> record) => TfExampleWire.Read(record).ConvertAll(e =>
    {
        var (kind, list) = TfExampleWire.ListOf(e.Feature);
        return new Entry(e.Name, kind, list);
    });

    public static List<ReadOnlyMemory<byte>> Bytes(ReadOnlyMemory<byte> list)
    {
        var parts = new List<ReadOnlyMemory<byte>>();
        TfExampleWire.AddBytes(list, parts);
        return parts;
    }

    public static List<float> Floats(ReadOnlyMemory<byte> list)
    {
        var floats = new List<float>();
        TfExampleWire.AddFloats(list, floats);
        return floats;
    }

    public static List<long> Integers(ReadOnlyMemory<byte> list)
    {
        var numbers = new List<long>();
        TfExampleWire.AddIntegers(list, numbers);
        return numbers;
    }

    /// <summary>Writes a record of features, in the order of their names.</summary>
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
}
