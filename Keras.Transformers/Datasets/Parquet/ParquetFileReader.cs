using System.Buffers.Binary;
using System.Text.Json;
using Keras.Files;

namespace Keras.Transformers;

/// <summary>Reads a mapped Parquet file: a batch for each row group.</summary>
/// <remarks>Source: https://parquet.apache.org/docs/file-format. Types come from the Arrow schema in the file's metadata, where it has one.</remarks>
sealed class ParquetFileReader(string path) : RowReader(path)
{
    const int SmallestFile = 12;
    static ReadOnlySpan<byte> Magic => "PAR1"u8;

    /// <summary>The content of a file's footer.</summary>
    sealed record Footer(ParquetNode[] Columns, List<ParquetNode> Leaves, ThriftStruct[] Groups, Features Stored, Features Features);

    public override Features Infer(int? rows, CancellationToken cancellation)
    {
        using var map = Map();
        return Checked(() => ReadFooter(map), map).Features;
    }

    public override IEnumerable<DatasetBatch> Read(Features features, CancellationToken cancellation)
    {
        using var map = Map();
        var footer = Checked(() => ReadFooter(map), map);
        if (footer.Features.Count != features.Count || footer.Features.Keys.Any(n => !features.ContainsKey(n))) throw new FileFormatException("A file has other columns than the first", Path, Known.List(features.Keys), Known.List(footer.Features.Keys));
        var first = 0;
        foreach (var group in footer.Groups)
        {
            cancellation.ThrowIfCancellationRequested();
            var (columns, rows) = Checked(() => ReadGroup(map, footer, group), map);
            foreach (var (i, name) in footer.Features.Keys.Index()) CheckTexts(columns[i], new(Path, name, first));
            if (rows > 0) yield return new(features, [.. features.Select(c => Converted(columns[footer.Features.IndexOf(c.Key)], footer, c.Key, c.Value, first).Of(new(Path, c.Key, first)))], rows);
            first += rows;
        }
    }

    /// <summary>Checks texts in whole columns, since a page or dictionary does not know the row of a value.</summary>
    static void CheckTexts(ColumnData column, ColumnOrigin origin)
    {
        column.CheckText(origin);
        foreach (var child in column.Children) CheckTexts(child, column.Type is Sequence ? origin.Elements : origin);
    }

    MappedFile Map() => File.Exists(Path) ? new(Path, forReading: true) : throw new FileNotFoundException($"There is no Parquet file '{Path}'.", Path);

    static ReadOnlyMemory<byte> Bytes(MappedFile map, long offset, long length)
    {
        if (offset < 0 || length < 0 || length > int.MaxValue || offset > map.Length - length) throw new InvalidDataException("a part lies outside of the file: it was cut off");
        return new MappedBytes(map, offset, (int)length).Memory;
    }

    Footer ReadFooter(MappedFile map)
    {
        if (map.Length < SmallestFile || !Bytes(map, 0, 4).Span.SequenceEqual(Magic) || !Bytes(map, map.Length - 4, 4).Span.SequenceEqual(Magic)) throw new InvalidDataException("it does not begin and end as a Parquet file: it was cut off, or is none");
        var length = BinaryPrimitives.ReadUInt32LittleEndian(Bytes(map, map.Length - 8, 4).Span);
        if (length > map.Length - SmallestFile) throw new InvalidDataException("its description is longer than the file");
        var meta = new ThriftReader(Bytes(map, map.Length - 8 - length, length).Span).Struct();
        var schema = new ParquetSchemaReader([.. meta.List(2)], Path);
        var columns = schema.Read();
        var stored = new Features(columns.Select(c => KeyValuePair.Create(c.Name, c.Type)));
        var keys = meta.List(5).GroupBy(k => k.Text(1)).ToDictionary(k => k.Key, k => k.First().Text(2));
        return new(columns, schema.Leaves, [.. meta.List(4)], stored, Described(keys, stored));
    }

    /// <summary>The writer's types: from the Arrow schema, otherwise from "huggingface", otherwise from the file.</summary>
    Features Described(Dictionary<string, string> keys, Features stored)
    {
        if (keys.TryGetValue("ARROW:schema", out var encoded))
        {
            var message = new byte[encoded.Length];
            if (!Convert.TryFromBase64String(encoded, message, out var length) || length < 8) throw new InvalidDataException("its Arrow schema is not base64");
            var start = BinaryPrimitives.ReadInt32LittleEndian(message) == -1 ? 8 : 4;
            var (_, features) = ArrowSchema.Read(FlatTable.Root(message.AsSpan(start, length - start)).Table(2), Path);
            if (features.Count == stored.Count && features.Keys.All(stored.ContainsKey)) return features;
            throw new InvalidDataException("its Arrow schema has other columns than the file");
        }
        if (!keys.TryGetValue("huggingface", out var text)) return stored;
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("info", out var info) && info.ValueKind == JsonValueKind.Object && info.TryGetProperty("features", out var features)
                ? FeatureJson.Read(features, Path) : stored;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"the metadata \"huggingface\" is no JSON ({e.Message})");
        }
    }

    (ColumnData[] Columns, int Rows) ReadGroup(MappedFile map, Footer footer, ThriftStruct group)
    {
        var rows = ArrowBatch.Length(group.Long(3));
        ThriftStruct[] chunks = [.. group.List(1)];
        if (chunks.Length != footer.Leaves.Count) throw new InvalidDataException($"a group of rows has {chunks.Length} columns instead of {footer.Leaves.Count}");
        ParquetLeafData[] leaves = [.. chunks.Select((chunk, i) => ReadLeaf(map, footer.Leaves[i], chunk.Struct(3)))];
        var assembly = new ParquetAssembly(leaves);
        ColumnData[] columns = [.. footer.Features.Keys.Select(n => assembly.Column(Array.Find(footer.Columns, c => c.Name == n)!))];
        foreach (var column in columns)
            if (column.Length != rows) throw new InvalidDataException($"a column has {column.Length} rows instead of {rows}");
        return (columns, rows);
    }

    ParquetLeafData ReadLeaf(MappedFile map, ParquetNode leaf, ThriftStruct chunk)
    {
        try
        {
            return ReadPages(map, leaf, chunk);
        }
        catch (Exception e) when (e is InvalidDataException or OverflowException or ArgumentException or IndexOutOfRangeException or ZstdSharp.ZstdException)
        {
            throw new InvalidDataException($"column \"{leaf.Column}\": {e.Message}", e);
        }
    }

    ParquetLeafData ReadPages(MappedFile map, ParquetNode leaf, ThriftStruct chunk)
    {
        if (chunk.Int(1) != leaf.Physical.Type) throw new InvalidDataException("a column is of another type than the schema says");
        var start = chunk.Long(9);
        if (chunk.Has(11) && chunk.Long(11) is > 0 and var dictionary) start = Math.Min(start, dictionary);
        return new ParquetPages(leaf, Path).Read(Bytes(map, start, chunk.Long(7)), chunk.Int(4), chunk.Long(5));
    }

    ColumnData Converted(ColumnData column, Footer footer, string name, Feature feature, int firstRow)
    {
        try
        {
            return Casts.Cast(StoredCasts.Cast(column, footer.Features[name], name, firstRow), footer.Features[name], feature, name, firstRow);
        }
        catch (Exception e) when (e is DTypeMismatchException or ValueRangeException or ShapeMismatchException)
        {
            throw new FileFormatException("A column does not fit its description", $"{Path}, column \"{name}\"", $"{feature}", $"{footer.Stored[name]}", "Give the types in features.", e);
        }
    }

    T Checked<T>(Func<T> read, MappedFile map)
    {
        try
        {
            var result = read();
            GC.KeepAlive(map);
            return result;
        }
        catch (Exception e) when (e is InvalidDataException or OverflowException or ArgumentException or IndexOutOfRangeException or ZstdSharp.ZstdException)
        {
            throw new FileFormatException($"A Parquet file is damaged: {e.Message}", Path, "a Parquet file", null, "Write or download it again.", e);
        }
        catch (KerasException e) when (e is DTypeMismatchException or ValueRangeException)
        {
            throw new FileFormatException($"A Parquet file is damaged: {e.Message}", Path, "a Parquet file", null, null, e);
        }
    }
}
