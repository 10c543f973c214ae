using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Keras.Transformers;

/// <summary>
/// A cache of the tokens of words, in a table of fixed size with two slots per word; a full pair drops its older entry. Entries never change, so
/// any number of threads may read and write without a lock: at worst a word is tokenized twice.
/// </summary>
sealed class WordCache
{
    /// <summary>The longest word to cache; longer ones are rare.</summary>
    public const int LongestWord = 64;

    const uint FewestPlaces = 1 << 10, MostPlaces = 1 << 16;
    const ulong Multiplier = 0x9E3779B97F4A7C15;

    readonly Entry?[] _entries;
    readonly int _shift;

    /// <param name="tokens">The size of the vocabulary, which decides the table's.</param>
    public WordCache(int tokens)
    {
        _entries = new Entry?[BitOperations.RoundUpToPowerOf2(Math.Clamp((uint)tokens, FewestPlaces, MostPlaces))];
        _shift = 64 - BitOperations.Log2((uint)_entries.Length);
    }

    /// <param name="Word">The word.</param>
    /// <param name="Pieces">Id, first unit and the unit after the last of each token.</param>
    sealed record Entry(string Word, int[] Pieces);

    /// <summary>The tokens of a word; null if not cached.</summary>
    public int[]? Find(ReadOnlySpan<char> word)
    {
        var place = PlaceOf(word);
        if (_entries[place] is { } entry && word.SequenceEqual(entry.Word)) return entry.Pieces;
        return _entries[place ^ 1] is { } other && word.SequenceEqual(other.Word) ? other.Pieces : null;
    }

    public void Add(ReadOnlySpan<char> word, int[] pieces)
    {
        var place = PlaceOf(word);
        if (_entries[place] is { } entry) _entries[place ^ 1] = entry;
        _entries[place] = new(word.ToString(), pieces);
    }

    int PlaceOf(ReadOnlySpan<char> word)
    {
        var hash = (ulong)word.Length;
        var bytes = MemoryMarshal.AsBytes(word);
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..]) hash = Mix(hash, Unsafe.ReadUnaligned<ulong>(ref MemoryMarshal.GetReference(bytes)));
        var rest = 0UL;
        foreach (var unit in MemoryMarshal.Cast<byte, char>(bytes)) rest = (rest << 16) | unit;
        return (int)(Mix(hash, rest) >> _shift);

        static ulong Mix(ulong hash, ulong value) => BitOperations.RotateLeft((hash ^ value) * Multiplier, 29) * Multiplier;
    }
}
