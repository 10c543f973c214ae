using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Keras.Transformers;

/// <summary>Reads tokens from JSON, and writes JSON as Hugging Face does.</summary>
static class TokenJson
{
    public const string NoMaxLength = "1000000000000000019884624838656";

    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a token, given as text or as an object.</summary>
    /// <exception cref="FileFormatException">The value is neither text nor an object.</exception>
    public static AddedToken Read(JsonPlace token, bool special)
    {
        if (token.IsText) return new(token.Text(), normalized: !special, special: special);
        if (!token.HasValue) throw token.Wrong("text, or an object with content");
        return new(token["content"].Text(), Flag("single_word"), Flag("lstrip"), Flag("rstrip"), token["normalized"].FlagOrNull(), token["special"].FlagOrNull() ?? special);

        bool Flag(string name) => token[name].FlagOrNull() ?? false;
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

    /// <summary>Writes JSON as indented text with sorted keys.</summary>
    public static string Sorted(JsonObject json) => Sort(json)!.ToJsonString(Indented) + "\n";

    public static string Plain(JsonObject json) => json.ToJsonString(Indented);

    static JsonNode? Sort(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => KeyValuePair.Create(e.Key, Sort(e.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Sort)]),
        _ => node?.DeepClone(),
    };
}
