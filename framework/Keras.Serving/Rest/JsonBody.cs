using System.Text;
using System.Text.Json;

namespace Keras.Serving;

/// <summary>The fields of a request's body, located once; values are read in place.</summary>
sealed class JsonBody
{
    readonly byte[] _text;
    readonly JsonReaderOptions _options;
    readonly Dictionary<string, (int From, int Length)> _fields = [];

    /// <summary>Locates the fields.</summary>
    /// <exception cref="ServingException">InvalidArgument: the body is not a JSON object, is nested too deeply, or has a field twice.</exception>
    public JsonBody(byte[] text, int maxDepth)
    {
        (_text, _options) = (NonFinite.Quoted(text), new() { MaxDepth = maxDepth });
        try
        {
            var json = new Utf8JsonReader(_text, _options);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject) throw Bad("The body is no JSON object", "{\"instances\": [...]} or {\"inputs\": ...}", json.TokenType.ToString());
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var name = json.GetString()!;
                json.Read();
                var from = (int)json.TokenStartIndex;
                json.Skip();
                if (!_fields.TryAdd(name, (from, (int)json.BytesConsumed - from))) throw Bad($"The body has the field '{Shown(name)}' twice", "each once", "two");
            }
            // Reads on to check that nothing follows the object.
            while (json.Read()) { }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Broken(e);
        }
    }

    /// <summary>The names of the fields.</summary>
    public IEnumerable<string> Names => _fields.Keys;

    /// <summary>Whether the body has a field.</summary>
    public bool Has(string name) => _fields.ContainsKey(name);

    /// <summary>Reads a string field; null if it is absent.</summary>
    /// <exception cref="ServingException">InvalidArgument: the field is not a string.</exception>
    public string? Text(string name)
    {
        if (!Has(name)) return null;
        var json = Value(name);
        return json.TokenType == JsonTokenType.String ? StringOf(ref json) : throw Bad($"'{name}' is no text", "a string", Say(ref json));
    }

    /// <summary>A reader at the value of an existing field.</summary>
    public Utf8JsonReader Value(string name)
    {
        var (from, length) = _fields[name];
        var json = new Utf8JsonReader(_text.AsSpan(from, length), _options);
        json.Read();
        return json;
    }

    /// <summary>Rejects fields with other names.</summary>
    /// <exception cref="ServingException">InvalidArgument: there is another field.</exception>
    public void RequireOnly(params ReadOnlySpan<string> names)
    {
        foreach (var name in _fields.Keys)
            if (!names.Contains(name)) throw Bad($"The body has an unknown field '{Shown(name)}'", string.Join(", ", names!), Shown(name));
    }

    /// <summary>Reads a string's value, which may not contain half of a surrogate pair.</summary>
    /// <exception cref="ServingException">InvalidArgument: the string is malformed.</exception>
    public static string StringOf(ref Utf8JsonReader json)
    {
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw Broken(e);
        }
    }

    /// <summary>Describes the current token for an error.</summary>
    public static string Say(ref Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.Null => "null",
        JsonTokenType.String when NonFinite.Read(json.ValueSpan) is { } number => number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        JsonTokenType.String => $"the text \"{Shown(Encoding.UTF8.GetString(json.ValueSpan))}\"",
        _ => Shown(Encoding.UTF8.GetString(json.ValueSpan)),
    };

    /// <summary>Makes an error in the usual form.</summary>
    public static ServingException Bad(string what, string expected, string received) => new(TFServingStatus.InvalidArgument, $"{what}. Expected: {expected}. Received: {received}.");

    /// <summary>Makes the error for malformed JSON.</summary>
    public static ServingException Broken(Exception e) => new(TFServingStatus.InvalidArgument,
        $"The body is no valid JSON: {(e is JsonException { LineNumber: { } line } json ? $"{json.Message.Split(" LineNumber:")[0]} (line {line + 1}, byte {json.BytePositionInLine + 1})" : e.Message)}", e);

    static string Shown(string text) => text.Length > 64 ? text[..64] + "..." : text;
}
