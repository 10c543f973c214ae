namespace Keras.Transformers;

/// <summary>One piece of a row: a sequence (0 or 1), or special tokens.</summary>
/// <param name="Sequence">The index of the sequence; -1 for special tokens.</param>
/// <param name="Name">The special token's name in the template.</param>
/// <param name="Ids">The ids that the special token stands for.</param>
/// <param name="TypeId">The token type of the piece.</param>
public readonly record struct TemplatePiece(int Sequence, string Name, int[] Ids, int TypeId)
{
    /// <summary>Creates a piece for a sequence.</summary>
    public static TemplatePiece Of(int sequence, int typeId) => new(sequence, "", [], typeId);

    /// <summary>Creates a piece for a special token.</summary>
    public static TemplatePiece Special(string name, int id, int typeId) => new(-1, name, [id], typeId);
}

/// <summary>Where special tokens go in a row of one sequence and in a row of a pair.</summary>
/// <param name="Single">The pieces of a row of one sequence.</param>
/// <param name="Pair">The pieces of a row of a pair.</param>
public sealed record SequenceTemplate(TemplatePiece[] Single, TemplatePiece[] Pair)
{
    /// <summary>The template without special tokens.</summary>
    public static readonly SequenceTemplate Plain = new([TemplatePiece.Of(0, 0)], [TemplatePiece.Of(0, 0), TemplatePiece.Of(1, 1)]);

    /// <summary>cls A sep, cls A sep B sep; B and what ends it are of type 1.</summary>
    internal static SequenceTemplate Bert(string cls, int clsId, string sep, int sepId)
    {
        TemplatePiece[] single = [TemplatePiece.Special(cls, clsId, 0), TemplatePiece.Of(0, 0), TemplatePiece.Special(sep, sepId, 0)];
        return new(single, [.. single, TemplatePiece.Of(1, 1), TemplatePiece.Special(sep, sepId, 1)]);
    }

    /// <summary>cls A sep, cls A sep sep B sep; all of type 0.</summary>
    internal static SequenceTemplate Roberta(string cls, int clsId, string sep, int sepId)
    {
        var last = TemplatePiece.Special(sep, sepId, 0);
        TemplatePiece[] single = [TemplatePiece.Special(cls, clsId, 0), TemplatePiece.Of(0, 0), last];
        return new(single, [.. single, last, TemplatePiece.Of(1, 0), last]);
    }

    internal int AddedTokens(bool pair)
    {
        var count = 0;
        foreach (var piece in pair ? Pair : Single) count += piece.Ids.Length;
        return count;
    }
}
