namespace Keras.Serving;

/// <summary>Settings for running requests of several callers as one batch.</summary>
/// <remarks>Source: the message BatchingParameters of TensorFlow Serving, whose names (max_batch_size, ...) and defaults these are. Only signatures whose inputs and outputs all begin with an unknown dimension are batched.</remarks>
public sealed record BatchingParameters
{
    /// <summary>The maximum number of rows in a batch; default 1000.</summary>
    public long MaxBatchSize { get; init; } = 1000;

    /// <summary>How long the first request of a batch waits for others, in microseconds; default 0: not at all, so that a batch holds the requests that came while all threads were busy.</summary>
    public long BatchTimeoutMicros { get; init; }

    /// <summary>The maximum number of waiting batches of one model; default 10. Further requests are rejected (UNAVAILABLE).</summary>
    public long MaxEnqueuedBatches { get; init; } = 10;

    /// <summary>How many batches run at once, each on its own thread, for all models together; default the number of processors.</summary>
    public long NumBatchThreads { get; init; } = Environment.ProcessorCount;

    /// <summary>The name of those threads; default "batch".</summary>
    public string ThreadPoolName { get; init; } = "batch";

    /// <summary>The allowed batch sizes, increasing, the last <see cref="MaxBatchSize"/> (or <see cref="MaxExecutionBatchSize"/>); batches are padded to the next size with copies of a row.
    /// Default empty: any size.</summary>
    public IReadOnlyList<long> AllowedBatchSizes { get; init; } = [];

    /// <summary>Whether inputs of different lengths share a batch, padded at the end with zeros or empty strings; default false: only inputs of the same shape share a batch.</summary>
    /// <remarks>TensorFlow Serving pads with a tensor's first element, which would set an attention mask to 1 on padding; without padding it fails requests of different lengths that meet in a batch.
    /// As there, outputs keep the padded length.</remarks>
    public bool PadVariableLengthInputs { get; init; }

    /// <summary>Whether a request with more rows than a batch is split into several; default false: it is rejected.</summary>
    public bool EnableLargeBatchSplitting { get; init; }

    /// <summary>With <see cref="EnableLargeBatchSplitting"/>, the maximum number of rows that run at once; default 0: <see cref="MaxBatchSize"/>.</summary>
    public long MaxExecutionBatchSize { get; init; }

    /// <summary>The maximum number of rows that run at once.</summary>
    internal int Rows => (int)Math.Min(int.MaxValue, EnableLargeBatchSplitting && MaxExecutionBatchSize > 0 ? MaxExecutionBatchSize : MaxBatchSize);

    /// <summary>Throws if a setting is out of range.</summary>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
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
