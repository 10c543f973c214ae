namespace Keras.Transformers;

/// <summary>The tokens of one sequence while it is being encoded.</summary>
public sealed class TokenList
{
    int[] _ids = new int[64];
    int[] _starts = new int[64];
    int[] _ends = new int[64];
    int[] _words = new int[64];
    Dictionary<int, string>? _texts;

    bool _fixedWord;

    internal TokenList() { }

    /// <summary>The number of tokens.</summary>
    public int Count { get; private set; }

    /// <summary>The index of the next word.</summary>
    internal int Word { get; private set; }

    /// <summary>Begins a new sequence.</summary>
    internal void Clear()
    {
        (Count, Word, _fixedWord) = (0, 0, false);
        _texts = null;
    }

    /// <summary>Assigns all tokens until the next call to one word, for input that is already split into words.</summary>
    internal void FixWord(int index) => (Word, _fixedWord) = (index, true);

    /// <summary>The current word is finished: further tokens are of the next.</summary>
    public void NextWord()
    {
        if (!_fixedWord) Word++;
    }

    /// <summary>Adds a token of the current word, made of units [<paramref name="start"/>, <paramref name="end"/>) of the original text.</summary>
    public void Add(int id, int start, int end)
    {
        var i = Count;
        if (i == _ids.Length) Grow();
        _ids[i] = id;
        _starts[i] = start;
        _ends[i] = end;
        _words[i] = Word;
        Count = i + 1;
    }

    /// <summary>Adds a token whose text differs from its id's.</summary>
    public void Add(int id, int start, int end, string text)
    {
        (_texts ??= []).Add(Count, text);
        Add(id, start, end);
    }

    /// <summary>Drops the tokens from <paramref name="count"/> on.</summary>
    internal void CutTo(int count) => Count = count;

    internal SequenceTokens ToTokens()
    {
        var data = new int[4 * Count];
        _ids.AsSpan(0, Count).CopyTo(data);
        _starts.AsSpan(0, Count).CopyTo(data.AsSpan(Count));
        _ends.AsSpan(0, Count).CopyTo(data.AsSpan(2 * Count));
        _words.AsSpan(0, Count).CopyTo(data.AsSpan(3 * Count));
        return new(data, _texts);
    }

    void Grow()
    {
        var capacity = 2 * _ids.Length;
        Array.Resize(ref _ids, capacity);
        Array.Resize(ref _starts, capacity);
        Array.Resize(ref _ends, capacity);
        Array.Resize(ref _words, capacity);
    }
}

/// <summary>The tokens of one sequence: ids, then start and end positions in the original text, then word indices.</summary>
sealed class SequenceTokens(int[] data, Dictionary<int, string>? texts)
{
    public int Count { get; } = data.Length / 4;

    public ReadOnlySpan<int> Ids => data.AsSpan(0, Count);

    public ReadOnlySpan<int> Starts => data.AsSpan(Count, Count);

    public ReadOnlySpan<int> Ends => data.AsSpan(2 * Count, Count);

    public ReadOnlySpan<int> Words => data.AsSpan(3 * Count, Count);

    /// <summary>The texts of tokens that differ from their id's text, by index; null if there are none.</summary>
    public Dictionary<int, string>? Texts { get; } = texts;
}
