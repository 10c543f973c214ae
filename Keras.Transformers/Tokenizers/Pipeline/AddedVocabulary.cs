namespace Keras.Transformers;

/// <summary>The added tokens of a tokenizer with their ids. Immutable: adding makes a new one, so readers need no lock.</summary>
sealed class AddedVocabulary
{
    readonly Dictionary<string, int> _ids;
    readonly Dictionary<int, AddedToken> _tokens;
    readonly List<AddedToken> _special;
    readonly List<AddedToken> _classic;
    readonly HashSet<string> _specialContents;

    public static readonly AddedVocabulary Empty = new(new(StringComparer.Ordinal), [], [], [], new(StringComparer.Ordinal));

    AddedVocabulary(
        Dictionary<string, int> ids, Dictionary<int, AddedToken> tokens, List<AddedToken> special, List<AddedToken> classic,
        HashSet<string> specialContents) =>
        (_ids, _tokens, _special, _classic, _specialContents) = (ids, tokens, special, classic, specialContents);

    /// <summary>Finds tokens in raw text.</summary>
    public TokenMatcher Raw { get; private set; } = TokenMatcher.None;

    /// <summary>Finds tokens in normalised text.</summary>
    public TokenMatcher Normalized { get; private set; } = TokenMatcher.None;

    /// <summary>The tokens by ascending id.</summary>
    public IEnumerable<KeyValuePair<int, AddedToken>> ById => _tokens.OrderBy(t => t.Key);

    /// <summary>The texts with their ids.</summary>
    public IReadOnlyDictionary<string, int> Ids => _ids;

    public string? IdToToken(int id) => _tokens.GetValueOrDefault(id)?.content;

    public int? TokenToId(string token) => _ids.TryGetValue(token, out var id) ? id : null;

    /// <summary>Whether a text is that of a special token.</summary>
    public bool IsSpecial(ReadOnlySpan<char> token) => _specialContents.GetAlternateLookup<ReadOnlySpan<char>>().Contains(token);

    /// <summary>Makes a vocabulary with more tokens. Texts that have an id keep it; others get the next ids.</summary>
    /// <param name="tokens">In the order of their new ids.</param>
    /// <param name="vocabulary">The tokenizer's own, by text.</param>
    /// <param name="vocabularySize">One more than its greatest id.</param>
    /// <param name="normalize">The tokenizer's normalisation of a token's text.</param>
    /// <param name="fixedIds">Ids from a file for texts that are not in the vocabulary; null for the next ones.</param>
    /// <param name="added">The number of tokens that are neither empty nor already present with the same options.</param>
    public AddedVocabulary With(
        IEnumerable<AddedToken> tokens, Func<string, int?> vocabulary, int vocabularySize, Func<string, string> normalize,
        IReadOnlyDictionary<string, int>? fixedIds, out int added)
    {
        var result = new AddedVocabulary(
            new(_ids, StringComparer.Ordinal), new(_tokens), [.. _special], [.. _classic], new(_specialContents, StringComparer.Ordinal));
        added = 0;
        var list = tokens.ToList();
        foreach (var token in list)
            if (token.special && token.content.Length > 0 && result._specialContents.Add(token.content)) result._special.Add(token);
        var known = result._tokens.Values.ToHashSet();
        var next = result._ids.Count == 0 ? vocabularySize : Math.Max(vocabularySize, result._ids.Values.Max() + 1);
        foreach (var token in list)
        {
            if (token.content.Length == 0 || known.Contains(token)) continue;
            added++;
            var id = result.TokenToId(token.content) ?? vocabulary(token.content) ?? fixedIds?.GetValueOrDefault(token.content, next) ?? next;
            next = Math.Max(next, id + 1);
            if (result._tokens.TryGetValue(id, out var replaced)) known.Remove(replaced);
            result._ids[token.content] = id;
            result._tokens[id] = token;
            known.Add(token);
            if (!result._specialContents.Contains(token.content)) result._classic.Add(token);
        }
        result.Compile(normalize);
        return result;
    }

    void Compile(Func<string, string> normalize)
    {
        var raw = new List<(string, int, AddedToken)>();
        var normalized = new List<(string, int, AddedToken)>();
        foreach (var token in _special.Concat(_classic))
        {
            var id = _ids[token.content];
            var current = _tokens[id]; // a later token with this text may have other options for white space
            if (token.normalized) normalized.Add((normalize(token.content), id, current));
            else raw.Add((token.content, id, current));
        }
        Raw = TokenMatcher.Of(raw);
        Normalized = TokenMatcher.Of(normalized);
    }
}
