using System.Collections;
using System.Runtime.InteropServices;
using Keras.Transformers;

namespace Keras.Examples;

/// <summary>Masked batches of texts of similar length, shuffled and masked anew in every epoch. The targets are the masked tokens or, with lessons, a teacher's
/// outputs for the whole text.</summary>
sealed class MaskedBatches(int[][] rows, DataCollatorForLanguageModeling collator, int batchSize, Lesson[]? lessons = null) : IEnumerable<Batch>
{
    int _epoch;

    public int Count => (rows.Length + batchSize - 1) / batchSize;

    public IEnumerator<Batch> GetEnumerator()
    {
        var random = new Random(_epoch++);
        var chunks = Enumerable.Range(0, rows.Length).OrderBy(i => rows[i].Length + (random.NextDouble() * 4)).Chunk(batchSize).ToList();
        random.Shuffle(CollectionsMarshal.AsSpan(chunks));
        foreach (var chunk in chunks)
        {
            var batch = collator.Apply(new BatchEncoding([new("input_ids", chunk.Select(i => rows[i]).ToArray())]));
            if (lessons is null) yield return (Tensors)batch;
            else yield return Taught(batch, [.. chunk.Select(i => lessons[i])]);
        }
    }

    static Batch Taught(BatchEncoding batch, Lesson[] lessons)
    {
        var (length, width) = (batch["input_ids"].Row(0).Length, lessons[0].Sentence.Length);
        var states = new float[lessons.Length, length, width];
        var flat = MemoryMarshal.CreateSpan(ref states[0, 0, 0], states.Length);
        foreach (var (i, lesson) in lessons.Index()) lesson.States.CopyTo(flat[(i * length * width)..]);
        batch.Remove("labels");
        return new(batch, new Dictionary<string, Tensors> { ["states"] = states, ["sentence"] = lessons.Select(l => l.Sentence).ToArray() });
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
