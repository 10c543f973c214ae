using System.Text.Json.Nodes;

namespace Keras.Transformers;

// The layer's parameters, as constructor arguments and in a config.
public sealed partial class TFGPT2Tokenizer
{
    const string EndOfText = "<|endoftext|>";

    /// <summary>The arguments of the constructor, with the complete vocab and merges.</summary>
    public override Dictionary<string, object?> get_config()
    {
        Dictionary<string, object?> Tokens(bool special) => _tokens.Found.Where(t => t.Value.special == special).ToDictionary(t => t.Value.content, t => (object?)t.Key);
        return new(base.get_config())
        {
            ["vocab"] = Enumerable.Range(0, _model.IdLimit).Where(i => _model.IdToToken(i) is not null).ToDictionary(i => _model.IdToToken(i)!, i => (object?)i),
            ["merges"] = _model.Merges.Select(m => $"{m.Left} {m.Right}").ToArray(),
            [MaxLength] = max_length,
            [nameof(pad_token_id)] = pad_token_id,
            ["special_tokens"] = Tokens(special: true),
            ["added_tokens"] = Tokens(special: false),
            [nameof(add_prefix_space)] = add_prefix_space,
            [nameof(bos_token_id)] = bos_token_id,
            [nameof(padding_side)] = padding_side,
        };
    }

    /// <summary>The tokens with their ids, and the merges, as in GPT-2's files.</summary>
    internal override IReadOnlyDictionary<string, byte[]> VocabularyFiles
    {
        get
        {
            var config = get_config();
            var vocabulary = new JsonObject(((Dictionary<string, object?>)config["vocab"]!).Select(t => KeyValuePair.Create(t.Key, (JsonNode?)(int)t.Value!)));
            return new Dictionary<string, byte[]>
            {
                ["vocab.json"] = System.Text.Encoding.UTF8.GetBytes(vocabulary.ToJsonString()),
                ["merges.txt"] = System.Text.Encoding.UTF8.GetBytes(string.Concat(((string[])config["merges"]!).Prepend("#version: 0.2").Select(line => line + "\n"))),
            };
        }
    }

    static BytePairModel ModelOf(IReadOnlyDictionary<string, int> vocab, string[] merges)
    {
        ArgumentNullException.ThrowIfNull(vocab);
        ArgumentNullException.ThrowIfNull(merges);
        if (vocab.Any(t => t.Value < 0 || t.Value > vocab.Count + MostUnused)) throw new ArgumentException($"An id of the vocabulary is out of range. Expected: 0 to {vocab.Count - 1} and few beyond.", nameof(vocab));
        var tokens = new string?[vocab.Values.DefaultIfEmpty(-1).Max() + 1];
        foreach (var (token, id) in vocab)
        {
            if (tokens[id] is { } other) throw new ArgumentException($"Two tokens have the id {id}: \"{other}\" and \"{token}\".", nameof(vocab));
            tokens[id] = token;
        }
        return new(tokens, [.. merges.Select((m, i) => BytePairFiles.Split(m) ?? throw new ArgumentException($"A merge is not a pair of tokens. Expected: two tokens with a space between them. Received: \"{m}\" at {i}.", nameof(merges)))],
            null, rank => $"merges[{rank}]");
    }

    /// <summary>The maximum number of unused ids in a vocabulary.</summary>
    const int MostUnused = 1 << 20;

    static Dictionary<int, AddedToken> TokensOf(IReadOnlyDictionary<string, int> vocab, IReadOnlyDictionary<string, int>? special, IReadOnlyDictionary<string, int>? added)
    {
        special ??= vocab.TryGetValue(EndOfText, out var end) ? new Dictionary<string, int> { [EndOfText] = end } : new Dictionary<string, int>();
        var tokens = special.Select(t => (t.Value, new AddedToken(t.Key, special: true))).Concat((added ?? new Dictionary<string, int>()).Select(t => (t.Value, new AddedToken(t.Key)))).ToList();
        if (tokens.GroupBy(t => t.Value).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"Two added tokens have the id {twice.Key}: {string.Join(" and ", twice.Select(t => $"\"{t.Item2}\""))}.", nameof(added));
        return tokens.ToDictionary(t => t.Value, t => t.Item2);
    }
}
