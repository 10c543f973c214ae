namespace Keras.Data;

/// <summary>A function or a source of a pipeline failed: the message says where and at which element, the inner error why.</summary>
public sealed class DataPipelineException : KerasException
{
    internal DataPipelineException(string stage, long index, Exception inner)
        : base("A step of a data pipeline failed", $"{stage}, element {index}", null, $"{inner.GetType().Name}: {inner.Message.TrimEnd('.')}", "The inner exception says where in your function.", inner) =>
        (Stage, ElementIndex) = (stage, index);

    /// <summary>The method of the pipeline, for example "map".</summary>
    public string Stage { get; }

    /// <summary>The index of the element among the step's inputs, from 0.</summary>
    public long ElementIndex { get; }
}
