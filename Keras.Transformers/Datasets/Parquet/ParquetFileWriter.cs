using System.Buffers.Binary;
using System.Text.Json.Nodes;

namespace Keras.Transformers;

/// <summary>Writes rows as a Parquet file: plain values, Snappy, a row group for each batch, and the types in the metadata as pyarrow and <c>datasets</c> write them.</summary>
sealed class ParquetFileWriter
{
    const int Snappy = 1, Plain = 0, Rle = 3, Optional = 1, Repeated = 2;
    static ReadOnlySpan<byte> Magic => "PAR1"u8;

    readonly Stream _stream;
    readonly Features _features;
    readonly List<byte[]> _groups = [];
    readonly List<(string[] Path, int Physical)> _leaves = [];
    long _position;
    long _rows;

    public ParquetFileWriter(Stream stream, Features features)
    {
        (_stream, _features) = (stream, features);
        Put(Magic);
        foreach (var (name, feature) in features) AddLeaves([name], feature.Storage);
    }

    /// <exception cref="UnsupportedException">A record has no members.</exception>
    void AddLeaves(string[] path, Feature feature)
    {
        switch (feature)
        {
            case Value value: _leaves.Add((path, Physical(value.Element))); break;
            case Sequence list: AddLeaves([.. path, "list", "element"], list.feature); break;
            default:
                if (((Features)feature).Count == 0) throw new UnsupportedException("A Parquet file cannot hold a record without members", $"column \"{string.Join('.', path)}\"");
                foreach (var (name, inner) in (Features)feature) AddLeaves([.. path, name], inner);
                break;
        }
    }

    static int Physical(ElementType element) => element.Kind switch
    {
        ElementKind.Bool => ParquetTypes.Boolean,
        ElementKind.Text or ElementKind.Bytes => ParquetTypes.ByteArray,
        ElementKind.Float => element.Width switch { 2 => ParquetTypes.FixedBytes, 4 => ParquetTypes.Float, _ => ParquetTypes.Double },
        ElementKind.Decimal => ParquetTypes.FixedBytes,
        ElementKind.Date or ElementKind.Null => ParquetTypes.Int32,
        _ => element.Width == 8 ? ParquetTypes.Int64 : ParquetTypes.Int32,
    };

    /// <summary>Writes a row group.</summary>
    public void Write(DatasetBatch batch)
    {
        var chunks = new List<byte[]>();
        var (start, leaf) = (_position, 0);
        foreach (var column in batch.Data)
        {
            var leaves = ParquetLevels.Of(column);
            foreach (var levels in leaves) chunks.Add(WriteLeaf(levels, leaf++));
        }
        _groups.Add(ThriftWriter.Struct(t => t.List(1, chunks).Long(2, _position - start).Long(3, batch.num_rows)));
        _rows += batch.num_rows;
    }

    byte[] WriteLeaf(ParquetLevels levels, int leaf)
    {
        var page = new ByteBuffer();
        if (levels.MostRepetition > 0) AppendLevels(page, levels.Repetitions.Written.Span);
        AppendLevels(page, levels.Definitions.Written.Span);
        page.Append(levels.Values.Span);
        var packed = Snappier.Snappy.CompressToArray(page.Written.Span);
        var count = levels.Definitions.Length;
        var header = ThriftWriter.Struct(t => t.Int(1, 0).Int(2, page.Length).Int(3, packed.Length).Struct(5, ThriftWriter.Struct(d => d.Int(1, count).Int(2, Plain).Int(3, Rle).Int(4, Rle))));
        var offset = _position;
        Put(header);
        Put(packed);
        var (path, physical) = _leaves[leaf];
        var meta = ThriftWriter.Struct(t => t.Int(1, physical).Ints(2, [Plain, Rle]).Texts(3, path).Int(4, Snappy).Long(5, count).Long(6, header.Length + page.Length).Long(7, header.Length + packed.Length).Long(9, offset));
        return ThriftWriter.Struct(t => t.Long(2, offset).Struct(3, meta));
    }

    static void AppendLevels(ByteBuffer page, ReadOnlySpan<byte> levels)
    {
        var runs = new ByteBuffer();
        ParquetRuns.Write(runs, levels);
        page.Append(runs.Length);
        page.Append(runs.Written.Span);
    }

    /// <summary>Writes the end of the file.</summary>
    public void Finish()
    {
        var schema = new List<byte[]> { ThriftWriter.Struct(t => t.Text(4, "schema").Int(5, _features.Count)) };
        foreach (var (name, feature) in _features) Describe(schema, name, feature.Storage);
        var info = new JsonObject { ["info"] = new JsonObject { ["features"] = _features.ToJson() } }.ToJsonString();
        byte[] Pair(string key, string value) => ThriftWriter.Struct(t => t.Text(1, key).Text(2, value));
        var meta = ThriftWriter.Struct(t => t.Int(1, 2).List(2, schema).Long(3, _rows).List(4, _groups).List(5, [Pair("huggingface", info), Pair("ARROW:schema", Convert.ToBase64String(ArrowSchemaBytes()))]).Text(6, "Keras.Transformers"));
        Put(meta);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, meta.Length);
        Put(length);
        Put(Magic);
    }

    byte[] ArrowSchemaBytes()
    {
        var stream = new MemoryStream();
        _ = new ArrowStreamWriter(stream, _features);
        return stream.ToArray();
    }

    static void Describe(List<byte[]> schema, string name, Feature feature)
    {
        switch (feature)
        {
            case Value { Element: var element }: schema.Add(Leaf(name, element)); break;
            case Sequence list:
                schema.Add(ThriftWriter.Struct(t => t.Int(3, Optional).Text(4, name).Int(5, 1).Int(6, 3).Struct(10, ThriftWriter.Struct(l => l.Struct(3, [0])))));
                schema.Add(ThriftWriter.Struct(t => t.Int(3, Repeated).Text(4, "list").Int(5, 1)));
                Describe(schema, "element", list.feature);
                break;
            default:
                schema.Add(ThriftWriter.Struct(t => t.Int(3, Optional).Text(4, name).Int(5, ((Features)feature).Count)));
                foreach (var (inner, type) in (Features)feature) Describe(schema, inner, type);
                break;
        }
    }

    static byte[] Leaf(string name, ElementType element)
    {
        byte[] empty = [0];
        byte[] Time(bool utc) => ThriftWriter.Struct(t => t.Flag(1, utc).Struct(2, ThriftWriter.Struct(u => u.Struct(element.Unit switch { "us" => 2, "ns" => 3, _ => 1 }, empty))));
        byte[]? logical = element.Kind switch
        {
            ElementKind.Text => ThriftWriter.Struct(t => t.Struct(1, empty)),
            ElementKind.Date => ThriftWriter.Struct(t => t.Struct(6, empty)),
            ElementKind.Time => ThriftWriter.Struct(t => t.Struct(7, Time(true))),
            ElementKind.Timestamp when element.Unit != "s" => ThriftWriter.Struct(t => t.Struct(8, Time(element.Zone is not null))),
            ElementKind.Int or ElementKind.UInt when element.Name is not ("int32" or "int64") => ThriftWriter.Struct(t => t.Struct(10, ThriftWriter.Struct(i => i.Byte(1, 8 * element.Width).Flag(2, element.Kind == ElementKind.Int)))),
            ElementKind.Decimal => ThriftWriter.Struct(t => t.Struct(5, ThriftWriter.Struct(d => d.Int(1, element.Digits.Scale).Int(2, element.Digits.Precision)))),
            ElementKind.Null => ThriftWriter.Struct(t => t.Struct(11, empty)),
            ElementKind.Float when element.Width == 2 => ThriftWriter.Struct(t => t.Struct(15, empty)),
            _ => null,
        };
        return ThriftWriter.Struct(t =>
        {
            t.Int(1, Physical(element));
            if (element is { Kind: ElementKind.Float, Width: 2 }) t.Int(2, 2);
            if (element.Kind == ElementKind.Decimal) t.Int(2, Decimals.Width);
            t.Int(3, Optional).Text(4, name);
            if (element.Kind == ElementKind.Text) t.Int(6, 0);
            if (element.Kind == ElementKind.Decimal) t.Int(6, 5).Int(7, element.Digits.Scale).Int(8, element.Digits.Precision);
            if (logical is not null) t.Struct(10, logical);
        });
    }

    void Put(ReadOnlySpan<byte> bytes)
    {
        _stream.Write(bytes);
        _position += bytes.Length;
    }
}
