using System.Text.Json.Nodes;

namespace Keras.Transformers;

/// <summary>Writes tokenizer.json as Hugging Face's tokenizers library reads it.</summary>
static class TokenizerJsonWriter
{
    public static string Write(
        JsonObject model, JsonObject? normalizer, JsonObject? preTokenizer, JsonObject? postProcessor, JsonObject? decoder,
        IEnumerable<KeyValuePair<int, AddedToken>> addedTokens) => TokenJson.Plain(new()
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray([.. addedTokens.OrderBy(t => t.Key).Select(t => Token(t.Key, t.Value))]),
            ["normalizer"] = normalizer,
            ["pre_tokenizer"] = preTokenizer,
            ["post_processor"] = postProcessor,
            ["decoder"] = decoder,
            ["model"] = model,
        });

    static JsonObject Token(int id, AddedToken token)
    {
        var json = TokenJson.Write(token, withSpecial: true);
        json.Insert(0, "id", id);
        return json;
    }
}
