using System.Text.Json.Nodes;

namespace Keras.Transformers;

/// <summary>BERT's tokenizer with the results of Hugging Face's slow class, which has two more options: words that are never split, and no basic tokenization. Use
/// <see cref="BertTokenizerFast"/> unless a model was made with the slow class.</summary>
/// <remarks>
/// Differences from the fast class: accents are composed first, the Unicode version is that of Python 3.11 (14), characters that it does not assign are dropped, and decoding cleans up only if
/// asked. Added tokens, truncation, padding and offsets are as in the fast class, where Hugging Face's slow class differs. Like that class it
/// writes no tokenizer.json.
/// </remarks>
public sealed class BertTokenizer : BertTokenizerFast
{
    static readonly BertNormalizer Unchanged = new(UnicodeEdition.Slow, false, false, false, false);
    static readonly BertNormalizer Stripping = new(UnicodeEdition.Slow, false, false, true, false);

    BertNormalizer _normalizer;
    readonly HashSet<string> _neverSplit = new(StringComparer.Ordinal);
    readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _neverSplitSpans;

    internal BertTokenizer(TokenizerFiles files, BertOptions options, TokenizerOverrides overrides, IEnumerable<string>? neverSplit, bool? doBasicTokenize)
        : base(files, options, overrides)
    {
        _normalizer = Options.MakeSlowNormalizer();
        _neverSplitSpans = _neverSplit.GetAlternateLookup<ReadOnlySpan<char>>();
        do_basic_tokenize = doBasicTokenize ?? files.Setting("do_basic_tokenize").FlagOrNull() ?? true;
        if (neverSplit is null && files.Setting("never_split") is { HasValue: true } words) neverSplit = words.Items().Select(w => w.Text());
        foreach (var word in neverSplit ?? []) _neverSplit.Add(word);
        RefreshAddedTokens(); // the base normalised them before this class was set up
    }

    /// <summary>Loads a tokenizer from a folder or from the hub: tokenizer.json, or vocab.txt, with tokenizer_config.json and special_tokens_map.json if they exist.</summary>
    /// <param name="pretrained_model_name_or_path">The folder of the model, or a repository of the hub, "organisation/name".</param>
    /// <param name="do_lower_case">Whether text is lower-cased. Default: from the files, otherwise true.</param>
    /// <param name="strip_accents">Whether accents are dropped. Default: from the files, otherwise as <paramref name="do_lower_case"/>.</param>
    /// <param name="tokenize_chinese_chars">Whether every Chinese character is a separate word. Default: from the files, otherwise true.</param>
    /// <param name="clean_text">
    /// Whether control characters are dropped and all white space becomes spaces. Default: from the files, otherwise true. (Hugging Face documents the
    /// option and ignores it.)
    /// </param>
    /// <param name="unk_token">The token for unknown words. Default: from the files, otherwise "[UNK]".</param>
    /// <param name="sep_token">The token that ends a sequence. Default: from the files, otherwise "[SEP]".</param>
    /// <param name="pad_token">The token that pads rows. Default: from the files, otherwise "[PAD]".</param>
    /// <param name="cls_token">The token that begins a row. Default: from the files, otherwise "[CLS]".</param>
    /// <param name="mask_token">The token that masks another. Default: from the files, otherwise "[MASK]".</param>
    /// <param name="padding_side">"right" or "left". Default: from the files, otherwise "right".</param>
    /// <param name="truncation_side">"right" or "left". Default: from the files, otherwise "right".</param>
    /// <param name="model_max_length">The maximum number of tokens that the model takes. Default: from the files, otherwise int.MaxValue.</param>
    /// <param name="never_split">
    /// Words that are not split, nor freed of accents: found between white space, in lower case if text is lower-cased. One that the vocabulary does
    /// not have is unknown. Default: from the files, otherwise none.
    /// </param>
    /// <param name="do_basic_tokenize">
    /// Whether text is normalised and cut at punctuation; otherwise it is only cut at white space. Default: from the files, otherwise true.
    /// </param>
    /// <param name="subfolder">The folder within it that holds the files; default none.</param>
    /// <param name="revision">The branch, tag or commit of a repository of the hub; default "main".</param>
    /// <param name="token">The token for the hub; default HF_TOKEN, otherwise what <c>login</c> stored.</param>
    /// <param name="cache_dir">The cache of downloads; default HF_HUB_CACHE, HF_HOME/hub or ~/.cache/huggingface/hub.</param>
    /// <param name="local_files_only">Whether only local files are used, without asking the hub; default false.</param>
    /// <param name="force_download">Whether files are downloaded even if the cache has them; default false.</param>
    /// <exception cref="RepositoryNotFoundException">There is neither such a folder nor such a repository.</exception>
    /// <exception cref="HfHubHttpException">The hub failed, or is needed and cannot be asked.</exception>
    /// <exception cref="VocabularyNotFoundException">The folder, or both tokenizer.json and vocab.txt, do not exist.</exception>
    /// <exception cref="FileFormatException">A file is damaged.</exception>
    /// <exception cref="UnsupportedException">tokenizer.json describes another kind of tokenizer.</exception>
    public static BertTokenizer from_pretrained(
        string pretrained_model_name_or_path, bool? do_lower_case = null, bool? strip_accents = null, bool? tokenize_chinese_chars = null,
        bool? clean_text = null, string? unk_token = null, string? sep_token = null, string? pad_token = null, string? cls_token = null,
        string? mask_token = null, string? padding_side = null, string? truncation_side = null, int? model_max_length = null,
        IEnumerable<string>? never_split = null, bool? do_basic_tokenize = null,
        string subfolder = "", string? revision = null, string? token = null, string? cache_dir = null, bool local_files_only = false, bool force_download = false) =>
        new(TokenizerFiles.Of(pretrained_model_name_or_path, subfolder, new(revision, token, cache_dir, local_files_only, force_download), [.. Declaration.vocab_files_names.Values]), new BertOptions(do_lower_case, strip_accents, tokenize_chinese_chars, clean_text),
            new TokenizerOverrides(padding_side, truncation_side, model_max_length).With("unk_token", unk_token).With("sep_token", sep_token)
                .With("pad_token", pad_token).With("cls_token", cls_token).With("mask_token", mask_token), never_split, do_basic_tokenize);


    /// <summary>The words that are never split.</summary>
    public IReadOnlyCollection<string> never_split => _neverSplit;

    /// <summary>Whether text is normalised and split at punctuation.</summary>
    public bool do_basic_tokenize { get; }

    /// <inheritdoc/>
    public override string convert_tokens_to_string(IEnumerable<string> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return string.Join(' ', tokens).Replace(" ##", "", StringComparison.Ordinal).Trim();
    }

    /// <inheritdoc/>
    protected override NormalizedText Normalize(ReadOnlySpan<char> piece, int shift, EncodeScratch scratch)
    {
        var text = scratch.Text;
        (do_basic_tokenize ? _normalizer : Unchanged).Normalize(piece, shift, text);
        if (!do_basic_tokenize || !CanonicalComposer.MayChange(text.Chars)) return text;
        CanonicalComposer.Compose(UnicodeEdition.Slow, text.Chars, scratch.Composed);
        scratch.Composed.Compose(text);
        return scratch.Composed;
    }

    /// <inheritdoc/>
    protected override void TokenizePiece(NormalizedText text, int start, int stop, EncodeScratch scratch)
    {
        while (BertPreTokenizer.Slow.NextBetweenSpaces(text.Buffer, ref start, stop, out var end))
        {
            if (!do_basic_tokenize) AddWord(text, start, end, scratch.Tokens);
            else if (!TryAddWhole(text, start, end, scratch.Tokens)) Split(text, start, end, scratch);
            start = end;
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Text)> VocabularyFiles() => [(vocab_files_names["vocab_file"], VocabularyText())];

    /// <inheritdoc/>
    protected override void WriteSettings(JsonObject settings)
    {
        base.WriteSettings(settings);
        settings[nameof(do_basic_tokenize)] = do_basic_tokenize;
        settings[nameof(never_split)] = _neverSplit.Count == 0 ? null : new JsonArray([.. _neverSplit.Select(w => (JsonNode?)w)]);
    }

    private protected override void Change(BertOptions options)
    {
        _normalizer = options.MakeSlowNormalizer();
        base.Change(options);
    }

    /// <summary>Splits a word: strips accents, looks it up again, cuts it at punctuation, and looks up the parts.</summary>
    void Split(NormalizedText text, int start, int end, EncodeScratch scratch)
    {
        var units = text.Buffer.AsSpan(start..end);
        if (Options.StripsAccents && units.ContainsAnyExceptInRange('\0', '\x7F'))
        {
            var word = scratch.Word;
            Stripping.Normalize(units, start, word);
            word.Compose(text);
            (text, start, end) = (word, 0, word.Length);
            if (end == 0 || TryAddWhole(text, start, end, scratch.Tokens)) return;
        }
        for (var stop = end; BertPreTokenizer.Slow.Next(text.Buffer, ref start, stop, out end); start = end)
            if (!TryAddWhole(text, start, end, scratch.Tokens)) AddWord(text, start, end, scratch.Tokens);
    }

    /// <summary>Adds a word that is never split. As in the reference, this includes special tokens that only appear after cleaning.</summary>
    bool TryAddWhole(NormalizedText text, int start, int end, TokenList tokens)
    {
        var units = text.Buffer.AsSpan(start..end);
        if (!_neverSplitSpans.TryGetValue(units, out var word))
        {
            if (split_special_tokens || !IsSpecial(units)) return false;
            AddWord(text, start, end, tokens);
            return true;
        }
        if (TokenToId(word) is { } id) tokens.Add(id, text.Start(start), text.End(end - 1));
        else tokens.Add(UnknownId, text.Start(start), text.End(end - 1), word); // keeps its own text, as in the reference
        tokens.NextWord();
        return true;
    }
}
