using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>Splits normalised characters into words at white space, and around every character that is a separate word.</summary>
static class GraphWords
{
    /// <param name="kinds">The <see cref="CharacterKind"/> of each character, (M), int32.</param>
    /// <param name="rows">The text of each character, (M), int32, ascending.</param>
    /// <returns>Where words begin and end, each (W), int32, ascending.</returns>
    public static (Tensor Starts, Tensor Ends) Cut(Tensor kinds, Tensor rows)
    {
        var alone = Tf.GreaterEqual(kinds, Tf.Int32Scalar((int)CharacterKind.Punctuation));
        var space = Tf.Equal(kinds, Tf.Int32Scalar((int)CharacterKind.Space));
        var before = GraphVectors.Before(kinds, (int)CharacterKind.Space);
        var breaks = Tf.LogicalOr(Tf.LogicalOr(alone, Tf.NotEqual(before, Tf.Int32Scalar((int)CharacterKind.Word))), Tf.NotEqual(rows, GraphVectors.Before(rows, -1)));
        var starts = Tf.LogicalAnd(breaks, Tf.LogicalNot(space));
        // A word ends where the next one begins, at white space, or at the end of the text.
        var follows = GraphVectors.After(Tf.LogicalOr(starts, space), true);
        return (GraphVectors.Places(starts), GraphVectors.Places(Tf.LogicalAnd(follows, Tf.LogicalNot(space))) + Tf.Int32Scalar(1));
    }
}
