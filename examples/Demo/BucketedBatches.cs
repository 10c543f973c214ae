using System.Collections;
using System.Runtime.InteropServices;
using Keras.Transformers;

namespace Keras.Examples;

/// <summary>Batches of texts of similar length, each padded to a multiple of 16: little padding and few shapes. Shuffled anew in every epoch if asked.</summary>
sealed class BucketedBatches(LabelledTexts data, PreTrainedTokenizerBase tokenizer, int batchSize, int maxLength, bool shuffle) : IEnumerable<Batch>
{
    readonly BatchEncoding _encoded = tokenizer.Apply(data.Texts, truncation: true, max_length: maxLength);
    int _epoch;

    public int Count => (data.Count + batchSize - 1) / batchSize;

    public IEnumerator<Batch> GetEnumerator()
    {
        var random = new Random(_epoch++);
        int Length(int i) => _encoded["input_ids"].Row(i).Length;
        var chunks = Enumerable.Range(0, data.Count).OrderBy(i => Length(i) + (shuffle ? random.NextDouble() * 4 : 0)).Chunk(batchSize).ToList();
        if (shuffle) random.Shuffle(CollectionsMarshal.AsSpan(chunks));
        foreach (var rows in chunks)
        {
            var texts = tokenizer.Apply(rows.Select(i => data.Texts[i]), padding: true, truncation: true, max_length: maxLength, pad_to_multiple_of: 16);
            yield return (texts, rows.Select(i => data.Labels[i]).ToArray());
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
