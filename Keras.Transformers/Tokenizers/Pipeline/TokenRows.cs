namespace Keras.Transformers;

/// <summary>A tokenized text or pair of texts.</summary>
readonly record struct Sample(SequenceTokens First, SequenceTokens? Second);

/// <summary>The plan of one row: a sample and the slices of its sequences, which may be overflow from its first row.</summary>
readonly record struct RowPlan(int Sample, TokenSlice First, TokenSlice Second, bool IsOverflow);

/// <summary>How rows are padded.</summary>
/// <param name="Length">The minimum length of all rows.</param>
/// <param name="Left">Whether padding comes before the tokens.</param>
/// <param name="Id">The id of the padding token.</param>
/// <param name="TypeId">The token type of padding.</param>
/// <param name="Text">The text of the padding token.</param>
readonly record struct RowPadding(int Length, bool Left, int Id, int TypeId, string Text);

/// <summary>Rows, one after another in flat arrays, which the columns of a <see cref="BatchEncoding"/> share; each array is made on first use.</summary>
sealed class TokenRows
{
    /// <summary>The values for positions that belong to no sequence.</summary>
    public const sbyte SpecialToken = -1, Padding = -2;

    /// <summary>The word index of positions that belong to no word.</summary>
    public const int NoWord = -1;

    const int ParallelFrom = 1 << 15;

    readonly Sample[] _samples;
    readonly List<RowPlan> _plans;
    readonly SequenceTemplate _template;
    readonly bool _addSpecialTokens;
    readonly RowPadding _padding;
    readonly Lazy<int[]> _ids, _typeIds, _starts, _ends, _words;
    readonly Lazy<sbyte[]> _sequences;
    readonly Lazy<Dictionary<int, string>> _texts;

    /// <summary>Fills a part of a column with the tokens of a slice.</summary>
    delegate void SliceWriter<T>(TemplatePiece piece, SequenceTokens tokens, TokenSlice slice, Span<T> target);

    /// <param name="samples">The tokenized texts.</param>
    /// <param name="plans">The content of each row.</param>
    /// <param name="template">Where special tokens go.</param>
    /// <param name="addSpecialTokens">Whether to add special tokens.</param>
    /// <param name="padding">How rows are padded.</param>
    public TokenRows(Sample[] samples, List<RowPlan> plans, SequenceTemplate template, bool addSpecialTokens, RowPadding padding)
    {
        (_samples, _plans, _template, _addSpecialTokens, _padding) = (samples, plans, template, addSpecialTokens, padding);
        RowStarts = new int[plans.Count + 1];
        for (var i = 0; i < plans.Count; i++) RowStarts[i + 1] = checked(RowStarts[i] + Math.Max(Tokens(i), padding.Length));
        _ids = new(() => Column((_, tokens, slice, target) => tokens.Ids.Slice(slice.Start, slice.Length).CopyTo(target), (piece, i) => piece.Ids[i], padding.Id));
        _typeIds = new(() => Column((piece, _, _, target) => target.Fill(piece.TypeId), (piece, _) => piece.TypeId, padding.TypeId));
        _starts = new(() => Column((_, tokens, slice, target) => tokens.Starts.Slice(slice.Start, slice.Length).CopyTo(target), (_, _) => 0, 0));
        _ends = new(() => Column((_, tokens, slice, target) => tokens.Ends.Slice(slice.Start, slice.Length).CopyTo(target), (_, _) => 0, 0));
        _words = new(() => Column((_, tokens, slice, target) => tokens.Words.Slice(slice.Start, slice.Length).CopyTo(target), (_, _) => NoWord, NoWord));
        _sequences = new(() => Column((piece, _, _, target) => target.Fill((sbyte)piece.Sequence), (_, _) => SpecialToken, Padding));
        _texts = new(FindTexts);
    }

    /// <summary>The text of the padding token.</summary>
    public string PaddingText => _padding.Text;

    /// <summary>The start of each row, with one more entry than rows.</summary>
    public int[] RowStarts { get; }

    public int[] Ids => _ids.Value;

    public int[] TypeIds => _typeIds.Value;

    /// <summary>The start of each token in its sequence's text.</summary>
    public int[] Starts => _starts.Value;

    public int[] Ends => _ends.Value;

    public int[] Words => _words.Value;

    /// <summary>The sequence of each position: 0, 1, <see cref="SpecialToken"/> or <see cref="Padding"/>.</summary>
    public sbyte[] Sequences => _sequences.Value;

    public int Count => _plans.Count;

    /// <summary>The text of the token at a flat index, if it differs from its id's text.</summary>
    public string? TextAt(int index) => _texts.Value.GetValueOrDefault(index);

    TemplatePiece[] Pieces(int row) => IsPair(row) ? _template.Pair : _template.Single;

    bool IsPair(int row) => _samples[_plans[row].Sample].Second is not null;

    /// <summary>The number of tokens in a row without padding.</summary>
    int Tokens(int row) => _plans[row].First.Length + _plans[row].Second.Length + (_addSpecialTokens ? _template.AddedTokens(IsPair(row)) : 0);

    /// <summary>The index of a row's first token that is not padding.</summary>
    int Begin(int row) => _padding.Left ? RowStarts[row + 1] - Tokens(row) : RowStarts[row];

    (SequenceTokens Tokens, TokenSlice Slice) Part(int row, TemplatePiece piece) =>
        piece.Sequence == 0 ? (_samples[_plans[row].Sample].First, _plans[row].First) : (_samples[_plans[row].Sample].Second!, _plans[row].Second);

    T[] Column<T>(SliceWriter<T> sequence, Func<TemplatePiece, int, T> special, T padding)
    {
        var column = GC.AllocateUninitializedArray<T>(RowStarts[^1]);
        if (column.Length >= ParallelFrom) Parallel.For(0, Count, Fill);
        else
            for (var row = 0; row < Count; row++) Fill(row);
        return column;

        void Fill(int row)
        {
            var at = Begin(row);
            column.AsSpan(RowStarts[row]..at).Fill(padding);
            foreach (var piece in Pieces(row))
                if (piece.Sequence >= 0)
                {
                    var (tokens, slice) = Part(row, piece);
                    sequence(piece, tokens, slice, column.AsSpan(at, slice.Length));
                    at += slice.Length;
                }
                else if (_addSpecialTokens)
                    for (var i = 0; i < piece.Ids.Length; i++) column[at++] = special(piece, i);
            column.AsSpan(at..RowStarts[row + 1]).Fill(padding);
        }
    }

    Dictionary<int, string> FindTexts()
    {
        var found = new Dictionary<int, string>();
        for (var row = 0; row < Count; row++)
        {
            var at = Begin(row);
            foreach (var piece in Pieces(row))
                if (piece.Sequence >= 0)
                {
                    var (tokens, slice) = Part(row, piece);
                    foreach (var (index, text) in tokens.Texts ?? [])
                        if (index >= slice.Start && index < slice.Stop) found[at + index - slice.Start] = text;
                    at += slice.Length;
                }
                else if (_addSpecialTokens) at += piece.Ids.Length;
        }
        return found;
    }
}
