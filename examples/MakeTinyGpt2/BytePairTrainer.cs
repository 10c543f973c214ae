using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Keras.Transformers;

namespace Keras.Examples;

/// <summary>Learns a byte-level BPE vocabulary from texts: starting with the 256 bytes, the most frequent pair within words becomes a token, until there are
/// enough tokens or no frequent pairs. Among equally frequent pairs, the one with smaller ids comes first, as in Hugging Face's tokenizers.</summary>
sealed class BytePairTrainer
{
    const string EndOfText = "<|endoftext|>";

    readonly List<string> _tokens = [EndOfText, .. Letters()];
    readonly List<(string Left, string Right)> _merges = [];
    readonly List<int[]> _words = [];
    readonly List<int> _counts = [];
    readonly Dictionary<(int Left, int Right), int> _pairs = [];
    readonly Dictionary<(int Left, int Right), HashSet<int>> _wordsOfPair = [];
    readonly PriorityQueue<(int Left, int Right), (int Count, int Left, int Right)> _queue = new();

    BytePairTrainer(IEnumerable<string> texts, string folder)
    {
        Write(folder);   // a tokenizer with bytes only, which splits texts into words
        var bytes = GPT2TokenizerFast.from_pretrained(folder);
        foreach (var (word, count) in texts.SelectMany(t => Words(bytes, t)).CountBy(w => w))
        {
            _words.Add([.. word.Select(letter => bytes.convert_tokens_to_ids(letter.ToString()))]);
            _counts.Add(count);
        }
        for (var w = 0; w < _words.Count; w++) Count(w, _words[w], sign: 1);
        foreach (var pair in _pairs.Keys) Enqueue(pair);
    }

    /// <summary>Trains a tokenizer and writes it into a folder: vocab.json, merges.txt, tokenizer.json and its settings.</summary>
    /// <param name="texts">The training texts.</param>
    /// <param name="vocabularySize">The maximum number of tokens, including the end of text and the bytes.</param>
    /// <param name="minFrequency">How often a pair must occur to become a token.</param>
    /// <param name="folder">The folder of the files, which replace existing ones.</param>
    /// <param name="maxLength">The model's maximum number of tokens.</param>
    public static GPT2TokenizerFast Train(IEnumerable<string> texts, int vocabularySize, int minFrequency, string folder, int maxLength)
    {
        Directory.CreateDirectory(folder);
        File.Delete(Path.Combine(folder, "tokenizer.json"));
        var trainer = new BytePairTrainer(texts, folder);
        while (trainer._tokens.Count < vocabularySize && trainer.MostFrequent(minFrequency) is { } pair) trainer.Merge(pair);
        trainer.Write(folder);
        var tokenizer = GPT2TokenizerFast.from_pretrained(folder, model_max_length: maxLength);
        tokenizer.save_pretrained(folder);
        return tokenizer;
    }

    /// <summary>The letters that stand for bytes: printable ones for themselves, then as many from U+0100 on.</summary>
    static IEnumerable<string> Letters()
    {
        char[] printable = [.. Enumerable.Range(0, 256).Select(b => (char)b).Where(c => c is (>= '!' and <= '~') or (>= '\u00a1' and <= '\u00ac') or (>= '\u00ae' and <= '\u00ff'))];
        return [.. printable.Concat(Enumerable.Range(0x100, 256 - printable.Length).Select(c => (char)c)).Select(c => c.ToString())];
    }

    /// <summary>The words of a text, in letters of bytes.</summary>
    static IEnumerable<string> Words(GPT2TokenizerFast bytes, string text)
    {
        var row = bytes.Apply(text)[0];
        return row.tokens.Zip(row.word_ids).ChunkByWord().Select(word => string.Concat(word));
    }

    (int Left, int Right)? MostFrequent(int minFrequency)
    {
        while (_queue.TryDequeue(out var pair, out var rank))
        {
            // Counts change while pairs are queued; a merged pair has none.
            if (_pairs.GetValueOrDefault(pair) is var count && count != -rank.Count) continue;
            return count >= Math.Max(minFrequency, 1) ? pair : null;
        }
        return null;
    }

    void Merge((int Left, int Right) pair)
    {
        var (left, right) = (_tokens[pair.Left], _tokens[pair.Right]);
        var id = _tokens.IndexOf(left + right);   // two pairs may form the same token, so a pair may come up again
        if (id < 0 || !_merges.Contains((left, right))) _merges.Add((left, right));
        if (id < 0)
        {
            id = _tokens.Count;
            _tokens.Add(left + right);
        }
        var changed = new HashSet<(int, int)>();
        foreach (var w in _wordsOfPair[pair])
        {
            var merged = Merged(_words[w], pair, id);
            changed.UnionWith(Count(w, _words[w], sign: -1));
            changed.UnionWith(Count(w, merged, sign: 1));
            _words[w] = merged;
        }
        _pairs.Remove(pair);
        _wordsOfPair.Remove(pair);
        foreach (var neighbours in changed) Enqueue(neighbours);
    }

    static int[] Merged(int[] word, (int Left, int Right) pair, int id)
    {
        var merged = new List<int>(word.Length);
        for (var i = 0; i < word.Length; i++)
        {
            var isPair = i + 1 < word.Length && (word[i], word[i + 1]) == pair;
            merged.Add(isPair ? id : word[i]);
            if (isPair) i++;
        }
        return [.. merged];
    }

    List<(int, int)> Count(int index, int[] word, int sign)
    {
        var pairs = word.Zip(word.Skip(1)).ToList();
        foreach (var pair in pairs)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_pairs, pair, out _) += sign * _counts[index];
            if (sign > 0) (CollectionsMarshal.GetValueRefOrAddDefault(_wordsOfPair, pair, out _) ??= []).Add(index);
        }
        return pairs;
    }

    void Enqueue((int Left, int Right) pair)
    {
        if (_pairs.TryGetValue(pair, out var count) && count > 0) _queue.Enqueue(pair, (-count, pair.Left, pair.Right));
    }

    void Write(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "vocab.json"), JsonSerializer.Serialize(_tokens.Index().ToDictionary(t => t.Item, t => t.Index)));
        var merges = new StringBuilder("#version: 0.2\n");
        foreach (var (left, right) in _merges) merges.Append(left).Append(' ').Append(right).Append('\n');
        File.WriteAllText(Path.Combine(folder, "merges.txt"), merges.ToString());
    }
}

file static class WordChunks
{
    /// <summary>Groups tokens by word.</summary>
    public static IEnumerable<List<string>> ChunkByWord(this IEnumerable<(string Token, int? Word)> tokens)
    {
        List<string> word = [];
        int? current = null;
        foreach (var (token, index) in tokens)
        {
            if (index != current && word.Count > 0)
            {
                yield return word;
                word = [];
            }
            current = index;
            word.Add(token);
        }
        if (word.Count > 0) yield return word;
    }
}
