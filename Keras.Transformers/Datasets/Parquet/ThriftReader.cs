using System.Text;

namespace Keras.Transformers;

/// <summary>A Thrift struct by field number.</summary>
sealed class ThriftStruct
{
    public Dictionary<int, object> Fields { get; } = [];

    public bool Has(int id) => Fields.ContainsKey(id);

    public long Long(int id, long missing = 0) => Fields.TryGetValue(id, out var value) ? value is long n ? n : throw Bad(id) : missing;

    public int Int(int id, int missing = 0) => Long(id, missing) is >= int.MinValue and <= int.MaxValue and var n ? (int)n : throw Bad(id);

    public bool Flag(int id, bool missing) => Fields.TryGetValue(id, out var value) ? value is bool flag ? flag : throw Bad(id) : missing;

    public string Text(int id) => Fields.TryGetValue(id, out var value) ? value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : throw Bad(id) : "";

    public ThriftStruct Struct(int id) => Fields.GetValueOrDefault(id) as ThriftStruct ?? throw Bad(id);

    public IEnumerable<ThriftStruct> List(int id) => Fields.TryGetValue(id, out var value) ? (value as List<object> ?? throw Bad(id)).Select(v => v as ThriftStruct ?? throw Bad(id)) : [];

    static InvalidDataException Bad(int id) => new($"field {id} of a description is missing or of another type");
}

/// <summary>Reads Thrift's compact protocol, in which Parquet describes files and pages; allocates no more than the input's size.</summary>
ref struct ThriftReader(ReadOnlySpan<byte> data)
{
    const int Deepest = 16;
    readonly ReadOnlySpan<byte> _data = data;

    public int Position { get; private set; }

    /// <exception cref="InvalidDataException">The bytes are not a structure.</exception>
    public ThriftStruct Struct(int depth = 0)
    {
        if (depth > Deepest) throw new InvalidDataException("a description is nested too deep");
        var result = new ThriftStruct();
        for (var id = 0; ;)
        {
            var head = Byte();
            if (head == 0) return result;
            id = head >> 4 is > 0 and var step ? id + step : (short)ZigZag();
            result.Fields[id] = Value(head & 0xF, depth, inList: false);
        }
    }

    object Value(int type, int depth, bool inList)
    {
        switch (type)
        {
            case 1 or 2: return inList ? Byte() == 1 : type == 1;
            case 3: return (long)(sbyte)Byte();
            case 4 or 5 or 6: return ZigZag();
            case 7: return BitConverter.ToDouble(Bytes(8));
            case 8: return Bytes(Count(1)).ToArray();
            case 9 or 10:
                var head = Byte();
                var count = head >> 4 is 15 ? Count(1) : head >> 4;
                if (count > _data.Length - Position) throw new InvalidDataException("a list is longer than what describes it");
                var list = new List<object>(count);
                for (var i = 0; i < count; i++) list.Add(Value(head & 0xF, depth + 1, inList: true));
                return list;
            case 11:
                var pairs = Count(1);
                if (pairs == 0) return new List<object>();
                var types = Byte();
                for (var i = 0; i < pairs; i++)
                {
                    Value(types >> 4, depth + 1, inList: true);
                    Value(types & 0xF, depth + 1, inList: true);
                }
                return new List<object>();
            case 12: return Struct(depth + 1);
            default: throw new InvalidDataException($"there is no Thrift type {type}");
        }
    }

    int Count(int size) => Varint() is var n && n <= (ulong)((_data.Length - Position) / size) ? (int)n : throw new InvalidDataException("a description is cut off");

    long ZigZag() => Varint() is var n ? (long)(n >> 1) ^ -(long)(n & 1) : 0;

    ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
        throw new InvalidDataException("a number has more than ten bytes");
    }

    byte Byte() => Position < _data.Length ? _data[Position++] : throw new InvalidDataException("a description is cut off");

    ReadOnlySpan<byte> Bytes(int count)
    {
        if (count > _data.Length - Position) throw new InvalidDataException("a description is cut off");
        var bytes = _data.Slice(Position, count);
        Position += count;
        return bytes;
    }
}
