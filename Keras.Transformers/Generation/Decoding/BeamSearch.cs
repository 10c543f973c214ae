namespace Keras.Transformers;

/// <summary>The bookkeeping of beam search on the host, also for groups: decides which continuations go on.</summary>
/// <remarks>A text with complete hypotheses is frozen, so that the rest of its batch does not change it. If several tokens can end a text, the first of them is recorded, whichever it
/// was, as in PyTorch. With several groups, beam indices also match PyTorch: it counts them within a group, and reads the paths group by group although its hypotheses are
/// stored text by text, so they do not always belong to the text. Source: transformers/generation/beam_search.py, BeamSearchScorer.</remarks>
sealed class BeamSearch
{
    readonly int _texts;
    readonly int _beams;
    readonly int _groups;
    readonly int _size;
    readonly HashSet<int> _eos;
    readonly int _pad;
    readonly int _end;
    readonly BeamHypotheses[] _hypotheses;
    readonly bool[] _done;
    readonly int[][][] _paths;

    /// <summary>Begins a search.</summary>
    /// <param name="texts">The number of prompts.</param>
    /// <param name="beams">The number of rows of each.</param>
    /// <param name="groups">The number of groups they are divided into.</param>
    /// <param name="eos">Tokens that end a text.</param>
    /// <param name="pad">The token for finished rows.</param>
    /// <param name="lengthPenalty">The exponent of the length by which scores are divided.</param>
    /// <param name="earlyStopping">As in <see cref="BeamHypotheses"/>.</param>
    /// <param name="longest">The maximum number of new tokens.</param>
    public BeamSearch(int texts, int beams, int groups, IReadOnlyList<int> eos, int pad, double lengthPenalty, bool? earlyStopping, int longest)
    {
        (_texts, _beams, _groups, _size, _eos, _pad, _end) = (texts, beams, groups, beams / groups, [.. eos], pad, eos.Count > 0 ? eos[0] : pad);
        _hypotheses = [.. Enumerable.Range(0, texts * groups).Select(_ => new BeamHypotheses(_size, lengthPenalty, earlyStopping, longest))];
        _done = new bool[texts * groups];
        _paths = [.. Enumerable.Range(0, groups).Select(_ => Enumerable.Repeat(Array.Empty<int>(), texts * _size).ToArray())];
        Sums = [.. Enumerable.Range(0, texts * beams).Select(row => row % _size == 0 ? 0f : -1e9f)];
        (Tokens, From) = (new int[texts * beams], new int[texts * beams]);
    }

    /// <summary>The number of continuations examined per group: enough for every end token and one more, for each beam.</summary>
    public int Candidates => Math.Max(2, 1 + _eos.Count) * _size;

    /// <summary>The sum of log probabilities of each row.</summary>
    public float[] Sums { get; }

    /// <summary>The next token of each row.</summary>
    public int[] Tokens { get; }

    /// <summary>The row that each row continues.</summary>
    public int[] From { get; }

    /// <summary>Whether all texts are complete.</summary>
    public bool IsDone => _done.All(d => d);

    /// <summary>The rows of a group, text by text.</summary>
    public int[] RowsOf(int group) => [.. Enumerable.Range(0, _texts).SelectMany(text => Enumerable.Range((text * _beams) + (group * _size), _size))];

    /// <summary>Whether the search for a row's text is still open.</summary>
    public bool IsOpen(int row) => !_done[row / _size];

    /// <summary>Chooses the next tokens of a group.</summary>
    /// <param name="group">The group, from 0.</param>
    /// <param name="values">The sums of the continuations of each text, (texts, candidates).</param>
    /// <param name="beams">The row of the group that each continuation extends.</param>
    /// <param name="tokens">The token that each continuation adds.</param>
    /// <param name="tokensOf">A row's tokens so far.</param>
    /// <param name="newTokens">How many of these are new.</param>
    public void Choose(int group, ReadOnlySpan<float> values, ReadOnlySpan<int> beams, ReadOnlySpan<int> tokens, Func<int, int[]> tokensOf, int newTokens)
    {
        var (count, from) = (Candidates, new int[_texts * _size]);
        for (var text = 0; text < _texts; text++)
        {
            var (first, index) = ((text * _beams) + (group * _size), (text * _groups) + group);
            if (_done[index])
            {
                for (var i = 0; i < _size; i++) (Sums[first + i], Tokens[first + i], From[first + i], from[(text * _size) + i]) = (0, _pad, group * _size, 0);
                continue;
            }
            var order = Sorted(values.Slice(text * count, count));
            var filled = 0;
            for (var rank = 0; rank < count && filled < _size; rank++)
            {
                var at = (text * count) + order[rank];
                var (row, token) = (first + beams[at], tokens[at]);
                var local = (text * _size) + beams[at];
                if (!_eos.Contains(token))
                {
                    from[(text * _size) + filled] = local;
                    (Sums[first + filled], Tokens[first + filled], From[first + filled++]) = (values[at], token, row);
                }
                else if (rank < _size) _hypotheses[index].Add(tokensOf(row), _end, [.. Path(local), local], values[at], newTokens + 1);
            }
            _done[index] = _hypotheses[index].IsDone(values[(text * count) + order[0]], newTokens + 1);
        }
        _paths[group] = [.. from.Select(local => (int[])[.. _paths[group][local], local])];
    }

    /// <summary>The path at an index into all groups' paths.</summary>
    int[] Path(int place) => _paths[place / (_texts * _size)][place % (_texts * _size)];

    static int[] Sorted(ReadOnlySpan<float> values)
    {
        var keys = values.ToArray();
        return [.. Enumerable.Range(0, keys.Length).OrderByDescending(i => keys[i])];
    }

    /// <summary>The best texts of each prompt, including unfinished ones.</summary>
    /// <param name="count">The number of texts of each prompt.</param>
    /// <param name="tokensOf">A row's tokens so far.</param>
    /// <param name="newTokens">How many of these are new.</param>
    public IReadOnlyList<BeamHypothesis> Best(int count, Func<int, int[]> tokensOf, int newTokens)
    {
        var best = new List<BeamHypothesis>();
        for (var text = 0; text < _texts; text++)
        {
            for (var group = 0; group < _groups; group++)
            {
                var index = (text * _groups) + group;
                if (_done[index]) continue;
                for (var row = (text * _beams) + (group * _size); row < (text * _beams) + ((group + 1) * _size); row++) _hypotheses[index].Add(tokensOf(row), null, Path(row), Sums[row], newTokens);
            }
            best.AddRange(_hypotheses.Skip(text * _groups).Take(_groups).SelectMany(h => h.Kept).OrderByDescending(h => h.Score).Take(count));
        }
        return best;
    }
}
