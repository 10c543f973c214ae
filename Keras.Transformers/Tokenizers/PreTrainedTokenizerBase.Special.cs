namespace Keras.Transformers;

public abstract partial class PreTrainedTokenizerBase
{
    internal const string AdditionalSpecialTokens = "additional_special_tokens";

    /// <summary>The roles of special tokens, in Hugging Face's order.</summary>
    internal static readonly string[] SpecialTokenRoles =
        ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    readonly Dictionary<string, SpecialToken> _special = [];
    List<SpecialToken> _additional = [];

    /// <summary>A special token, and whether it was given, and so is saved, as plain text.</summary>
    internal readonly record struct SpecialToken(AddedToken Token, bool IsPlain)
    {
        public static SpecialToken Plain(string content) => new(new(content, special: true), true);
    }

    /// <summary>The token that begins a sequence; null if there is none.</summary>
    public string? bos_token { get => Special("bos_token"); set => SetSpecial("bos_token", value); }

    /// <summary>The token that ends a sequence; null if there is none.</summary>
    public string? eos_token { get => Special("eos_token"); set => SetSpecial("eos_token", value); }

    /// <summary>The token for text that the vocabulary does not have; null if there is none. Setting it does not change how texts are encoded.</summary>
    public string? unk_token { get => Special("unk_token"); set => SetSpecial("unk_token", value); }

    /// <summary>The token between two sequences; null if there is none. Setting it does not change how texts are encoded.</summary>
    public string? sep_token { get => Special("sep_token"); set => SetSpecial("sep_token", value); }

    /// <summary>How rows are padded; null for no padding.</summary>
    public string? pad_token { get => Special("pad_token"); set => SetSpecial("pad_token", value); }

    /// <summary>The token that stands for a whole sequence; null if there is none. Setting it does not change how texts are encoded.</summary>
    public string? cls_token { get => Special("cls_token"); set => SetSpecial("cls_token", value); }

    /// <summary>The token that masks another; null if there is none.</summary>
    public string? mask_token { get => Special("mask_token"); set => SetSpecial("mask_token", value); }

    /// <summary>Special tokens in addition to those with a role.</summary>
    public IReadOnlyList<string> additional_special_tokens
    {
        get => [.. _additional.Select(t => t.Token.content)];
        set => _additional = [.. (value ?? []).Select(SpecialToken.Plain)];
    }

    /// <summary>The id of bos_token; null if there is none.</summary>
    public int? bos_token_id => IdOf(bos_token);

    /// <summary>The id of eos_token; null if there is none.</summary>
    public int? eos_token_id => IdOf(eos_token);

    /// <summary>The id of unk_token; null if there is none.</summary>
    public int? unk_token_id => unk_token is { } token ? TokenToId(token) : null;

    /// <summary>The id of sep_token; null if there is none.</summary>
    public int? sep_token_id => IdOf(sep_token);

    /// <summary>The id of pad_token; null if there is none.</summary>
    public int? pad_token_id => IdOf(pad_token);

    /// <summary>The id of cls_token; null if there is none.</summary>
    public int? cls_token_id => IdOf(cls_token);

    /// <summary>The id of mask_token; null if there is none.</summary>
    public int? mask_token_id => IdOf(mask_token);

    /// <summary>The ids of <see cref="additional_special_tokens"/>.</summary>
    public int[] additional_special_tokens_ids => convert_tokens_to_ids(additional_special_tokens);

    /// <summary>The special tokens by role, without <see cref="additional_special_tokens"/>.</summary>
    public Dictionary<string, string> special_tokens_map =>
        SpecialTokenRoles.Where(_special.ContainsKey).ToDictionary(r => r, r => _special[r].Token.content);

    /// <summary>All special tokens, each once.</summary>
    public string[] all_special_tokens => [.. SpecialTokenRoles.Select(Special).OfType<string>().Concat(additional_special_tokens).Distinct()];

    /// <summary>The ids of <see cref="all_special_tokens"/>.</summary>
    public int[] all_special_ids => convert_tokens_to_ids(all_special_tokens);

    /// <summary>The added tokens by id.</summary>
    public Dictionary<int, AddedToken> added_tokens_decoder => _added.ById.ToDictionary();

    /// <summary>The ids of the added tokens by text, including special ones and those that the vocabulary also has.</summary>
    public Dictionary<string, int> get_added_vocab() => _added.ById.ToDictionary(t => t.Value.content, t => t.Key);

    /// <summary>Adds tokens that encoding finds before it splits anything else. Those already in the vocabulary keep their ids, others get the next ones.</summary>
    /// <param name="new_tokens">The tokens; plain text makes ordinary ones.</param>
    /// <param name="special_tokens">Whether all of them are special.</param>
    /// <returns>How many were neither empty nor added before, as fast tokenizers count; see <see cref="Count"/> for the new size.</returns>
    public int add_tokens(IEnumerable<AddedToken> new_tokens, bool special_tokens = false)
    {
        ArgumentNullException.ThrowIfNull(new_tokens);
        var tokens = special_tokens ? new_tokens.Select(t => t.AsSpecial()) : new_tokens;
        _added = _added.With(tokens, VocabularyId, VocabularyIdLimit, NormalizeToken, null, out var added);
        return added;
    }

    /// <inheritdoc cref="add_tokens(IEnumerable{AddedToken}, bool)"/>
    public int add_tokens(IEnumerable<string> new_tokens, bool special_tokens = false)
    {
        ArgumentNullException.ThrowIfNull(new_tokens);
        return add_tokens(new_tokens.Select(t => new AddedToken(t)), special_tokens);
    }

    /// <inheritdoc cref="add_tokens(IEnumerable{AddedToken}, bool)"/>
    public int add_tokens(AddedToken new_token, bool special_tokens = false) => add_tokens([new_token ?? throw new ArgumentNullException(nameof(new_token))], special_tokens);

    /// <summary>Gives tokens special roles, and adds those that the vocabulary does not have.</summary>
    /// <param name="special_tokens_dict">Tokens by role: bos_token, eos_token, unk_token, sep_token, pad_token, cls_token, mask_token.</param>
    /// <returns>The number of tokens that were added.</returns>
    /// <exception cref="ArgumentException">There is no such role.</exception>
    public int add_special_tokens(IReadOnlyDictionary<string, AddedToken> special_tokens_dict)
    {
        ArgumentNullException.ThrowIfNull(special_tokens_dict);
        foreach (var role in special_tokens_dict.Keys)
            if (!SpecialTokenRoles.Contains(role))
                throw new ArgumentException(
                    $"There is no special token '{role}'. Expected: one of {string.Join(", ", SpecialTokenRoles)}. For {AdditionalSpecialTokens} pass a list.",
                    nameof(special_tokens_dict));
        var added = new List<AddedToken>();
        foreach (var (role, token) in special_tokens_dict)
        {
            _special[role] = new(token.AsSpecial(), false);
            if (!added.Contains(_special[role].Token)) added.Add(_special[role].Token);
        }
        return add_tokens(added, special_tokens: true);
    }

    /// <summary>Sets additional special tokens, and adds those that the vocabulary does not have.</summary>
    /// <param name="additional_special_tokens">The tokens.</param>
    /// <param name="replace_additional_special_tokens">Whether they replace existing ones. Default true.</param>
    /// <returns>The number of tokens that were added.</returns>
    public int add_special_tokens(IEnumerable<AddedToken> additional_special_tokens, bool replace_additional_special_tokens = true)
    {
        ArgumentNullException.ThrowIfNull(additional_special_tokens);
        var known = this.additional_special_tokens;
        var tokens = additional_special_tokens.Where(t => replace_additional_special_tokens || !known.Contains(t.content)).Select(t => t.AsSpecial()).ToList();
        var roles = tokens.Select(t => new SpecialToken(t, false));
        if (!replace_additional_special_tokens) _additional.AddRange(roles);
        else if (tokens.Count > 0) _additional = [.. roles];
        return add_tokens(tokens, special_tokens: true);
    }

    /// <inheritdoc cref="add_special_tokens(IEnumerable{AddedToken}, bool)"/>
    public int add_special_tokens(IEnumerable<string> additional_special_tokens, bool replace_additional_special_tokens = true)
    {
        ArgumentNullException.ThrowIfNull(additional_special_tokens);
        return add_special_tokens(additional_special_tokens.Select(t => new AddedToken(t)), replace_additional_special_tokens);
    }

    string NormalizeToken(string content) => Normalize(content, 0, new()).Chars.ToString();

    /// <summary>Adds tokens with ids from a file.</summary>
    internal void AddTokens(IReadOnlyList<(int Id, AddedToken Token)> tokens) =>
        _added = _added.With(tokens.OrderBy(t => t.Id).Select(t => t.Token), VocabularyId, VocabularyIdLimit, NormalizeToken,
            tokens.DistinctBy(t => t.Token.content).ToDictionary(t => t.Token.content, t => t.Id), out _);

    /// <summary>Normalises the added tokens anew.</summary>
    private protected void RefreshAddedTokens() => AddTokens([]);

    internal void SetSpecial(string role, SpecialToken token) => _special[role] = token;

    internal void SetAdditional(IEnumerable<SpecialToken> tokens) => _additional = [.. tokens];

    /// <summary>Adds the special tokens that are missing.</summary>
    internal void AddMissingSpecialTokens()
    {
        var known = get_added_vocab();
        add_tokens(SpecialTokenRoles.Where(_special.ContainsKey).Select(r => _special[r].Token).Concat(_additional.Select(t => t.Token))
            .Where(t => !known.ContainsKey(t.content)).DistinctBy(t => t.content).ToList(), special_tokens: true);
    }

    int? IdOf(string? token) => token is null ? null : TokenToId(token) ?? unk_token_id;

    string? Special(string role) => _special.TryGetValue(role, out var token) ? token.Token.content : null;

    void SetSpecial(string role, string? content)
    {
        if (content is null) _special.Remove(role);
        else _special[role] = SpecialToken.Plain(content);
    }
}
