using static Keras.Api;

namespace Keras.Transformers;

/// <summary>Adds a bias to the score of a sequence's last token when the rest of the sequence has just been generated.</summary>
/// <remarks>As in Hugging Face, a sequence counts once the text is at least as long as the sequence. Source: transformers/generation/logits_process.py.</remarks>
public class SequenceBiasLogitsProcessor : TensorLogitsProcessor
{
    readonly int[][] _sequences;

    /// <summary>Creates a processor that favours or disfavours sequences.</summary>
    /// <param name="sequence_bias">Sequences of token ids, none of them empty, and the value to add; of duplicate sequences the last one counts.</param>
    /// <exception cref="ValueRangeException">There is no sequence, an empty one, a negative id, or something that cannot be added.</exception>
    public SequenceBiasLogitsProcessor(IEnumerable<(int[] Tokens, double Bias)> sequence_bias) : this(sequence_bias, nameof(sequence_bias)) { }

    private protected SequenceBiasLogitsProcessor(IEnumerable<(int[] Tokens, double Bias)> sequence_bias, string option)
    {
        ArgumentNullException.ThrowIfNull(sequence_bias);
        (int[] Tokens, double Bias)[] all = [.. sequence_bias];
        foreach (var (tokens, bias) in all)
        {
            OptionRange.EnsureIds(GetType(), option, tokens);
            if (!(bias < double.PositiveInfinity)) throw new ValueRangeException("A bias is not a number that can be added", $"{GetType().Name}, {option}", "a finite number, or -infinity", Known.Say(bias));
        }
        // Compare as texts, because arrays are only equal to themselves.
        (_sequences, var biases) = all.GroupBy(s => string.Join(' ', s.Tokens)).Select(g => g.Last()).ToArray() is { Length: > 0 } last
            ? (last.Select(s => s.Tokens).ToArray(), last.Select(s => (float)s.Bias).ToArray())
            : ([[]], [0f]);
        Array.Resize(ref biases, TokenSums.Room(biases.Length));
        Values = [TokenSums.Padded(_sequences, atEnd: true), Tensor.Of(biases)];
    }

    internal sealed override IReadOnlyList<Tensor> Values { get; }

    internal sealed override IEnumerable<int> NamedTokens => _sequences.SelectMany(s => s);

    internal sealed override Tensor Apply(TokenHistory history, Tensor scores, IReadOnlyList<Tensor> values)
    {
        // (N, W): sequences are right-aligned in their rows.
        var (sequences, biases) = (values[0], ops.expand_dims(values[1], 0));
        var width = ops.shape(sequences)[1];
        var isToken = sequences >= 0;
        var places = ops.arange(width, dtype: "int32");
        // Compare the text's last tokens with the sequences' first ones: the last token is the one to come.
        var text = ops.expand_dims(history.At(history.Length - width.ToTensor() + 1 + places), 1);
        var fits = ops.logical_or(ops.equal(text, ops.expand_dims(sequences, 0)), ops.expand_dims(ops.logical_or(ops.logical_not(isToken), places >= (width - 1).ToTensor()), 0));
        var lengths = ops.expand_dims(ops.sum(ops.cast(isToken, "int32"), 1), 0);
        var matches = ops.logical_and(ops.all(fits, 2), lengths <= ops.maximum(history.Length, 1));
        var last = ops.broadcast_to(ops.take(ops.transpose(sequences), ops.expand_dims((width - 1).ToTensor(), 0), 0), ops.shape(matches));
        return scores + TokenSums.Of(last, ops.where(matches, biases, 0), ops.shape(scores)[1]);
    }
}

/// <summary>Keeps words from occurring: the last token of a word is banned when its other tokens have just been generated.</summary>
/// <remarks>A word that is an end token alone is not banned. Source: transformers/generation/logits_process.py.</remarks>
public sealed class NoBadWordsLogitsProcessor : SequenceBiasLogitsProcessor
{
    /// <summary>Creates a processor that bans words.</summary>
    /// <param name="bad_words_ids">The token ids of each word.</param>
    /// <param name="eos_token_id">Ids that end a text; default none.</param>
    /// <exception cref="ValueRangeException">There is no word, an empty one, or a negative id.</exception>
    public NoBadWordsLogitsProcessor(IEnumerable<int[]> bad_words_ids, TokenIds? eos_token_id = null) : base(Biases(bad_words_ids, eos_token_id ?? TokenIds.None), nameof(bad_words_ids)) { }

    static IEnumerable<(int[], double)> Biases(IEnumerable<int[]> words, TokenIds ends)
    {
        ArgumentNullException.ThrowIfNull(words);
        int[][] all = [.. words];
        if (all.Length == 0) throw new ValueRangeException("There are no words to ban", $"{nameof(NoBadWordsLogitsProcessor)}, bad_words_ids", "at least one word", "[]");
        return all.Where(w => w is not [var only] || !ends.Contains(only)).Select(w => (w, double.NegativeInfinity));
    }
}
