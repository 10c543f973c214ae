namespace Keras.Transformers;

/// <summary>Makes batches for language modelling: pads rows, masks tokens at random and adds labels with the tokens that were masked.</summary>
/// <remarks>Source: transformers/data/data_collator.py, DataCollatorForLanguageModeling. As there, each token is chosen by itself, so a very small batch may
/// have no label at all and then a loss of NaN. Whole words are recognised by the tokenizer
/// (<see cref="PreTrainedTokenizerBase.ContinuesWord"/>) and are chosen by themselves too; <see cref="DataCollatorForWholeWordMask"/> keeps to a budget for each row.</remarks>
/// <example>
/// <code>
/// var tokenizer = AutoTokenizer.from_pretrained("bert-base-cased");
/// var model = TFAutoModelForMaskedLM.from_pretrained("bert-base-cased");
/// var encoded = tokenizer.Apply(["a large wild cat", "a tall tree with needles"]);
/// var batches = model.prepare_tf_dataset(encoded, batch_size: 2, collate_fn: new DataCollatorForLanguageModeling(tokenizer));
/// model.compile(optimizer: keras.optimizers.Adam(3e-5));   // no loss: the model's own
/// model.fit(batches, epochs: 3);
/// </code>
/// </example>
public sealed class DataCollatorForLanguageModeling : DataCollator
{
    const string Ids = "input_ids", SpecialTokens = "special_tokens_mask";

    readonly PreTrainedTokenizerBase _tokenizer;
    readonly Random _random;
    readonly HashSet<int> _special;
    readonly HashSet<int> _continuations = [];

    /// <summary>Creates a collator for masked or, with <c>mlm: false</c>, causal language modelling.</summary>
    /// <param name="tokenizer">Pads rows and knows the special tokens.</param>
    /// <param name="mlm">Whether tokens are masked (BERT); with false labels are the tokens themselves, padding left out (GPT). Default true.</param>
    /// <param name="mlm_probability">The share of tokens that get a label, from 0 to 1; default 0.15.</param>
    /// <param name="mask_replace_prob">The fraction of these that becomes the mask token; default 0.8.</param>
    /// <param name="random_replace_prob">The fraction of these that becomes a random token of the vocabulary; default 0.1. The rest stays as it is.</param>
    /// <param name="pad_to_multiple_of">Lengths are rounded up to a multiple of this; default no rounding.</param>
    /// <param name="whole_word_mask">Whether the pieces of a word are chosen together; default false. For tokenizers whose tokens show word starts.</param>
    /// <param name="seed">Makes the choice reproducible; default drawn from the global seed, which <c>keras.utils.set_random_seed</c> sets.</param>
    /// <param name="return_tensors">"tf" (default, int32) or "np" (int64).</param>
    /// <exception cref="ArgumentException">The tokenizer has no mask token, a share is outside 0 to 1, or both replacements exceed 1 together.</exception>
    /// <exception cref="UnsupportedException">Whole words are asked of a tokenizer whose tokens do not show where words begin.</exception>
    public DataCollatorForLanguageModeling(PreTrainedTokenizerBase tokenizer, bool mlm = true, double mlm_probability = 0.15, double mask_replace_prob = 0.8,
        double random_replace_prob = 0.1, int? pad_to_multiple_of = null, bool whole_word_mask = false, int? seed = null, string return_tensors = "tf") : base(return_tensors)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        CheckShare(mlm_probability, nameof(mlm_probability));
        CheckShare(mask_replace_prob, nameof(mask_replace_prob));
        CheckShare(random_replace_prob, nameof(random_replace_prob));
        if (mask_replace_prob + random_replace_prob > 1)
            throw new ArgumentException($"mask_replace_prob and random_replace_prob must be at most 1 together. Received: {mask_replace_prob} and {random_replace_prob}.");
        if (mlm && tokenizer.mask_token_id is null)
            throw new ArgumentException("The tokenizer has no mask token, which masked language modelling needs. Add one, or pass mlm: false.", nameof(tokenizer));
        if (!mlm && whole_word_mask) throw new ArgumentException("whole_word_mask has no meaning with mlm: false. Leave it out.", nameof(whole_word_mask));
        (_tokenizer, this.mlm, this.mlm_probability, this.mask_replace_prob) = (tokenizer, mlm, mlm_probability, mask_replace_prob);
        (this.random_replace_prob, this.pad_to_multiple_of, this.whole_word_mask) = (random_replace_prob, pad_to_multiple_of, whole_word_mask);
        _random = seed is { } given ? new(given) : new(unchecked((int)GlobalSeed.Next()));
        _special = [.. tokenizer.all_special_ids];
        if (whole_word_mask) _continuations = ContinuationsOf(tokenizer);
    }

    /// <summary>Whether tokens are masked.</summary>
    public bool mlm { get; }

    /// <summary>The share of tokens that get a label.</summary>
    public double mlm_probability { get; }

    /// <summary>The share of the tokens with a label that become the mask token.</summary>
    public double mask_replace_prob { get; }

    /// <summary>The share of the tokens with a label that become a random token.</summary>
    public double random_replace_prob { get; }

    /// <summary>Lengths are rounded up to a multiple of this; null for no rounding.</summary>
    public int? pad_to_multiple_of { get; }

    /// <summary>Whether all pieces of a word are chosen together.</summary>
    public bool whole_word_mask { get; }

    /// <summary>Makes a batch from rows of token ids, without attention_mask.</summary>
    /// <param name="features">Rows of ids, which may differ in length.</param>
    /// <returns>input_ids and labels, (B, T), int64.</returns>
    /// <exception cref="ArgumentException">There are no rows.</exception>
    public BatchEncoding Apply(IEnumerable<int[]> features)
    {
        ArgumentNullException.ThrowIfNull(features);
        int[][] rows = [.. features];
        if (rows.Length == 0) throw new ArgumentException("There are no examples.", nameof(features));
        var padded = _tokenizer.pad(new BatchEncoding([new(Ids, rows)]), pad_to_multiple_of: pad_to_multiple_of, return_attention_mask: false);
        return new(Masked(padded.ToDictionary()).ToDictionary(c => c.Key, c => c.Value.As(DType.Int64)));
    }

    /// <summary>The columns padded to one length, without special_tokens_mask, and labels (B, T): the original token, -100 where nothing is predicted. A column
    /// special_tokens_mask, if present, marks tokens that are never masked; otherwise those are the tokenizer's special tokens.</summary>
    private protected override Dictionary<string, BatchColumn> Collate(Dictionary<string, BatchColumn> columns) =>
        Typed(Masked(_tokenizer.pad(columns, pad_to_multiple_of: pad_to_multiple_of).ToDictionary()));

    Dictionary<string, BatchColumn> Masked(Dictionary<string, BatchColumn> batch)
    {
        if (!batch[Ids].HasRows) throw new ArgumentException("input_ids has no rows: it is of one text. Pass a batch, or a list of examples.");
        var rows = batch[Ids].As(DType.Int32).ToRows();
        var special = batch.Remove(SpecialTokens, out var given) ? given.As(DType.Int32).ToRows() : null;
        var labels = new int[rows.Length][];
        for (var i = 0; i < rows.Length; i++)
        {
            bool IsSpecial(int token) => special is null ? _special.Contains(rows[i][token]) : special[i][token] != 0;
            labels[i] = mlm ? Mask(rows[i], IsSpecial) : Array.ConvertAll(rows[i], id => id == _tokenizer.pad_token_id ? ModelLosses.Ignored : id);
        }
        batch[Ids] = rows;
        batch[Labels] = labels;
        return batch;
    }

    /// <summary>Masks tokens of a row, in place.</summary>
    /// <returns>The row's labels.</returns>
    int[] Mask(int[] row, Func<int, bool> isSpecial)
    {
        var labels = new int[row.Length];
        var isChosen = false;
        for (var i = 0; i < row.Length; i++)
        {
            labels[i] = ModelLosses.Ignored;
            if (isSpecial(i)) continue;
            // A piece that continues a word is treated like its word; a special token never comes in between.
            if (i == 0 || !_continuations.Contains(row[i]) || isSpecial(i - 1)) isChosen = _random.NextDouble() < mlm_probability;
            if (isChosen) labels[i] = row[i];
        }
        // Done last, because continuations are recognised by the row's tokens.
        for (var i = 0; i < row.Length; i++)
            if (labels[i] != ModelLosses.Ignored) row[i] = Replacement(row[i]);
        return labels;
    }

    int Replacement(int id)
    {
        var choice = _random.NextDouble();
        return choice < mask_replace_prob ? _tokenizer.mask_token_id!.Value
            : choice < mask_replace_prob + random_replace_prob ? _random.Next(_tokenizer.Count)
            : id;
    }

    internal static HashSet<int> ContinuationsOf(PreTrainedTokenizerBase tokenizer) => [.. tokenizer.get_vocab().Where(v => tokenizer.ContinuesWord(v.Key)
        ?? throw new UnsupportedException("The tokenizer cannot tell whole words", nameof(whole_word_mask), "tokens that tell whether they continue a word",
            $"{tokenizer.GetType().Name}, whose tokens do not", "Pass whole_word_mask: false.")).Select(v => v.Value)];

    static void CheckShare(double value, string name)
    {
        if (value is not (>= 0 and <= 1)) throw new ArgumentException($"{name} must lie from 0 to 1. Received: {value}.", name);
    }
}
