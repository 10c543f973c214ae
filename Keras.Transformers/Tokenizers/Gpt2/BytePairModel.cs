using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Keras.Transformers;

/// <summary>
/// Byte-pair encoding: a word starts as the letters of its bytes; the neighbouring pair with the least rank is merged, the leftmost
/// first, until no pair can be merged.
/// </summary>
sealed class BytePairModel
{
    const ulong Multiplier = 0x9E3779B97F4A7C15;
    const int None = -1;

    readonly string?[] _tokens;
    readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    readonly (string Left, string Right)[] _merges;
    readonly int[] _byteIds = new int[256];
    readonly Pair[] _pairs;
    readonly int _shift;
    readonly WordCache _cache;

    struct Pair
    {
        /// <summary>The two ids, plus 1; 0 if free.</summary>
        public ulong Key;
        public int Rank, Id;
    }

    /// <param name="tokens">The entries by id, null where an id is unused; owned by the model.</param>
    /// <param name="merges">The pairs by rank; owned by the model.</param>
    /// <param name="unknownId">The id for bytes whose letter is not in the vocabulary; null to drop them.</param>
    /// <param name="whereOf">Gives the place of a rank's merge in a file.</param>
    /// <exception cref="FileFormatException">A merge is duplicated, or joins or makes something that is not a token.</exception>
    public BytePairModel(string?[] tokens, (string Left, string Right)[] merges, int? unknownId, Func<int, string> whereOf)
    {
        (_tokens, _merges, _cache) = (tokens, merges, new(tokens.Length));
        for (var id = 0; id < tokens.Length; id++)
            if (tokens[id] is { } token) _ids.Add(token, id);
        for (var b = 0; b < _byteIds.Length; b++) _byteIds[b] = TokenToId(ByteAlphabet.LetterOf((byte)b).ToString()) ?? unknownId ?? None;

        _pairs = new Pair[BitOperations.RoundUpToPowerOf2((uint)Math.Max(2 * merges.Length, 2))];
        _shift = 64 - BitOperations.Log2((uint)_pairs.Length);
        for (var rank = 0; rank < merges.Length; rank++)
        {
            var (left, right) = merges[rank];
            ref var pair = ref Find(Id(left, rank), Id(right, rank));
            if (pair.Key != 0)
                throw new FileFormatException("A merge is there twice", whereOf(rank), "each pair of tokens once", $"'{left}' '{right}', which {whereOf(pair.Rank)} has too");
            pair = new() { Key = KeyOf(_ids[left], _ids[right]), Rank = rank, Id = Id(left + right, rank) };
        }

        int Id(string token, int rank) => _ids.TryGetValue(token, out var id) ? id : throw new FileFormatException(
            "The merges do not fit the vocabulary", whereOf(rank), "a pair of tokens that make a token", $"'{token}', which the vocabulary does not have",
            "Take the vocabulary and the merges from the same model.");
    }

    public int Count => _ids.Count;

    /// <summary>One more than the greatest id.</summary>
    public int IdLimit => _tokens.Length;

    /// <summary>The initial id of each byte; -1 if the vocabulary has none.</summary>
    public ReadOnlySpan<int> ByteIds => _byteIds;

    /// <summary>The pairs by rank.</summary>
    public IReadOnlyList<(string Left, string Right)> Merges => _merges;

    public string? IdToToken(int id) => (uint)id < (uint)_tokens.Length ? _tokens[id] : null;

    public int? TokenToId(string token) => _ids.TryGetValue(token, out var id) ? id : null;

    /// <summary>Tokenizes a word: id, first unit and the unit after the last of each token. Valid until the next word.</summary>
    public ReadOnlySpan<int> Tokenize(ReadOnlySpan<char> word, BytePairScratch scratch)
    {
        if (word.Length > WordCache.LongestWord) return MergeAll(word, scratch);
        if (_cache.Find(word) is { } known) return known;
        int[] pieces = [.. MergeAll(word, scratch)];
        _cache.Add(word, pieces);
        return pieces;
    }

    ReadOnlySpan<int> MergeAll(ReadOnlySpan<char> word, BytePairScratch scratch)
    {
        scratch.Reset(checked(3 * word.Length));
        var symbols = scratch.Symbols;
        var count = ReadSymbols(word, symbols);
        for (var i = 0; i + 1 < count; i++) Offer(scratch, i);
        while (scratch.Merges.TryDequeue(out var merge, out _))
        {
            ref var left = ref symbols[merge.Place];
            if (left.Id != merge.Left || left.Next == None || symbols[left.Next].Id != merge.Right) continue;
            ref var right = ref symbols[left.Next];
            (left.Id, left.End, left.Next, right.Id) = (merge.Id, right.End, right.Next, None);
            if (left.Next != None)
            {
                symbols[left.Next].Previous = merge.Place;
                Offer(scratch, merge.Place);
            }
            if (left.Previous != None) Offer(scratch, left.Previous);
        }
        for (var i = count > 0 ? 0 : None; i != None; i = symbols[i].Next) scratch.Pieces.AddRange([symbols[i].Id, symbols[i].Start, symbols[i].End]);
        return CollectionsMarshal.AsSpan(scratch.Pieces);
    }

    /// <summary>Reads the letters of a word's bytes, each with the position of its whole character.</summary>
    int ReadSymbols(ReadOnlySpan<char> word, BytePairScratch.Symbol[] symbols)
    {
        Span<byte> bytes = stackalloc byte[4];
        var count = 0;
        for (int at = 0, width; at < word.Length; at += width)
        {
            var length = new Rune(Clusters.CodePointAt(word, at, out width)).EncodeToUtf8(bytes);
            foreach (var b in bytes[..length])
                if (_byteIds[b] is not None and var id) symbols[count] = new() { Id = id, Start = at, End = at + width, Previous = count - 1, Next = ++count };
        }
        if (count > 0) symbols[count - 1].Next = None;
        return count;
    }

    void Offer(BytePairScratch scratch, int place)
    {
        ref var left = ref scratch.Symbols[place];
        ref var right = ref scratch.Symbols[left.Next];
        ref var pair = ref Find(left.Id, right.Id);
        if (pair.Key != 0) scratch.Merges.Enqueue(new(place, left.Id, right.Id, pair.Id), ((long)pair.Rank << 32) | (uint)place);
    }

    static ulong KeyOf(int left, int right) => (((ulong)(uint)left << 32) | (uint)right) + 1;

    /// <summary>The merge of two ids, or the free slot for it.</summary>
    ref Pair Find(int left, int right)
    {
        var key = KeyOf(left, right);
        var mask = (uint)_pairs.Length - 1;
        var place = (uint)((key * Multiplier) >> _shift);
        while (true)
        {
            ref var pair = ref _pairs[place];
            if (pair.Key == key || pair.Key == 0) return ref pair;
            place = (place + 1) & mask;
        }
    }
}
