using System.Text;

namespace Keras.Layers;

/// <summary>Counts how often tokens occur, and in how many documents.</summary>
sealed class TokenCounts
{
    readonly Dictionary<object, (long Count, long Documents, long Last)> _counts = [];
    long _documents;

    public bool IsEmpty => _counts.Count == 0;

    public long Documents => _documents;

    /// <summary>Counts the tokens of concatenated documents of equal length.</summary>
    public void Add(object[] tokens, long documents)
    {
        var length = documents == 0 ? 0 : tokens.Length / documents;
        for (var i = 0; i < tokens.Length; i++)
        {
            var document = _documents + (i / length) + 1;
            var (count, found, last) = _counts.GetValueOrDefault(tokens[i]);
            _counts[tokens[i]] = (count + 1, last == document ? found : found + 1, document);
        }
        _documents += documents;
    }

    /// <summary>The most frequent tokens first, equally frequent ones in descending order.</summary>
    /// <param name="most">How many; null for all.</param>
    /// <param name="without">Tokens to leave out.</param>
    /// <param name="encoding">The encoding by whose bytes texts are compared.</param>
    public object[] MostFrequent(int? most, object?[] without, Encoding encoding)
    {
        var sorted = _counts.Where(c => !without.Contains(c.Key)).Select(c => (c.Key, c.Value.Count, Bytes: c.Key is string ? TokenTexts.Bytes(c.Key, encoding) : null)).ToList();
        sorted.Sort((a, b) => a.Count != b.Count ? b.Count.CompareTo(a.Count) : a.Bytes is null ? ((long)b.Key).CompareTo((long)a.Key) : b.Bytes.AsSpan().SequenceCompareTo(a.Bytes));
        return [.. sorted.Take(Math.Max(0, most ?? int.MaxValue)).Select(t => t.Key)];
    }

    /// <summary>log(1 + documents / (1 + documents with the token)).</summary>
    public float[] InverseDocumentFrequencies(object[] tokens) => Array.ConvertAll(tokens, t => (float)Math.Log(1 + ((double)_documents / (1 + _counts[t].Documents))));
}
