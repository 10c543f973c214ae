using Keras.Graphs;

namespace Keras.Layers;

/// <summary>The mean of the inputs.</summary>
/// <remarks>Source: keras/src/layers/merging/average.py.</remarks>
public sealed class Average : Merge
{
    /// <summary>The mean of the inputs.</summary>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public Average(string? name = null, DTypePolicy? dtype = null) : base(name, dtype) { }

    private protected override Tensor MergeAll(Tensor[] inputs) => inputs.Aggregate(Tf.AddV2) / inputs.Length;
}
