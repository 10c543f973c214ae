using System.Buffers.Binary;

namespace Keras.Transformers;

/// <summary>The levels and non-null values of one leaf in one row group.</summary>
sealed record ParquetLeafData(byte[] Definitions, byte[] Repetitions, int Count, ColumnData Values);

/// <summary>Reads the pages of one leaf in one row group.</summary>
sealed class ParquetPages(ParquetNode leaf, string file)
{
    const int DataPage = 0, DictionaryPage = 2, DataPageV2 = 3;
    const int Plain = 0, PlainDictionary = 2, Rle = 3, DeltaBinaryPacked = 5, DeltaLengthByteArray = 6, DeltaByteArray = 7, RleDictionary = 8, ByteStreamSplit = 9;
    const int LargestHeader = 1 << 20;
    static readonly string[] Encodings = ["PLAIN", "GROUP_VAR_INT", "PLAIN_DICTIONARY", "RLE", "BIT_PACKED", "DELTA_BINARY_PACKED", "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY", "RLE_DICTIONARY", "BYTE_STREAM_SPLIT"];

    readonly ColumnBuilder _values = new(leaf.Type, leaf.Column) { ChecksTexts = false };
    readonly ByteBuffer _definitions = new(), _repetitions = new();
    readonly string _where = $"{file}, column \"{leaf.Column}\"";
    /// <summary>Whether elements have the same form in columns as in files, apart from their width.</summary>
    readonly bool _isPlain = leaf.Type is Value { Element: var element } && (element is { Kind: ElementKind.Float, Width: 2 } || leaf.Physical.Type is not (ParquetTypes.Int96 or ParquetTypes.FixedBytes or ParquetTypes.ByteArray) && element.Kind != ElementKind.Decimal);
    ColumnData? _dictionary;
    int _count;

    /// <param name="chunk">The pages.</param>
    /// <param name="codec">The number of their compression codec.</param>
    /// <param name="values">The number of values, including nulls.</param>
    /// <exception cref="InvalidDataException">A page contradicts itself.</exception>
    public ParquetLeafData Read(ReadOnlyMemory<byte> chunk, int codec, long values)
    {
        for (var position = 0; _count < values;)
        {
            var reader = new ThriftReader(chunk.Span.Slice(position, Math.Min(LargestHeader, chunk.Length - position)));
            var header = reader.Struct();
            position += reader.Position;
            var (size, whole) = (header.Int(3), header.Int(2));
            if (size < 0 || size > chunk.Length - position || whole < 0) throw new InvalidDataException("a page is longer than its column");
            ReadPage(header, chunk.Slice(position, size), codec, whole);
            position += size;
        }
        if (_count != values) throw new InvalidDataException($"a column has {_count} values instead of {values}");
        return new(_definitions.Written.ToArray(), _repetitions.Written.ToArray(), _count, _values.Build());
    }

    void ReadPage(ThriftStruct header, ReadOnlyMemory<byte> page, int codec, int whole)
    {
        switch (header.Int(1))
        {
            case DictionaryPage:
                var dictionary = header.Struct(7);
                if (dictionary.Int(2) is not (Plain or PlainDictionary)) throw new InvalidDataException("a dictionary has no plain values");
                var builder = new ColumnBuilder(leaf.Type, leaf.Column);
                ReadPlain(builder, ParquetCodecs.Unpacked(page, codec, whole, _where).Span, dictionary.Int(1));
                _dictionary = builder.Build();
                break;
            case DataPage: ReadData(header.Struct(5), ParquetCodecs.Unpacked(page, codec, whole, _where).Span); break;
            case DataPageV2: ReadDataV2(header.Struct(8), page, codec, whole); break;
        }
    }

    void ReadData(ThriftStruct header, ReadOnlySpan<byte> page)
    {
        var count = Values(header.Int(1));
        Levels(_repetitions, ref page, count, leaf.Most.Repetition, header.Int(4));
        var definitions = Levels(_definitions, ref page, count, leaf.Most.Definition, header.Int(3));
        ReadValues(header.Int(2), page, Present(definitions, count));
        _count += count;
    }

    void ReadDataV2(ThriftStruct header, ReadOnlyMemory<byte> page, int codec, int whole)
    {
        var count = Values(header.Int(1));
        var (repetitions, definitions) = (header.Int(6), header.Int(5));
        if (repetitions < 0 || definitions < 0 || (long)repetitions + definitions > page.Length) throw new InvalidDataException("the levels of a page are longer than it");
        if (leaf.Most.Repetition > 0) ParquetRuns.Read(page.Span[..repetitions], ParquetRuns.BitsFor(leaf.Most.Repetition), Grow(_repetitions, count), leaf.Most.Repetition);
        var levels = Grow(_definitions, leaf.Most.Definition > 0 ? count : 0);
        if (leaf.Most.Definition > 0) ParquetRuns.Read(page.Span.Slice(repetitions, definitions), ParquetRuns.BitsFor(leaf.Most.Definition), levels, leaf.Most.Definition);
        var rest = page[(repetitions + definitions)..];
        var isPacked = header.Flag(7, true) && rest.Length > 0;
        ReadValues(header.Int(4), (isPacked ? ParquetCodecs.Unpacked(rest, codec, whole - repetitions - definitions, _where) : rest).Span, Present(levels, count));
        _count += count;
    }

    static int Values(int count) => count is >= 0 and < (1 << 28) ? count : throw new InvalidDataException($"a page has {count} values");

    /// <summary>Reads levels, which in a page of version 1 are preceded by their length.</summary>
    static Span<byte> Levels(ByteBuffer to, ref ReadOnlySpan<byte> page, int count, int largest, int encoding)
    {
        if (largest == 0) return [];
        if (encoding != Rle) throw new InvalidDataException($"levels of encoding {encoding}");
        if (page.Length < sizeof(int) || BinaryPrimitives.ReadInt32LittleEndian(page) is var length && (length < 0 || length > page.Length - sizeof(int))) throw new InvalidDataException("the levels of a page are longer than it");
        length = BinaryPrimitives.ReadInt32LittleEndian(page);
        var levels = Grow(to, count);
        ParquetRuns.Read(page.Slice(sizeof(int), length), ParquetRuns.BitsFor(largest), levels, largest);
        page = page[(sizeof(int) + length)..];
        return levels;
    }

    static Span<byte> Grow(ByteBuffer buffer, int count) => buffer.Grow(count);

    int Present(ReadOnlySpan<byte> definitions, int count) => leaf.Most.Definition == 0 ? count : definitions.Count((byte)leaf.Most.Definition);

    void ReadValues(int encoding, ReadOnlySpan<byte> bytes, int count)
    {
        switch (encoding)
        {
            case Plain: ReadPlain(_values, bytes, count); break;
            case PlainDictionary or RleDictionary: ReadDictionary(bytes, count); break;
            case Rle when leaf.Physical.Type == ParquetTypes.Boolean:
                if (bytes.Length < sizeof(int)) throw new InvalidDataException("a page of flags is cut off");
                var flags = new byte[count];
                ParquetRuns.Read(bytes[sizeof(int)..], 1, flags, 1);
                foreach (var flag in flags) _values.AppendFlag(flag != 0);
                break;
            case DeltaBinaryPacked when leaf.Physical.Type is ParquetTypes.Int32 or ParquetTypes.Int64: ReadPlain(_values, ParquetDeltas.Plain(ParquetDeltas.Numbers(bytes, count, out _), Width), count); break;
            case DeltaLengthByteArray when leaf.Physical.Type == ParquetTypes.ByteArray: ParquetDeltas.Texts(bytes, count, Append); break;
            case DeltaByteArray when leaf.Physical.Type is ParquetTypes.ByteArray or ParquetTypes.FixedBytes: ParquetDeltas.Prefixed(bytes, count, Append); break;
            case ByteStreamSplit when Width is > 0 and not 12: ReadPlain(_values, ParquetDeltas.Joined(bytes, count, Width), count); break;
            default:
                throw new UnsupportedException("Values of a Parquet file have an encoding that is not read here", _where, "PLAIN, RLE of flags, a dictionary, DELTA_BINARY_PACKED of whole numbers, DELTA_LENGTH_BYTE_ARRAY or DELTA_BYTE_ARRAY of bytes, or BYTE_STREAM_SPLIT of elements of one width",
                (uint)encoding < (uint)Encodings.Length ? $"{Encodings[encoding]} of physical type {leaf.Physical.Type}" : $"encoding {encoding}", "Write the file with one of these.");
        }
    }

    void ReadDictionary(ReadOnlySpan<byte> bytes, int count)
    {
        if (count == 0) return;
        var dictionary = _dictionary ?? throw new InvalidDataException("a page refers to a dictionary that is not there");
        if (bytes.Length == 0 || bytes[0] > 32) throw new InvalidDataException("a page has no width of its numbers");
        var indices = new int[count];
        ParquetRuns.Read(bytes[1..], bytes[0], indices);
        foreach (var index in indices)
            if ((uint)index < (uint)dictionary.Length) _values.Append(dictionary, index, 1);
            else throw new InvalidDataException($"a value refers to entry {index} of a dictionary of {dictionary.Length}");
    }

    int Width => ParquetTypes.Width(leaf.Physical.Type, leaf.Physical.Length);

    void ReadPlain(ColumnBuilder to, ReadOnlySpan<byte> bytes, int count)
    {
        if (count < 0) throw new InvalidDataException("a page has a negative number of values");
        if (leaf.Physical.Type == ParquetTypes.Boolean)
        {
            if (bytes.Length < Bits.Bytes(count)) throw new InvalidDataException("a page of flags is cut off");
            for (var i = 0; i < count; i++) to.AppendFlag(Bits.Get(bytes, i));
            return;
        }
        if (Width > 0 && (long)count * Width > bytes.Length) throw new InvalidDataException("a page of values is cut off");
        if (_isPlain) to.AppendStored(bytes[..(count * Width)], Width);
        else
            for (var i = 0; i < count; i++)
            {
                var size = Width > 0 ? Width : Size(ref bytes);
                Append(to, bytes[..size]);
                bytes = bytes[size..];
            }
    }

    void Append(ReadOnlySpan<byte> value) => Append(_values, value);

    /// <summary>Appends one value whose form in columns differs from that in files.</summary>
    void Append(ColumnBuilder to, ReadOnlySpan<byte> value)
    {
        if (leaf.Physical is { Type: ParquetTypes.FixedBytes, Length: var length } && value.Length != length) throw new InvalidDataException($"a value has {value.Length} bytes instead of {length}");
        var element = ((Value)leaf.Type).Element;
        if (element.Kind == ElementKind.Decimal) to.AppendDecimal(ParquetTypes.Digits(leaf.Physical.Type, value));
        else if (leaf.Physical.Type == ParquetTypes.Int96) to.AppendStored(BitConverter.GetBytes(ParquetTypes.Nanoseconds(value)), sizeof(long));
        else if (element.Width == 2) to.AppendStored(value, 2);
        else to.AppendBytes(value);
    }

    static int Size(ref ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < sizeof(int)) throw new InvalidDataException("a page of texts is cut off");
        var size = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        bytes = bytes[sizeof(int)..];
        return size >= 0 && size <= bytes.Length ? size : throw new InvalidDataException("a text is longer than its page");
    }
}
