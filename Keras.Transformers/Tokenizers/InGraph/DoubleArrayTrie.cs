namespace Keras.Transformers;

/// <summary>A trie in arrays: a node's child for a letter is <c>Base[node] + letter</c>, if <c>Check</c> there is the node.</summary>
/// <remarks>J. Aoe, An Efficient Digital Search Algorithm by Using a Double-Array Structure, 1989. There is space for every letter after every
/// base, so a step needs no bounds check.</remarks>
sealed class DoubleArrayTrie
{
    public const int Root = 0;

    /// <summary>The value of unused slots in <see cref="Check"/> and <see cref="Values"/>.</summary>
    public const int None = -1;

    readonly List<int> _base = [], _check = [], _values = [];
    readonly int _letters;
    int _firstFree = 1;

    /// <param name="entries">Words of letters 1 to <paramref name="letters"/> and their values.</param>
    /// <param name="letters">The greatest letter.</param>
    public DoubleArrayTrie(IEnumerable<(int[] Word, int Value)> entries, int letters)
    {
        _letters = letters;
        var root = new Node();
        foreach (var (word, value) in entries) root.Add(word, value);
        Extend(1);
        _check[Root] = Root;
        Place(root);
    }

    public int[] Base => [.. _base];

    public int[] Check => [.. _check];

    public int[] Values => [.. _values];

    /// <summary>Finds the node of a word's letters, or <see cref="None"/>.</summary>
    public int Walk(ReadOnlySpan<int> word)
    {
        var node = Root;
        foreach (var letter in word)
        {
            var next = _base[node] + letter;
            if (_check[next] != node) return None;
            node = next;
        }
        return node;
    }

    void Place(Node root)
    {
        var pending = new Queue<(Node Node, int Place)>([(root, Root)]);
        while (pending.TryDequeue(out var item))
        {
            var (node, place) = item;
            _values[place] = node.Value;
            if (node.Children.Count == 0) continue;
            int[] letters = [.. node.Children.Keys.Order()];
            var start = FindBase(letters);
            _base[place] = start;
            foreach (var letter in letters)
            {
                _check[start + letter] = place;
                pending.Enqueue((node.Children[letter], start + letter));
            }
        }
    }

    /// <summary>The first base for which every child's slot is free.</summary>
    int FindBase(int[] letters)
    {
        while (_firstFree < _check.Count && _check[_firstFree] != None) _firstFree++;
        for (var place = Math.Max(_firstFree, letters[0]); ; place++)
        {
            var start = place - letters[0];
            Extend(start + 1);
            if (Array.TrueForAll(letters, letter => _check[start + letter] == None)) return start;
        }
    }

    void Extend(int count)
    {
        while (_check.Count < count + _letters)
        {
            _base.Add(0);
            _check.Add(None);
            _values.Add(None);
        }
    }

    sealed class Node
    {
        public Dictionary<int, Node> Children { get; } = [];

        public int Value { get; private set; } = None;

        public void Add(ReadOnlySpan<int> word, int value)
        {
            var node = this;
            foreach (var letter in word)
            {
                if (!node.Children.TryGetValue(letter, out var child)) node.Children.Add(letter, child = new());
                node = child;
            }
            node.Value = value;
        }
    }
}
