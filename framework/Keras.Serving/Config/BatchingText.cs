namespace Keras.Serving;

/// <summary>Batching parameters as TensorFlow Serving's <c>batching_parameters_file</c> gives them.</summary>
static class BatchingText
{
    /// <summary>The parameters of a file in text format; what is not said keeps its default.</summary>
    /// <exception cref="FileFormatException">The text is no such message; says the line and column.</exception>
    public static BatchingParameters Read(string path) => Parse(File.ReadAllText(path), path);

    /// <summary>The parameters of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">Where it is from, for errors.</param>
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
