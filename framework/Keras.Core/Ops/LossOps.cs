namespace Keras.Graphs;

/// <summary>Cross entropy of distributions.</summary>
static partial class Tf
{
    static readonly OpDefinition SoftmaxWithLogitsOp = Define("SoftmaxCrossEntropyWithLogits(features: T, labels: T) -> (loss: T, backprop: T)", c =>
    {
        c.Ranked(0, 2, 2);
        c.Ranked(1, 2, 2);
        var rows = ShapeRules.Broadcast(c)[0];
        return [rows[..1], rows];
    }, c =>
    {
        var (logits, gradient) = (c.Inputs[0], ExpandDims(c.Gradient, -1));
        var features = gradient * c.Outputs[1];
        if (c.Gradients[1] is { } second)
        {
            var softmax = Softmax(logits);
            features += softmax * (second - Sum(second * softmax, [-1], keep_dims: true));
        }
        return [features, c.IsNeeded(1) ? -gradient * LogSoftmax(logits) : null];
    });

    /// <summary>-sum(labels · log_softmax(logits)) over the last axis, of logits and labels of one shape.</summary>
    public static Tensor SoftmaxCrossEntropyWithLogits(Tensor logits, Tensor labels)
    {
        if (logits.ndim == 2) return RunAll(SoftmaxWithLogitsOp, [logits, labels])[0];
        var rows = Stack([Int32Scalar(-1), DimOf(logits, -1)], 0);
        var losses = RunAll(SoftmaxWithLogitsOp, [Reshape(logits, rows), Reshape(labels, rows)])[0];
        return Reshape(losses, Slice(ShapeOf(logits), [0], [logits.ndim - 1]));
    }
}
