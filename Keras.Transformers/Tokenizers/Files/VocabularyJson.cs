using System.Text.Json.Nodes;

namespace Keras.Transformers;

/// <summary>Reads and writes a vocabulary as a JSON object of tokens with ids: part of a tokenizer.json, or a whole vocab.json.</summary>
static class VocabularyJson
{
    /// <summary>Reads the tokens by id; null if an id is unused.</summary>
    /// <param name="vocab">The object.</param>
    /// <param name="fileLength">The length of the file in bytes.</param>
    /// <exception cref="FileFormatException">The value is not such an object, is empty, or has a duplicate or out-of-range id.</exception>
    public static string?[] Read(JsonPlace vocab, long fileLength)
    {
        var entries = new List<(string Token, int Id)>();
        foreach (var (token, id) in vocab.Members()) entries.Add((token, id.Whole()));
        var limit = entries.Count == 0 ? throw vocab.Wrong("tokens with their ids") : entries.Max(e => e.Id) + 1L;
        if (limit > fileLength) // every id of a real vocabulary takes up some bytes
            throw new FileFormatException("A token's id is out of range", vocab.Where, $"0 to about {entries.Count}", $"{limit - 1}");
        var tokens = new string?[limit];
        foreach (var (token, id) in entries)
        {
            if (tokens[id] is { } other) throw new FileFormatException("Two tokens have one id", vocab.Where, "an id of its own for each", $"{id} for '{other}' and '{token}'");
            tokens[id] = token;
        }
        return tokens;
    }

    /// <summary>Writes the tokens in the order of their ids.</summary>
    public static JsonObject Write(int idLimit, Func<int, string?> tokenOf) => new(Enumerable.Range(0, idLimit)
        .Where(id => tokenOf(id) is not null).Select(id => KeyValuePair.Create(tokenOf(id)!, (JsonNode?)id)));
}
