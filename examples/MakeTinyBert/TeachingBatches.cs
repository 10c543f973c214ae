using System.Collections;
using System.Runtime.InteropServices;
using Keras.Transformers;

namespace Keras.Examples;

/// <summary>Texts with the embeddings that they should get, in batches of similar length, shuffled anew in every epoch.</summary>
sealed class TeachingBatches(string[] texts, PreTrainedTokenizerBase tokenizer, float[][] wanted, int batchSize) : IEnumerable<Batch>
{
    readonly int[] _lengths = [.. tokenizer.Apply(texts)["input_ids"].ToRows().Select(r => r.Length)];
    int _epoch;

    public int Count => (texts.Length + batchSize - 1) / batchSize;

    public IEnumerator<Batch> GetEnumerator()
    {
        var random = new Random(_epoch++);
        var chunks = Enumerable.Range(0, texts.Length).OrderBy(i => _lengths[i] + (random.NextDouble() * 4)).Chunk(batchSize).ToList();
        random.Shuffle(CollectionsMarshal.AsSpan(chunks));
        foreach (var rows in chunks)
        {
            var inputs = tokenizer.Apply(rows.Select(i => texts[i]), padding: true, truncation: true, max_length: 64, pad_to_multiple_of: 16);
            yield return (inputs, rows.Select(i => wanted[i]).ToArray());
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
