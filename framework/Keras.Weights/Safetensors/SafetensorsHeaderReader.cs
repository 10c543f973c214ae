using System.Text.Json;

namespace Keras.Saving;

/// <summary>Parses the JSON of a safetensors header; a syntax error ends it at once, inconsistent tensors are collected.</summary>
ref struct SafetensorsHeaderReader(ReadOnlySpan<byte> json, string path)
{
    /// <summary>TensorFlow's limit on dimensions.</summary>
    const int HighestRank = 254;

    readonly SafetensorsLayout _layout = new(path);
    readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    StrictJsonReader _json = new(json, path, SafetensorsHeader.PrefixLength, SafetensorsHeader.What);

    public SafetensorsHeader Read(long dataStart, long fileLength)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        _json.Advance();
        while (_json.Advance() != JsonTokenType.EndObject)
        {
            var name = _json.ReadKey(names);
            _json.Advance();
            _json.Subject = name;
            _keys.Clear();
            if (name == SafetensorsHeader.MetadataKey) ReadMetadata(metadata);
            else ReadTensor(name);
            _json.Subject = null;
        }
        // Only white space may follow; the reader rejects anything else.
        _json.Advance();
        return new(metadata, _layout.Check(dataStart, fileLength));
    }

    void ReadMetadata(Dictionary<string, string> metadata)
    {
        if (_json.Token == JsonTokenType.Null) return;
        _json.Require(JsonTokenType.StartObject, "the value");
        while (_json.Advance() != JsonTokenType.EndObject)
        {
            var key = _json.ReadKey(_keys);
            _json.Advance();
            _json.Require(JsonTokenType.String, JsonText.Show(key));
            metadata.Add(key, _json.ReadText());
        }
    }

    void ReadTensor(string name)
    {
        _json.Require(JsonTokenType.StartObject, "the value");
        string? dtype = null;
        Shape? shape = null;
        (long Start, long End)? range = null;
        while (_json.Advance() != JsonTokenType.EndObject)
        {
            var key = _json.ReadKey(_keys);
            _json.Advance();
            switch (key)
            {
                case "dtype":
                    _json.Require(JsonTokenType.String, "dtype");
                    dtype = _json.ReadText();
                    break;
                case "shape":
                    shape = ReadShape();
                    break;
                case "data_offsets":
                    range = ReadRange();
                    break;
                default:
                    _json.Skip();
                    break;
            }
        }
        if (dtype is null || shape is null || range is null)
            throw _json.Wrong("keys", "dtype, shape and data_offsets", _keys.Count == 0 ? "none of them" : string.Join(", ", _keys.Take(10).Select(JsonText.Show)));
        _layout.Add(name, dtype, shape, range.Value.Start, range.Value.End);
    }

    Shape ReadShape()
    {
        _json.Require(JsonTokenType.StartArray, "shape");
        Span<long> dims = stackalloc long[HighestRank];
        var rank = 0;
        while (_json.Advance() != JsonTokenType.EndArray)
        {
            if (rank == HighestRank) throw _json.Wrong("shape", $"up to {HighestRank} dimensions", "more");
            dims[rank++] = _json.ReadCount("shape");
        }
        return new(dims[..rank]);
    }

    (long Start, long End) ReadRange()
    {
        _json.Require(JsonTokenType.StartArray, "data_offsets");
        _json.Advance();
        var start = _json.ReadCount("data_offsets");
        _json.Advance();
        var end = _json.ReadCount("data_offsets");
        return _json.Advance() == JsonTokenType.EndArray ? (start, end) : throw _json.Wrong("data_offsets", "two numbers", "more");
    }
}
