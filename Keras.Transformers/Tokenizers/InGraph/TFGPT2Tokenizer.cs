using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>GPT-2's tokenizer as a layer: takes strings and returns ids, or the other way round, inside models and SavedModels.</summary>
/// <remarks>
/// <para>Source: transformers/models/gpt2/tokenization_gpt2_tf.py. All is done by core ops of TensorFlow; neither the graph nor a server needs TensorFlow Text
/// or Keras NLP. Ids are those of <see cref="GPT2TokenizerFast"/>, where Hugging Face's layer gives others (it knows no special tokens in the text).</para>
/// <para>Known deviation: without max_length Hugging Face's layer returns ragged rows; these are padded to the longest.</para>
/// </remarks>
public sealed partial class TFGPT2Tokenizer : InGraphTokenizer
{
    const string MaxLength = "max_length";

    readonly BytePairModel _model;
    readonly (IReadOnlyDictionary<int, AddedToken> All, IReadOnlyDictionary<int, AddedToken> Found) _tokens;
    readonly GraphAddedTokens _added;
    readonly GraphBytePairs _pairs;
    readonly Lazy<TableConstant> _texts, _ordinaryTexts;

    /// <summary>Creates a layer from a vocabulary and its merges.</summary>
    /// <param name="vocab">The ids of tokens, which are written in the letters for bytes.</param>
    /// <param name="merges">The pairs in the order in which they are joined, each two tokens with a space between them.</param>
    /// <param name="max_length">The length that rows are cut and padded to; default that of the longest, without cutting.</param>
    /// <param name="pad_token_id">The token that pads rows; default 0 if max_length is not given.</param>
    /// <param name="special_tokens">Ids of tokens to find in raw text, which <see cref="detokenize"/> can leave out; default "&lt;|endoftext|&gt;", if the vocabulary has it.</param>
    /// <param name="added_tokens">Ids of other tokens to find in raw text; default none.</param>
    /// <param name="add_prefix_space">Whether a text that begins without a space gets one; default false.</param>
    /// <param name="bos_token_id">The id that begins each row; default none.</param>
    /// <param name="padding_side">"right" (default) or "left".</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="FileFormatException">The merges do not fit the vocabulary.</exception>
    /// <exception cref="ArgumentException">Two tokens have one id, or an option does not fit.</exception>
    public TFGPT2Tokenizer(IReadOnlyDictionary<string, int> vocab, string[] merges, int? max_length = null, int? pad_token_id = null, IReadOnlyDictionary<string, int>? special_tokens = null,
        IReadOnlyDictionary<string, int>? added_tokens = null, bool add_prefix_space = false, int? bos_token_id = null, string padding_side = "right", string? name = null)
        : this(ModelOf(vocab, merges), TokensOf(vocab, special_tokens, added_tokens), null, max_length, pad_token_id, add_prefix_space, bos_token_id, padding_side, name) { }

    TFGPT2Tokenizer(BytePairModel model, IReadOnlyDictionary<int, AddedToken> tokens, IReadOnlyDictionary<int, AddedToken>? found, int? max_length, int? pad_token_id, bool add_prefix_space,
        int? bos_token_id, string padding_side, string? name) : base(name)
    {
        Known.OneOf(padding_side, nameof(padding_side), "right", "left");
        (_model, _tokens) = (model, (tokens, found ?? tokens));
        (this.max_length, this.pad_token_id, this.add_prefix_space, this.bos_token_id, this.padding_side) = (max_length, pad_token_id, add_prefix_space, bos_token_id, padding_side);
        RequireFits(max_length);
        _added = new(_tokens.Found, unknown: -1, normalizes: false);
        _pairs = new(model);
        (_texts, _ordinaryTexts) = (new(() => Texts(skipSpecial: false)), new(() => Texts(skipSpecial: true)));
    }

    /// <summary>Creates the layer from the tokenizer of a folder.</summary>
    /// <param name="pretrained_model_name_or_path">The folder of the model, or a repository of the hub, "organisation/name".</param>
    /// <param name="max_length">The length that rows are cut and padded to; default that of the longest, without cutting.</param>
    /// <param name="pad_token_id">The token that pads rows; default the tokenizer's pad_token, if it has one, otherwise 0 if max_length is not given.</param>
    /// <param name="subfolder">The folder within it that holds the files; default none.</param>
    /// <param name="revision">The branch, tag or commit of a repository of the hub; default "main".</param>
    /// <param name="token">The token for the hub; default HF_TOKEN, otherwise what <c>login</c> stored.</param>
    /// <param name="cache_dir">The cache of downloads; default HF_HUB_CACHE, HF_HOME/hub or ~/.cache/huggingface/hub.</param>
    /// <param name="local_files_only">Whether only local files are used, without asking the hub; default false.</param>
    /// <param name="force_download">Whether files are downloaded even if the cache has them; default false.</param>
    /// <exception cref="RepositoryNotFoundException">There is neither such a folder nor such a repository.</exception>
    /// <exception cref="HfHubHttpException">The hub failed, or is needed and cannot be asked.</exception>
    /// <exception cref="VocabularyNotFoundException">The folder, or its vocabulary, does not exist.</exception>
    /// <exception cref="FileFormatException">A file is damaged.</exception>
    /// <exception cref="UnsupportedException">The tokenizer does something that the layer does not support.</exception>
    public static TFGPT2Tokenizer from_pretrained(string pretrained_model_name_or_path, int? max_length = null, int? pad_token_id = null,
        string subfolder = "", string? revision = null, string? token = null, string? cache_dir = null, bool local_files_only = false, bool force_download = false) =>
        from_tokenizer(GPT2TokenizerFast.from_pretrained(pretrained_model_name_or_path, subfolder: subfolder, revision: revision, token: token, cache_dir: cache_dir, local_files_only: local_files_only, force_download: force_download), max_length, pad_token_id);

    /// <summary>Creates a layer that does the same as a tokenizer.</summary>
    /// <param name="tokenizer">The tokenizer; later changes of it are not seen.</param>
    /// <param name="max_length">The length that rows are cut and padded to; default that of the longest, without cutting.</param>
    /// <param name="pad_token_id">The token that pads rows; default the tokenizer's pad_token, if it has one, otherwise 0 if max_length is not given.</param>
    /// <exception cref="UnsupportedException">The tokenizer truncates on the left, has added tokens that depend on their surroundings, or puts other special tokens into a row than one at its beginning.</exception>
    /// <exception cref="ArgumentException">An option does not fit.</exception>
    public static TFGPT2Tokenizer from_tokenizer(GPT2TokenizerFast tokenizer, int? max_length = null, int? pad_token_id = null)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (tokenizer.truncation_side != "right")
            throw new UnsupportedException("The tokenizer in the graph cannot truncate on the left", null, "truncation_side 'right'", tokenizer.truncation_side, "Set it to 'right', or tokenize outside of the graph.");
        var template = tokenizer.build_inputs_with_special_tokens([-1]);
        if (template is not ([-1] or [_, -1]))
            throw new UnsupportedException("The tokenizer in the graph cannot add these special tokens, at most one at the beginning of a row", null, "none, or bos_token", string.Join(' ', template), "Tokenize outside of the graph.");
        var tokens = tokenizer.added_tokens_decoder.ToDictionary();
        return new(tokenizer.Model, tokens, GraphAddedTokens.Of(tokenizer).ToDictionary(), max_length, pad_token_id ?? tokenizer.pad_token_id, tokenizer.add_prefix_space,
            template is [var bos, -1] ? bos : null, tokenizer.padding_side, null);
    }

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> CallParameters => ["inputs", MaxLength];

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, DType> Outputs { get; } = new Dictionary<string, DType> { ["input_ids"] = DType.Int32, ["attention_mask"] = DType.Int32 };

    /// <summary>The length that rows are cut and padded to; null for that of the longest row.</summary>
    public int? max_length { get; }

    /// <summary>The id that pads rows; null for 0.</summary>
    public int? pad_token_id { get; }

    /// <summary>Whether a text that begins without a space gets one.</summary>
    public bool add_prefix_space { get; }

    /// <summary>The id that begins each row; null for none.</summary>
    public int? bos_token_id { get; }

    /// <summary>The side on which rows are padded, "right" or "left".</summary>
    public string padding_side { get; }

    /// <inheritdoc/>
    public override bool CanDetokenize => true;

    /// <summary>Turns texts into token ids.</summary>
    /// <param name="x">The texts, (B), string, UTF-8; bytes that are none are replacement characters (U+FFFD).</param>
    /// <param name="max_length">The length that rows are cut and padded to; default the property.</param>
    /// <returns>A dictionary of input_ids and attention_mask, each (B, T), int32.</returns>
    /// <exception cref="ShapeMismatchException">The texts are not a vector.</exception>
    /// <exception cref="DTypeMismatchException">The inputs are not strings.</exception>
    /// <exception cref="ArgumentException">max_length does not fit.</exception>
    public Tensors Apply(Tensors x, int? max_length = null) => Apply(new CallArguments(x).WithOption(MaxLength, max_length));

    /// <inheritdoc/>
    public override Tensors call(CallArguments args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var length = args.Option<int?>(MaxLength, max_length);
        RequireFits(length);
        var text = Texts(args.Inputs, "inputs");
        var (splits, raw) = Tf.UnicodeDecode(_added.MarkExactly(text));
        var (points, rows, added) = _added.Resolve(raw, GraphRows.RowsOf(splits, raw));
        if (add_prefix_space) (points, rows, added) = GraphByteWords.WithPrefixes(points, rows, added);
        var (ids, origins) = _pairs.Apply(points, GraphByteWords.Starts(points, rows, added), added);
        return Assemble(RowTokens.OfPlaces(ids, Tf.Gather(rows, origins, 0), Tf.SizeOf(text)), length);
    }

    /// <inheritdoc/>
    public override Tensor detokenize(Tensors ids, bool skip_special_tokens = false)
    {
        var texts = (skip_special_tokens ? _ordinaryTexts : _texts).Value.Value;
        return Tf.ReduceJoin(Tf.Gather(texts, Places(ids, texts), 0), -1);
    }

    /// <summary>The bytes of each id, with an empty last entry for invalid ids.</summary>
    TableConstant Texts(bool skipSpecial)
    {
        var texts = new byte[Math.Max(_model.IdLimit, _tokens.All.Keys.DefaultIfEmpty(-1).Max() + 1) + 1][];
        var bytes = new List<byte>();
        for (var id = 0; id < texts.Length; id++)
        {
            bytes.Clear();
            var added = _tokens.All.GetValueOrDefault(id);
            if ((added?.content ?? _model.IdToToken(id)) is { } token && !(skipSpecial && added is { special: true })) ByteAlphabet.AppendBytes(token, bytes);
            texts[id] = [.. bytes];
        }
        return new(HostTensor.OfStrings(texts.Length, texts));
    }

    Tensors Assemble(RowTokens tokens, int? length)
    {
        var (zero, one) = (Tf.Int32Scalar(0), Tf.Int32Scalar(1));
        var specials = bos_token_id is null ? 0 : 1;
        var kept = length is { } most ? Tf.Minimum(tokens.Counts, Tf.Int32Scalar(most - specials)) : tokens.Counts;
        var lengths = kept + Tf.Int32Scalar(specials);
        var width = length is { } exact ? Tf.Int32Scalar(exact) : GraphRows.Width(lengths, 0, null);
        var begins = padding_side == "left" ? width - lengths : Tf.Mul(lengths, zero);
        var positions = Tf.ExpandDims(Tf.Range(zero, width, one), 0);
        var ids = Tf.Fill(Tf.Stack([Tf.SizeOf(tokens.Counts), width], 0), Tf.Int32Scalar(pad_token_id ?? 0));
        if (bos_token_id is { } bos) ids = Tf.SelectV2(Tf.Equal(positions, Tf.ExpandDims(begins, 1)), Tf.Int32Scalar(bos), ids);
        var mask = Tf.LogicalAnd(Tf.GreaterEqual(positions, Tf.ExpandDims(begins, 1)), Tf.Less(positions, Tf.ExpandDims(begins + lengths, 1)));
        return new Dictionary<string, Tensors> { ["input_ids"] = tokens.PlaceIn(ids, kept, begins + Tf.Int32Scalar(specials)), ["attention_mask"] = Tf.Cast(mask, DType.Int32) };
    }

    void RequireFits(int? length)
    {
        if (length is null) return;
        if (length < 1) throw new ArgumentException($"max_length is too small. Expected: room for a token. Received: {length}.", MaxLength);
        if (pad_token_id is null) throw new ArgumentException($"Rows cannot be padded to length {length} without a padding token. Give pad_token_id.", MaxLength);
    }
}
