namespace Keras.Serving;

/// <summary>How requests of several callers are computed together.</summary>
/// <remarks>Source: the message BatchingParameters of TensorFlow Serving, whose names (max_batch_size, ...) and defaults these are. Only signatures whose inputs and outputs all begin with a free dimension are batched.</remarks>
public sealed record BatchingParameters
{
    /// <summary>The greatest number of rows in a batch; default 1000.</summary>
    public long MaxBatchSize { get; init; } = 1000;

    /// <summary>How long the first request of a batch waits for others, in microseconds; default 0: not at all, so that a batch holds what came while all threads were busy.</summary>
    public long BatchTimeoutMicros { get; init; }

    /// <summary>The greatest number of batches of one model that wait; default 10. Further requests are refused (UNAVAILABLE).</summary>
    public long MaxEnqueuedBatches { get; init; } = 10;

    /// <summary>How many batches are computed at once, by as many threads for all models; default the number of processors.</summary>
    public long NumBatchThreads { get; init; } = Environment.ProcessorCount;

    /// <summary>The name of those threads; default "batch".</summary>
    public string ThreadPoolName { get; init; } = "batch";

    /// <summary>The numbers of rows that are computed, increasing, the last <see cref="MaxBatchSize"/> (or <see cref="MaxExecutionBatchSize"/>); smaller batches are filled up with copies of a row.
    /// Default none: any number.</summary>
    public IReadOnlyList<long> AllowedBatchSizes { get; init; } = [];

    /// <summary>Whether inputs of different lengths share a batch, padded at the end by zeros or empty strings; default false: only inputs of one shape share a batch.</summary>
    /// <remarks>TensorFlow Serving pads with the first element of a tensor, which would make an attention mask of ones of the padding; and without padding it fails requests of different lengths that meet.
    /// As there, outputs keep the padded length.</remarks>
    public bool PadVariableLengthInputs { get; init; }

    /// <summary>Whether a request of more rows than a batch is cut into several; default false: it is refused.</summary>
    public bool EnableLargeBatchSplitting { get; init; }

    /// <summary>With <see cref="EnableLargeBatchSplitting"/> the greatest number of rows that are computed at once; default 0: <see cref="MaxBatchSize"/>.</summary>
    public long MaxExecutionBatchSize { get; init; }

    /// <summary>The greatest number of rows computed at once.</summary>
    internal int Rows => (int)Math.Min(int.MaxValue, EnableLargeBatchSplitting && MaxExecutionBatchSize > 0 ? MaxExecutionBatchSize : MaxBatchSize);

    /// <summary>Refuses what cannot be.</summary>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxBatchSize);
        ArgumentOutOfRangeException.ThrowIfNegative(BatchTimeoutMicros);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxEnqueuedBatches);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(NumBatchThreads);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(NumBatchThreads, 4096);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxExecutionBatchSize);
        ArgumentNullException.ThrowIfNull(AllowedBatchSizes);
        ArgumentException.ThrowIfNullOrWhiteSpace(ThreadPoolName);
        if (MaxExecutionBatchSize > 0 && !EnableLargeBatchSplitting)
            throw new ArgumentException("max_execution_batch_size has an effect with enable_large_batch_splitting alone. Set that too, or leave it out.", nameof(MaxExecutionBatchSize));
        if (MaxExecutionBatchSize > MaxBatchSize)
            throw new ArgumentException($"max_execution_batch_size is greater than max_batch_size. Expected: at most {MaxBatchSize}. Received: {MaxExecutionBatchSize}.", nameof(MaxExecutionBatchSize));
        if (AllowedBatchSizes.Count == 0) return;
        var isRising = AllowedBatchSizes[0] > 0 && AllowedBatchSizes.Zip(AllowedBatchSizes.Skip(1), (a, b) => a < b).All(rises => rises);
        if (!isRising || AllowedBatchSizes[^1] != Rows)
            throw new ArgumentException($"allowed_batch_sizes are positive, increasing, and end with the greatest number of rows. Expected: ..., {Rows}. Received: {string.Join(", ", AllowedBatchSizes)}.", nameof(AllowedBatchSizes));
    }
}
