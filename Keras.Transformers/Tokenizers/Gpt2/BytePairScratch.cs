namespace Keras.Transformers;

/// <summary>The symbols of one word while pairs of them are merged; for one thread.</summary>
sealed class BytePairScratch
{
    /// <summary>The greatest word whose buffers are kept.</summary>
    const int KeptSymbols = 1 << 16;

    /// <summary>Symbols in the order of the word, linked because merging takes some out.</summary>
    public Symbol[] Symbols { get; private set; } = new Symbol[64];

    /// <summary>The merges that were possible when they came in, by rank, then place.</summary>
    public PriorityQueue<PairMerge, long> Merges { get; private set; } = new();

    /// <summary>The finished word: id, first unit and the unit after the last of each token.</summary>
    public List<int> Pieces { get; } = [];

    public struct Symbol
    {
        public int Id, Start, End, Previous, Next;
    }

    public readonly record struct PairMerge(int Place, int Left, int Right, int Id);

    /// <summary>Begins a word that has at most so many symbols.</summary>
    public void Reset(int capacity)
    {
        if (Symbols.Length < capacity || Symbols.Length > KeptSymbols) Symbols = new Symbol[Math.Max(capacity, 64)];
        if (Merges.EnsureCapacity(0) > KeptSymbols) Merges = new();
        Merges.Clear();
        Pieces.Clear();
    }
}
