namespace Keras.Transformers;

/// <summary>The symbols of one word while pairs of them are merged; for one thread.</summary>
sealed class BytePairScratch
{
    /// <summary>The longest word whose buffers are kept.</summary>
    const int KeptSymbols = 1 << 16;

    /// <summary>The word's symbols in order, linked because merging removes some.</summary>
    public Symbol[] Symbols { get; private set; } = new Symbol[64];

    /// <summary>Candidate merges, possible when queued, by rank, then position.</summary>
    public PriorityQueue<PairMerge, long> Merges { get; private set; } = new();

    /// <summary>The finished word: id, first unit and the unit after the last of each token.</summary>
    public List<int> Pieces { get; } = [];

    public struct Symbol
    {
        public int Id, Start, End, Previous, Next;
    }

    public readonly record struct PairMerge(int Place, int Left, int Right, int Id);

    /// <summary>Begins a word with at most this many symbols.</summary>
    public void Reset(int capacity)
    {
        if (Symbols.Length < capacity || Symbols.Length > KeptSymbols) Symbols = new Symbol[Math.Max(capacity, 64)];
        if (Merges.EnsureCapacity(0) > KeptSymbols) Merges = new();
        Merges.Clear();
        Pieces.Clear();
    }
}
