using System.Text.Json.Nodes;

namespace Keras.Transformers;

/// <summary>A vocabulary as a JSON object of tokens with their ids: in tokenizer.json, or the whole of a vocab.json.</summary>
static class VocabularyJson
{
    /// <summary>The tokens by id; null where an id is unused.</summary>
    /// <param name="vocab">The object.</param>
    /// <param name="fileLength">The length of the file in bytes.</param>
    /// <exception cref="FileFormatException">The value is not such an object, is empty, or has an id twice or out of range.</exception>
    public static string?[] Read(JsonPlace vocab, long fileLength)
    {
        var entries = new List<(string Token, int Id)>();
        foreach (var (token, id) in vocab.Members()) entries.Add((token, id.Whole()));
        var limit = entries.Count == 0 ? throw vocab.Wrong("tokens with their ids") : entries.Max(e => e.Id) + 1L;
        if (limit > fileLength) // every id of a real vocabulary takes some bytes
            throw new FileFormatException("A token's id is out of range", vocab.Where, $"0 to about {entries.Count}", $"{limit - 1}");
        var tokens = new string?[limit];
        foreach (var (token, id) in entries)
        {
            if (tokens[id] is { } other) throw new FileFormatException("Two tokens have one id", vocab.Where, "an id of its own for each", $"{id} for '{other}' and '{token}'");
            tokens[id] = token;
        }
        return tokens;
    }

    /// <summary>The tokens in the order of their ids.</summary>
    public static JsonObject Write(int idLimit, Func<int, string?> tokenOf) => new(Enumerable.Range(0, idLimit)
        .Where(id => tokenOf(id) is not null).Select(id => KeyValuePair.Create(tokenOf(id)!, (JsonNode?)id)));
}
