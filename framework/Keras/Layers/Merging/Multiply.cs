using Keras.Graphs;

namespace Keras.Layers;

/// <summary>Multiplies its inputs, element by element.</summary>
/// <remarks>Source: keras/src/layers/merging/multiply.py.</remarks>
public sealed class Multiply : Merge
{
    /// <summary>Multiplies its inputs, element by element.</summary>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public Multiply(string? name = null, DTypePolicy? dtype = null) : base(name, dtype) { }

    private protected override Tensor MergeAll(Tensor[] inputs) => inputs.Aggregate(Tf.Mul);
}
