using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Keras.Saving;

/// <summary>Reads the JSON of an untrusted file token by token; any error becomes a <see cref="FileFormatException"/> with its position.</summary>
/// <param name="json">The text, checked by <see cref="CheckUtf8"/>.</param>
/// <param name="path">The file.</param>
/// <param name="start">The text's position in the file.</param>
/// <param name="what">What the text is, such as "A header".</param>
ref struct StrictJsonReader(ReadOnlySpan<byte> json, string path, int start, string what)
{
    const int DeepestNesting = 16;
    const int LongestShown = 200;

    const string Damaged = "The file is damaged, or was written by a faulty program.";

    readonly string _path = path;
    readonly string _what = what;
    readonly int _start = start;
    Utf8JsonReader _json = new(json, new JsonReaderOptions { MaxDepth = DeepestNesting });

    /// <exception cref="FileFormatException">The bytes are not UTF-8.</exception>
    public static void CheckUtf8(ReadOnlySpan<byte> text, string path, int start, string what)
    {
        if (Utf8.IsValid(text)) return;
        var position = 0;
        while (Rune.DecodeFromUtf8(text[position..], out _, out var bytes) == OperationStatus.Done) position += bytes;
        throw new FileFormatException($"{what} is not UTF-8", $"{path}, byte {start + position}", "UTF-8 text", $"0x{text[position]:X2}", "The file is damaged.");
    }

    /// <summary>What is being read, such as a tensor's name; null at the top level.</summary>
    public string? Subject { get; set; }

    public readonly JsonTokenType Token => _json.TokenType;

    /// <summary>Moves to the next token.</summary>
    public JsonTokenType Advance()
    {
        try
        {
            _json.Read();
            return _json.TokenType;
        }
        catch (JsonException e)
        {
            throw NotJson(e);
        }
    }

    /// <summary>Moves to the end of the value that begins here.</summary>
    public void Skip()
    {
        try
        {
            _json.Skip();
        }
        catch (JsonException e)
        {
            throw NotJson(e);
        }
    }

    /// <summary>The text of the current key or string.</summary>
    public readonly string ReadText()
    {
        try
        {
            return _json.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new FileFormatException($"{_what} holds a broken escape", Here(_json.TokenStartIndex), "whole Unicode characters", "half a surrogate pair", Damaged, e);
        }
    }

    /// <summary>The current key, which must not be among <paramref name="earlier"/> ones.</summary>
    public readonly string ReadKey(HashSet<string> earlier)
    {
        var key = ReadText();
        return earlier.Add(key) ? key : throw Wrong("keys", "every key once", $"{JsonText.Show(key)} twice");
    }

    /// <summary>The current value as an integer.</summary>
    public readonly long ReadCount(string part) =>
        _json.TokenType == JsonTokenType.Number && _json.TryGetInt64(out var value) && value >= 0
            ? value
            : throw Wrong(part, $"a whole number from 0 to {long.MaxValue}", Describe());

    public readonly void Require(JsonTokenType type, string part)
    {
        if (_json.TokenType != type) throw Wrong(part, type switch { JsonTokenType.String => "a string", JsonTokenType.StartArray => "a list", _ => "an object" }, Describe());
    }

    public readonly FileFormatException Wrong(string part, string expected, string received) =>
        new($"{_what} is malformed at {(Subject is null ? "" : $"{JsonText.Show(Subject)}, ")}{part}", Here(_json.TokenStartIndex), expected, received, Damaged);

    readonly FileFormatException NotJson(JsonException e) =>
        new($"{_what} is not valid JSON", Here(_json.BytesConsumed), received: e.Message.TrimEnd('.'), remedy: Damaged, inner: e);

    readonly string Here(long position) => $"{_path}, byte {_start + position}";

    readonly string Describe() => _json.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.EndArray => "the end of the list",
        JsonTokenType.String => "a string",
        _ => JsonText.Show(Encoding.UTF8.GetString(_json.ValueSpan[..Math.Min(_json.ValueSpan.Length, LongestShown)])),
    };
}
