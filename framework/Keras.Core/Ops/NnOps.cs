namespace Keras.Graphs;

/// <summary>Neural network primitives.</summary>
static partial class Tf
{
    static readonly OpDefinition SoftmaxOp = Define("Softmax(logits: T) -> (softmax: T)", ShapeRules.SameAsFirst, c =>
    {
        var weighted = c.Gradient * c.Outputs[0];
        return [weighted - (c.Outputs[0] * Sum(weighted, [-1], keep_dims: true))];
    });

    static readonly OpDefinition LogSoftmaxOp = Define("LogSoftmax(logits: T) -> (logsoftmax: T)", ShapeRules.SameAsFirst,
        c => [c.Gradient - (Exp(c.Outputs[0]) * Sum(c.Gradient, [-1], keep_dims: true))]);

    static readonly OpDefinition BiasAddOp = Define("BiasAdd(value: T, bias: T) -> (output: T) { data_format: string = 'NHWC' }", c =>
    {
        if (c[0].HasRank && c[1] is { HasRank: true, Rank: 1 } && c[0][-1] >= 0 && c[1][0] >= 0 && c[0][-1] != c[1][0]) throw c.Fail($"a bias of {c[0][-1]} elements", c[1].ToString());
        return [c[0]];
    }, c => [c.Gradient, Run(BiasAddGradOp!, c.Gradient)]);

    static readonly OpDefinition BiasAddGradOp = Define("BiasAddGrad(out_backprop: T) -> (output: T) { data_format: string = 'NHWC' }",
        c => [c[0].HasRank ? c[0][^1..] : Shape.OfRank(1)], c => [BroadcastTo(c.Gradient, ShapeOf(c.Inputs[0]))]);

    static readonly OpDefinition ReluOp = Define("Relu(features: T) -> (activations: T)", ShapeRules.SameAsFirst, c => [ReluGrad(c.Gradient, c.Outputs[0])]);

    static readonly OpDefinition ReluGradOp = Define("ReluGrad(gradients: T, features: T) -> (backprops: T)", ShapeRules.Merged, c => [ReluGrad(c.Gradient, c.Inputs[1]), null]);

    static readonly OpDefinition SoftplusOp = Define("Softplus(features: T) -> (activations: T)", ShapeRules.SameAsFirst, c => [c.Gradient * Sigmoid(c.Inputs[0])]);

    static readonly OpDefinition L2LossOp = Define("L2Loss(t: T) -> (output: T)", ShapeRules.Scalar, c => [c.Gradient * c.Inputs[0]]);

    static readonly OpDefinition SparseSoftmaxOp = Define("SparseSoftmaxCrossEntropyWithLogits(features: T, labels: Tlabels) -> (loss: T, backprop: T)",
        c => [c[1], c[0]], c => [ExpandDims(c.Gradient, -1) * c.Outputs[1], null]);

    public static Tensor Softmax(Tensor x) => Run(SoftmaxOp, x);
    public static Tensor LogSoftmax(Tensor x) => Run(LogSoftmaxOp, x);
    public static Tensor BiasAdd(Tensor x, Tensor bias) => Run(BiasAddOp, x, bias);
    public static Tensor Relu(Tensor x) => Run(ReluOp, x);
    public static Tensor ReluGrad(Tensor gradient, Tensor output) => Run(ReluGradOp, gradient, output);
    public static Tensor Softplus(Tensor x) => Run(SoftplusOp, x);
}
