using System.Runtime.CompilerServices;

namespace Keras.Transformers;

/// <summary>The base of all tokenizers, with the results of Hugging Face's fast tokenizers: <c>Apply</c> encodes (it is <c>tokenizer(...)</c>),
/// <see cref="decode(IEnumerable{int}, bool, bool?)"/> turns ids back into text, <c>pad</c> pads rows, <see cref="save_pretrained"/> writes the files.</summary>
/// <remarks>
/// Many threads may encode and decode at once; a batch is encoded on all cores. Setting properties and adding tokens is not thread-safe: finish that first.
/// </remarks>
public abstract partial class PreTrainedTokenizerBase : ITextTokenizer, IProcessor
{
    /// <summary>The model_max_length of models that have no known limit.</summary>
    internal const int NoMaxLength = int.MaxValue;

    IReadOnlyList<int> ITextTokenizer.IdsOf(string text) => encode(text, add_special_tokens: false);

    ITextStream ITextTokenizer.BeginText(bool skip_special_tokens) => new TokenStreamDecoder(this, skip_special_tokens);

    string _paddingSide = "right";
    string _truncationSide = "right";
    AddedVocabulary _added = AddedVocabulary.Empty;
    IReadOnlyList<string> _modelInputNames;

    /// <summary>Creates a tokenizer from a folder. The derived class reads its vocabulary next and then calls <see cref="ReadSettings"/>.</summary>
    /// <param name="kind">What the class declares of itself.</param>
    /// <param name="files">The folder.</param>
    /// <exception cref="VocabularyNotFoundException">The files of the vocabulary do not exist.</exception>
    protected PreTrainedTokenizerBase(TokenizerKind kind, TokenizerFiles files)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(files);
        files.Require(kind);
        (Kind, _modelInputNames, name_or_path) = (kind, kind.model_input_names, files.Folder);
    }

    /// <summary>The class's declaration: its names, files and defaults.</summary>
    public TokenizerKind Kind { get; }

    /// <summary>The files of the vocabulary by what they are (vocab_file, tokenizer_file, ...).</summary>
    public IReadOnlyDictionary<string, string> vocab_files_names => Kind.vocab_files_names;

    /// <summary>The maximum number of tokens that the model takes; <see cref="int.MaxValue"/> (default) if it is not known.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public int model_max_length
    {
        get;
        set => field = Require.Count(0, value, nameof(model_max_length));
    } = NoMaxLength;

    /// <summary>The side on which rows are padded: "right" (default) or "left".</summary>
    /// <exception cref="ArgumentException">The value is neither.</exception>
    public string padding_side
    {
        get => _paddingSide;
        set => _paddingSide = CheckedSide(value);
    }

    /// <summary>The side on which rows are cut: "right" (default) or "left".</summary>
    /// <exception cref="ArgumentException">The value is neither.</exception>
    public string truncation_side
    {
        get => _truncationSide;
        set => _truncationSide = CheckedSide(value);
    }

    /// <summary>The columns that the model takes, the first with the ids. By default those in tokenizer_config.json, otherwise those that the class declares.</summary>
    /// <exception cref="ArgumentException">The list is empty.</exception>
    public IReadOnlyList<string> model_input_names
    {
        get => _modelInputNames;
        set => _modelInputNames = value is { Count: > 0 } ? value : throw new ArgumentException("model_input_names is empty. Expected: at least one column. Received: none.", nameof(value));
    }

    /// <summary>Whether decoding removes the spaces before punctuation, unless a call says otherwise. Default false.</summary>
    public bool clean_up_tokenization_spaces { get; set; }

    /// <summary>The token type of padding. Default 0.</summary>
    public int pad_token_type_id { get; set; }

    /// <summary>Whether special tokens found in a text are treated as ordinary text. Default false.</summary>
    public bool split_special_tokens { get; set; }

    /// <summary>The local folder that the tokenizer was loaded from; for a repository of the hub, its folder in the cache.</summary>
    public string name_or_path { get; }

    /// <summary>The number of entries of the vocabulary itself, without added tokens.</summary>
    public abstract int vocab_size { get; }

    /// <summary>The number of entries including added tokens (Python's len).</summary>
    public int Count => vocab_size + _added.Ids.Keys.Count(t => VocabularyId(t) is null);

    /// <summary>The name of the class and its settings.</summary>
    public override string ToString() =>
        $"{GetType().Name}(name_or_path='{name_or_path}', vocab_size={vocab_size}, model_max_length={(model_max_length == NoMaxLength ? "unknown" : $"{model_max_length}")}, "
        + $"padding_side='{padding_side}', truncation_side='{truncation_side}', special_tokens={{{string.Join(", ", special_tokens_map.Select(t => $"{t.Key}: {t.Value}"))}}})";

    /// <summary>All tokens with their ids, including added ones.</summary>
    public Dictionary<string, int> get_vocab()
    {
        var result = new Dictionary<string, int>(Count);
        for (var id = 0; id < VocabularyIdLimit; id++)
            if (VocabularyToken(id) is { } token) result[token] = id;
        foreach (var (token, id) in _added.Ids) result[token] = id;
        return result;
    }

    /// <summary>The id of a token; that of unk_token if the token has none.</summary>
    /// <exception cref="TokenizationException">The token is unknown and the tokenizer has no unk_token (Hugging Face returns None).</exception>
    public int convert_tokens_to_ids(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return TokenToId(token) ?? unk_token_id
            ?? throw new TokenizationException("A token has no id and the tokenizer has no unk_token", received: $"'{token}'",
                remedy: "Add it with add_tokens.");
    }

    /// <summary>The ids of tokens; that of unk_token for those that have none.</summary>
    /// <exception cref="TokenizationException">A token is unknown and the tokenizer has no unk_token (Hugging Face returns None).</exception>
    public int[] convert_tokens_to_ids(IEnumerable<string> tokens) => [.. (tokens ?? throw new ArgumentNullException(nameof(tokens))).Select(convert_tokens_to_ids)];

    /// <summary>The token with this id; null if there is none.</summary>
    /// <exception cref="ValueRangeException">The id is negative.</exception>
    public string? convert_ids_to_tokens(int id) => _added.IdToToken(CheckedId(id)) ?? VocabularyToken(id);

    /// <summary>The tokens with these ids; null if there is none.</summary>
    /// <param name="ids">Token ids.</param>
    /// <param name="skip_special_tokens">Whether those of <see cref="all_special_tokens"/> are left out.</param>
    /// <exception cref="ValueRangeException">An id is negative.</exception>
    public string?[] convert_ids_to_tokens(IEnumerable<int> ids, bool skip_special_tokens = false)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (!skip_special_tokens) return [.. ids.Select(convert_ids_to_tokens)];
        var special = all_special_ids.ToHashSet();
        return [.. ids.Where(id => !special.Contains(id)).Select(convert_ids_to_tokens)];
    }

    /// <summary>Whether a token of the vocabulary continues the word of the token before it; null (default) if tokens do not show this.</summary>
    public virtual bool? ContinuesWord(string token) => null;

    /// <summary>One more than the greatest id of the vocabulary itself.</summary>
    protected abstract int VocabularyIdLimit { get; }

    /// <summary>The token of an id in the vocabulary itself; null if there is none.</summary>
    protected abstract string? VocabularyToken(int id);

    /// <summary>The id of a token in the vocabulary itself; null if it is not there.</summary>
    protected abstract int? VocabularyId(string token);

    /// <summary>Where special tokens go in a row. By default there are none.</summary>
    protected internal SequenceTemplate Template { get; set; } = SequenceTemplate.Plain;

    /// <summary>Whether this is the text of an added special token.</summary>
    private protected bool IsSpecial(ReadOnlySpan<char> text) => _added.IsSpecial(text);

    /// <summary>The id of a token, including added ones; null if it has none.</summary>
    protected int? TokenToId(string token) => _added.TokenToId(token) ?? VocabularyId(token);

    private protected static string CheckedSide(string? side, [CallerMemberName] string? name = null) => side is "left" or "right"
        ? side
        : throw new ArgumentException($"There is no such side. Expected: 'left' or 'right'. Received: '{side}'.", name);

    static int CheckedId(int id) => id >= 0
        ? id
        : throw new ValueRangeException("A token id is negative", expected: "0 or greater", received: $"{id}");
}
