namespace Keras.Transformers;

/// <summary>The settings of a transform, as stored in a saved model.</summary>
sealed record TransformSettings
{
    /// <summary>The task of its pipeline.</summary>
    public required string Task { get; init; }

    /// <summary>The columns that it reads: one, or two for pairs of texts.</summary>
    public required string[] Inputs { get; init; }

    /// <summary>The columns that it makes, in the order in which <see cref="RowModel"/> makes them.</summary>
    public required string[] Outputs { get; init; }

    /// <summary>The folder or name of the model, as it was given; null if it was given as a pipeline, and in files that contain the model.</summary>
    public string? Model { get; init; }

    public ModelStorage Storage { get; init; }

    public int BatchSize { get; init; }

    public TextPooling Pooling { get; init; }

    public bool Normalize { get; init; }

    /// <summary>Whether an image's vector comes from the pooler.</summary>
    public bool UsePooler { get; init; }

    public int? MaximumTokens { get; init; }

    /// <summary>The function from a classifier's logits to scores, as a pipeline's function_to_apply; null for the model's default.</summary>
    public string? Function { get; init; }

    /// <summary>The folder to which image paths are relative.</summary>
    public string? ImageFolder { get; init; }

    public bool ReadsImages => Task.StartsWith("image", StringComparison.Ordinal);
}
