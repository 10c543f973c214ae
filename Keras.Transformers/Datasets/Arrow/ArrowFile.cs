using System.Buffers.Binary;
using System.Collections.Immutable;
using Keras.Files;
using Microsoft.Win32.SafeHandles;

namespace Keras.Transformers;

/// <summary>A memory-mapped Arrow stream or file. Opening it finds the batches; their columns are made when rows are asked for.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "Columns of the file may be anywhere; the collector closes the map when none is left.")]
sealed class ArrowFile
{
    const int SchemaMessage = 1, DictionaryMessage = 2, BatchMessage = 3;
    static ReadOnlySpan<byte> Magic => "ARROW1"u8;

    readonly string _path;
    readonly MappedFile _map;
    readonly SafeFileHandle _handle;
    readonly List<TableChunk> _chunks = [];
    ArrowField[] _fields = [];
    Features? _features;
    Dictionary<long, ArrowField> _dictionaryFields = [];
    ImmutableDictionary<long, ArrowDictionary> _dictionaries = ImmutableDictionary<long, ArrowDictionary>.Empty;
    bool _isStream = true;
    long _rows;

    ArrowFile(string path)
    {
        _path = path;
        _handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        _map = new(path, forReading: true);
    }

    /// <summary>Opens a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FileFormatException">The file is damaged or not an Arrow file.</exception>
    /// <exception cref="UnsupportedException">The file has columns of types that are not read here, or is compressed.</exception>
    public static Table Open(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no Arrow file '{path}'.", path);
        var file = new ArrowFile(path);
        file.Read();
        return new(file._features!, file._chunks);
    }

    void Read()
    {
        long position = 0;
        try
        {
            if (_map.Length >= 8 && Span(0, 6).SequenceEqual(Magic)) (position, _isStream) = (8, false);
            while (position < _map.Length && ReadMessage(ref position)) { }
            if (_features is null) throw new InvalidDataException("there is no schema");
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentOutOfRangeException or OverflowException)
        {
            throw Damaged(position, e);
        }
    }

    /// <summary>Registers one message; false at the end of the stream.</summary>
    bool ReadMessage(ref long position)
    {
        if (!TryHeader(position, out var start, out var length)) return false;
        var message = FlatTable.Root(Span(start, length));
        var body = message.Long(3);
        var bodyStart = start + length;
        if (body < 0 || body > _map.Length - bodyStart) throw new InvalidDataException($"a batch ends {body - (_map.Length - bodyStart)} bytes behind the end of the file: it was cut off");
        if (_features is null && !_isStream && message.Byte(1) != SchemaMessage) ReadFooter();
        switch (message.Byte(1))
        {
            case SchemaMessage when _features is null: ReadSchema(message.Table(2)); break;
            case DictionaryMessage when _features is not null: NoteDictionary(message.Table(2), start, length, bodyStart, body); break;
            case BatchMessage when _features is not null: Note(message.Table(2), start, length, bodyStart, body); break;
            default: throw new InvalidDataException($"a message of kind {message.Byte(1)} where the schema, a dictionary or a batch was expected");
        }
        position = bodyStart + body;
        return true;
    }

    void ReadSchema(FlatTable schema)
    {
        (_fields, _features) = ArrowSchema.Read(schema, _path);
        _dictionaryFields = ArrowSchema.Dictionaries(_fields);
    }

    /// <summary>Reads the schema from the end of a file, the only place where some writers put it.</summary>
    void ReadFooter()
    {
        const int tail = 10;
        if (_map.Length < 8 + tail || !Span(_map.Length - 6, 6).SequenceEqual(Magic)) throw new InvalidDataException("there is no schema");
        var length = BinaryPrimitives.ReadInt32LittleEndian(Span(_map.Length - tail, 4));
        if (length <= 0 || length > _map.Length - 8 - tail) throw new InvalidDataException("there is no schema");
        ReadSchema(FlatTable.Root(Span(_map.Length - tail - length, length)).Table(1));
    }

    /// <summary>Reads a message's length, before which versions since 0.15 write four bytes.</summary>
    bool TryHeader(long position, out long start, out int length)
    {
        (start, length) = (position + 4, 0);
        if (position + 4 > _map.Length) throw new InvalidDataException("the file was cut off");
        var first = BinaryPrimitives.ReadInt32LittleEndian(Span(position, 4));
        if (first == -1)
        {
            if (position + 8 > _map.Length) throw new InvalidDataException("the file was cut off");
            (start, first) = (position + 8, BinaryPrimitives.ReadInt32LittleEndian(Span(position + 4, 4)));
        }
        if (first == 0) return false;
        if (first < 0 || first > _map.Length - start) throw new InvalidDataException($"a description of {first} bytes does not fit into the file: it was cut off, or is no Arrow file");
        length = first;
        return true;
    }

    void Note(FlatTable batch, long start, int length, long bodyStart, long body)
    {
        Check(batch, start, body);
        var rows = ArrowBatch.Length(batch.Long(0));
        if (_rows + rows > int.MaxValue) throw new UnsupportedException("A file has more than 2^31 rows", _path, "fewer", null, "Split it.");
        var firstRow = _rows;
        _rows += rows;
        var seen = _dictionaries;
        if (rows > 0) _chunks.Add(new(rows, () => Load(start, length, bodyStart, (int)body, _fields.Select((f, i) => (f, new ColumnOrigin(_path, _features!.NameAt(i), firstRow))), _isStream ? seen : _dictionaries, isDictionary: false), _path));
    }

    /// <summary>Registers a dictionary. In a stream it applies to the batches after it; in a file its pieces may be anywhere.</summary>
    void NoteDictionary(FlatTable message, long start, int length, long bodyStart, long body)
    {
        var (id, isDelta) = (message.Long(0), message.Byte(2) != 0);
        if (!_dictionaryFields.TryGetValue(id, out var field)) throw new InvalidDataException($"a dictionary has the number {id}, which no column refers to");
        Check(message.Table(1), start, body);
        if (isDelta && !_dictionaries.ContainsKey(id)) throw new InvalidDataException($"something is added to the dictionary {id}, which is not there yet");
        var seen = _dictionaries;
        (ArrowField, ColumnOrigin)[] fields = [(field, new(_path, $"dictionary {id}", 0))];
        _dictionaries = seen.SetItem(id, new(isDelta ? seen[id] : null, () => Load(start, length, bodyStart, (int)body, fields, _isStream ? seen : _dictionaries, isDictionary: true)[0]));
    }

    void Check(FlatTable batch, long start, long body)
    {
        if (batch.Has(3)) throw new UnsupportedException("An Arrow file with compressed batches", $"{_path}, byte {start}", "batches as they are", "compressed ones", "Write it without compression, or as Parquet.");
        if (body > int.MaxValue) throw new UnsupportedException("A batch of an Arrow file is larger than 2 GB", $"{_path}, byte {start}", "smaller batches", $"{body} bytes", "Write it in more batches.");
    }

    ColumnData[] Load(long start, int length, long bodyStart, int body, IEnumerable<(ArrowField, ColumnOrigin)> fields, ImmutableDictionary<long, ArrowDictionary> dictionaries, bool isDictionary)
    {
        if (RandomAccess.GetLength(_handle) < bodyStart + body)
            throw new FileFormatException("A file was shortened while it was open", _path, $"{_map.Length} bytes", $"{RandomAccess.GetLength(_handle)}", "Replace files by renaming new ones into their place.");
        try
        {
            var message = FlatTable.Root(Span(start, length)).Table(2);
            return ArrowBatch.Read(isDictionary ? message.Table(1) : message, new MappedBytes(_map, bodyStart, body).Memory, fields, dictionaries);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentOutOfRangeException or OverflowException)
        {
            throw Damaged(start, e);
        }
    }

    unsafe ReadOnlySpan<byte> Span(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, _map.Length - offset);
        return new(_map.Address + offset, length);
    }

    FileFormatException Damaged(long position, Exception e) =>
        new($"An Arrow file is damaged: {e.Message}", $"{_path}, byte {position}", "an Arrow stream or file", null, "Write or download it again.", e);
}
