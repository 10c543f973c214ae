using System.Collections;

namespace Keras.Training;

/// <summary>Adapts batches that the caller made.</summary>
sealed class EnumerableAdapter(IEnumerable<Batch> batches, Func<Batch, Batch>? weighted = null) : IDataAdapter
{
    public int? NumBatches { get; } = (batches as IDataAdapter)?.NumBatches ?? (batches is not IDataAdapter && batches.TryGetNonEnumeratedCount(out var count) ? count : null);

    public int? BatchSize { get; } = (batches as IDataAdapter)?.BatchSize;

    /// <summary>The batches if they know their position; otherwise null.</summary>
    public IResumableData? Resumable { get; } = batches as IResumableData;

    public IEnumerator<Batch> GetEnumerator() =>
        (weighted is null ? batches : batches.Select(weighted)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
