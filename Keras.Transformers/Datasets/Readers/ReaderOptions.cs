namespace Keras.Transformers;

/// <summary>The arguments of <c>load_dataset</c> that concern the files.</summary>
sealed record ReaderOptions
{
    public Features? Features { get; init; }

    public char Separator { get; init; } = ',';

    public string[]? ColumnNames { get; init; }

    public string? Field { get; init; }

    public string SampleBy { get; init; } = "line";

    public bool KeepLinebreaks { get; init; }

    public bool? DropLabels { get; init; }

    public bool? DropMetadata { get; init; }

    /// <summary>All options that change the rows.</summary>
    public object?[] Arguments => [Features?.ToString(), Separator, ColumnNames, Field, SampleBy, KeepLinebreaks, DropLabels?.ToString(), DropMetadata?.ToString()];
}
