namespace Keras.Serving;

/// <summary>Reads batching parameters from TensorFlow Serving's <c>batching_parameters_file</c>.</summary>
static class BatchingText
{
    /// <summary>Reads the parameters from a file in text format; those not given keep their defaults.</summary>
    /// <exception cref="FileFormatException">The text is not such a message; the error gives line and column.</exception>
    public static BatchingParameters Read(string path) => Parse(File.ReadAllText(path), path);

    /// <summary>Parses the parameters from a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">The source of the text, for errors.</param>
    public static BatchingParameters Parse(string text, string source)
    {
        var proto = TextProto.Parse<ServingProtos.BatchingParameters>(text, source);
        var defaults = new BatchingParameters();
        return new()
        {
            MaxBatchSize = proto.MaxBatchSize ?? defaults.MaxBatchSize,
            BatchTimeoutMicros = proto.BatchTimeoutMicros ?? defaults.BatchTimeoutMicros,
            MaxEnqueuedBatches = proto.MaxEnqueuedBatches ?? defaults.MaxEnqueuedBatches,
            NumBatchThreads = proto.NumBatchThreads ?? defaults.NumBatchThreads,
            ThreadPoolName = proto.ThreadPoolName ?? defaults.ThreadPoolName,
            AllowedBatchSizes = [.. proto.AllowedBatchSizes],
            PadVariableLengthInputs = proto.PadVariableLengthInputs,
            EnableLargeBatchSplitting = proto.EnableLargeBatchSplitting ?? defaults.EnableLargeBatchSplitting,
            MaxExecutionBatchSize = proto.MaxExecutionBatchSize ?? defaults.MaxExecutionBatchSize,
        };
    }
}
