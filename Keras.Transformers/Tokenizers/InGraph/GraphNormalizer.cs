using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>The kinds of characters for the tokenizer, after normalisation.</summary>
enum CharacterKind
{
    Word,
    Space,
    /// <summary>A separate word.</summary>
    Punctuation,
    /// <summary>Stands for a special token.</summary>
    Special,
}

/// <summary>A tokenizer's text normalisation in ops: replaces each code point by those that the tokenizer's normaliser makes from it.</summary>
/// <remarks>Combining characters that are not accents keep their order in the text; the tokenizer puts them in canonical order.</remarks>
sealed class GraphNormalizer
{
    const int Nothing = -1;

    readonly CodePointTable _differences;
    readonly CodePointTable _sequenceOf;
    readonly TableConstant _sequences;
    readonly int _longest;

    /// <param name="normalize">Gives the code points of a normalised text.</param>
    /// <param name="untouched">Code points that always stay as they are.</param>
    public GraphNormalizer(Func<string, int[]> normalize, Range untouched)
    {
        var differences = new int[CodePointTable.Limit];
        var sequenceOf = new int[CodePointTable.Limit];
        var sequences = new List<int[]> { Array.Empty<int>() };
        for (var c = 0; c < CodePointTable.Limit; c++)
        {
            if (c is >= 0xD800 and < 0xE000 || (c >= untouched.Start.Value && c < untouched.End.Value)) continue;
            var result = normalize(char.ConvertFromUtf32(c));
            if (result.Length == 1)
            {
                differences[c] = result[0] - c;
                continue;
            }
            sequenceOf[c] = sequences.Count;
            if (result.Length == 0 && sequences.FindIndex(1, s => s.Length == 0) is var same and > 0) sequenceOf[c] = same;
            else sequences.Add(result);
        }
        _longest = Math.Max(1, sequences.Max(s => s.Length));
        (_differences, _sequenceOf) = (new(differences), new(sequenceOf));
        _sequences = new([.. sequences.SelectMany(s => s.Concat(Enumerable.Repeat(Nothing, _longest - s.Length)))], (sequences.Count, _longest));
    }

    /// <summary>Normalises the code points of many texts, one after another.</summary>
    /// <param name="codePoints">(N), int32.</param>
    /// <returns>The code points (M), int32, and the input position of each, (M), int32.</returns>
    public (Tensor CodePoints, Tensor Origins) Apply(Tensor codePoints)
    {
        var sequence = _sequenceOf.Lookup(codePoints);
        var single = Tf.ExpandDims(codePoints + _differences.Lookup(codePoints), 1);
        var alone = Tf.PadV2(single, Tf.Constant(HostTensor.Of<int>([0, 0, 0, _longest - 1], (2, 2))), Tf.Int32Scalar(Nothing));
        var parts = Tf.Reshape(Tf.SelectV2(Tf.ExpandDims(Tf.Equal(sequence, Tf.Int32Scalar(0)), 1), alone, Tf.Gather(_sequences.Value, sequence, 0)), Tf.Int32(-1));
        var kept = Tf.Cast(Tf.Reshape(Tf.Where(Tf.NotEqual(parts, Tf.Int32Scalar(Nothing))), Tf.Int32(-1)), DType.Int32);
        return (Tf.Gather(parts, kept, 0), Tf.FloorDiv(kept, Tf.Int32Scalar(_longest)));
    }
}
