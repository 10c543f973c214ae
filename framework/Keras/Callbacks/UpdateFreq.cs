namespace Keras.Callbacks;

/// <summary>How often to write logs: after each "epoch", after each "batch", or after a number of batches.</summary>
public readonly record struct UpdateFreq
{
    UpdateFreq(int batches) => Batches = batches;

    /// <summary>The number of batches; 0 for epochs alone.</summary>
    internal int Batches { get; }

    /// <summary>After this many batches, counted across epochs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not positive.</exception>
    public static implicit operator UpdateFreq(int batches) =>
        batches > 0 ? new(batches) : throw new ArgumentOutOfRangeException(nameof(batches), batches, "update_freq is out of range. Expected: \"epoch\", \"batch\" or a positive number of batches.");

    /// <summary>"epoch" or "batch".</summary>
    /// <exception cref="ArgumentException">The text is another.</exception>
    public static implicit operator UpdateFreq(string freq) => Known.OneOf(freq, "update_freq", "epoch", "batch") == "batch" ? new(1) : default;
}

/// <summary>Files with the labels of embeddings' rows: one for all layers, or one for each layer by its name.</summary>
public sealed class EmbeddingsMetadata
{
    EmbeddingsMetadata(string? forAll, IReadOnlyDictionary<string, string> byLayer) => (ForAll, ByLayer) = (forAll, byLayer);

    internal string? ForAll { get; }

    internal IReadOnlyDictionary<string, string> ByLayer { get; }

    /// <summary>One file for all layers.</summary>
    public static implicit operator EmbeddingsMetadata(string path) => new(path ?? throw new ArgumentNullException(nameof(path)), new Dictionary<string, string>());

    /// <summary>A file for each layer, by its name.</summary>
    public static implicit operator EmbeddingsMetadata(Dictionary<string, string> paths) => new(null, new Dictionary<string, string>(paths ?? throw new ArgumentNullException(nameof(paths))));
}
