using Keras.Graphs;

namespace Keras.Layers;

/// <summary>Takes the largest of its inputs, element by element.</summary>
/// <remarks>Source: keras/src/layers/merging/maximum.py.</remarks>
public sealed class Maximum : Merge
{
    /// <summary>Takes the largest of its inputs, element by element.</summary>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public Maximum(string? name = null, DTypePolicy? dtype = null) : base(name, dtype) { }

    private protected override Tensor MergeAll(Tensor[] inputs) => inputs.Aggregate(Tf.Maximum);
}
