using Keras.Graphs;

namespace Keras.Layers;

/// <summary>Adds its inputs, element by element.</summary>
/// <remarks>Source: keras/src/layers/merging/add.py.</remarks>
public sealed class Add : Merge
{
    /// <summary>Adds its inputs, element by element.</summary>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public Add(string? name = null, DTypePolicy? dtype = null) : base(name, dtype) { }

    private protected override Tensor MergeAll(Tensor[] inputs) => inputs.Aggregate(Tf.AddV2);
}
