namespace Keras.Transformers;

/// <summary>The arguments of <c>map</c> and <c>filter</c>.</summary>
sealed record MapOptions
{
    public required string What { get; init; }

    public required Delegate Function { get; init; }

    /// <summary>Rows for one call, or, of functions over rows, for one piece of work.</summary>
    public required int BatchSize { get; init; }

    public bool Batched { get; init; }

    public bool DropLastBatch { get; init; }

    public string[] RemoveColumns { get; init; } = [];

    public Features? Features { get; init; }

    public int Workers { get; init; } = 1;

    public bool KeepInMemory { get; init; }

    public bool LoadFromCacheFile { get; init; } = true;

    public string? CacheFileName { get; init; }

    public string? NewFingerprint { get; init; }

    public string? Description { get; init; }

    public CancellationToken Cancellation { get; init; }

    /// <summary>All by which the results differ.</summary>
    public object?[] Arguments => [Batched, Batched ? BatchSize : 0, DropLastBatch, RemoveColumns, Features?.ToString()];
}
