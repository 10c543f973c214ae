namespace Keras.Transformers;

/// <summary>Makes batches for masked language modelling in which whole words are masked, up to a number of tokens per row.</summary>
/// <remarks>The words of a row are taken in random order until a share of its length, special tokens counted, is reached, at least 1 and at most 512 tokens; a word that would pass it
/// is left out. Each piece is then replaced by itself. Source: transformers/data/data_collator.py, DataCollatorForWholeWordMask. That one leaves attention_mask and other columns out;
/// here they stay, so that what rows were padded with is not attended to.</remarks>
public sealed class DataCollatorForWholeWordMask : DataCollator
{
    const string Ids = "input_ids";
    const int MostHidden = 512;
    const double MaskShare = 0.8, RandomShare = 0.1;

    readonly PreTrainedTokenizerBase _tokenizer;
    readonly Random _random;
    readonly HashSet<int> _special, _continuations;

    /// <summary>Creates a collator that masks whole words.</summary>
    /// <param name="tokenizer">Pads rows, and knows words and special tokens.</param>
    /// <param name="mlm_probability">The share of a row's tokens that get a label, from 0 to 1; default 0.15.</param>
    /// <param name="pad_to_multiple_of">Lengths are rounded up to a multiple of this; default no rounding.</param>
    /// <param name="seed">Makes the choice reproducible; default drawn from the global seed, which <c>keras.utils.set_random_seed</c> sets.</param>
    /// <param name="return_tensors">"tf" (default, int32) or "np" (int64).</param>
    /// <exception cref="ArgumentException">The tokenizer has no mask token, or the share is outside 0 to 1.</exception>
    /// <exception cref="ArgumentOutOfRangeException">pad_to_multiple_of is not positive.</exception>
    /// <exception cref="UnsupportedException">The tokenizer's tokens do not show where words begin.</exception>
    public DataCollatorForWholeWordMask(PreTrainedTokenizerBase tokenizer, double mlm_probability = 0.15, int? pad_to_multiple_of = null, int? seed = null, string return_tensors = "tf")
        : base(return_tensors)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (mlm_probability is not (>= 0 and <= 1)) throw new ArgumentException($"mlm_probability must lie from 0 to 1. Received: {mlm_probability}.", nameof(mlm_probability));
        if (tokenizer.mask_token_id is null) throw new ArgumentException("The tokenizer has no mask token, which masked language modelling needs. Add one.", nameof(tokenizer));
        (_tokenizer, this.mlm_probability, this.pad_to_multiple_of) = (tokenizer, mlm_probability, PadLengths.Check(pad_to_multiple_of, nameof(pad_to_multiple_of)));
        _random = new(seed ?? unchecked((int)GlobalSeed.Next()));
        _special = [.. tokenizer.all_special_ids];
        _continuations = DataCollatorForLanguageModeling.ContinuationsOf(tokenizer);
    }

    /// <summary>The share of a row's tokens that get a label.</summary>
    public double mlm_probability { get; }

    /// <summary>Lengths are rounded up to a multiple of this; null for no rounding.</summary>
    public int? pad_to_multiple_of { get; }

    private protected override Dictionary<string, BatchColumn> Collate(Dictionary<string, BatchColumn> columns)
    {
        if (columns.GetValueOrDefault(Ids) is not { HasRows: true } ids)
            throw new ArgumentException($"Examples must have the column {Ids}, a row for each. They have: {string.Join(", ", columns.Keys)}.");
        var rows = ids.As(DType.Int32).ToRows();
        columns[Labels] = Array.ConvertAll(rows, Hide);
        columns[Ids] = rows;
        columns.Remove("special_tokens_mask");
        var batch = _tokenizer.pad(columns, pad_to_multiple_of: pad_to_multiple_of).ToDictionary();
        batch[Labels] = PaddedLabels(batch[Labels], batch[Ids].RowLengths()[0], ModelLosses.Ignored, _tokenizer, Labels);
        return Typed(batch);
    }

    /// <summary>Masks words of a row, in place.</summary>
    /// <returns>The row's labels.</returns>
    int[] Hide(int[] row)
    {
        var labels = new int[row.Length];
        Array.Fill(labels, ModelLosses.Ignored);
        var words = WordsOf(row);
        _random.Shuffle(words);
        var budget = Math.Min(MostHidden, Math.Max(1, (int)Math.Round(row.Length * mlm_probability, MidpointRounding.ToEven)));
        foreach (var (start, length) in words)
        {
            if (budget == 0) break;
            if (length > budget) continue;
            budget -= length;
            for (var i = start; i < start + length; i++) labels[i] = row[i];
        }
        for (var i = 0; i < row.Length; i++)
            if (labels[i] != ModelLosses.Ignored) row[i] = Replacement(row[i]);
        return labels;
    }

    (int Start, int Length)[] WordsOf(int[] row)
    {
        var words = new List<(int Start, int Length)>();
        for (var i = 0; i < row.Length; i++)
        {
            if (_special.Contains(row[i])) continue;
            if (words.Count > 0 && _continuations.Contains(row[i]) && words[^1].Start + words[^1].Length == i) words[^1] = (words[^1].Start, words[^1].Length + 1);
            else words.Add((i, 1));
        }
        return [.. words];
    }

    int Replacement(int id)
    {
        var choice = _random.NextDouble();
        return choice < MaskShare ? _tokenizer.mask_token_id!.Value : choice < MaskShare + RandomShare ? _random.Next(_tokenizer.Count) : id;
    }
}
