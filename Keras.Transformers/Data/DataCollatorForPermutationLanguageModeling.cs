namespace Keras.Transformers;

/// <summary>Makes batches for permutation language modelling (XLNet): spans are masked, and a random order decides which tokens each token may attend to.</summary>
/// <remarks>Source: transformers/data/data_collator.py, DataCollatorForPermutationLanguageModeling; the draws are this library's own.</remarks>
public sealed class DataCollatorForPermutationLanguageModeling : DataCollator
{
    const string Ids = "input_ids";

    readonly PreTrainedTokenizerBase _tokenizer;
    readonly Random _random;
    readonly HashSet<int> _special;

    /// <summary>Creates a collator for permutation language modelling.</summary>
    /// <param name="tokenizer">Pads rows, and knows the mask token and the special tokens.</param>
    /// <param name="plm_probability">The fraction of masked tokens in a span with its context; default 1/6.</param>
    /// <param name="max_span_length">The maximum number of tokens of a span; default 5.</param>
    /// <param name="seed">Makes the choice reproducible; default drawn from the global seed, which <c>keras.utils.set_random_seed</c> sets.</param>
    /// <param name="return_tensors">"tf" (default) or "np".</param>
    /// <exception cref="ArgumentException">The tokenizer has no mask token, or the share is not above 0 and at most 1.</exception>
    /// <exception cref="ArgumentOutOfRangeException">max_span_length is not positive.</exception>
    public DataCollatorForPermutationLanguageModeling(PreTrainedTokenizerBase tokenizer, double plm_probability = 1 / 6.0, int max_span_length = 5, int? seed = null, string return_tensors = "tf")
        : base(return_tensors)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (plm_probability is not (> 0 and <= 1)) throw new ArgumentException($"plm_probability must lie above 0 and be at most 1. Received: {plm_probability}.", nameof(plm_probability));
        if (tokenizer.mask_token_id is null) throw new ArgumentException("The tokenizer has no mask token, which permutation language modelling needs. Add one.", nameof(tokenizer));
        (_tokenizer, this.plm_probability, this.max_span_length) = (tokenizer, plm_probability, Require.Count(1, max_span_length));
        _random = new(seed ?? unchecked((int)GlobalSeed.Next()));
        _special = [.. tokenizer.all_special_ids];
    }

    /// <summary>The share of tokens that are masked.</summary>
    public double plm_probability { get; }

    /// <summary>The maximum number of tokens in a masked span.</summary>
    public int max_span_length { get; }

    /// <summary>input_ids, (B, T), hidden tokens replaced; perm_mask, (B, T, T), float32, 1 where a token must not see another; target_mapping, (B, T, T), float32, the
    /// identity; labels, (B, T), -100 where nothing is predicted.</summary>
    private protected override Dictionary<string, BatchColumn> Collate(Dictionary<string, BatchColumn> columns)
    {
        var ids = _tokenizer.pad(columns)[Ids];
        var (rows, length) = (ids.Count, checked((int)ids.ShapeAs(Ids)[1]));
        if (length % 2 != 0)
            throw new ShapeMismatchException("A row has an odd length, which permutation language modelling cannot use", Ids, "an even number of tokens", $"{length}", "Truncate or pad to an even length (pad_to_multiple_of: 2 of the tokenizer).");
        var hidden = (int[])ids.AsInts().Clone();
        var (labels, order, mapping) = (new int[hidden.Length], new float[rows * length * length], new float[rows * length * length]);
        for (var r = 0; r < rows; r++)
        {
            var square = length * length;
            Hide(hidden.AsSpan(r * length, length), labels.AsSpan(r * length, length), order.AsSpan(r * square, square));
            for (var i = 0; i < length; i++) mapping[(r * square) + (i * length) + i] = 1;
        }
        return new()
        {
            [Ids] = Typed(new BatchColumn(hidden, ids.RowStarts)),
            ["perm_mask"] = BatchColumn.OfMatrices(order, rows, length),
            ["target_mapping"] = BatchColumn.OfMatrices(mapping, rows, length),
            [Labels] = Typed(new BatchColumn(labels, ids.RowStarts)),
        };
    }

    void Hide(Span<int> row, Span<int> labels, Span<float> order)
    {
        var length = row.Length;
        var isHidden = Spans(length);
        var isFunctional = new bool[length];
        for (var i = 0; i < length; i++)
        {
            isFunctional[i] = _special.Contains(row[i]) || row[i] == _tokenizer.pad_token_id;
            isHidden[i] &= !isFunctional[i];
            labels[i] = isHidden[i] ? row[i] : ModelLosses.Ignored;
            if (isHidden[i]) row[i] = _tokenizer.mask_token_id!.Value;
        }
        var rank = Ranks(length);
        for (var i = 0; i < length; i++)
            if (!isHidden[i] && !isFunctional[i]) rank[i] = -1; // seen by all
        for (var i = 0; i < length; i++)
            for (var j = 0; j < length; j++)
                if (rank[i] <= rank[j] && isHidden[j]) order[(i * length) + j] = 1;
    }

    /// <summary>Draws spans with space around them, so that the wanted share of tokens is inside.</summary>
    bool[] Spans(int length)
    {
        var isHidden = new bool[length];
        for (var at = 0; at < length;)
        {
            var span = _random.Next(1, max_span_length + 1);
            var context = (int)(span / plm_probability);
            var start = at + _random.Next(context - span + 1);
            for (var i = start; i < Math.Min(length, start + span); i++) isHidden[i] = true;
            at += context;
        }
        return isHidden;
    }

    /// <summary>Draws one order of positions for both halves of a row, the second half after the first.</summary>
    int[] Ranks(int length)
    {
        var half = length / 2;
        int[] shuffled = [.. Enumerable.Range(0, half)];
        _random.Shuffle(shuffled);
        var rank = new int[length];
        for (var i = 0; i < half; i++) (rank[i], rank[half + i]) = (shuffled[i], half + shuffled[i]);
        return rank;
    }
}
