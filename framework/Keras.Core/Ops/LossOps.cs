namespace Keras.Graphs;

/// <summary>Cross entropy of distributions.</summary>
static partial class Tf
{
    /// <summary>-sum(labels · log_softmax(logits)) over the last axis; logits and labels have the same shape.</summary>
    public static Tensor SoftmaxCrossEntropyWithLogits(Tensor logits, Tensor labels)
    {
        if (logits.ndim == 2) return DenseSoftmaxCrossEntropy(logits, labels);
        var rows = Stack([Int32Scalar(-1), DimOf(logits, -1)], 0);
        var losses = DenseSoftmaxCrossEntropy(Reshape(logits, rows), Reshape(labels, rows));
        return Reshape(losses, Slice(ShapeOf(logits), [0], [logits.ndim - 1]));
    }
}
