using System.Collections;
using Keras.Graphs;

namespace Keras.Training;

/// <summary>Cuts whole arrays into batches, optionally shuffled anew for each epoch.</summary>
sealed class ArrayAdapter : IDataAdapter
{
    readonly Batch _all;
    readonly int _batchSize;
    readonly System.Random? _shuffle;

    /// <summary>Arrays with the same number of samples.</summary>
    /// <exception cref="ShapeMismatchException">An input has no samples, or their numbers differ.</exception>
    public ArrayAdapter(Batch all, int batchSize, System.Random? shuffle)
    {
        (_all, _batchSize, _shuffle) = (all, batchSize, shuffle);
        NumSamples = BatchChecks.SampleCount(all);
    }

    public int NumSamples { get; }

    public int? NumBatches => (NumSamples + _batchSize - 1) / _batchSize;

    public int? BatchSize => _batchSize;

    public IEnumerator<Batch> GetEnumerator()
    {
        var order = Order();
        using var rows = new RowReader();
        for (var start = 0; start < NumSamples; start += _batchSize)
            yield return rows.Read(_all, order.AsSpan(start, Math.Min(_batchSize, NumSamples - start)));
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    int[] Order()
    {
        var order = new int[NumSamples];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        _shuffle?.Shuffle(order);
        return order;
    }

    /// <summary>Splits off the last fraction of the rows, before any shuffling, as <c>validation_split</c> does.</summary>
    /// <exception cref="ArgumentException">A part would be empty.</exception>
    public static (Batch Train, Batch Validation) Split(Batch all, double validation_split)
    {
        var count = BatchChecks.SampleCount(all);
        var at = (int)Math.Floor(count * (1 - validation_split));
        if (at == 0 || at == count)
            throw new ArgumentException($"Training data of {count} samples cannot be split by validation_split {validation_split}: one part would be empty. Give more data or another fraction.", nameof(validation_split));
        int[] order = [.. Enumerable.Range(0, count)];
        return (Rows(all, order.AsSpan(..at)), Rows(all, order.AsSpan(at..)));
    }

    /// <summary>Takes some of the rows, in the given order.</summary>
    public static Batch Rows(Batch all, ReadOnlySpan<int> rows)
    {
        using var reader = new RowReader();
        return reader.Read(all, rows);
    }

    /// <summary>Takes rows out of arrays and leaves no other tensor behind.</summary>
    sealed class RowReader : IDisposable
    {
        static readonly OpDefinition Gather = OpTable.TryGet("GatherV2", out var op) ? op : throw new InvalidOperationException("GatherV2 is not in the table of ops.");

        readonly Tensor _axis = Tf.Constant(HostTensor.Scalar(0));

        public Batch Read(Batch batch, ReadOnlySpan<int> rows)
        {
            var indices = Tf.Constant(HostTensor.Vector(rows));
            try
            {
                Tensor Take(Tensor tensor) => Dispatch.Run(Gather, [tensor, indices, _axis]);
                return new(batch.x.Map(Take), batch.y?.Map(Take), batch.sample_weight?.Map(Take)) { IsTemporary = true };
            }
            finally
            {
                ((EagerTensor)indices).Dispose();
            }
        }

        public void Dispose() => ((EagerTensor)_axis).Dispose();
    }
}
