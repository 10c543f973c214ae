using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>WordPiece in ops: all words of all texts advance together, by one character per round.</summary>
/// <remarks>The vocabulary is a trie in constant arrays, so no strings or lookup tables are needed.</remarks>
sealed class GraphWordPiece
{
    /// <summary>The letter for characters that are in no piece.</summary>
    const int NoLetter = 0;

    const int NoToken = DoubleArrayTrie.None;

    readonly CodePointTable _letters;
    readonly TableConstant _base, _check, _tokens;
    readonly int _continuation, _longestWord, _unknown;

    /// <param name="model">The vocabulary.</param>
    /// <param name="unknown">The id of words that cannot be split into pieces.</param>
    public GraphWordPiece(WordPieceModel model, int unknown)
    {
        (_longestWord, _unknown) = (model.MaxInputCharsPerWord, unknown);
        var pieces = Enumerable.Range(0, model.IdLimit).Select(id => (Text: model.IdToToken(id), Id: id)).Where(p => p.Text is { Length: > 0 })
            .Select(p => (Points: CodePoints(p.Text!), p.Id)).ToList();
        var letters = new int[CodePointTable.Limit];
        var count = NoLetter;
        foreach (var c in pieces.SelectMany(p => p.Points))
            if (letters[c] == NoLetter) letters[c] = ++count;
        var trie = new DoubleArrayTrie(pieces.Select(p => (Array.ConvertAll(p.Points, c => letters[c]), p.Id)), count);
        _letters = new(letters);
        (_base, _check, _tokens) = (new(trie.Base), new(trie.Check), new(trie.Values));
        var prefix = CodePoints(model.ContinuingSubwordPrefix);
        _continuation = Array.TrueForAll(prefix, c => letters[c] != NoLetter) ? trie.Walk(Array.ConvertAll(prefix, c => letters[c])) : DoubleArrayTrie.None;
    }

    /// <summary>Cuts words into pieces.</summary>
    /// <param name="codePoints">The characters of all texts, (M), int32.</param>
    /// <param name="starts">Where each word begins, (W), int32, ascending.</param>
    /// <param name="ends">Where each word ends, (W), int32.</param>
    /// <returns>The id of the piece that begins at each character, or -1, (M), int32.</returns>
    public Tensor Apply(Tensor codePoints, Tensor starts, Tensor ends)
    {
        var letters = _letters.Lookup(codePoints);
        var (nodes, checks, tokens) = (_base.Value, _check.Value, _tokens.Value);
        var size = Tf.SizeOf(codePoints);
        var (none, one) = (Tf.Int32Scalar(NoToken), Tf.Int32Scalar(1));
        Tensor Filled(int value) => Tf.Fill(Tf.ShapeOf(starts), Tf.Int32Scalar(value));

        // Per word: where the piece began, the next character, the node there, the last piece found and its end, whether the word is unknown.
        // The slot after the last id receives writes for words that were not found.
        var ids = Tf.Fill(Tf.ExpandDims(size + one, 0), none);
        var tooLong = Tf.Greater(ends - starts, Tf.Int32Scalar(_longestWord));
        Tensor[] state = [starts, starts, Filled(DoubleArrayTrie.Root), Filled(NoToken), starts, tooLong, ids];
        state = ControlFlow.While(s => Tf.Any(Active(s), [0]), s =>
        {
            var (from, position, node, found, foundEnd, unknown, ids) = (s[0], s[1], s[2], s[3], s[4], s[5], s[6]);
            var active = Active(s);
            var letter = Tf.SelectV2(Tf.Less(position, ends), Tf.Gather(letters, Tf.Minimum(position, size - one), 0), Tf.Int32Scalar(NoLetter));
            var next = Tf.Gather(nodes, node, 0) + letter;
            var steps = Tf.LogicalAnd(active, Tf.LogicalAnd(Tf.Greater(letter, Tf.Int32Scalar(NoLetter)), Tf.Equal(Tf.Gather(checks, next, 0), node)));
            var token = Tf.SelectV2(steps, Tf.Gather(tokens, next, 0), none);
            var finds = Tf.NotEqual(token, none);
            var stops = Tf.LogicalAnd(active, Tf.LogicalNot(steps));
            var takes = Tf.LogicalAnd(stops, Tf.NotEqual(found, none));
            var fails = Tf.LogicalAnd(stops, Tf.LogicalNot(takes));
            if (_continuation == DoubleArrayTrie.None) fails = Tf.LogicalOr(fails, Tf.LogicalAnd(takes, Tf.Less(foundEnd, ends)));
            ids = Tf.TensorScatterUpdate(ids, Tf.ExpandDims(Tf.SelectV2(takes, from, size), 1), found);
            return
            [
                Tf.SelectV2(takes, foundEnd, from),
                Tf.SelectV2(steps, position + one, Tf.SelectV2(takes, foundEnd, position)),
                Tf.SelectV2(steps, next, Tf.SelectV2(takes, Tf.Int32Scalar(Math.Max(_continuation, 0)), node)),
                Tf.SelectV2(finds, token, Tf.SelectV2(takes, none, found)),
                Tf.SelectV2(finds, position + one, foundEnd),
                Tf.LogicalOr(unknown, fails),
                ids,
            ];
        }, state);
        return WithUnknownWords(Tf.Slice(state[6], Tf.Int32(0), Tf.ExpandDims(size, 0)), starts, ends, state[5]);

        Tensor Active(Tensor[] s) => Tf.LogicalAnd(Tf.Less(s[0], ends), Tf.LogicalNot(s[5]));
    }

    /// <summary>Removes the pieces of unknown words, which are unknown as a whole.</summary>
    Tensor WithUnknownWords(Tensor ids, Tensor starts, Tensor ends, Tensor unknown)
    {
        var change = Tf.Cast(unknown, DType.Int32);
        var size = Tf.SizeOf(ids);
        var depth = Tf.ScatterNd(Tf.Concat([Tf.ExpandDims(starts, 1), Tf.ExpandDims(ends, 1)], 0), Tf.Concat([change, -change], 0), Tf.ExpandDims(size + Tf.Int32Scalar(1), 0));
        var inUnknown = Tf.Greater(Tf.Slice(Tf.Cumsum(depth, 0), Tf.Int32(0), Tf.ExpandDims(size, 0)), Tf.Int32Scalar(0));
        var cleared = Tf.SelectV2(inUnknown, Tf.Int32Scalar(NoToken), ids);
        var first = Tf.SelectV2(unknown, Tf.Int32Scalar(_unknown), Tf.Gather(Tf.Concat([cleared, Tf.Int32(NoToken)], 0), starts, 0));
        return Tf.TensorScatterUpdate(cleared, Tf.ExpandDims(starts, 1), first);
    }

    static int[] CodePoints(string text) => [.. text.EnumerateRunes().Select(r => r.Value)];
}
