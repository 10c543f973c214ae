using System.Text.Json;

namespace Keras.Serving;

/// <summary>The fields of a request to OpenAI's API; unknown ones are rejected, so that none is silently ignored.</summary>
sealed class OpenAiFields
{
    readonly Dictionary<string, JsonElement> _fields = [];
    readonly HashSet<string> _read = [];

    /// <summary>Reads a body.</summary>
    /// <exception cref="OpenAiException">The body is not a JSON object, or has a field twice.</exception>
    public OpenAiFields(byte[] body, int maxDepth)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new() { MaxDepth = maxDepth });
            // The elements outlive the document.
            var root = document.RootElement.Clone();
            if (root.ValueKind != JsonValueKind.Object) throw OpenAiException.Bad("body", "The body is no JSON object", "{\"model\": ..., ...}", root.ValueKind.ToString());
            foreach (var field in root.EnumerateObject())
                if (!_fields.TryAdd(field.Name, field.Value)) throw OpenAiException.Bad(field.Name, $"The body has the field '{field.Name}' twice", "each once", "two");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new OpenAiException(400, "invalid_request_error", JsonBody.Broken(e).Message, null, e);
        }
    }

    /// <summary>The value of a field; null if it is absent or null.</summary>
    public JsonElement? Value(string name)
    {
        _read.Add(name);
        return _fields.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    public string? Text(string name) => Value(name) is not { } value ? null : value.ValueKind == JsonValueKind.String ? TextOf(value, name) : throw Bad(name, "a string", value);

    public bool Truth(string name) => Value(name) is { } value && value.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => throw Bad(name, "true or false", value) };

    public int Whole(string name, int otherwise, int least, int greatest) => Value(name) is not { } value ? otherwise
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= greatest ? number : throw Bad(name, $"a whole number from {least} to {greatest}", value);

    public double Number(string name, double otherwise, double least, double greatest) => Value(name) is not { } value ? otherwise
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && number <= greatest ? number : throw Bad(name, $"a number from {least} to {greatest}", value);

    /// <summary>Reads a text or a list of texts.</summary>
    public IReadOnlyList<string> Texts(string name, int most)
    {
        if (Value(name) is not { } value) return [];
        if (value.ValueKind == JsonValueKind.String) return [TextOf(value, name)];
        return value.ValueKind == JsonValueKind.Array && value.GetArrayLength() <= most && value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(v => TextOf(v, name))] : throw Bad(name, $"a string or a list of at most {most}", value);
    }

    /// <summary>Reads one or several prompts, as texts or token ids.</summary>
    public IReadOnlyList<(string? Text, int[]? Ids)> Prompts(string name, int most)
    {
        var value = Value(name) ?? throw OpenAiException.Bad(name, $"'{name}' is missing", "a string, a list of strings, of token ids or of lists of token ids", "nothing");
        if (value.ValueKind == JsonValueKind.String) return [(TextOf(value, name), null)];
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is 0 || value.GetArrayLength() > (value[0].ValueKind == JsonValueKind.Number ? int.MaxValue : most)) throw Bad(name, $"a string, or 1 to {most} of them", value);
        return value[0].ValueKind == JsonValueKind.Number ? [(null, Ids(value, name))]
            : [.. value.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.String ? (TextOf(v, name), null) : ((string?)null, (int[]?)Ids(v, name)))];
    }

    /// <summary>Rejects a field that asks for an unsupported feature.</summary>
    public void RequireAbsent(string name, string why, Func<JsonElement, bool>? harmless = null)
    {
        if (Value(name) is { } value && harmless?.Invoke(value) != true) throw new OpenAiException(400, "invalid_request_error", $"'{name}' is not supported: {why} Leave it out.", name);
    }

    /// <summary>Rejects fields that nothing has read.</summary>
    public void RequireNoOthers()
    {
        if (_fields.Keys.FirstOrDefault(k => !_read.Contains(k)) is { } other) throw OpenAiException.Bad(other, "There is no such field", string.Join(", ", _read), other.Length > 64 ? other[..64] : other);
    }

    int[] Ids(JsonElement value, string name)
    {
        if (value.ValueKind != JsonValueKind.Array) throw Bad(name, "strings or lists of token ids", value);
        return [.. value.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.Number && v.TryGetInt32(out var id) && id >= 0 ? id : throw Bad(name, "token ids", v))];
    }

    static string TextOf(JsonElement value, string name)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw OpenAiException.Bad(name, $"'{name}' is no text", "Unicode", "half of a surrogate pair");
        }
    }

    static OpenAiException Bad(string name, string expected, JsonElement value) => OpenAiException.Bad(name, $"'{name}' has no such value", expected, value.GetRawText() is { Length: > 64 } text ? text[..64] + "..." : value.GetRawText());
}
