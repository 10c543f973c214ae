using System.Text.Json.Nodes;

namespace Keras.Benchmarks;

/// <summary>The result of a task.</summary>
/// <param name="Timings">The times.</param>
sealed record Outcome(Timings Timings)
{
    /// <summary>Whether the first call compiled something, so that its time is reported.</summary>
    public bool Compiles { get; init; }

    /// <summary>The tokens in one call; null if it has none.</summary>
    public double? Tokens { get; init; }

    /// <summary>Floating-point operations of the matrix products of one call; null if it does not consist of them.</summary>
    public double? Flops { get; init; }

    /// <summary>The first numbers of the result, to compare with other systems.</summary>
    public float[]? Check { get; init; }

    /// <summary>Further figures of the task.</summary>
    public JsonObject More { get; init; } = [];
}
