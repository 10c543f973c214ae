using System.Text;
using System.Text.Json.Nodes;

namespace Keras.Transformers;

/// <summary>BERT's tokenizer: text is cleaned, lower-cased and stripped of accents (if the model wants it), split at spaces and punctuation, and its words are split into the
/// longest pieces of the vocabulary. Ids, offsets and all options are those of Hugging Face's BertTokenizerFast.</summary>
/// <example>
/// <code>
/// var tokenizer = BertTokenizerFast.from_pretrained("bert-base-cased");
/// var encoded = tokenizer.Apply("Ada lives in London.");
/// Console.WriteLine(string.Join(" ", encoded.tokens()));   // the pieces between [CLS] and [SEP]
/// </code>
/// </example>
public class BertTokenizerFast : PreTrainedTokenizerBase
{
    /// <summary>The declaration of BERT's tokenizers, of the fast and the slow class.</summary>
    public static readonly TokenizerKind Declaration = new(["BertTokenizer", "BertTokenizerFast"], (files, fast, overrides) => fast
        ? new BertTokenizerFast(files, BertOptions.NotSaid, overrides)
        : new BertTokenizer(files, BertOptions.NotSaid, overrides, null, null))
    {
        vocab_files_names = new Dictionary<string, string> { ["vocab_file"] = "vocab.txt", ["tokenizer_file"] = "tokenizer.json" },
        model_input_names = ["input_ids", "token_type_ids", "attention_mask"],
        SpecialTokens = new Dictionary<string, string>
        {
            ["unk_token"] = "[UNK]", ["sep_token"] = "[SEP]", ["pad_token"] = "[PAD]", ["cls_token"] = "[CLS]", ["mask_token"] = "[MASK]",
        },
    };

    readonly WordPieceModel _model;
    readonly string _unk;
    readonly int? _unkId;
    readonly (string Prefix, bool CleanUp)? _decoder;
    BertNormalizer _normalizer;

    internal BertTokenizerFast(TokenizerFiles files, BertOptions options, TokenizerOverrides overrides) : base(Declaration, files)
    {
        var json = files.Json(Kind) is { } file ? BertTokenizerJson.Read(file) : null;
        _model = json?.Model ?? new(files.ReadLines(vocab_files_names["vocab_file"])); // a token's id is its line number
        _decoder = json is null ? ("##", true) : json.Decoder;
        Options = options.Or(files, json);
        _normalizer = Options.MakeNormalizer();
        ReadSettings(files, overrides);

        _unk = overrides.SpecialTokens.GetValueOrDefault("unk_token") ?? json?.UnkToken ?? unk_token ?? "[UNK]";
        _unkId = TokenToId(_unk);
        var given = overrides.SpecialTokens;
        Template = json is null || given.ContainsKey("cls_token") || given.ContainsKey("sep_token") ? MakeTemplate(files.PathOf(TokenizerFiles.Config)) : json.Template;
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
    public static BertTokenizerFast from_pretrained(
        string pretrained_model_name_or_path, bool? do_lower_case = null, bool? strip_accents = null, bool? tokenize_chinese_chars = null,
        bool? clean_text = null, string? unk_token = null, string? sep_token = null, string? pad_token = null, string? cls_token = null,
        string? mask_token = null, string? padding_side = null, string? truncation_side = null, int? model_max_length = null, string subfolder = "", string? revision = null, string? token = null, string? cache_dir = null, bool local_files_only = false, bool force_download = false) =>
        new(TokenizerFiles.Of(pretrained_model_name_or_path, subfolder, new(revision, token, cache_dir, local_files_only, force_download), [.. Declaration.vocab_files_names.Values]), new BertOptions(do_lower_case, strip_accents, tokenize_chinese_chars, clean_text),
            new TokenizerOverrides(padding_side, truncation_side, model_max_length).With("unk_token", unk_token).With("sep_token", sep_token)
                .With("pad_token", pad_token).With("cls_token", cls_token).With("mask_token", mask_token));

    /// <summary>Whether text is lower-cased.</summary>
    public bool do_lower_case { get => Options.Lower!.Value; set => Change(Options with { Lower = value }); }

    /// <summary>Whether accents are dropped; null: if and only if text is lower-cased.</summary>
    public bool? strip_accents { get => Options.Strip; set => Change(Options with { Strip = value }); }

    /// <summary>Whether every Chinese character is a separate word.</summary>
    public bool tokenize_chinese_chars { get => Options.Chinese!.Value; set => Change(Options with { Chinese = value }); }

    /// <summary>Whether control characters are dropped and all white space becomes spaces.</summary>
    public bool clean_text { get => Options.Clean!.Value; set => Change(Options with { Clean = value }); }

    private protected BertOptions Options { get; private set; }

    /// <summary>The vocabulary.</summary>
    internal WordPieceModel Model => _model;

    /// <summary>Makes a function that gives a text's code points after normalisation; for one thread.</summary>
    internal Func<string, int[]> CodePointNormalizer()
    {
        var (normalizer, normalized) = (_normalizer, new NormalizedText());
        return text =>
        {
            normalizer.Normalize(text, 0, normalized);
            var points = new List<int>(normalized.Length);
            foreach (var rune in normalized.Chars.EnumerateRunes()) points.Add(rune.Value);
            return [.. points];
        };
    }

    /// <inheritdoc/>
    public override int vocab_size => _model.Count;

    /// <inheritdoc/>
    public override string convert_tokens_to_string(IEnumerable<string> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (_decoder is not { } decoder) return string.Join(' ', tokens);
        var text = new StringBuilder();
        foreach (var (i, token) in tokens.Index())
        {
            var piece = i == 0 ? token : token.StartsWith(decoder.Prefix, StringComparison.Ordinal) ? token[decoder.Prefix.Length..] : " " + token;
            text.Append(decoder.CleanUp && piece.Contains(' ') ? CleanUp(piece) : piece);
        }
        return text.ToString();
    }

    /// <inheritdoc/>
    public override int[] build_inputs_with_special_tokens(IEnumerable<int> token_ids_0, IEnumerable<int>? token_ids_1 = null)
    {
        ArgumentNullException.ThrowIfNull(token_ids_0);
        var (cls, sep) = (SpecialId("cls_token", cls_token_id), SpecialId("sep_token", sep_token_id));
        return token_ids_1 is null ? [cls, .. token_ids_0, sep] : [cls, .. token_ids_0, sep, .. token_ids_1, sep];
    }

    /// <inheritdoc/>
    public override int[] create_token_type_ids_from_sequences(IEnumerable<int> token_ids_0, IEnumerable<int>? token_ids_1 = null)
    {
        ArgumentNullException.ThrowIfNull(token_ids_0);
        var first = new int[token_ids_0.Count() + 2];
        return token_ids_1 is null ? first : [.. first, .. Enumerable.Repeat(1, token_ids_1.Count() + 1)];
    }

    /// <inheritdoc/>
    public override bool? ContinuesWord(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return _model.ContinuingSubwordPrefix is { Length: > 0 } prefix ? token.StartsWith(prefix, StringComparison.Ordinal) : null;
    }

    /// <inheritdoc/>
    protected override int VocabularyIdLimit => _model.IdLimit;

    /// <inheritdoc/>
    protected override string? VocabularyToken(int id) => _model.IdToToken(id);

    /// <inheritdoc/>
    protected override int? VocabularyId(string token) => _model.TokenToId(token);

    /// <inheritdoc/>
    protected override NormalizedText Normalize(ReadOnlySpan<char> piece, int shift, EncodeScratch scratch)
    {
        _normalizer.Normalize(piece, shift, scratch.Text);
        return scratch.Text;
    }

    /// <inheritdoc/>
    protected override void TokenizePiece(NormalizedText text, int start, int stop, EncodeScratch scratch)
    {
        var units = text.Buffer;
        while (BertPreTokenizer.Fast.Next(units, ref start, stop, out var end))
        {
            AddWord(text, start, end, scratch.Tokens);
            start = end;
        }
    }

    /// <summary>Adds the pieces of one word, or the unknown token.</summary>
    private protected void AddWord(NormalizedText text, int start, int end, TokenList tokens)
    {
        if (!_model.TryTokenize(text, start, end, tokens)) AddUnknown(text, start, end, tokens);
        tokens.NextWord();
    }

    private protected void AddUnknown(NormalizedText text, int start, int end, TokenList tokens) => tokens.Add(UnknownId, text.Start(start), text.End(end - 1));

    private protected int UnknownId => _unkId ?? throw new TokenizationException(
        "A word is unknown and the vocabulary has no unknown token", received: $"unk_token '{_unk}'", remedy: "Pass an unk_token that it has.");

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Text)> VocabularyFiles()
    {
        yield return (vocab_files_names["vocab_file"], VocabularyText());
        yield return (vocab_files_names["tokenizer_file"], TokenizerJsonWriter.Write(BertTokenizerJson.WriteModel(_model, _unk), Options.ToJson(),
            new() { ["type"] = "BertPreTokenizer" }, PostProcessor.Write(Template, id => convert_ids_to_tokens(id) ?? ""),
            BertTokenizerJson.WriteDecoder(_decoder), added_tokens_decoder));
    }

    private protected string VocabularyText()
    {
        var text = new StringBuilder();
        for (var id = 0; id < _model.IdLimit; id++) text.Append(_model.IdToToken(id)).Append('\n');
        return text.ToString();
    }

    /// <inheritdoc/>
    protected override void WriteSettings(JsonObject settings)
    {
        settings[nameof(do_lower_case)] = do_lower_case;
        settings[nameof(strip_accents)] = strip_accents;
        settings[nameof(tokenize_chinese_chars)] = tokenize_chinese_chars;
        if (!clean_text || settings.ContainsKey(nameof(clean_text))) settings[nameof(clean_text)] = clean_text;
    }

    /// <summary>Cleans up a piece as the reference's decoder always does, whatever clean_up_tokenization_spaces is.</summary>
    static string CleanUp(string piece) => clean_up_tokenization(piece.Replace(" do not", " don't", StringComparison.Ordinal));

    /// <exception cref="FileFormatException">The files remove a token that every row needs.</exception>
    SequenceTemplate MakeTemplate(string path)
    {
        foreach (var (role, token) in new[] { ("cls_token", cls_token), ("sep_token", sep_token) })
            if (token is null) throw new FileFormatException("The tokenizer lacks a special token", $"{path}, {role}", "text", "null", $"Pass {role}.");
        return SequenceTemplate.Bert(cls_token!, SpecialId("cls_token", cls_token_id), sep_token!, SpecialId("sep_token", sep_token_id));
    }

    static int SpecialId(string role, int? id) => id ?? throw new TokenizationException($"The tokenizer has no {role}", remedy: "Set it.");

    private protected virtual void Change(BertOptions options)
    {
        (Options, _normalizer) = (options, options.MakeNormalizer());
        RefreshAddedTokens();
    }
}
