using Keras.Graphs;
using Kind = Keras.Transformers.ByteLevelPreTokenizer.Kind;

namespace Keras.Transformers;

/// <summary>Splits characters into words as <see cref="ByteLevelPreTokenizer"/> does; whether a word begins at a character depends on its neighbours.</summary>
static class GraphByteWords
{
    /// <summary>The kinds of an added token, which is a separate word, and of positions outside a text.</summary>
    const int Added = (int)Kind.Surrogate + 1, Outside = Added + 1;

    const int Apostrophe = '\'', Blank = ' ';

    /// <summary>The kinds of all code points; shared by all layers.</summary>
    static readonly Lazy<CodePointTable> Kinds = new(() => new([.. ByteLevelPreTokenizer.KindsOfCodePoints.ToArray().Select(k => (int)k)]));

    /// <summary>Puts a space before each text, and after each added token, that does not begin with one.</summary>
    public static (Tensor Points, Tensor Rows, Tensor Added) WithPrefixes(Tensor points, Tensor rows, Tensor added)
    {
        var none = Tf.Int32Scalar(-1);
        var isText = GraphVectors.Are(added, -1);
        var begins = Tf.LogicalOr(Tf.NotEqual(rows, GraphVectors.Before(rows, -1)), Tf.NotEqual(GraphVectors.Before(added, -1), none));
        var needs = GraphVectors.All(isText, begins, Tf.NotEqual(points, Tf.Int32Scalar(Blank)));
        var parts = Tf.Reshape(Tf.Stack([Tf.SelectV2(needs, Tf.Int32Scalar(Blank), none), points], 1), Tf.Int32(-1));
        var kept = GraphVectors.Places(Tf.NotEqual(parts, none));
        var origins = Tf.FloorDiv(kept, Tf.Int32Scalar(2));
        var isOwn = GraphVectors.Are(Tf.FloorMod(kept, Tf.Int32Scalar(2)), 1);
        return (Tf.Gather(parts, kept, 0), Tf.Gather(rows, origins, 0), Tf.SelectV2(isOwn, Tf.Gather(added, origins, 0), none));
    }

    /// <summary>Whether a word begins at each character, (M), bool.</summary>
    /// <param name="points">(M), int32.</param>
    /// <param name="rows">The text of each, (M), int32, ascending.</param>
    /// <param name="added">The added token at each, (M), int32, or -1.</param>
    public static Tensor Starts(Tensor points, Tensor rows, Tensor added)
    {
        var isAdded = Tf.NotEqual(added, Tf.Int32Scalar(-1));
        var kinds = Tf.SelectV2(isAdded, Tf.Int32Scalar(Added), Kinds.Value.Lookup(points));
        points = Tf.SelectV2(isAdded, Tf.Int32Scalar(-1), points);
        var isSame = Tf.Equal(rows, GraphVectors.Before(rows, -1));
        var before = Tf.SelectV2(isSame, GraphVectors.Before(kinds, Outside), Tf.Int32Scalar(Outside));
        var after = Tf.SelectV2(GraphVectors.After(isSame, false), GraphVectors.After(kinds, Outside), Tf.Int32Scalar(Outside));

        var (isSpace, isSpaceBefore) = (GraphVectors.Are(kinds, (int)Kind.Space), GraphVectors.Are(before, (int)Kind.Space));
        var joins = GraphVectors.All(isSpaceBefore, GraphVectors.Are(GraphVectors.Before(points, -1), Blank), Tf.LogicalNot(isAdded));
        var startsSpace = Tf.LogicalOr(Tf.LogicalNot(isSpaceBefore), Tf.Less(after, Tf.Int32Scalar((int)Kind.Space)));
        var startsWord = Tf.LogicalOr(isAdded, Tf.LogicalAnd(Tf.NotEqual(before, kinds), Tf.LogicalNot(joins)));
        return WithEndings(Tf.SelectV2(isSpace, startsSpace, startsWord), points, isSame);
    }

    /// <summary>Makes an apostrophe at the start of a word and the letters of an English ending one word; the next character starts another.</summary>
    static Tensor WithEndings(Tensor starts, Tensor points, Tensor isSame)
    {
        // The characters after each, -1 after the end of the text.
        var (next, isNext) = (points, GraphVectors.After(isSame, false));
        var behind = new List<Tensor>();
        for (var i = 0; i < ByteLevelPreTokenizer.Endings.Max(e => e.Length); i++)
            behind.Add(next = Tf.SelectV2(isNext, GraphVectors.After(next, -1), Tf.Int32Scalar(-1)));
        var quote = Tf.LogicalAnd(starts, GraphVectors.Are(points, Apostrophe));
        foreach (var endings in ByteLevelPreTokenizer.Endings.GroupBy(e => e.Length))
        {
            var found = Tf.LogicalAnd(quote, GraphVectors.Any([.. endings.Select(e => GraphVectors.All([.. e.Select((c, i) => GraphVectors.Are(behind[i], c))]))]));
            starts = Tf.LogicalAnd(starts, Tf.LogicalNot(GraphVectors.Before(found, false)));
            for (var i = 0; i <= endings.Key; i++) found = GraphVectors.Before(found, false);
            starts = Tf.LogicalOr(starts, found);
        }
        return starts;
    }
}
