using System.Collections;

namespace Keras.Transformers;

/// <summary>Packs texts into full blocks for language modelling: texts are encoded one after another, each followed by an end token, and cut into rows of one length, so that no
/// padding is needed. Pass it to <c>fit</c> and <c>evaluate</c>; texts are read when their batch is needed, once per epoch.</summary>
/// <remarks>Sources: trl/trainer/utils.py, ConstantLengthDataset; transformers/examples/pytorch/language-modeling/run_clm.py, group_texts. As there, a block may hold
/// several texts, and tokens attend to the texts before their own in it.</remarks>
public sealed class ConstantLengthDataset : IDataAdapter
{
    readonly PreTrainedTokenizerBase _tokenizer;
    readonly IEnumerable<string> _texts;
    readonly int? _endId;

    /// <summary>Packs the texts of a sequence.</summary>
    /// <param name="tokenizer">Encodes the texts.</param>
    /// <param name="dataset">The texts; enumerated again in each epoch, so their order may change.</param>
    /// <param name="seq_length">The tokens of a block, T; default 1024.</param>
    /// <param name="batch_size">The blocks of a batch, B; default 8. The last batch may have fewer.</param>
    /// <param name="append_concat_token">Whether an end token follows each text; default true.</param>
    /// <param name="eos_token_id">That token; default the tokenizer's eos_token_id.</param>
    /// <param name="add_special_tokens">Whether texts are encoded with the tokenizer's special tokens; default false.</param>
    /// <param name="drop_remainder">Whether the tokens after the last full block are left out; default true. Otherwise they are one more row, padded, with an attention_mask
    /// in every batch.</param>
    /// <exception cref="ArgumentOutOfRangeException">seq_length is below 2, which leaves nothing to predict, or batch_size below 1.</exception>
    /// <exception cref="ArgumentException">An end token is requested, but neither given nor the tokenizer's.</exception>
    public ConstantLengthDataset(PreTrainedTokenizerBase tokenizer, IEnumerable<string> dataset, int seq_length = 1024, int batch_size = 8, bool append_concat_token = true,
        int? eos_token_id = null, bool add_special_tokens = false, bool drop_remainder = true)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(dataset);
        TokenBlocks.CheckLength(seq_length, nameof(seq_length));
        ArgumentOutOfRangeException.ThrowIfLessThan(batch_size, 1);
        _endId = !append_concat_token ? null : eos_token_id ?? tokenizer.eos_token_id
            ?? throw new ArgumentException("The tokenizer has no end token to join the texts with. Pass eos_token_id, or append_concat_token: false.", nameof(tokenizer));
        (_tokenizer, _texts, this.seq_length, this.batch_size) = (tokenizer, dataset, seq_length, batch_size);
        (this.add_special_tokens, this.drop_remainder) = (add_special_tokens, drop_remainder);
    }

    /// <summary>Packs texts that arrive asynchronously; the training thread waits for them.</summary>
    /// <inheritdoc cref="ConstantLengthDataset(PreTrainedTokenizerBase, IEnumerable{string}, int, int, bool, int?, bool, bool)"/>
    public ConstantLengthDataset(PreTrainedTokenizerBase tokenizer, IAsyncEnumerable<string> dataset, int seq_length = 1024, int batch_size = 8, bool append_concat_token = true,
        int? eos_token_id = null, bool add_special_tokens = false, bool drop_remainder = true)
        : this(tokenizer, dataset?.ToBlockingEnumerable()!, seq_length, batch_size, append_concat_token, eos_token_id, add_special_tokens, drop_remainder) { }

    /// <summary>The number of tokens in a block.</summary>
    public int seq_length { get; }

    /// <summary>The number of blocks in a batch.</summary>
    public int batch_size { get; }

    /// <summary>Whether texts are encoded with the tokenizer's special tokens.</summary>
    public bool add_special_tokens { get; }

    /// <summary>Whether the tokens after the last full block are dropped.</summary>
    public bool drop_remainder { get; }

    int? IDataAdapter.NumBatches => null;

    int? IDataAdapter.BatchSize => batch_size;

    /// <summary>The batches of one pass over the texts: input_ids, (B, T), int32; labels, (B, T), int32, the same, with -100 for padding; if the remainder is kept, attention_mask,
    /// (B, T), int32.</summary>
    public IEnumerator<Batch> GetEnumerator() => Blocks().Chunk(batch_size).Select(ToBatch).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The blocks of one pass over the texts; if the remainder is kept, the last may be shorter.</summary>
    public IEnumerable<int[]> Blocks() => TokenBlocks.group_texts(_texts.Select(Encode), seq_length, drop_remainder);

    IEnumerable<int> Encode(string text)
    {
        var ids = _tokenizer.encode(text, add_special_tokens: add_special_tokens);
        return _endId is { } end ? [.. ids, end] : ids;
    }

    Batch ToBatch(int[][] blocks)
    {
        var (ids, labels, mask) = (new int[blocks.Length, seq_length], new int[blocks.Length, seq_length], new int[blocks.Length, seq_length]);
        for (var b = 0; b < blocks.Length; b++)
        {
            for (var t = 0; t < seq_length; t++)
            {
                var isToken = t < blocks[b].Length;
                (ids[b, t], labels[b, t], mask[b, t]) = isToken ? (blocks[b][t], blocks[b][t], 1) : (_endId ?? 0, ModelLosses.Ignored, 0);
            }
        }
        var columns = new Dictionary<string, Tensors> { ["input_ids"] = ids, ["labels"] = labels };
        if (!drop_remainder) columns["attention_mask"] = mask;
        return new(columns) { IsTemporary = true };
    }
}
