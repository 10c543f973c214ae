namespace Keras.Layers;

/// <summary>Subtracts the second of two inputs from the first.</summary>
/// <remarks>Source: keras/src/layers/merging/subtract.py.</remarks>
public sealed class Subtract : Merge
{
    /// <summary>Subtracts the second of two inputs from the first.</summary>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public Subtract(string? name = null, DTypePolicy? dtype = null) : base(name, dtype) { }

    private protected override Tensor MergeAll(Tensor[] inputs) => inputs[0] - inputs[1];

    private protected override void CheckShapes(Shape[] shapes)
    {
        if (shapes.Length != 2) throw Unfitting("exactly 2 inputs", shapes);
        base.CheckShapes(shapes);
    }
}
