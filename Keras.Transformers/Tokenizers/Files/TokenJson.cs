using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Keras.Transformers;

/// <summary>Tokens in JSON, and JSON as Hugging Face writes it.</summary>
static class TokenJson
{
    public const string NoMaxLength = "1000000000000000019884624838656";

    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A token that a file gives as text or as an object.</summary>
    /// <exception cref="FileFormatException">It is neither.</exception>
    public static AddedToken Read(JsonNode? node, bool special, string where)
    {
        if (node is JsonValue value && value.TryGetValue(out string? text)) return new(text, normalized: !special, special: special);
        if (node is not JsonObject token || String(token["content"]) is not { } content)
            throw new FileFormatException("A token is neither text nor an object with 'content'", where, received: node?.ToJsonString() ?? "null");
        return new(content, Flag("single_word"), Flag("lstrip"), Flag("rstrip"), Bool(token["normalized"]), Bool(token["special"]) ?? special);

        bool Flag(string name) => Bool(token[name]) ?? false;
    }

    public static JsonObject Write(AddedToken token, bool withSpecial)
    {
        var result = new JsonObject
        {
            ["content"] = token.content,
            ["lstrip"] = token.lstrip,
            ["normalized"] = token.normalized,
            ["rstrip"] = token.rstrip,
            ["single_word"] = token.single_word,
        };
        if (withSpecial) result["special"] = token.special;
        return result;
    }

    public static string? String(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    public static bool? Bool(JsonNode? node) => node is JsonValue value && value.TryGetValue(out bool flag) ? flag : null;

    /// <summary>A whole number; greater ones than int holds become <see cref="int.MaxValue"/>.</summary>
    public static int? Int(JsonNode? node)
    {
        if (node is not JsonValue value) return null;
        if (value.TryGetValue(out int number)) return number;
        return value.TryGetValue(out double big) && big >= int.MaxValue ? int.MaxValue : null;
    }

    /// <summary>Indented, keys sorted.</summary>
    public static string Sorted(JsonObject json) => Sort(json)!.ToJsonString(Indented) + "\n";

    public static string Plain(JsonObject json) => json.ToJsonString(Indented);

    static JsonNode? Sort(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => KeyValuePair.Create(e.Key, Sort(e.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Sort)]),
        _ => node?.DeepClone(),
    };
}
