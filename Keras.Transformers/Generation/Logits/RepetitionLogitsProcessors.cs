using static Keras.Api;

namespace Keras.Transformers;

/// <summary>Makes tokens that occurred before less probable: positive scores are divided by a penalty, negative ones multiplied.</summary>
/// <remarks>Source: Keskar et al. 2019, "CTRL"; transformers/generation/logits_process.py.</remarks>
public sealed class RepetitionPenaltyLogitsProcessor : TensorLogitsProcessor
{
    /// <summary>Creates a processor that penalizes repetition, including that of the prompt's tokens.</summary>
    /// <param name="penalty">The penalty, above 0; below 1 it rewards.</param>
    /// <exception cref="ValueRangeException">The penalty is not above 0.</exception>
    public RepetitionPenaltyLogitsProcessor(double penalty) => Values = [(Tensor)(float)OptionRange.Ensure(GetType(), nameof(penalty), penalty, 0, float.MaxValue, above: true)];

    internal override IReadOnlyList<Tensor> Values { get; }

    internal override Tensor Apply(TokenHistory history, Tensor scores, IReadOnlyList<Tensor> values) =>
        Penalized(scores, TokenSums.Occur(history.Ids, history.Filled, ops.shape(scores)[1]), values[0]);

    internal static Tensor Penalized(Tensor scores, Tensor mask, Tensor penalty) => ops.where(mask, ops.where(scores < 0, scores * penalty, scores / penalty), scores);
}

/// <summary>Makes tokens of the encoder's input, or of the prompt, more probable: a repetition penalty of 1 / penalty.</summary>
/// <remarks>Source: transformers/generation/logits_process.py.</remarks>
public sealed class EncoderRepetitionPenaltyLogitsProcessor : TensorLogitsProcessor
{
    /// <summary>Creates a processor that rewards the tokens of an input.</summary>
    /// <param name="penalty">The penalty, above 0; below 1 tokens of the input become less probable.</param>
    /// <param name="encoder_input_ids">The input, (B, E), int32; B divides the number of rows of scores.</param>
    /// <exception cref="ValueRangeException">The penalty is not above 0.</exception>
    /// <exception cref="ShapeMismatchException">The input is not a matrix.</exception>
    public EncoderRepetitionPenaltyLogitsProcessor(double penalty, Tensor encoder_input_ids) =>
        Values = [(Tensor)(float)(1 / OptionRange.Ensure(GetType(), nameof(penalty), penalty, 0, float.MaxValue, above: true)), EncoderTokens.Of(encoder_input_ids)];

    internal override IReadOnlyList<Tensor> Values { get; }

    internal override Tensor Apply(TokenHistory history, Tensor scores, IReadOnlyList<Tensor> values)
    {
        var mask = TokenSums.Occur(values[1], values[1] >= 0, ops.shape(scores)[1]);
        return RepetitionPenaltyLogitsProcessor.Penalized(scores, EncoderTokens.ForRows(mask, ops.shape(scores)[0]), values[0]);
    }
}

/// <summary>Keeps any n-gram from occurring twice, including those of the prompt.</summary>
/// <remarks>Source: Paulus et al. 2017; transformers/generation/logits_process.py.</remarks>
public sealed class NoRepeatNGramLogitsProcessor : TensorLogitsProcessor
{
    readonly int _size;

    /// <summary>Creates a processor that bans repeated n-grams.</summary>
    /// <param name="ngram_size">n, at least 1.</param>
    /// <exception cref="ValueRangeException">The size is less than 1.</exception>
    public NoRepeatNGramLogitsProcessor(int ngram_size) => _size = (int)OptionRange.Ensure(GetType(), nameof(ngram_size), ngram_size, 1, int.MaxValue);

    internal override string Structure => $"{base.Structure} {_size}";

    internal override IReadOnlyList<Tensor> Values => [];

    internal override Tensor Apply(TokenHistory history, Tensor scores, IReadOnlyList<Tensor> values) =>
        Banned(scores, history, _size, history.Ids, history.Filled);

    /// <summary>-infinity for the last token of each n-gram of a text whose other tokens are the last ones of the history.</summary>
    /// <param name="scores">(R, V).</param>
    /// <param name="history">The tokens so far.</param>
    /// <param name="size">n.</param>
    /// <param name="text">(R, T), int32.</param>
    /// <param name="isText">A mask of its tokens, bool (R or 1, T).</param>
    internal static Tensor Banned(Tensor scores, TokenHistory history, int size, Tensor text, Tensor isText)
    {
        var places = ops.arange(ops.shape(text)[1], dtype: "int32");
        // A position stands for the n-gram that ends there.
        var matches = ops.logical_and(isText, ops.logical_and(ops.expand_dims(places >= size - 1, 0), history.Length >= size - 1));
        for (var back = 1; back < size; back++)
        {
            var before = ops.take(text, ops.maximum(places - back, 0), 1);
            matches = ops.logical_and(matches, ops.equal(before, history.At(ops.expand_dims(history.Length - back, 0))));
        }
        return ops.where(TokenSums.Occur(text, matches, ops.shape(scores)[1]), double.NegativeInfinity, scores);
    }
}

/// <summary>Keeps the n-grams of the encoder's input, or of the prompt, from occurring.</summary>
/// <remarks>Source: transformers/generation/logits_process.py.</remarks>
public sealed class EncoderNoRepeatNGramLogitsProcessor : TensorLogitsProcessor
{
    readonly int _size;

    /// <summary>Creates a processor that bans the n-grams of an input.</summary>
    /// <param name="encoder_ngram_size">n, at least 1.</param>
    /// <param name="encoder_input_ids">The input, (B, E), int32; B divides the number of rows of scores.</param>
    /// <exception cref="ValueRangeException">n is less than 1.</exception>
    /// <exception cref="ShapeMismatchException">The input is not a matrix.</exception>
    public EncoderNoRepeatNGramLogitsProcessor(int encoder_ngram_size, Tensor encoder_input_ids)
    {
        _size = (int)OptionRange.Ensure(GetType(), nameof(encoder_ngram_size), encoder_ngram_size, 1, int.MaxValue);
        Values = [EncoderTokens.Of(encoder_input_ids)];
    }

    internal override string Structure => $"{base.Structure} {_size}";

    internal override IReadOnlyList<Tensor> Values { get; }

    internal override Tensor Apply(TokenHistory history, Tensor scores, IReadOnlyList<Tensor> values)
    {
        var text = EncoderTokens.ForRows(values[0], ops.shape(scores)[0]);
        return NoRepeatNGramLogitsProcessor.Banned(scores, history, _size, text, text >= 0);
    }
}

/// <summary>Matches the encoder tokens of samples with rows of scores, of which each sample has one per beam.</summary>
static class EncoderTokens
{
    /// <summary>Pads the tokens, int32, with -1 to a power of two, so that inputs of similar length share a trace.</summary>
    public static Tensor Of(Tensor ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (ids.ndim != 2) throw new ShapeMismatchException("Token ids are not a matrix", "encoder_input_ids", "(samples, tokens)", ids.shape.ToString());
        ids = ops.cast(ids, "int32");
        return ops.shape(ids)[1].Known is { } length ? ops.pad(ids, [[0, 0], [0, TokenSums.Room((int)length) - (int)length]], constant_values: -1) : ids;
    }

    /// <summary>Repeats each sample's row for each of its rows of scores.</summary>
    public static Tensor ForRows(Tensor samples, Dim rows) => ops.take(samples, ops.floor_divide(ops.arange(rows, dtype: "int32") * ops.shape(samples)[0].ToTensor(), rows.ToTensor()), 0);
}
