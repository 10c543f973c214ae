namespace Keras;

/// <summary>A source of batches for <c>fit</c> that knows how many there are; one enumeration is one epoch.</summary>
/// <remarks>Any enumerable of batches can be trained on; this interface adds what progress bars and shuffling need to know.</remarks>
public interface IDataAdapter : IEnumerable<Batch>
{
    /// <summary>Batches per epoch; null if unknown.</summary>
    int? NumBatches { get; }

    /// <summary>The number of samples in a full batch; null if batches differ.</summary>
    int? BatchSize { get; }
}
