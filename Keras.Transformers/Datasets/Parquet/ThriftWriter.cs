using System.Text;

namespace Keras.Transformers;

/// <summary>Writes a struct in Thrift's compact protocol, with fields in order of their numbers.</summary>
sealed class ThriftWriter
{
    readonly ByteBuffer _bytes = new();
    int _last;

    /// <summary>The bytes of a struct.</summary>
    public static byte[] Struct(Action<ThriftWriter> write)
    {
        var writer = new ThriftWriter();
        write(writer);
        writer._bytes.Append((byte)0);
        return writer._bytes.Written.ToArray();
    }

    public ThriftWriter Flag(int id, bool value) => Field(id, value ? 1 : 2);

    public ThriftWriter Byte(int id, int value)
    {
        Field(id, 3)._bytes.Append((byte)value);
        return this;
    }

    public ThriftWriter Int(int id, int value) => Field(id, 5).ZigZag(value);

    public ThriftWriter Long(int id, long value) => Field(id, 6).ZigZag(value);

    public ThriftWriter Text(int id, string value) => Field(id, 8).Content(value);

    public ThriftWriter Struct(int id, byte[] value)
    {
        Field(id, 12)._bytes.Append(value);
        return this;
    }

    public ThriftWriter List(int id, IReadOnlyList<byte[]> items)
    {
        Head(id, items.Count, 12);
        foreach (var item in items) _bytes.Append(item);
        return this;
    }

    public ThriftWriter Ints(int id, int[] items)
    {
        Head(id, items.Length, 5);
        foreach (var item in items) ZigZag(item);
        return this;
    }

    public ThriftWriter Texts(int id, string[] items)
    {
        Head(id, items.Length, 8);
        foreach (var item in items) Content(item);
        return this;
    }

    void Head(int id, int count, int type)
    {
        Field(id, 9);
        _bytes.Append((byte)((Math.Min(count, 15) << 4) | type));
        if (count >= 15) TfExample.WriteVarint(_bytes, (ulong)count);
    }

    ThriftWriter Field(int id, int type)
    {
        _bytes.Append((byte)(((id - _last) << 4) | type));
        _last = id;
        return this;
    }

    ThriftWriter ZigZag(long value)
    {
        TfExample.WriteVarint(_bytes, (ulong)((value << 1) ^ (value >> 63)));
        return this;
    }

    ThriftWriter Content(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        TfExample.WriteVarint(_bytes, (ulong)bytes.Length);
        _bytes.Append(bytes);
        return this;
    }
}
