using System.Text.Json;

namespace Keras.Saving;

/// <summary>Parses the JSON of a safetensors header; a syntax error ends it at once, tensors that contradict each other are gathered.</summary>
ref struct SafetensorsHeaderReader(ReadOnlySpan<byte> json, string path)
{
    /// <summary>TensorFlow's own limit.</summary>
    const int HighestRank = 254;

    readonly SafetensorsLayout _layout = new(path);
    StrictJsonReader _json = new(json, path, SafetensorsHeader.PrefixLength, SafetensorsHeader.What);

    public SafetensorsHeader Read(long dataStart, long fileLength)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        _json.Advance();
        while (_json.Advance() != JsonTokenType.EndObject)
        {
            var name = _json.ReadKey(names, "its keys");
            _json.Advance();
            if (name == SafetensorsHeader.MetadataKey) ReadMetadata(metadata);
            else ReadTensor(name);
        }
        // Only white space may follow; the reader refuses anything else.
        _json.Advance();
        return new(metadata, _layout.Check(dataStart, fileLength));
    }

    void ReadMetadata(Dictionary<string, string> metadata)
    {
        if (_json.Token == JsonTokenType.Null) return;
        _json.Require(JsonTokenType.StartObject, SafetensorsHeader.MetadataKey);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (_json.Advance() != JsonTokenType.EndObject)
        {
            var key = _json.ReadKey(keys, SafetensorsHeader.MetadataKey);
            _json.Advance();
            _json.Require(JsonTokenType.String, $"{SafetensorsHeader.MetadataKey}, {JsonText.Show(key)}");
            metadata.Add(key, _json.ReadText());
        }
    }

    void ReadTensor(string name)
    {
        var where = $"tensor {JsonText.Show(name)}";
        _json.Require(JsonTokenType.StartObject, where);
        string? dtype = null;
        Shape? shape = null;
        (long Start, long End)? range = null;
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (_json.Advance() != JsonTokenType.EndObject)
        {
            var key = _json.ReadKey(keys, where);
            _json.Advance();
            switch (key)
            {
                case "dtype":
                    _json.Require(JsonTokenType.String, $"{where}, dtype");
                    dtype = _json.ReadText();
                    break;
                case "shape":
                    shape = ReadShape($"{where}, shape");
                    break;
                case "data_offsets":
                    range = ReadRange($"{where}, data_offsets");
                    break;
                default:
                    _json.Skip();
                    break;
            }
        }
        if (dtype is null || shape is null || range is null)
            throw _json.Wrong(where, "dtype, shape and data_offsets", keys.Count == 0 ? "none of them" : string.Join(", ", keys.Take(10).Select(JsonText.Show)));
        _layout.Add(name, dtype, shape, range.Value.Start, range.Value.End);
    }

    Shape ReadShape(string where)
    {
        _json.Require(JsonTokenType.StartArray, where);
        Span<long> dims = stackalloc long[HighestRank];
        var rank = 0;
        while (_json.Advance() != JsonTokenType.EndArray)
        {
            if (rank == HighestRank) throw _json.Wrong(where, $"up to {HighestRank} dimensions", "more");
            dims[rank++] = _json.ReadCount(where);
        }
        return new(dims[..rank]);
    }

    (long Start, long End) ReadRange(string where)
    {
        _json.Require(JsonTokenType.StartArray, where);
        _json.Advance();
        var start = _json.ReadCount(where);
        _json.Advance();
        var end = _json.ReadCount(where);
        return _json.Advance() == JsonTokenType.EndArray ? (start, end) : throw _json.Wrong(where, "two numbers", "more");
    }
}
