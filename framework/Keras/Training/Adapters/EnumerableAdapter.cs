using System.Collections;

namespace Keras.Training;

/// <summary>Batches that the caller made.</summary>
sealed class EnumerableAdapter(IEnumerable<Batch> batches, IReadOnlyDictionary<int, double>? classWeight) : IDataAdapter
{
    public int? NumBatches { get; } = (batches as IDataAdapter)?.NumBatches ?? (batches.TryGetNonEnumeratedCount(out var count) ? count : null);

    public int? BatchSize { get; } = (batches as IDataAdapter)?.BatchSize;

    public IEnumerator<Batch> GetEnumerator() =>
        (classWeight is null ? batches : batches.Select(b => ClassWeights.Apply(b, classWeight))).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
