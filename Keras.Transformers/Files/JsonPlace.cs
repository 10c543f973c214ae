using System.Text.Json;
using System.Text.Unicode;

namespace Keras.Transformers;

/// <summary>A value of a JSON file together with its place, so that a wrong value is reported with file, key, expected and received.</summary>
readonly struct JsonPlace
{
    const int LongestReceived = 80;

    readonly string? _file;
    readonly string? _key;

    JsonPlace(JsonElement element, string? file, string? key) => (Element, _file, _key) = (element, file, key);

    /// <summary>The value; undefined if the file has none.</summary>
    public JsonElement Element { get; }

    /// <summary>The file and the key, for error messages.</summary>
    public string Where => string.IsNullOrEmpty(_key) ? _file ?? "" : $"{_file}, {_key}";

    /// <summary>Whether the file has the key, even with null.</summary>
    public bool Exists => Element.ValueKind != JsonValueKind.Undefined;

    /// <summary>Whether there is a value other than null.</summary>
    public bool HasValue => Element.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    public bool IsText => Element.ValueKind == JsonValueKind.String;

    /// <summary>The value of a key; a value that does not exist if the object has no such key or is missing itself.</summary>
    /// <exception cref="FileFormatException">The value is not an object.</exception>
    public JsonPlace this[string name] => Child(HasValue && Object().Element.TryGetProperty(name, out var value) ? value : default, name);

    /// <summary>Reads a file that holds one object, and checks that its text is valid and no object has a duplicate key.</summary>
    /// <exception cref="FileFormatException">The file is not valid JSON, does not hold an object, or has a key twice.</exception>
    public static JsonPlace Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        EnsureUnicode(bytes, path);
        try
        {
            return new JsonPlace(JsonElement.Parse(bytes, new() { AllowDuplicateProperties = false }), path, "").Object();
        }
        catch (JsonException e)
        {
            throw new FileFormatException("The file is not valid JSON", $"{path}, line {e.LineNumber + 1}, byte {e.BytePositionInLine}", "a JSON object", e.Message, inner: e);
        }
    }

    /// <summary>Reads any JSON value from bytes that are not a file.</summary>
    /// <exception cref="FileFormatException">The bytes are not JSON.</exception>
    public static JsonPlace Parse(byte[] bytes, string source)
    {
        EnsureUnicode(bytes, source);
        try
        {
            return new(JsonElement.Parse(bytes), source, "");
        }
        catch (JsonException e)
        {
            throw new FileFormatException("An answer is not valid JSON", $"{source}, line {e.LineNumber + 1}, byte {e.BytePositionInLine}", "JSON", e.Message, inner: e);
        }
    }

    /// <exception cref="FileFormatException">The value is not a text.</exception>
    public string Text() => IsText ? Element.GetString()! : throw Wrong("text");

    public string? TextOrNull() => HasValue ? Text() : null;

    /// <exception cref="FileFormatException">The value is not one of the texts.</exception>
    public string OneOf(params string[] texts) => IsText && Element.GetString() is { } text && texts.Contains(text) ? text : throw Wrong(string.Join(" or ", texts));

    /// <exception cref="FileFormatException">The value is not a boolean.</exception>
    public bool Flag() => Element.ValueKind is JsonValueKind.True or JsonValueKind.False ? Element.GetBoolean() : throw Wrong("true or false");

    public bool? FlagOrNull() => HasValue ? Flag() : null;

    /// <summary>An integer with a minimum; values beyond int become <see cref="int.MaxValue"/>, for unlimited lengths.</summary>
    /// <exception cref="FileFormatException">The value is not such a number.</exception>
    public int Length(int least) => Element.ValueKind == JsonValueKind.Number && Element.TryGetDouble(out var great) && great >= int.MaxValue ? int.MaxValue : Whole(least);

    /// <summary>An integer with a minimum, below <see cref="int.MaxValue"/>, which no id reaches.</summary>
    /// <exception cref="FileFormatException">The value is not such a number.</exception>
    public int Whole(int least = 0) => Element.ValueKind == JsonValueKind.Number && Element.TryGetInt32(out var number) && number >= least && number < int.MaxValue
        ? number
        : throw Wrong($"a whole number from {least}");

    /// <summary>The value as a number of bytes.</summary>
    /// <exception cref="FileFormatException">The value is not such a number.</exception>
    public long Size() => Element.ValueKind == JsonValueKind.Number && Element.TryGetInt64(out var size) && size >= 0 ? size : throw Wrong("a number of bytes");

    /// <exception cref="FileFormatException">The value is not an object.</exception>
    public JsonPlace Object() => Element.ValueKind == JsonValueKind.Object ? this : throw Wrong("an object");

    /// <summary>The keys and values of an object, in the order of the file.</summary>
    /// <exception cref="FileFormatException">The value is not an object.</exception>
    public IEnumerable<(string Name, JsonPlace Value)> Members()
    {
        foreach (var member in Object().Element.EnumerateObject()) yield return (member.Name, Child(member.Value, member.Name));
    }

    /// <summary>The elements of a list.</summary>
    /// <exception cref="FileFormatException">The value is not a list.</exception>
    public IEnumerable<JsonPlace> Items()
    {
        if (Element.ValueKind != JsonValueKind.Array) throw Wrong("a list");
        foreach (var (i, item) in Element.EnumerateArray().Index()) yield return new(item, _file, $"{_key}[{i}]");
    }

    /// <summary>The error of a value that is not as expected.</summary>
    public FileFormatException Wrong(string expected) => new("A value is not the expected one", Where, expected, Received);

    /// <summary>The value as the file has it, shortened.</summary>
    public string Received
    {
        get
        {
            if (!Exists) return "no such key";
            var text = Element.GetRawText();
            return text.Length <= LongestReceived ? text : text[..LongestReceived] + "...";
        }
    }

    JsonPlace Child(JsonElement element, string name) => new(element, _file, string.IsNullOrEmpty(_key) ? name : $"{_key}.{name}");

    static void EnsureUnicode(byte[] bytes, string path)
    {
        if (!Utf8.IsValid(bytes)) throw NoUnicode(path, "bytes that are none");
        var json = new Utf8JsonReader(bytes);
        try
        {
            // Half a surrogate pair can only be written with an escape.
            while (json.Read())
                if (json.ValueIsEscaped && json.TokenType is JsonTokenType.String or JsonTokenType.PropertyName) json.GetString();
        }
        catch (InvalidOperationException)
        {
            throw NoUnicode($"{path}, byte {json.TokenStartIndex}", "half a surrogate pair");
        }
        catch (JsonException)
        {
            // Parsing gives a better error.
        }
    }

    static FileFormatException NoUnicode(string where, string received) => new("The file's text is no Unicode", where, "UTF-8", received, "Save it anew as UTF-8.");
}
