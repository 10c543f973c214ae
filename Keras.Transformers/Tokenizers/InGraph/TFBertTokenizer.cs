using System.Text;
using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>BERT's tokenizer as a layer: takes strings and returns ids, inside models and SavedModels.</summary>
/// <remarks>
/// <para>Source: transformers/models/bert/tokenization_bert_tf.py. All is done by core ops of TensorFlow on code points; neither the graph nor a
/// server needs TensorFlow Text. Ids are those of <see cref="BertTokenizerFast"/>, where Hugging Face's layer gives others (it knows no
/// special tokens in the text, and other rules for control characters and symbols).</para>
/// <para>Known deviation: combining characters that are not accents are not put in canonical order.</para>
/// </remarks>
/// <example>
/// <code>
/// var tokenizer = TFBertTokenizer.from_pretrained("bert-base-cased");
/// var model = TFAutoModelForSequenceClassification.from_pretrained("bert-base-cased", num_labels: 2);
/// model.export("served/1", tokenizer);   // a SavedModel that takes texts
/// </code>
/// </example>
public sealed class TFBertTokenizer : InGraphTokenizer
{
    readonly GraphNormalizer _normalizer;
    readonly CodePointTable _kinds;
    readonly GraphWordPiece _pieces;
    readonly GraphAddedTokens _added;
    readonly bool _padsToMaximum;
    readonly byte[] _vocabulary;
    readonly (TableConstant First, TableConstant Further) _texts;
    readonly TableConstant _isSpecial;

    /// <summary>Creates a layer that does the same as a tokenizer.</summary>
    /// <param name="tokenizer">The tokenizer; later changes of it are not seen.</param>
    /// <param name="padding">"longest" (default) or "max_length".</param>
    /// <param name="truncation">Whether rows longer than <paramref name="max_length"/> are cut; default true.</param>
    /// <param name="max_length">The longest row; default 512.</param>
    /// <param name="pad_to_multiple_of">The length of rows is rounded up to a multiple of this; default no rounding.</param>
    /// <param name="return_token_type_ids">Whether the result holds token_type_ids; default true.</param>
    /// <param name="return_attention_mask">Whether the result holds attention_mask; default true.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="UnsupportedException">The tokenizer pads or truncates on the left, or has added tokens that depend on their surroundings.</exception>
    /// <exception cref="ArgumentException">An option has no such value.</exception>
    public TFBertTokenizer(BertTokenizerFast tokenizer, string padding = "longest", bool truncation = true, int max_length = 512,
        int? pad_to_multiple_of = null, bool return_token_type_ids = true, bool return_attention_mask = true, string? name = null) : base(name)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        Known.OneOf(padding, nameof(padding), "longest", "max_length");
        if (max_length < 3) throw new ArgumentException($"max_length is too small. Expected: room for two special tokens and one more. Received: {max_length}.", nameof(max_length));
        if (pad_to_multiple_of < 1) throw new ArgumentException($"pad_to_multiple_of is too small. Expected: 1 or more. Received: {pad_to_multiple_of}.", nameof(pad_to_multiple_of));
        if (tokenizer.padding_side != "right" || tokenizer.truncation_side != "right")
            throw new UnsupportedException("The tokenizer in the graph cannot pad or truncate on the left", null, "padding_side and truncation_side 'right'",
                $"{tokenizer.padding_side} and {tokenizer.truncation_side}", "Set both to 'right', or tokenize outside of the graph.");
        (this.truncation, this.max_length, this.pad_to_multiple_of) = (truncation, max_length, pad_to_multiple_of);
        (this.return_token_type_ids, this.return_attention_mask, _padsToMaximum) = (return_token_type_ids, return_attention_mask, padding == "max_length");
        (cls_token_id, sep_token_id, pad_token_id) = (Needed(tokenizer.cls_token_id, "cls_token"), Needed(tokenizer.sep_token_id, "sep_token"), Needed(tokenizer.pad_token_id, "pad_token"));

        var unknown = Needed(tokenizer.unk_token_id, "unk_token");
        _added = new(GraphAddedTokens.Of(tokenizer), unknown, normalizes: true);
        _normalizer = new(tokenizer.CodePointNormalizer(), GraphAddedTokens.Private);
        _kinds = new(Kinds());
        _pieces = new(tokenizer.Model, unknown);
        (_texts, _isSpecial) = (TextsOf(tokenizer), SpecialsOf(tokenizer));
        (MaskTokenId, _vocabulary) = (tokenizer.mask_token_id, [.. TokensOf(tokenizer)[..^1].SelectMany(t => Encoding.UTF8.GetBytes((t ?? "") + "\n"))]);
        string[] columns = ["input_ids", .. return_attention_mask ? ["attention_mask"] : Array.Empty<string>(), .. return_token_type_ids ? ["token_type_ids"] : Array.Empty<string>()];
        Outputs = columns.ToDictionary(c => c, _ => DType.Int64);
    }

    /// <summary>Creates the layer from the tokenizer of a folder.</summary>
    /// <param name="pretrained_model_name_or_path">The folder of the model, or a repository of the hub, "organisation/name".</param>
    /// <param name="padding">"longest" (default) or "max_length".</param>
    /// <param name="truncation">Whether rows longer than <paramref name="max_length"/> are cut; default true.</param>
    /// <param name="max_length">The longest row; default 512.</param>
    /// <param name="pad_to_multiple_of">The length of rows is rounded up to a multiple of this; default no rounding.</param>
    /// <param name="return_token_type_ids">Whether the result holds token_type_ids; default true.</param>
    /// <param name="return_attention_mask">Whether the result holds attention_mask; default true.</param>
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
    public static TFBertTokenizer from_pretrained(string pretrained_model_name_or_path, string padding = "longest", bool truncation = true, int max_length = 512,
        int? pad_to_multiple_of = null, bool return_token_type_ids = true, bool return_attention_mask = true,
        string subfolder = "", string? revision = null, string? token = null, string? cache_dir = null, bool local_files_only = false, bool force_download = false) =>
        from_tokenizer(BertTokenizerFast.from_pretrained(pretrained_model_name_or_path, subfolder: subfolder, revision: revision, token: token, cache_dir: cache_dir, local_files_only: local_files_only, force_download: force_download), padding, truncation, max_length, pad_to_multiple_of, return_token_type_ids, return_attention_mask);

    /// <inheritdoc cref="TFBertTokenizer(BertTokenizerFast, string, bool, int, int?, bool, bool, string)"/>
    public static TFBertTokenizer from_tokenizer(BertTokenizerFast tokenizer, string padding = "longest", bool truncation = true, int max_length = 512,
        int? pad_to_multiple_of = null, bool return_token_type_ids = true, bool return_attention_mask = true) =>
        new(tokenizer, padding, truncation, max_length, pad_to_multiple_of, return_token_type_ids, return_attention_mask);

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> CallParameters => ["inputs", "text_pair"];

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, DType> Outputs { get; }

    /// <summary>Whether rows longer than max_length are truncated.</summary>
    public bool truncation { get; }

    /// <summary>The maximum length of a row.</summary>
    public int max_length { get; }

    /// <summary>The multiple that the length of rows is rounded up to; null for no rounding.</summary>
    public int? pad_to_multiple_of { get; }

    /// <summary>Whether the result holds token_type_ids.</summary>
    public bool return_token_type_ids { get; }

    /// <summary>Whether the result holds attention_mask.</summary>
    public bool return_attention_mask { get; }

    /// <summary>The id of the token that begins a row.</summary>
    public int cls_token_id { get; }

    /// <summary>The id of the token that ends a text.</summary>
    public int sep_token_id { get; }

    /// <summary>The id of the token that pads rows.</summary>
    public int pad_token_id { get; }

    /// <summary>Turns texts into token ids.</summary>
    /// <param name="text">The texts, (B), string, UTF-8.</param>
    /// <param name="text_pair">The second text of each, (B), string; default none.</param>
    /// <returns>A dictionary of input_ids, attention_mask and token_type_ids, each (B, T), int64.</returns>
    /// <exception cref="ShapeMismatchException">The texts are not a vector.</exception>
    /// <exception cref="DTypeMismatchException">The inputs are not strings.</exception>
    public Tensors Apply(Tensors text, Tensors? text_pair = null) => Apply(new CallArguments(text).With(nameof(text_pair), text_pair));

    /// <inheritdoc/>
    public override Tensors call(CallArguments args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var first = Tokens(args.Inputs, "text");
        var second = args["text_pair"] is { } pair ? Tokens(pair, "text_pair") : null;
        return Assemble(first, second);
    }

    internal override int? MaskTokenId { get; }

    /// <summary>The vocabulary with one token per line, as in BERT's files.</summary>
    internal override IReadOnlyDictionary<string, byte[]> VocabularyFiles => new Dictionary<string, byte[]> { ["vocab.txt"] = _vocabulary };

    /// <inheritdoc/>
    public override bool CanDetokenize => true;

    /// <inheritdoc/>
    /// <remarks>The text is that of <see cref="BertTokenizerFast"/> with clean_up_tokenization_spaces false.</remarks>
    public override Tensor detokenize(Tensors ids, bool skip_special_tokens = false)
    {
        var (first, further) = (_texts.First.Value, _texts.Further.Value);
        var places = Places(ids, first);
        var isShown = Tf.Less(places, Tf.Constant(HostTensor.Scalar(first.shape[0] - 1)));
        if (skip_special_tokens) isShown = Tf.LogicalAnd(isShown, Tf.Equal(Tf.Gather(_isSpecial.Value, places, 0), Tf.Int32Scalar(0)));
        var isFirst = Tf.Equal(Tf.Cumsum(Tf.Cast(isShown, DType.Int32), -1), Tf.Int32Scalar(1));
        var texts = Tf.SelectV2(isFirst, Tf.Gather(first, places, 0), Tf.Gather(further, places, 0));
        return Tf.ReduceJoin(Tf.SelectV2(isShown, texts, Tf.Constant(HostTensor.OfStrings(1, [[]]))), -1);
    }

    static string?[] TokensOf(BertTokenizerFast tokenizer) => [.. Enumerable.Range(0, tokenizer.get_vocab().Values.DefaultIfEmpty(-1).Max() + 1).Select(tokenizer.convert_ids_to_tokens), null];

    /// <summary>The text of each token at the start of a text and after others, with an empty last entry for invalid ids.</summary>
    static (TableConstant First, TableConstant Further) TextsOf(BertTokenizerFast tokenizer)
    {
        // A token's text depends only on whether there are tokens before it.
        const string Before = "a";
        var tokens = TokensOf(tokenizer);
        TableConstant Table(Func<string, string> text) => new(HostTensor.OfStrings(tokens.Length, [.. tokens.Select(t => t is null ? [] : Encoding.UTF8.GetBytes(text(t)))]));
        return (Table(t => tokenizer.convert_tokens_to_string([t])), Table(t => tokenizer.convert_tokens_to_string([Before, t])[Before.Length..]));
    }

    static TableConstant SpecialsOf(BertTokenizerFast tokenizer) => new([.. TokensOf(tokenizer).Select(t => t is not null && tokenizer.IsSkipped(t) ? 1 : 0)]);

    static int Needed(int? id, string token) => id ?? throw new TokenizationException($"The tokenizer has no {token}", remedy: "Give it one: the layer needs it.");

    static int[] Kinds()
    {
        var kinds = new int[CodePointTable.Limit];
        void Mark(CodePointSet set, CharacterKind kind)
        {
            for (var i = 0; i < set.RangeCount; i++)
                for (var (c, end) = set.Range(i); c <= end; c++) kinds[c] = (int)kind;
        }
        Mark(UnicodeEdition.Fast.Space, CharacterKind.Space);
        Mark(UnicodeEdition.Fast.Punctuation, CharacterKind.Punctuation);
        kinds.AsSpan(GraphAddedTokens.Private).Fill((int)CharacterKind.Special);
        return kinds;
    }

    RowTokens Tokens(Tensors input, string what)
    {
        var text = Texts(input, what);
        var (splits, raw) = Tf.UnicodeDecode(_added.Mark(text));
        var (points, origins) = _normalizer.Apply(raw);
        var rows = Tf.Gather(GraphRows.RowsOf(splits, raw), origins, 0);
        var kinds = _kinds.Lookup(points);
        var (starts, ends) = GraphWords.Cut(kinds, rows);
        var ids = _pieces.Apply(points, starts, ends);
        ids = Tf.SelectV2(Tf.Equal(kinds, Tf.Int32Scalar((int)CharacterKind.Special)), _added.IdsOf(points), ids);
        return RowTokens.OfPlaces(ids, rows, Tf.SizeOf(text));
    }

    /// <summary>Joins [CLS] first [SEP] (second [SEP]), truncated and padded.</summary>
    Tensors Assemble(RowTokens first, RowTokens? second)
    {
        var zero = Tf.Int32Scalar(0);
        var none = Tf.Mul(first.Counts, zero);
        var (specials, secondCounts) = (second is null ? 2 : 3, second?.Counts ?? none);
        var (keptFirst, keptSecond) = !truncation ? (first.Counts, secondCounts)
            : second is null ? (Tf.Minimum(first.Counts, Tf.Int32Scalar(max_length - specials)), none)
            : GraphTruncation.LongestFirst(first.Counts, secondCounts, max_length - specials);

        var firstEnd = keptFirst + Tf.Int32Scalar(1);
        var lengths = keptFirst + keptSecond + Tf.Int32Scalar(specials);
        var width = GraphRows.Width(lengths, _padsToMaximum ? max_length : 0, pad_to_multiple_of);
        var rows = Tf.SizeOf(first.Counts);
        var positions = Tf.ExpandDims(Tf.Range(zero, width, Tf.Int32Scalar(1)), 0);
        Tensor Column(Tensor perRow) => Tf.ExpandDims(perRow, 1);

        var ids = Tf.Fill(Tf.Stack([rows, width], 0), Tf.Int32Scalar(pad_token_id));
        ids = Tf.SelectV2(Tf.Equal(positions, zero), Tf.Int32Scalar(cls_token_id), ids);
        ids = Tf.SelectV2(Tf.LogicalOr(Tf.Equal(positions, Column(firstEnd)), Tf.Equal(positions, Column(lengths - Tf.Int32Scalar(1)))), Tf.Int32Scalar(sep_token_id), ids);
        ids = first.PlaceIn(ids, keptFirst, Tf.Fill(Tf.ShapeOf(keptFirst), Tf.Int32Scalar(1)));
        if (second is not null) ids = second.PlaceIn(ids, keptSecond, firstEnd + Tf.Int32Scalar(1));

        var within = Tf.Less(positions, Column(lengths));
        return Outputs.ToDictionary(o => o.Key, o => (Tensors)Tf.Cast(o.Key switch
        {
            "attention_mask" => within,
            "token_type_ids" => Tf.LogicalAnd(within, Tf.Greater(positions, Column(firstEnd))),
            _ => ids,
        }, o.Value));
    }
}
