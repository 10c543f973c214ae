using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;

namespace Keras.Transformers;

/// <summary>GPT-2's tokenizer: text is split into words together with the space before them, and the bytes of each word are merged pair by pair into tokens, so that every text can
/// be encoded and decoded exactly. Ids, offsets and all options are those of Hugging Face's GPT2TokenizerFast.</summary>
/// <example>
/// <code>
/// var tokenizer = GPT2TokenizerFast.from_pretrained("gpt2");
/// int[] ids = tokenizer.encode("Once upon a time");
/// Console.WriteLine(tokenizer.decode(ids));   // Once upon a time
/// </code>
/// </example>
public class GPT2TokenizerFast : PreTrainedTokenizerBase
{
    const string EndOfText = "<|endoftext|>";

    /// <summary>The declaration of GPT-2's tokenizers, of the fast and the slow class.</summary>
    public static readonly TokenizerKind Declaration = new(["GPT2Tokenizer", "GPT2TokenizerFast"], (files, fast, overrides) => fast
        ? new GPT2TokenizerFast(files, overrides, null, null)
        : new GPT2Tokenizer(files, overrides, null, null))
    {
        vocab_files_names = new Dictionary<string, string> { ["vocab_file"] = "vocab.json", ["merges_file"] = "merges.txt", ["tokenizer_file"] = "tokenizer.json" },
        SpecialTokens = new Dictionary<string, string> { ["bos_token"] = EndOfText, ["eos_token"] = EndOfText, ["unk_token"] = EndOfText },
    };

    readonly BytePairModel _model;
    readonly PostProcessor _processor;

    internal GPT2TokenizerFast(TokenizerFiles files, TokenizerOverrides overrides, bool? addPrefixSpace, bool? addBosToken) : base(Declaration, files)
    {
        var json = files.Json(Kind) is { } file ? Gpt2TokenizerJson.Read(file) : null;
        _model = json?.Model ?? BytePairFiles.Read(files, vocab_files_names["vocab_file"], vocab_files_names["merges_file"]);
        add_prefix_space = addPrefixSpace ?? files.Setting(nameof(add_prefix_space)).FlagOrNull() ?? json?.AddsPrefixSpace ?? false;
        ReadSettings(files, overrides);

        _processor = json?.Processor ?? new(SequenceTemplate.Plain, AddsPrefixSpace: true);
        add_bos_token = addBosToken ?? files.Setting(nameof(add_bos_token)).FlagOrNull() ?? false;
        // As in Hugging Face, tokenizer.json decides unless the caller does.
        var asks = addBosToken ?? (json is null ? add_bos_token : null);
        Template = asks switch { true => BosTemplate(), false => SequenceTemplate.Plain, null => _processor.Template };
        if (Template != _processor.Template) _processor = _processor with { Template = Template };
    }

    /// <summary>Loads a tokenizer from a folder or from the hub: tokenizer.json, or vocab.json with merges.txt, with tokenizer_config.json and special_tokens_map.json if they exist.</summary>
    /// <param name="pretrained_model_name_or_path">The folder of the model, or a repository of the hub, "organisation/name".</param>
    /// <param name="unk_token">The token for unknown tokens in conversions; no text needs it. Default: from the files, otherwise "&lt;|endoftext|&gt;".</param>
    /// <param name="bos_token">The token that begins a text. Default: from the files, otherwise "&lt;|endoftext|&gt;".</param>
    /// <param name="eos_token">The token that ends a text. Default: from the files, otherwise "&lt;|endoftext|&gt;".</param>
    /// <param name="pad_token">The token that pads rows. Default: from the files, otherwise none.</param>
    /// <param name="add_prefix_space">Whether a text that begins without a space gets one, so that its first word is encoded as those inside. Default: from the files, otherwise false.</param>
    /// <param name="add_bos_token">Whether rows begin with <paramref name="bos_token"/>. Default: from the files, otherwise false.</param>
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
    /// <exception cref="VocabularyNotFoundException">The folder does not exist, or has neither tokenizer.json nor vocab.json with merges.txt.</exception>
    /// <exception cref="FileFormatException">A file is damaged, or the merges do not fit the vocabulary.</exception>
    /// <exception cref="UnsupportedException">tokenizer.json describes another kind of tokenizer.</exception>
    public static GPT2TokenizerFast from_pretrained(
        string pretrained_model_name_or_path, string? unk_token = null, string? bos_token = null, string? eos_token = null, string? pad_token = null,
        bool? add_prefix_space = null, bool? add_bos_token = null, string? padding_side = null, string? truncation_side = null, int? model_max_length = null,
        string subfolder = "", string? revision = null, string? token = null, string? cache_dir = null, bool local_files_only = false, bool force_download = false) =>
        new(TokenizerFiles.Of(pretrained_model_name_or_path, subfolder, new(revision, token, cache_dir, local_files_only, force_download), [.. Declaration.vocab_files_names.Values]), Given(unk_token, bos_token, eos_token, pad_token, padding_side, truncation_side, model_max_length),
            add_prefix_space, add_bos_token);

    /// <summary>Whether a text that begins without a space gets one, so that its first word is encoded like a word inside a text.</summary>
    public bool add_prefix_space { get; set; }

    internal BytePairModel Model => _model;

    /// <summary>Whether the tokenizer was asked to begin rows with bos_token.</summary>
    public bool add_bos_token { get; }

    /// <inheritdoc/>
    public override int vocab_size => _model.Count;

    /// <inheritdoc/>
    public override string convert_tokens_to_string(IEnumerable<string> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var bytes = new List<byte>();
        foreach (var token in tokens) ByteAlphabet.AppendBytes(token, bytes);
        return Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(bytes));
    }

    /// <inheritdoc/>
    protected internal override Func<string?, string> BeginDecoding()
    {
        var (decoder, bytes) = (Encoding.UTF8.GetDecoder(), new List<byte>());
        return token =>
        {
            bytes.Clear();
            if (token is not null) ByteAlphabet.AppendBytes(token, bytes);
            var text = new char[Encoding.UTF8.GetMaxCharCount(bytes.Count)];
            var length = decoder.GetChars(CollectionsMarshal.AsSpan(bytes), text, flush: token is null);
            return new(text, 0, length);
        };
    }

    /// <inheritdoc/>
    protected override int VocabularyIdLimit => _model.IdLimit;

    /// <inheritdoc/>
    protected override string? VocabularyToken(int id) => _model.IdToToken(id);

    /// <inheritdoc/>
    protected override int? VocabularyId(string token) => _model.TokenToId(token);

    /// <inheritdoc/>
    protected override void CheckSplitWords()
    {
        if (!add_prefix_space)
            throw new TokenizationException("The tokenizer cannot encode texts that come split into words, because it adds no space before each word",
                "add_prefix_space", "true", "false", "Read the tokenizer with add_prefix_space: true.");
    }

    /// <inheritdoc/>
    protected override void TokenizePiece(NormalizedText text, int start, int stop, EncodeScratch scratch)
    {
        if (add_prefix_space && start < stop && text.Buffer[start] != ' ')
        {
            text = WithPrefix(text, start, stop, scratch.Word);
            (start, stop) = (0, text.Length);
        }
        var units = text.Buffer.AsSpan(0, stop);
        var tokens = scratch.Tokens;
        while (start < stop)
        {
            var end = ByteLevelPreTokenizer.End(units, start);
            var pieces = _model.Tokenize(units[start..end], scratch.BytePairs);
            for (var i = 0; i < pieces.Length; i += 3) Add(tokens, pieces[i], text.Start(start + pieces[i + 1]), text.End(start + pieces[i + 2] - 1));
            tokens.NextWord();
            start = end;
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Text)> VocabularyFiles()
    {
        yield return (vocab_files_names["vocab_file"], TokenJson.Plain(BytePairFiles.WriteVocabulary(_model)));
        yield return (vocab_files_names["merges_file"], BytePairFiles.WriteMerges(_model));
        yield return (vocab_files_names["tokenizer_file"], TokenizerJsonWriter.Write(BytePairFiles.WriteModel(_model), null,
            Gpt2TokenizerJson.WritePreTokenizer(add_prefix_space), Gpt2TokenizerJson.WriteProcessor(_processor, id => convert_ids_to_tokens(id) ?? ""),
            Gpt2TokenizerJson.WriteDecoder(), added_tokens_decoder));
    }

    /// <inheritdoc/>
    protected override void WriteSettings(JsonObject settings)
    {
        settings[nameof(add_prefix_space)] = add_prefix_space;
        if (add_bos_token || settings.ContainsKey(nameof(add_bos_token))) settings[nameof(add_bos_token)] = add_bos_token;
    }

    private protected static TokenizerOverrides Given(
        string? unk, string? bos, string? eos, string? pad, string? paddingSide, string? truncationSide, int? modelMaxLength) =>
        new TokenizerOverrides(paddingSide, truncationSide, modelMaxLength).With("unk_token", unk).With("bos_token", bos).With("eos_token", eos).With("pad_token", pad);

    void Add(TokenList tokens, int id, int start, int end)
    {
        if (_processor.TrimsOffsets && _model.IdToToken(id) is { } token)
        {
            var isFirst = tokens.Count == 0 || start == 0;
            var trailing = token.Length - token.AsSpan().TrimEnd(ByteAlphabet.Space).Length;
            if (!(isFirst && _processor.AddsPrefixSpace)) start = Math.Min(start + token.Length - token.AsSpan().TrimStart(ByteAlphabet.Space).Length, end);
            if (trailing <= end) end = Math.Max(end - trailing, start);
        }
        tokens.Add(id, start, end);
    }

    /// <summary>A piece with a leading space, which counts as part of the first character.</summary>
    static NormalizedText WithPrefix(NormalizedText text, int start, int stop, NormalizedText result)
    {
        result.Reset(0, stop - start + 1);
        result.LeaveIdentity();
        Clusters.CodePointAt(text.Buffer.AsSpan(start..stop), 0, out var width);
        result.Append(' ', text.Start(start), text.End(start + width - 1) - text.Start(start));
        for (var i = start; i < stop; i++) result.Append(text.Buffer[i], text.Start(i), text.End(i) - text.Start(i));
        return result;
    }

    SequenceTemplate BosTemplate()
    {
        var (token, id) = bos_token is { } bos && bos_token_id is { } known ? (bos, known) : throw new TokenizationException("The tokenizer has no bos_token", remedy: "Pass bos_token.");
        var single = new[] { TemplatePiece.Special(token, id, 0), TemplatePiece.Of(0, 0) };
        return new(single, [.. single, TemplatePiece.Of(1, 1)]);
    }
}
