using System.Text.Json.Nodes;

namespace Keras.Transformers;

/// <summary>
/// BERT's tokenizer with two options that only Hugging Face's slow class has: words that are never split, and no basic tokenisation.
/// Everything else is as in <see cref="BertTokenizerFast"/>.
/// </summary>
/// <remarks>
/// Hugging Face's slow class differs from its fast one in more (it composes accents first, keeps to an older Unicode, counts added tokens
/// differently); those differences are not followed. It writes no tokenizer.json, and neither does this class.
/// </remarks>
public sealed class BertTokenizer : BertTokenizerFast
{
    static readonly BertNormalizer Unchanged = new(false, false, false, false);
    static readonly BertNormalizer Stripping = new(false, false, true, false);

    readonly HashSet<string> _neverSplit = new(StringComparer.Ordinal);
    readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _neverSplitSpans;

    BertTokenizer(TokenizerFiles files, BertOptions options, TokenizerOverrides overrides, IEnumerable<string>? neverSplit, bool? doBasicTokenize)
        : base(files, options, overrides)
    {
        _neverSplitSpans = _neverSplit.GetAlternateLookup<ReadOnlySpan<char>>();
        do_basic_tokenize = doBasicTokenize ?? TokenJson.Bool(files.Setting("do_basic_tokenize")) ?? true;
        neverSplit ??= (files.Setting("never_split") as JsonArray)?.Select(t => TokenJson.String(t) ?? "");
        foreach (var word in neverSplit ?? []) _neverSplit.Add(word);
    }

    /// <summary>Reads a tokenizer from a folder: tokenizer.json, or vocab.txt, with tokenizer_config.json and special_tokens_map.json where they exist.</summary>
    /// <param name="pretrained_model_name_or_path">The folder of the model.</param>
    /// <param name="do_lower_case">Whether text is lower-cased. Default: as the files say, else true.</param>
    /// <param name="strip_accents">Whether accents are dropped. Default: as the files say, else as <paramref name="do_lower_case"/>.</param>
    /// <param name="tokenize_chinese_chars">Whether every Chinese character is a word of its own. Default: as the files say, else true.</param>
    /// <param name="clean_text">
    /// Whether control characters are dropped and all white space becomes spaces. Default: as the files say, else true. (Hugging Face documents the
    /// option and ignores it.)
    /// </param>
    /// <param name="unk_token">What an unknown word becomes. Default: as the files say, else "[UNK]".</param>
    /// <param name="sep_token">What ends a sequence. Default: as the files say, else "[SEP]".</param>
    /// <param name="pad_token">What fills rows up. Default: as the files say, else "[PAD]".</param>
    /// <param name="cls_token">What begins a row. Default: as the files say, else "[CLS]".</param>
    /// <param name="mask_token">What masks a token. Default: as the files say, else "[MASK]".</param>
    /// <param name="padding_side">"right" or "left". Default: as the files say, else "right".</param>
    /// <param name="truncation_side">"right" or "left". Default: as the files say, else "right".</param>
    /// <param name="model_max_length">The greatest number of tokens that the model takes. Default: as the files say, else int.MaxValue.</param>
    /// <param name="never_split">
    /// Words that are not split, nor freed of accents: found between white space, in lower case if text is lower-cased. One that the vocabulary does
    /// not have is unknown. Default: as the files say, else none.
    /// </param>
    /// <param name="do_basic_tokenize">
    /// Whether text is normalised and cut at punctuation; otherwise it is only cut at white space. Default: as the files say, else true.
    /// </param>
    /// <exception cref="VocabularyNotFoundException">The folder, or both tokenizer.json and vocab.txt, do not exist.</exception>
    /// <exception cref="FileFormatException">A file is damaged.</exception>
    /// <exception cref="UnsupportedException">tokenizer.json describes another kind of tokenizer.</exception>
    public static BertTokenizer from_pretrained(
        string pretrained_model_name_or_path, bool? do_lower_case = null, bool? strip_accents = null, bool? tokenize_chinese_chars = null, bool? clean_text = null,
        string? unk_token = null, string? sep_token = null, string? pad_token = null, string? cls_token = null, string? mask_token = null,
        string? padding_side = null, string? truncation_side = null, int? model_max_length = null,
        IEnumerable<string>? never_split = null, bool? do_basic_tokenize = null) =>
        new(new TokenizerFiles(pretrained_model_name_or_path), new BertOptions(do_lower_case, strip_accents, tokenize_chinese_chars, clean_text),
            new TokenizerOverrides(padding_side, truncation_side, model_max_length).With("unk_token", unk_token).With("sep_token", sep_token)
                .With("pad_token", pad_token).With("cls_token", cls_token).With("mask_token", mask_token), never_split, do_basic_tokenize);

    /// <summary>Reads the fast or the slow class for <see cref="AutoTokenizer"/>.</summary>
    internal static PreTrainedTokenizerBase Read(TokenizerFiles files, bool fast, TokenizerOverrides overrides) =>
        fast ? new BertTokenizerFast(files, new(null, null, null, null), overrides) : new BertTokenizer(files, new(null, null, null, null), overrides, null, null);

    /// <summary>The words that are never split.</summary>
    public IReadOnlyCollection<string> never_split => _neverSplit;

    /// <summary>Whether text is normalised and cut at punctuation.</summary>
    public bool do_basic_tokenize { get; }

    private protected override void Normalize(ReadOnlySpan<char> piece, int shift, NormalizedText target)
    {
        if (!do_basic_tokenize) Unchanged.Normalize(piece, shift, target);
        else if (_neverSplit.Count == 0) base.Normalize(piece, shift, target);
        else BeforeStripping.Normalize(piece, shift, target);
    }

    private protected override void Tokenize(NormalizedText text, int start, int stop, EncodeScratch scratch)
    {
        if (do_basic_tokenize && _neverSplit.Count == 0)
        {
            base.Tokenize(text, start, stop, scratch);
            return;
        }
        while (NextWord(text.Buffer, ref start, stop, out var end))
        {
            if (!do_basic_tokenize) AddWord(text, start, end, scratch.Tokens);
            else if (!TryAddWhole(text, start, end, scratch.Tokens)) Split(text, start, end, scratch);
            start = end;
        }
    }

    private protected override IEnumerable<(string Name, string Text)> VocabularyFiles() => [(TokenizerFiles.Vocabulary, VocabularyText())];

    private protected override void WriteSettings(JsonObject settings)
    {
        base.WriteSettings(settings);
        settings[nameof(do_basic_tokenize)] = do_basic_tokenize;
        settings[nameof(never_split)] = _neverSplit.Count == 0 ? null : new JsonArray([.. _neverSplit.Select(w => (JsonNode?)w)]);
    }

    /// <summary>What precedes the look-up of words that are not split.</summary>
    BertNormalizer BeforeStripping => new(clean_text, tokenize_chinese_chars, false, do_lower_case);

    /// <summary>A word that may be split: freed of accents, looked up again, cut at punctuation, its parts looked up too.</summary>
    void Split(NormalizedText text, int start, int end, EncodeScratch scratch)
    {
        if (strip_accents ?? do_lower_case)
        {
            var word = scratch.Word;
            Stripping.Normalize(text.Buffer.AsSpan(start..end), 0, word);
            if (!word.IsIdentity || !word.Chars.SequenceEqual(text.Buffer.AsSpan(start..end)))
            {
                word.Compose(text, start);
                (text, start, end) = (word, 0, word.Length);
                if (TryAddWhole(text, start, end, scratch.Tokens)) return;
            }
        }
        for (var stop = end; BertPreTokenizer.Next(text.Buffer, ref start, stop, out end); start = end)
            if (!TryAddWhole(text, start, end, scratch.Tokens)) AddWord(text, start, end, scratch.Tokens);
    }

    bool TryAddWhole(NormalizedText text, int start, int end, TokenList tokens)
    {
        var units = text.Buffer.AsSpan(start..end);
        if (!_neverSplitSpans.TryGetValue(units, out var word)) return false;
        if (TokenToId(word) is { } id) tokens.Add(id, text.Start(start), text.End(end - 1));
        else tokens.Add(UnknownId, text.Start(start), text.End(end - 1), word); // reads as itself, as in the reference
        tokens.NextWord();
        return true;
    }

    static bool NextWord(ReadOnlySpan<char> text, ref int start, int stop, out int end)
    {
        while (start < stop && IsSpace(text[start])) start++;
        end = start;
        while (end < stop && !IsSpace(text[end])) end++;
        return end > start;
    }

    /// <summary>White space as Python's str.split sees it.</summary>
    static bool IsSpace(char unit) => char.IsWhiteSpace(unit) || unit is >= '\x1C' and <= '\x1F';
}
