namespace Keras.Transformers;

/// <summary>Allows only the tokens that a function returns for the tokens so far.</summary>
/// <remarks>Source: De Cao et al. 2020, "Autoregressive Entity Retrieval"; transformers/generation/logits_process.py.</remarks>
public sealed class PrefixConstrainedLogitsProcessor : LogitsProcessor
{
    readonly Func<int, int[], IEnumerable<int>> _allowed;
    readonly int _beams;

    /// <summary>Creates a processor that asks a function, once per row and token.</summary>
    /// <param name="prefix_allowed_tokens_fn">Maps a sample's index and the tokens of one of its rows so far to the allowed next ids.</param>
    /// <param name="num_beams">The rows of a sample; default 1.</param>
    /// <exception cref="ValueRangeException">There is less than one row for a sample.</exception>
    public PrefixConstrainedLogitsProcessor(Func<int, int[], IEnumerable<int>> prefix_allowed_tokens_fn, int num_beams = 1)
    {
        ArgumentNullException.ThrowIfNull(prefix_allowed_tokens_fn);
        (_allowed, _beams) = (prefix_allowed_tokens_fn, (int)OptionRange.Ensure(GetType(), nameof(num_beams), num_beams, 1, int.MaxValue));
    }

    /// <inheritdoc/>
    /// <exception cref="ValueRangeException">The function allows nothing, or a token that the vocabulary does not have.</exception>
    public override Tensor Apply(Tensor input_ids, Tensor scores)
    {
        ArgumentNullException.ThrowIfNull(input_ids);
        ArgumentNullException.ThrowIfNull(scores);
        var (rows, length, vocabulary) = ((int)scores.shape[0], (int)input_ids.shape[1], (int)scores.shape[1]);
        var ids = input_ids.ToArray<int>();
        var mask = new float[rows, vocabulary];
        for (var row = 0; row < rows; row++)
        {
            for (var i = 0; i < vocabulary; i++) mask[row, i] = float.NegativeInfinity;
            var sample = row / _beams;
            var count = 0;
            foreach (var token in _allowed(sample, ids[(row * length)..((row + 1) * length)]))
            {
                if (token < 0 || token >= vocabulary) throw Wrong("A function allows a token that the vocabulary does not have", sample, $"ids from 0 to {vocabulary - 1}", $"{token}");
                mask[row, token] = 0;
                count++;
            }
            if (count == 0) throw Wrong("A function allows no token", sample, "at least one id, for instance that of the end", "none");
        }
        return scores + Tensor.Of(mask);
    }

    static ValueRangeException Wrong(string what, int sample, string expected, string received) => new(what, $"prefix_allowed_tokens_fn, sample {sample}", expected, received);
}
