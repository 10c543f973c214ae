using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>Byte-pair encoding of many words at once: each round merges, in every word, all pairs of the word's least rank.</summary>
/// <remarks>Finished words leave the loop. Pairs are found by their ids in a sorted table.</remarks>
sealed class GraphBytePairs
{
    const int None = -1, NoRank = int.MaxValue;

    readonly TableConstant _byteIds, _keys, _ranks, _made;
    readonly long _limit;
    readonly bool _isOrdered;

    public GraphBytePairs(BytePairModel model)
    {
        _limit = model.IdLimit;
        int Id(string token) => model.TokenToId(token)!.Value;
        (long Key, int Rank, int Made)[] pairs = [.. model.Merges.Select((m, rank) => ((Id(m.Left) * _limit) + Id(m.Right), rank, Id(m.Left + m.Right))).OrderBy(p => p.Item1),
            (long.MaxValue, NoRank, None)];
        (_byteIds, _keys) = (new([.. model.ByteIds]), new(HostTensor.Of<long>([.. pairs.Select(p => p.Key)], (1, pairs.Length))));
        (_ranks, _made) = (new([.. pairs.Select(p => p.Rank)]), new([.. pairs.Select(p => p.Made)]));
        _isOrdered = IsOrdered(model);
    }

    /// <summary>Whether every merge ranks after those that make its parts, as in trained vocabularies, so that a merge never creates a pair of lower rank.</summary>
    static bool IsOrdered(BytePairModel model)
    {
        var last = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (rank, (left, right)) in model.Merges.Index()) last[left + right] = rank;
        return model.Merges.Index().All(m => last.GetValueOrDefault(m.Item.Left, None) < m.Index && last.GetValueOrDefault(m.Item.Right, None) < m.Index);
    }

    /// <summary>Tokenizes characters.</summary>
    /// <param name="points">(M), int32.</param>
    /// <param name="starts">Whether a word begins at each, (M), bool.</param>
    /// <param name="added">The added token at each, (M), int32, or -1.</param>
    /// <returns>A token's id, or -1, for each byte, (N), int32, and the character of each, (N), int32.</returns>
    public (Tensor Ids, Tensor Origins) Apply(Tensor points, Tensor starts, Tensor added)
    {
        var letters = Tf.Concat([BytesOf(points, added), Tf.ExpandDims(added, 1)], 1);
        var flat = Tf.Reshape(letters, Tf.Int32(-1));
        var kept = GraphVectors.Places(Tf.NotEqual(flat, Tf.Int32Scalar(None)));
        var origins = Tf.FloorDiv(kept, Tf.Int32Scalar(BytesPerCharacter + 1));
        var words = Tf.Gather(Tf.Cumsum(Tf.Cast(starts, DType.Int32), 0), origins, 0);
        return (Merge(Tf.Gather(flat, kept, 0), words), origins);
    }

    const int BytesPerCharacter = 4;

    /// <summary>UTF-8 bytes from the fourth last to the last: the least character with it, the limit below which it is the first, its lead bits, and the divisor of its payload.</summary>
    static readonly (int Least, int Below, int Lead, int Divisor)[] ByteRanges =
        [(0x10000, CodePointTable.Limit, 0xF0, 1 << 18), (0x800, 0x10000, 0xE0, 1 << 12), (0x80, 0x800, 0xC0, 1 << 6), (0, 0x80, 0, 1)];

    /// <summary>The ids of each character's bytes in UTF-8, (M, 4), the last in the last column; -1 if it has fewer, or the vocabulary lacks the letter.</summary>
    Tensor BytesOf(Tensor points, Tensor added)
    {
        var columns = ByteRanges.Select(range =>
        {
            var shifted = Tf.FloorDiv(points, Tf.Int32Scalar(range.Divisor));
            var following = Tf.Int32Scalar(0x80) + Tf.FloorMod(shifted, Tf.Int32Scalar(0x40));
            var value = Tf.SelectV2(Tf.Less(points, Tf.Int32Scalar(range.Below)), Tf.Int32Scalar(range.Lead) + shifted, following);
            return Tf.SelectV2(Tf.GreaterEqual(points, Tf.Int32Scalar(range.Least)), Tf.Gather(_byteIds.Value, value, 0), Tf.Int32Scalar(None));
        }).ToArray();
        return Tf.SelectV2(Tf.ExpandDims(GraphVectors.Are(added, None), 1), Tf.Stack(columns, 1), Tf.Int32Scalar(None));
    }

    Tensor Merge(Tensor letters, Tensor words)
    {
        // Word numbers start at 1.
        var count = Tf.Max(Tf.Concat([words, Tf.Int32(0)], 0), [0]) + Tf.Int32Scalar(1);
        var (keys, ranks, made) = (_keys.Value, _ranks.Value, _made.Value);
        var tokens = Tf.Fill(Tf.ShapeOf(letters), Tf.Int32Scalar(None));
        // For each symbol of unfinished words: id, position of its first letter, word. Then the tokens of finished words.
        return ControlFlow.While(s => Tf.Greater(Tf.SizeOf(s[0]), Tf.Int32Scalar(0)), s =>
        {
            var (ids, places, words, tokens) = (s[0], s[1], s[2], s[3]);
            var key = Tf.Mul(Tf.Cast(ids, DType.Int64), Tf.Constant(HostTensor.Scalar(_limit))) + Tf.Cast(GraphVectors.After(ids, 0), DType.Int64);
            var found = Tf.Squeeze(Tf.LowerBound(keys, Tf.ExpandDims(key, 0), DType.Int32), 0);
            var isPair = Tf.LogicalAnd(Tf.Equal(Tf.Gather(Tf.Squeeze(keys, 0), found, 0), key), Tf.Equal(words, GraphVectors.After(words, 0)));
            var (order, end) = OrderOf(Tf.SelectV2(isPair, Tf.Gather(ranks, found, 0), Tf.Int32Scalar(NoRank)));
            var least = Tf.Gather(Tf.UnsortedSegmentMin(order, words, count), words, 0);
            var joins = EverySecond(Tf.LogicalAnd(isPair, Tf.Equal(order, least)));
            var goesOn = Tf.Less(least, end);
            var done = GraphVectors.Places(Tf.LogicalNot(goesOn));
            tokens = Tf.TensorScatterUpdate(tokens, Tf.ExpandDims(Tf.Gather(places, done, 0), 1), Tf.Gather(ids, done, 0));
            ids = Tf.SelectV2(joins, Tf.Gather(made, found, 0), ids);
            var stay = GraphVectors.Places(Tf.LogicalAnd(goesOn, Tf.LogicalNot(GraphVectors.Before(joins, false))));
            return [Tf.Gather(ids, stay, 0), Tf.Gather(places, stay, 0), Tf.Gather(words, stay, 0), tokens];
        }, [letters, GraphVectors.Positions(letters), words, tokens])[3];
    }

    /// <summary>The order in which pairs are merged, by rank and then leftmost first (which an ordered table needs not), and a value greater than all.</summary>
    (Tensor Order, Tensor End) OrderOf(Tensor ranks)
    {
        var end = Tf.Int32Scalar(NoRank);
        if (_isOrdered) return (ranks, end);
        var size = Tf.Cast(Tf.SizeOf(ranks), DType.Int64);
        return (Tf.Mul(Tf.Cast(ranks, DType.Int64), size) + Tf.Cast(GraphVectors.Positions(ranks), DType.Int64), Tf.Mul(Tf.Cast(end, DType.Int64), size));
    }

    /// <summary>Among consecutive chosen pairs, keeps the first, the third and so on, since overlapping pairs cannot both be merged.</summary>
    static Tensor EverySecond(Tensor chosen)
    {
        var begins = Tf.LogicalAnd(chosen, Tf.LogicalNot(GraphVectors.Before(chosen, false)));
        var first = Tf.Gather(Tf.Concat([Tf.Int32(0), GraphVectors.Places(begins)], 0), Tf.Cumsum(Tf.Cast(begins, DType.Int32), 0), 0);
        return Tf.LogicalAnd(chosen, GraphVectors.Are(Tf.FloorMod(GraphVectors.Positions(chosen) - first, Tf.Int32Scalar(2)), 0));
    }
}
