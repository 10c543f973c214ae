using System.Collections;
using Keras.Transformers;

namespace Keras.Examples;

/// <summary>Batches of digits for a model; for training they are reshuffled and slightly moved in each pass.</summary>
sealed class DigitBatches(Digit[] digits, ViTImageProcessor processor, int size, Random? random = null) : IEnumerable<Batch>
{
    const double Turn = 8, Zoom = 0.08, Shift = 0.5;

    public IEnumerator<Batch> GetEnumerator()
    {
        Digit[] order = [.. digits];
        random?.Shuffle(order);
        foreach (var chunk in order.Chunk(size))
        {
            Digit[] seen = random is null ? chunk : [.. chunk.Select(d => d.Moved(Between(Turn), 1 + Between(Zoom), Between(Shift), Between(Shift)))];
            yield return new Batch(processor.Apply(Digits.Images(seen)), seen.Select(d => d.Label).ToArray());
        }
    }

    double Between(double limit) => ((random!.NextDouble() * 2) - 1) * limit;

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
