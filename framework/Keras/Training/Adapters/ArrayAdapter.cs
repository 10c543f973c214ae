using System.Collections;
using Keras.Graphs;

namespace Keras.Training;

/// <summary>Whole arrays cut into batches, shuffled anew each epoch where that is asked for.</summary>
sealed class ArrayAdapter : IDataAdapter
{
    readonly Batch _all;
    readonly int _batchSize;
    readonly System.Random? _shuffle;

    /// <summary>Arrays with the same number of samples.</summary>
    /// <exception cref="ShapeMismatchException">An input has no samples, or another number than the others.</exception>
    public ArrayAdapter(Batch all, int batchSize, System.Random? shuffle)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        (_all, _batchSize, _shuffle) = (all, batchSize, shuffle);
        NumSamples = BatchChecks.SampleCount(all);
    }

    public int NumSamples { get; }

    public int? NumBatches => (NumSamples + _batchSize - 1) / _batchSize;

    public int? BatchSize => _batchSize;

    public IEnumerator<Batch> GetEnumerator()
    {
        var order = _shuffle is null ? null : Order();
        for (var start = 0; start < NumSamples; start += _batchSize)
        {
            var end = Math.Min(start + _batchSize, NumSamples);
            if (order is null)
            {
                yield return Map(_all, t => Rows(t, start, end));
                continue;
            }
            using var indices = (EagerTensor)Tf.Constant(HostTensor.Vector<int>(order.AsSpan(start, end - start)));
            yield return Map(_all, t => Tf.Gather(t, indices, 0));
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    int[] Order()
    {
        var order = new int[NumSamples];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        _shuffle!.Shuffle(order);
        return order;
    }

    /// <summary>The first part and the rest, as <c>validation_split</c> cuts it: the last fraction of the rows, before any shuffling.</summary>
    /// <exception cref="ArgumentException">A part would be empty.</exception>
    public static (Batch Train, Batch Validation) Split(Batch all, double validationSplit)
    {
        if (validationSplit is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(validationSplit), validationSplit, "validation_split is a fraction between 0 and 1.");
        var count = BatchChecks.SampleCount(all);
        var at = (int)Math.Floor(count * (1 - validationSplit));
        if (at == 0 || at == count)
            throw new ArgumentException($"Training data of {count} samples cannot be split by validation_split {validationSplit}: one part would be empty. Give more data or another fraction.", nameof(validationSplit));
        return (Map(all, t => Rows(t, 0, at)), Map(all, t => Rows(t, at, count)));
    }

    static Tensor Rows(Tensor tensor, int start, int end) => Tf.StridedSlice(tensor, [start], [end], [1]);

    static Batch Map(Batch batch, Func<Tensor, Tensor> change) =>
        new(batch.x.Map(change), batch.y?.Map(change), batch.sample_weight?.Map(change)) { IsTemporary = true };
}
