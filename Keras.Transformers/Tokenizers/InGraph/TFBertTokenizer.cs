using System.Text.RegularExpressions;
using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>BERT's tokenizer as a layer: strings in, ids out, inside of models and of SavedModels.</summary>
/// <remarks>
/// <para>Source: transformers/models/bert/tokenization_bert_tf.py. All is done by core ops of TensorFlow on code points; neither the graph nor a
/// server needs TensorFlow Text. Ids are those of <see cref="BertTokenizerFast"/>, where Hugging Face's layer gives others (it knows no
/// special tokens in the text, and other rules for control characters and symbols).</para>
/// <para>Known deviation: combining characters that are no accents are not put in canonical order.</para>
/// </remarks>
public sealed class TFBertTokenizer : Layer
{
    /// <summary>Private characters that stand for special tokens while the text is cut; in a text they become <see cref="OtherPrivate"/>, which counts alike.</summary>
    const int FirstPrivate = 0xF0000, MostSpecial = 256, OtherPrivate = 0xE000;

    readonly GraphNormalizer _normalizer;
    readonly CodePointTable _kinds;
    readonly GraphWordPiece _pieces;
    readonly (string Pattern, string Private)[] _special;
    readonly TableConstant _specialIds;
    readonly bool _padsToMaximum;

    /// <summary>The layer that does what a tokenizer does.</summary>
    /// <param name="tokenizer">The tokenizer; later changes of it are not seen.</param>
    /// <param name="padding">"longest" (default) or "max_length".</param>
    /// <param name="truncation">Whether rows longer than <paramref name="max_length"/> are cut; default true.</param>
    /// <param name="max_length">The longest row; default 512.</param>
    /// <param name="pad_to_multiple_of">Rounds the length of rows up; default not.</param>
    /// <param name="return_token_type_ids">Whether the result holds token_type_ids; default true.</param>
    /// <param name="return_attention_mask">Whether the result holds attention_mask; default true.</param>
    /// <param name="name">The layer's name.</param>
    /// <exception cref="UnsupportedException">The tokenizer pads or truncates on the left, or has added tokens that mind their surroundings.</exception>
    /// <exception cref="ArgumentException">An option has no such value.</exception>
    public TFBertTokenizer(BertTokenizerFast tokenizer, string padding = "longest", bool truncation = true, int max_length = 512,
        int? pad_to_multiple_of = null, bool return_token_type_ids = true, bool return_attention_mask = true, string? name = null) : base(name)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (padding is not ("longest" or "max_length")) throw new ArgumentException($"Expected: \"longest\" or \"max_length\". Received: \"{padding}\".", nameof(padding));
        if (max_length < 3) throw new ArgumentException($"Expected: room for two special tokens and one more. Received: {max_length}.", nameof(max_length));
        if (pad_to_multiple_of < 1) throw new ArgumentException($"Expected: 1 or more. Received: {pad_to_multiple_of}.", nameof(pad_to_multiple_of));
        if (tokenizer.padding_side != "right" || tokenizer.truncation_side != "right")
            throw new UnsupportedException("The tokenizer in the graph pads and truncates on the right", null, "padding_side and truncation_side 'right'",
                $"{tokenizer.padding_side} and {tokenizer.truncation_side}", "Set both to 'right', or tokenize outside of the graph.");
        (this.truncation, this.max_length, this.pad_to_multiple_of) = (truncation, max_length, pad_to_multiple_of);
        (this.return_token_type_ids, this.return_attention_mask, _padsToMaximum) = (return_token_type_ids, return_attention_mask, padding == "max_length");
        (cls_token_id, sep_token_id, pad_token_id) = (Needed(tokenizer.cls_token_id, "cls_token"), Needed(tokenizer.sep_token_id, "sep_token"), Needed(tokenizer.pad_token_id, "pad_token"));

        var added = tokenizer.split_special_tokens ? [] : tokenizer.added_tokens_decoder.Where(t => t.Value.content.Length > 0).OrderByDescending(t => t.Value.content.Length).ToList();
        if (added.Find(t => t.Value is { lstrip: true } or { rstrip: true } or { single_word: true } or { normalized: true }) is { Value: not null } minding)
            throw new UnsupportedException("The tokenizer in the graph finds added tokens in the text as it is", $"added token '{minding.Value}'",
                "lstrip, rstrip, single_word and normalized false", "another setting", "Add the token with normalized: false and without stripping.");
        if (added.Count > MostSpecial) throw new UnsupportedException("There are too many added tokens", null, $"up to {MostSpecial}", $"{added.Count}", "Put them into the vocabulary.");
        _special = [.. added.Select((t, i) => (Regex.Escape(t.Value.content).Replace("]", @"\]", StringComparison.Ordinal), char.ConvertFromUtf32(FirstPrivate + i)))];
        _specialIds = new([.. added.Select(t => t.Key), Needed(tokenizer.unk_token_id, "unk_token")]);

        _normalizer = new(tokenizer.CodePointNormalizer(), FirstPrivate..(FirstPrivate + MostSpecial));
        _kinds = new(Kinds());
        _pieces = new(tokenizer.Model, Needed(tokenizer.unk_token_id, "unk_token"));
        built = true;
    }

    /// <summary>The layer for a folder's tokenizer.</summary>
    /// <param name="pretrained_model_name_or_path">The folder of the model.</param>
    /// <param name="padding">"longest" (default) or "max_length".</param>
    /// <param name="truncation">Whether rows longer than <paramref name="max_length"/> are cut; default true.</param>
    /// <param name="max_length">The longest row; default 512.</param>
    /// <param name="pad_to_multiple_of">Rounds the length of rows up; default not.</param>
    /// <param name="return_token_type_ids">Whether the result holds token_type_ids; default true.</param>
    /// <param name="return_attention_mask">Whether the result holds attention_mask; default true.</param>
    /// <exception cref="VocabularyNotFoundException">The folder, or its vocabulary, does not exist.</exception>
    /// <exception cref="FileFormatException">A file is damaged.</exception>
    public static TFBertTokenizer from_pretrained(string pretrained_model_name_or_path, string padding = "longest", bool truncation = true, int max_length = 512,
        int? pad_to_multiple_of = null, bool return_token_type_ids = true, bool return_attention_mask = true) =>
        from_tokenizer(BertTokenizerFast.from_pretrained(pretrained_model_name_or_path), padding, truncation, max_length, pad_to_multiple_of, return_token_type_ids, return_attention_mask);

    /// <inheritdoc cref="TFBertTokenizer(BertTokenizerFast, string, bool, int, int?, bool, bool, string)"/>
    public static TFBertTokenizer from_tokenizer(BertTokenizerFast tokenizer, string padding = "longest", bool truncation = true, int max_length = 512,
        int? pad_to_multiple_of = null, bool return_token_type_ids = true, bool return_attention_mask = true) =>
        new(tokenizer, padding, truncation, max_length, pad_to_multiple_of, return_token_type_ids, return_attention_mask);

    /// <summary>Whether long rows are cut.</summary>
    public bool truncation { get; }

    /// <summary>The longest row.</summary>
    public int max_length { get; }

    /// <summary>What the length of rows is rounded up to; null: nothing.</summary>
    public int? pad_to_multiple_of { get; }

    /// <summary>Whether the result holds token_type_ids.</summary>
    public bool return_token_type_ids { get; }

    /// <summary>Whether the result holds attention_mask.</summary>
    public bool return_attention_mask { get; }

    /// <summary>What begins a row.</summary>
    public int cls_token_id { get; }

    /// <summary>What ends a text.</summary>
    public int sep_token_id { get; }

    /// <summary>What fills rows up.</summary>
    public int pad_token_id { get; }

    /// <summary>Tokenizes texts.</summary>
    /// <param name="text">The texts, (B), string, UTF-8.</param>
    /// <param name="text_pair">The second text of each, (B), string; default none.</param>
    /// <returns>A dictionary of input_ids, attention_mask and token_type_ids, each (B, T), int64.</returns>
    /// <exception cref="ShapeMismatchException">The texts are no vector.</exception>
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
        kinds.AsSpan(FirstPrivate, MostSpecial).Fill((int)CharacterKind.Special);
        return kinds;
    }

    /// <summary>The tokens of many texts, one behind the other.</summary>
    /// <param name="Ids">(N), int32.</param>
    /// <param name="Rows">The text of each, (N), int32.</param>
    /// <param name="Counts">How many each text has, (B), int32.</param>
    sealed record RowTokens(Tensor Ids, Tensor Rows, Tensor Counts);

    RowTokens Tokens(Tensors input, string what)
    {
        var text = input.Single;
        if (text.dtype != DType.String) throw new DTypeMismatchException("A tokenizer takes texts", $"{name}, {what}", "string", text.dtype.Name);
        if (text.shape.HasRank && text.ndim != 1)
            throw new ShapeMismatchException("A tokenizer takes a vector of texts", $"{name}, {what}", "(B)", text.shape.ToString(), "Reshape them to one axis.");

        text = Tf.RegexReplace(text, $"[\\x{{{FirstPrivate:X}}}-\\x{{{FirstPrivate + MostSpecial - 1:X}}}]", char.ConvertFromUtf32(OtherPrivate));
        foreach (var (pattern, placeholder) in _special) text = Tf.RegexReplace(text, pattern, placeholder);
        var (splits, raw) = Tf.UnicodeDecode(text);
        var (points, origins) = _normalizer.Apply(raw);
        var rows = Tf.Gather(RowsOf(splits, raw), origins, 0);
        var kinds = _kinds.Lookup(points);
        var (starts, ends) = GraphWords.Cut(kinds, rows);
        var ids = _pieces.Apply(points, starts, ends);
        var special = Tf.ClipByValue(points - Tf.Int32Scalar(FirstPrivate), Tf.Int32Scalar(0), Tf.Int32Scalar(_special.Length));
        ids = Tf.SelectV2(Tf.Equal(kinds, Tf.Int32Scalar((int)CharacterKind.Special)), Tf.Gather(_specialIds.Value, special, 0), ids);

        var kept = Tf.Reshape(Tf.Where(Tf.GreaterEqual(ids, Tf.Int32Scalar(0))), Tf.Int32(-1));
        (ids, rows) = (Tf.Gather(ids, kept, 0), Tf.Gather(rows, kept, 0));
        return new(ids, rows, Tf.UnsortedSegmentSum(Tf.Fill(Tf.ShapeOf(ids), Tf.Int32Scalar(1)), rows, Tf.SizeOf(text)));
    }

    /// <summary>The row of each element, (N), int32, of (B + 1) row splits.</summary>
    static Tensor RowsOf(Tensor splits, Tensor values)
    {
        var positions = Tf.Range(Tf.Int32Scalar(0), Tf.SizeOf(values), Tf.Int32Scalar(1));
        var found = Tf.UpperBound(Tf.ExpandDims(Tf.Cast(splits, DType.Int32), 0), Tf.ExpandDims(positions, 0), DType.Int32);
        return Tf.Squeeze(found, 0) - Tf.Int32Scalar(1);
    }

    /// <summary>[CLS] first [SEP] (second [SEP]), cut and padded.</summary>
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
        var width = Width(lengths);
        var rows = Tf.SizeOf(first.Counts);
        var positions = Tf.ExpandDims(Tf.Range(zero, width, Tf.Int32Scalar(1)), 0);
        Tensor Column(Tensor perRow) => Tf.ExpandDims(perRow, 1);

        var ids = Tf.Fill(Tf.Stack([rows, width], 0), Tf.Int32Scalar(pad_token_id));
        ids = Tf.SelectV2(Tf.Equal(positions, zero), Tf.Int32Scalar(cls_token_id), ids);
        ids = Tf.SelectV2(Tf.LogicalOr(Tf.Equal(positions, Column(firstEnd)), Tf.Equal(positions, Column(lengths - Tf.Int32Scalar(1)))), Tf.Int32Scalar(sep_token_id), ids);
        ids = Place(ids, first, keptFirst, Tf.Fill(Tf.ShapeOf(keptFirst), Tf.Int32Scalar(1)));
        if (second is not null) ids = Place(ids, second, keptSecond, firstEnd + Tf.Int32Scalar(1));

        var result = new Dictionary<string, Tensors> { ["input_ids"] = Tf.Cast(ids, DType.Int64) };
        var within = Tf.Less(positions, Column(lengths));
        if (return_attention_mask) result["attention_mask"] = Tf.Cast(within, DType.Int64);
        if (return_token_type_ids) result["token_type_ids"] = Tf.Cast(Tf.LogicalAnd(within, Tf.Greater(positions, Column(firstEnd))), DType.Int64);
        return result;
    }

    Tensor Width(Tensor lengths)
    {
        var width = Tf.Maximum(Tf.Max(lengths, [0]), Tf.Int32Scalar(_padsToMaximum ? max_length : 0));
        if (pad_to_multiple_of is not { } multiple) return width;
        var step = Tf.Int32Scalar(multiple);
        return Tf.Mul(Tf.FloorDiv(width + Tf.Int32Scalar(multiple - 1), step), step);
    }

    /// <summary>Writes the first tokens of each row, as many as are kept, from a position on.</summary>
    static Tensor Place(Tensor ids, RowTokens tokens, Tensor kept, Tensor from)
    {
        var begins = Tf.Cumsum(tokens.Counts, 0, exclusive: true);
        var within = Tf.Range(Tf.Int32Scalar(0), Tf.SizeOf(tokens.Ids), Tf.Int32Scalar(1)) - Tf.Gather(begins, tokens.Rows, 0);
        var stay = Tf.Reshape(Tf.Where(Tf.Less(within, Tf.Gather(kept, tokens.Rows, 0))), Tf.Int32(-1));
        var rows = Tf.Gather(tokens.Rows, stay, 0);
        var places = Tf.Stack([rows, Tf.Gather(within, stay, 0) + Tf.Gather(from, rows, 0)], 1);
        return Tf.TensorScatterUpdate(ids, places, Tf.Gather(tokens.Ids, stay, 0));
    }
}
