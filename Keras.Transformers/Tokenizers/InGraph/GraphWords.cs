using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>Cuts normalised characters into words: at white space, and around every character that is a word of its own.</summary>
static class GraphWords
{
    /// <param name="kinds">The <see cref="CharacterKind"/> of each character, (M), int32.</param>
    /// <param name="rows">The text of each character, (M), int32, ascending.</param>
    /// <returns>Where words begin and end, each (W), int32, ascending.</returns>
    public static (Tensor Starts, Tensor Ends) Cut(Tensor kinds, Tensor rows)
    {
        var alone = Tf.GreaterEqual(kinds, Tf.Int32Scalar((int)CharacterKind.Punctuation));
        var space = Tf.Equal(kinds, Tf.Int32Scalar((int)CharacterKind.Space));
        var before = Before(kinds, (int)CharacterKind.Space);
        var breaks = Tf.LogicalOr(Tf.LogicalOr(alone, Tf.NotEqual(before, Tf.Int32Scalar((int)CharacterKind.Word))), Tf.NotEqual(rows, Before(rows, -1)));
        var starts = Tf.LogicalAnd(breaks, Tf.LogicalNot(space));
        // A word ends where the next one begins, where white space follows, or with the text.
        var follows = Tf.Slice(Tf.Concat([Tf.LogicalOr(starts, space), Tf.Constant(HostTensor.Of<bool>([true], 1))], 0), Tf.Int32(1), Tf.ExpandDims(Tf.SizeOf(kinds), 0));
        return (Positions(starts), Positions(Tf.LogicalAnd(follows, Tf.LogicalNot(space))) + Tf.Int32Scalar(1));
    }

    /// <summary>Of each element the one before it; of the first, a value.</summary>
    static Tensor Before(Tensor x, int first)
    {
        var count = Tf.ExpandDims(Tf.SizeOf(x), 0);
        return Tf.Slice(Tf.Concat([Tf.Int32(first), x], 0), Tf.Int32(0), count);
    }

    static Tensor Positions(Tensor condition) => Tf.Cast(Tf.Reshape(Tf.Where(condition), Tf.Int32(-1)), DType.Int32);
}
