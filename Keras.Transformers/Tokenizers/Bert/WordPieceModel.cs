using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Keras.Transformers;

/// <summary>
/// WordPiece: a word is cut greedily into the longest entries of the vocabulary, or is unknown as a whole.
/// </summary>
/// <remarks>
/// The vocabulary is one trie of UTF-16 units, its edges in one open-addressing table, so the longest match takes one walk without
/// allocation, and any number of threads may read. Most words are whole entries, which a <see cref="WordTable"/> finds in one step. Continuing pieces ("##ing") are below the node of their prefix, where matching inside a
/// word begins.
/// </remarks>
sealed class WordPieceModel
{
    /// <summary>The table's initial size, with some spare room for a usual vocabulary; for others it grows.</summary>
    const int EdgesPerToken = 4;

    /// <summary>The number of lookups after which a table of whole words is made.</summary>
    const int WorthATable = 1 << 12;

    const int NoNode = -1, NoToken = -1, Root = 0;

    readonly string?[] _tokens;
    readonly int _continuation;
    readonly int _maxInputCharsPerWord;
    WordTable? _words;
    int _sought;
    Edge[] _edges;
    int _shift;
    int _edgeCount;
    int _emptyToken = NoToken;

    [StructLayout(LayoutKind.Sequential)]
    struct Edge
    {
        /// <summary>(node &lt;&lt; 16 | unit) + 1; 0 where free.</summary>
        public ulong Key;
        public int Node;
        public int Token;
    }

    /// <param name="tokens">The entries by id, null where an id is unused; owned by the model.</param>
    /// <param name="continuingSubwordPrefix">The prefix of entries that continue a word.</param>
    /// <param name="maxInputCharsPerWord">Longer words, in code points, are unknown.</param>
    public WordPieceModel(string?[] tokens, string continuingSubwordPrefix = "##", int maxInputCharsPerWord = 100)
    {
        (_tokens, ContinuingSubwordPrefix, _maxInputCharsPerWord) = (tokens, continuingSubwordPrefix, maxInputCharsPerWord);
        _edges = new Edge[BitOperations.RoundUpToPowerOf2((uint)Math.Max(tokens.Count(t => t is not null), 1) * EdgesPerToken)];
        _shift = 64 - BitOperations.Log2((uint)_edges.Length);
        for (var id = 0; id < tokens.Length; id++)
        {
            if (tokens[id] is not { } token) continue;
            ref var place = ref token.Length == 0 ? ref _emptyToken : ref Insert(token);
            if (place == NoToken) Count++;
            else tokens[place] = null; // the last of duplicate entries counts
            place = id;
        }
        _continuation = Walk(continuingSubwordPrefix, out _);
    }

    public string ContinuingSubwordPrefix { get; }

    /// <summary>The table of whole words; null at first, since it does not pay off for a few texts. Threads that build it concurrently build the same.</summary>
    WordTable? Words => _words ?? (++_sought > WorthATable ? _words = new(_tokens, ContinuingSubwordPrefix, Math.Min(_maxInputCharsPerWord, WordTable.Longest)) : null);

    public int MaxInputCharsPerWord => _maxInputCharsPerWord;

    /// <summary>The number of different entries.</summary>
    public int Count { get; }

    /// <summary>One more than the greatest id.</summary>
    public int IdLimit => _tokens.Length;

    public string? IdToToken(int id) => (uint)id < (uint)_tokens.Length ? _tokens[id] : null;

    public int? TokenToId(ReadOnlySpan<char> token)
    {
        var id = _emptyToken;
        if (!token.IsEmpty) Walk(token, out id);
        return id == NoToken ? null : id;
    }

    /// <summary>Adds the pieces of one word, units [start, end) of a text; if false, the word is unknown and the list unchanged.</summary>
    public bool TryTokenize(NormalizedText text, int start, int end, TokenList output)
    {
        if (Words?.Find(text.Buffer, start, end - start) is { } whole and not NoToken)
        {
            output.Add(whole, text.Start(start), text.End(end - 1));
            return true;
        }
        var units = text.Buffer.AsSpan(start, end - start);
        if (units.Length > _maxInputCharsPerWord && CodePoints(units) > _maxInputCharsPerWord) return false;
        var before = output.Count;
        var from = 0;
        while (from < units.Length)
        {
            var id = LongestMatch(from == 0 ? Root : _continuation, units[from..], out var length);
            if (id == NoToken)
            {
                output.CutTo(before);
                return false;
            }
            output.Add(id, text.Start(start + from), text.End(start + from + length - 1));
            from += length;
        }
        return true;
    }

    int LongestMatch(int node, ReadOnlySpan<char> units, out int length)
    {
        var id = NoToken;
        length = 0;
        if (node == NoNode) return id;
        for (var i = 0; i < units.Length; i++)
        {
            ref var edge = ref Find(node, units[i]);
            if (edge.Key == 0) break;
            node = edge.Node;
            if (edge.Token == NoToken) continue;
            id = edge.Token;
            length = i + 1;
        }
        return id;
    }

    int Walk(ReadOnlySpan<char> units, out int token)
    {
        var node = Root;
        token = NoToken;
        foreach (var unit in units)
        {
            ref var edge = ref Find(node, unit);
            if (edge.Key == 0)
            {
                token = NoToken;
                return NoNode;
            }
            (node, token) = (edge.Node, edge.Token);
        }
        return node;
    }

    /// <summary>The edge from a node over a unit, or the free slot for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    ref Edge Find(int node, char unit)
    {
        var edges = _edges;
        var key = (((ulong)(uint)node << 16) | unit) + 1;
        var mask = (uint)edges.Length - 1;
        var place = (uint)((key * 0x9E3779B97F4A7C15) >> _shift);
        while (true)
        {
            ref var edge = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(edges), place);
            if (edge.Key == key || edge.Key == 0) return ref edge;
            place = (place + 1) & mask;
        }
    }

    /// <summary>Inserts the path of a token and returns a reference to its id.</summary>
    ref int Insert(string token)
    {
        while (2 * (_edgeCount + token.Length) > _edges.Length) Grow();
        var node = Root;
        ref var edge = ref Unsafe.NullRef<Edge>();
        foreach (var unit in token)
        {
            edge = ref Find(node, unit);
            if (edge.Key == 0) edge = new() { Key = (((ulong)(uint)node << 16) | unit) + 1, Node = ++_edgeCount, Token = NoToken };
            node = edge.Node;
        }
        return ref edge.Token;
    }

    void Grow()
    {
        var old = _edges;
        _edges = new Edge[2 * old.Length];
        _shift--;
        foreach (var edge in old)
            if (edge.Key != 0) Find((int)((edge.Key - 1) >> 16), (char)(edge.Key - 1)) = edge;
    }

    static int CodePoints(ReadOnlySpan<char> units)
    {
        var count = units.Length;
        foreach (var unit in units)
            if (char.IsLowSurrogate(unit)) count--;
        return count;
    }
}
