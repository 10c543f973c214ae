namespace Keras.Transformers;

/// <summary>The arguments of <c>map</c> and <c>filter</c>.</summary>
sealed record MapOptions
{
    public required string What { get; init; }

    public required Delegate Function { get; init; }

    /// <summary>The number of rows in a call, or, for functions over rows, in one piece of work.</summary>
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

    /// <summary>All arguments that change the results.</summary>
    public object?[] Arguments => [Batched, Batched ? BatchSize : 0, DropLastBatch, RemoveColumns, Features?.ToString()];
}
