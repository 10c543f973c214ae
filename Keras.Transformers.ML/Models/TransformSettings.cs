namespace Keras.Transformers;

/// <summary>What a transform was told, as a saved model keeps it.</summary>
sealed record TransformSettings
{
    /// <summary>The task of its pipeline.</summary>
    public required string Task { get; init; }

    /// <summary>The columns that it reads: one, or for pairs of texts two.</summary>
    public required string[] Inputs { get; init; }

    /// <summary>The columns that it makes, in the order in which <see cref="RowModel"/> makes them.</summary>
    public required string[] Outputs { get; init; }

    /// <summary>The folder or name of the model, as it was given; null where it was given as a pipeline, and in files that hold the model.</summary>
    public string? Model { get; init; }

    public ModelStorage Storage { get; init; }

    public int BatchSize { get; init; }

    public TextPooling Pooling { get; init; }

    public bool Normalize { get; init; }

    /// <summary>Whether the vector of an image is the pooler's.</summary>
    public bool UsePooler { get; init; }

    public int? MaximumTokens { get; init; }

    /// <summary>What makes scores of a classifier's logits, as a pipeline's function_to_apply; null for what fits the model.</summary>
    public string? Function { get; init; }

    /// <summary>The folder that paths of images count from.</summary>
    public string? ImageFolder { get; init; }

    public bool ReadsImages => Task.StartsWith("image", StringComparison.Ordinal);
}
