using static Keras.Api;

namespace Keras.Transformers;

/// <summary>Adds up values by token over the vocabulary: how processors get from written tokens to scores.</summary>
static class TokenSums
{
    const int NoToken = -1;

    /// <summary>For each token of the vocabulary the sum of the weights of its occurrences, (R, V).</summary>
    /// <param name="tokens">(R, N), int32; ids outside the vocabulary are ignored.</param>
    /// <param name="weights">(R, N), float32.</param>
    /// <param name="vocabulary">V.</param>
    public static Tensor Of(Tensor tokens, Tensor weights, Dim vocabulary)
    {
        var isToken = ops.logical_and(tokens >= 0, tokens < vocabulary.ToTensor());
        var rows = ops.shape(tokens)[0];
        var row = ops.broadcast_to(ops.expand_dims(ops.arange(rows, dtype: "int32"), 1), ops.shape(tokens));
        return ops.scatter(ops.stack((Tensor[])[row, ops.where(isToken, tokens, 0)], 2), ops.where(isToken, weights, 0), [rows, vocabulary]);
    }

    /// <summary>A mask of the vocabulary's tokens that occur where a mask is true, bool (R, V).</summary>
    public static Tensor Occur(Tensor tokens, Tensor mask, Dim vocabulary) => Of(tokens, ops.cast(ops.broadcast_to(mask, ops.shape(tokens)), "float32"), vocabulary) > 0;

    /// <summary>A mask of the vocabulary's tokens that are in a set, padded by <see cref="Padded(IReadOnlyCollection{int})"/>, bool (1, V).</summary>
    public static Tensor Members(Tensor set, Dim vocabulary)
    {
        var row = ops.expand_dims(set, 0);
        return Occur(row, row >= 0, vocabulary);
    }

    /// <summary>A mask of the tokens that are in a set, bool, with the shape of the tokens.</summary>
    public static Tensor IsAny(Tensor tokens, IReadOnlyList<int> set) => set.Aggregate(ops.zeros_like(tokens, "bool"), (found, id) => ops.logical_or(found, ops.equal(tokens, id)));

    /// <summary>The scores' shape with 0 for the tokens of a mask, bool (R or 1, V), and -infinity for all others.</summary>
    public static Tensor Only(Tensor mask, Tensor scores) => ops.where(mask, ops.zeros_like(scores), double.NegativeInfinity);

    /// <summary>The ids of the vocabulary, int32 (1, V).</summary>
    public static Tensor All(Dim vocabulary) => ops.expand_dims(ops.arange(vocabulary, dtype: "int32"), 0);

    /// <summary>Pads a set of ids to a vector of a power of two, so that sets of similar size share a trace; the padding is not a token.</summary>
    public static Tensor Padded(IReadOnlyCollection<int> ids) => Padded([ids], false, Room(1))[0];

    /// <summary>Pads lists of ids to a matrix whose sizes are powers of two.</summary>
    /// <param name="lists">The lists.</param>
    /// <param name="atEnd">Whether a list is right-aligned in its row, padded in front.</param>
    /// <param name="rows">The number of rows; default the next power of two.</param>
    public static Tensor Padded(IReadOnlyCollection<IReadOnlyCollection<int>> lists, bool atEnd, int? rows = null)
    {
        var width = Room(lists.Max(l => l.Count));
        var values = new int[rows ?? Room(lists.Count), width];
        System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref values[0, 0], values.Length).Fill(NoToken);
        foreach (var (row, list) in lists.Index())
            foreach (var (i, id) in list.Index()) values[row, atEnd ? width - list.Count + i : i] = id;
        return Tensor.Of(values);
    }

    /// <summary>Rounds up to a power of two.</summary>
    public static int Room(int count) => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, count));
}
