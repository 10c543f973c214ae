namespace Keras.Transformers;

/// <summary>A text, or a pair of texts, in tokens.</summary>
readonly record struct Sample(SequenceTokens First, SequenceTokens? Second);

/// <summary>One row to be made: a sample and the slices of its sequences, which may be what was cut off its first row.</summary>
readonly record struct RowPlan(int Sample, TokenSlice First, TokenSlice Second, bool IsOverflow);

/// <summary>What fills rows up.</summary>
/// <param name="Length">All rows are at least this long.</param>
/// <param name="Left">Whether padding stands before the tokens.</param>
/// <param name="Id">Of the padding token.</param>
/// <param name="TypeId">The token type of padding.</param>
/// <param name="Text">How the padding token reads.</param>
readonly record struct RowPadding(int Length, bool Left, int Id, int TypeId, string Text);

/// <summary>Finished rows, one behind the other in flat arrays, which the columns of a <see cref="BatchEncoding"/> share.</summary>
sealed class TokenRows
{
    /// <summary>What a place holds that belongs to no sequence.</summary>
    public const sbyte SpecialToken = -1, Padding = -2;

    /// <summary>The word of a place that belongs to none.</summary>
    public const int NoWord = -1;

    const int ParallelFrom = 1 << 15;

    readonly Dictionary<int, string> _texts = [];

    TokenRows(int[] rowStarts, string paddingText)
    {
        (RowStarts, PaddingText) = (rowStarts, paddingText);
        var total = rowStarts[^1];
        (Ids, TypeIds, Starts, Ends, Words, Sequences) = (new int[total], new int[total], new int[total], new int[total], new int[total], new sbyte[total]);
    }

    /// <summary>How the padding token reads.</summary>
    public string PaddingText { get; }

    /// <summary>Where each row begins; one more entry than rows.</summary>
    public int[] RowStarts { get; }

    public int[] Ids { get; }

    public int[] TypeIds { get; }

    /// <summary>Where each token begins in its sequence's text.</summary>
    public int[] Starts { get; }

    public int[] Ends { get; }

    public int[] Words { get; }

    /// <summary>The sequence of each place: 0, 1, <see cref="SpecialToken"/> or <see cref="Padding"/>.</summary>
    public sbyte[] Sequences { get; }

    public int Count => RowStarts.Length - 1;

    /// <summary>How the token at a flat index reads where that differs from its id's text.</summary>
    public string? TextAt(int index) => _texts.GetValueOrDefault(index);

    public static TokenRows Make(Sample[] samples, List<RowPlan> plans, SequenceTemplate template, bool addSpecialTokens, RowPadding padding)
    {
        var rowStarts = new int[plans.Count + 1];
        for (var i = 0; i < plans.Count; i++)
        {
            var plan = plans[i];
            var length = plan.First.Length + plan.Second.Length;
            if (addSpecialTokens) length += template.AddedTokens(samples[plan.Sample].Second is not null);
            rowStarts[i + 1] = checked(rowStarts[i] + Math.Max(length, padding.Length));
        }
        var rows = new TokenRows(rowStarts, padding.Text);
        void Fill(int i) => rows.Fill(i, samples[plans[i].Sample], plans[i], template, addSpecialTokens, padding);
        if (rowStarts[^1] >= ParallelFrom) Parallel.For(0, plans.Count, Fill);
        else
            for (var i = 0; i < plans.Count; i++) Fill(i);
        return rows;
    }

    void Fill(int row, Sample sample, RowPlan plan, SequenceTemplate template, bool addSpecialTokens, RowPadding padding)
    {
        var (at, end) = (RowStarts[row], RowStarts[row + 1]);
        var pair = sample.Second is not null;
        if (padding.Left)
        {
            var tokens = plan.First.Length + plan.Second.Length + (addSpecialTokens ? template.AddedTokens(pair) : 0);
            FillPadding(at, end - tokens, padding);
            at = end - tokens;
        }
        foreach (var piece in pair ? template.Pair : template.Single)
        {
            if (piece.Sequence >= 0)
                at = FillSequence(at, piece, piece.Sequence == 0 ? sample.First : sample.Second!, piece.Sequence == 0 ? plan.First : plan.Second);
            else if (addSpecialTokens)
                foreach (var id in piece.Ids)
                {
                    Ids[at] = id;
                    TypeIds[at] = piece.TypeId;
                    Words[at] = NoWord;
                    Sequences[at++] = SpecialToken;
                }
        }
        if (!padding.Left) FillPadding(at, end, padding);
    }

    int FillSequence(int at, TemplatePiece piece, SequenceTokens tokens, TokenSlice slice)
    {
        var (start, length) = (slice.Start, slice.Length);
        tokens.Ids.Slice(start, length).CopyTo(Ids.AsSpan(at));
        tokens.Starts.Slice(start, length).CopyTo(Starts.AsSpan(at));
        tokens.Ends.Slice(start, length).CopyTo(Ends.AsSpan(at));
        tokens.Words.Slice(start, length).CopyTo(Words.AsSpan(at));
        TypeIds.AsSpan(at, length).Fill(piece.TypeId);
        Sequences.AsSpan(at, length).Fill((sbyte)piece.Sequence);
        if (tokens.Texts is { } texts)
            lock (_texts)
                foreach (var (index, text) in texts)
                    if (index >= start && index < slice.Stop) _texts[at + index - start] = text;
        return at + length;
    }

    void FillPadding(int at, int end, RowPadding padding)
    {
        Ids.AsSpan(at..end).Fill(padding.Id);
        TypeIds.AsSpan(at..end).Fill(padding.TypeId);
        Words.AsSpan(at..end).Fill(NoWord);
        Sequences.AsSpan(at..end).Fill(Padding);
    }
}
