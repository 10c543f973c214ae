using System.Text;
using System.Text.Json;
using Keras.SavedModels;

namespace Keras.Serving;

/// <summary>Reads a tensor from nested JSON lists, directly from the text; the signature gives the dtype.</summary>
/// <param name="input">The input.</param>
/// <param name="byRows">Whether each row is in an element of "instances".</param>
/// <param name="maxElements">The maximum number of elements.</param>
sealed class TensorReader(SignatureTensor input, bool byRows, long maxElements)
{
    const int MostDims = 64;

    readonly long[] _sizes = NewSizes();
    readonly int[] _path = new int[MostDims];
    readonly List<byte[]>? _strings = input.DType == DType.String ? [] : null;
    readonly ElementKind _kind = ElementKinds.Of(input.DType);
    byte[] _data = [];
    int _length;
    long _count;
    int _rank = input.Shape.HasRank ? input.Shape.Rank : -1;

    /// <summary>The input that is read.</summary>
    public SignatureTensor Input => input;

    /// <summary>Reads the current value; the reader moves from its first token to its last.</summary>
    /// <exception cref="ServingException">InvalidArgument: the lists are ragged or of another shape, or an element does not fit the dtype.</exception>
    public void Read(ref Utf8JsonReader json) => Read(ref json, 0);

    /// <summary>Reads a row of the tensor.</summary>
    /// <inheritdoc cref="Read(ref Utf8JsonReader)"/>
    public void ReadRow(ref Utf8JsonReader json, int row)
    {
        if (_rank == 0) throw JsonBody.Bad($"The input '{input.Name}' has no rows, so that it cannot stand in instances", "{\"inputs\": {...}}, the form by columns", "instances");
        _path[0] = row;
        Read(ref json, 1);
    }

    /// <summary>Makes the tensor from the rows read.</summary>
    public HostTensor ToTensor(int rows)
    {
        Sized(0, rows);
        return ToTensor();
    }

    /// <summary>Makes the tensor.</summary>
    public HostTensor ToTensor()
    {
        // Below an empty list, only the signature gives the lengths of lists.
        var shape = new Shape([.. Enumerable.Range(0, Math.Max(_rank, 0)).Select(i => _sizes[i] >= 0 ? _sizes[i] : input.Shape.HasRank ? Math.Max(0, input.Shape[i]) : 0)]);
        return _strings is not null ? HostTensor.OfStrings(shape, [.. _strings]) : HostTensor.OfBytes(input.DType, shape, _data.Length == _length ? _data : _data[.._length]);
    }

    void Read(ref Utf8JsonReader json, int depth)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            if (_rank < 0) _rank = depth;
            else if (depth != _rank) throw Misfit(depth, _rank < depth ? "a value" : $"{Lists(_rank - depth)}, for the shape {input.Shape}", JsonBody.Say(ref json));
            if (++_count > maxElements) throw JsonBody.Bad($"The input '{input.Name}' has too many elements", $"at most {maxElements}", "more");
            Element(ref json, depth);
            return;
        }
        if (depth == (_rank < 0 ? MostDims : _rank)) throw Misfit(depth, input.Shape.HasRank ? $"{_kind.Expected}, for the shape {input.Shape}" : _kind.Expected, "a list");
        var count = 0;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            _path[depth] = count++;
            Read(ref json, depth + 1);
        }
        Sized(depth, count);
    }

    void Sized(int depth, int count)
    {
        if (_rank < 0) _rank = depth + 1;
        var expected = _sizes[depth] >= 0 ? _sizes[depth] : input.Shape.HasRank ? input.Shape[depth] : -1;
        if (expected >= 0 && expected != count) throw Misfit(depth, _sizes[depth] >= 0 ? $"a list of {expected}, as before" : $"a list of {expected}, for the shape {input.Shape}", $"a list of {count}");
        _sizes[depth] = count;
    }

    void Element(ref Utf8JsonReader json, int depth)
    {
        if (_strings is null)
        {
            if (_length + input.DType.Size > _data.Length) Array.Resize(ref _data, (int)Math.Min(Array.MaxLength, Math.Max(64L, 2L * _data.Length)));
            if (!_kind.TryRead(ref json, _data.AsSpan(_length))) throw Misfit(depth, _kind.Expected, JsonBody.Say(ref json));
            _length += input.DType.Size;
        }
        else if (json.TokenType == JsonTokenType.String && NonFinite.Read(json.ValueSpan) is null) _strings.Add(Utf8Of(ref json));
        else if (json.TokenType == JsonTokenType.StartObject && TryReadBase64(ref json) is { } bytes) _strings.Add(bytes);
        else throw Misfit(depth, _kind.Expected, JsonBody.Say(ref json));
    }

    static byte[] Utf8Of(ref Utf8JsonReader json) => json.ValueIsEscaped ? Encoding.UTF8.GetBytes(JsonBody.StringOf(ref json)) : json.ValueSpan.ToArray();

    /// <summary>Reads the bytes of {"b64": "..."}, with the reader then at its end; null if it is something else.</summary>
    public static byte[]? TryReadBase64(ref Utf8JsonReader json)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.PropertyName || !json.ValueTextEquals("b64"u8)) return null;
        if (!json.Read() || json.TokenType != JsonTokenType.String || !json.TryGetBytesFromBase64(out var bytes)) return null;
        return json.Read() && json.TokenType == JsonTokenType.EndObject ? bytes : null;
    }

    ServingException Misfit(int depth, string expected, string received) =>
        JsonBody.Bad($"The input '{input.Name}' does not fit its signature ({Place(depth)})", expected, received);

    string Place(int depth)
    {
        var path = _path.Take(depth).Select(i => $"[{i}]");
        return byRows ? $"{PredictFields.Rows}{path.FirstOrDefault()}.{input.Name}{string.Concat(path.Skip(1))}" : $"{PredictFields.Columns}.{input.Name}{string.Concat(path)}";
    }

    static string Lists(int depth) => depth == 1 ? "a list" : $"lists {depth} deep";

    static long[] NewSizes()
    {
        var sizes = new long[MostDims];
        Array.Fill(sizes, -1);
        return sizes;
    }
}

/// <summary>The fields of a predict request.</summary>
static class PredictFields
{
    public const string Rows = "instances", Columns = "inputs", Signature = "signature_name";
}
