namespace Keras.Graphs;

/// <summary>Neural network primitives: softmax, losses, biases, batch normalisation.</summary>
static partial class Tf
{
    static readonly OpDefinition SoftmaxOp = Define("Softmax(logits: T) -> (softmax: T)", AtLeastVector, c => [SoftmaxGradient(c.Outputs[0], c.Gradient)]);

    static readonly OpDefinition LogSoftmaxOp = Define("LogSoftmax(logits: T) -> (logsoftmax: T)", AtLeastVector,
        c => [c.Gradient - (Exp(c.Outputs[0]) * Sum(c.Gradient, [-1], keep_dims: true))]);

    const string BiasFormat = "{ data_format: string = 'NHWC' }";

    static readonly OpDefinition BiasAddOp = Define($"BiasAdd(value: T, bias: T) -> (output: T) {BiasFormat}", c =>
    {
        if (!c[0].HasRank) return [c[0]];
        var shape = c.Ranked(0, 2);
        var axis = ChannelAxis(c, shape.Rank);
        if (c[1] is { HasRank: true, Rank: not 1 } || (c[1].HasRank && shape[axis] >= 0 && c[1][0] >= 0 && shape[axis] != c[1][0]))
            throw c.Fail($"a bias of {shape[axis]} elements", c[1].ToString());
        return [shape];
    }, c => [c.Gradient, c.IsNeeded(1) ? Run(BiasAddGradOp!, [c.Gradient], ("data_format", c.Get<string>("data_format"))) : null]);

    static readonly OpDefinition BiasAddGradOp = Define($"BiasAddGrad(out_backprop: T) -> (output: T) {BiasFormat}",
        c => [c[0].HasRank && ChannelAxis(c, c.Ranked(0, 2).Rank) is var axis ? c[0][axis..(axis + 1)] : Shape.OfRank(1)], c =>
        {
            var x = c.Inputs[0];
            var channels = Expand(c.Gradient, x.ndim - ChannelAxis(c, x.ndim));
            return [BroadcastTo(channels, ShapeOf(x))];
        });

    static readonly OpDefinition L2LossOp = Define("L2Loss(t: T) -> (output: T)", ShapeRules.Scalar, c => [c.Gradient * c.Inputs[0]]);

    static readonly OpDefinition SparseSoftmaxOp = Define("SparseSoftmaxCrossEntropyWithLogits(features: T, labels: Tlabels) -> (loss: T, backprop: T)", c =>
    {
        if (!c[0].HasRank) return [c[1], c[0]];
        var rows = c.Ranked(0, 2, 2)[..1];
        if (!rows.IsCompatibleWith(c[1])) throw c.Fail($"labels of shape {rows}", c[1].ToString());
        return [rows.MergeWith(c[1]), c[0]];
    }, c => [CrossEntropyGradient(c), null]);

    static readonly OpDefinition DenseSoftmaxOp = Define("SoftmaxCrossEntropyWithLogits(features: T, labels: T) -> (loss: T, backprop: T)", c =>
    {
        var shape = ShapeRules.Broadcast(c)[0];
        if (shape.HasRank && shape.Rank != 2) throw c.Fail("features and labels that broadcast to a matrix", shape.ToString());
        return [shape.HasRank ? shape[..1] : Shape.OfRank(1), shape];
    }, c =>
    {
        if (!c.IsNeeded(1)) return [CrossEntropyGradient(c), null];
        var labels = -ExpandDims(c.Gradient, -1) * LogSoftmax(c.Inputs[0]);
        return [CrossEntropyGradient(c), c.Gradients[1] is { } backprop ? labels - backprop : labels];
    });

    static readonly OpDefinition FusedBatchNormOp = Define(
        "FusedBatchNormV3(x: T, scale: U, offset: U, mean: U, variance: U) -> (y: T, batch_mean: U, batch_variance: U, reserve_space_1: U, reserve_space_2: U, reserve_space_3: U) " +
        "{ epsilon: float = 0.0001, exponential_avg_factor: float = 1, data_format: string = 'NHWC', is_training: bool = true }",
        c =>
        {
            var rank = c.Get<string>("data_format").Length;
            if (c[0].HasRank && c.Ranked(0, rank, rank) is var x && x[ChannelAxis(c, rank)] is >= 0 and var channels)
                for (var i = 1; i < (c.Get<bool>("is_training") ? 3 : 5); i++)
                    if (!c[i].IsCompatibleWith(new Shape(channels))) throw c.Fail($"'{c.Op.Inputs[i].Name}' of {channels} elements", c[i].ToString());
            return [c[0], c[1], c[1], c[1], c[1], Shape.Unknown];
        }, c =>
        {
            if (c.Gradients[1..].Any(g => g is not null))
                throw new UnsupportedException("Only the normalised output of a batch normalisation has a gradient", NameScope.Path("FusedBatchNormV3"));
            var training = c.Get<bool>("is_training");
            var (mean, variance) = training ? (c.Outputs[3], c.Outputs[4]) : (c.Inputs[3], c.Inputs[4]);
            var gradients = RunAll(FusedBatchNormGradOp!, [c.Gradient, c.Inputs[0], c.Inputs[1], mean, variance, c.Outputs[5]],
                ("epsilon", c.Get<float>("epsilon")), ("data_format", c.Get<string>("data_format")), ("is_training", training));
            if (!training && (c.IsNeeded(3) || c.IsNeeded(4)))
                throw new UnsupportedException("The moving mean and variance of a batch normalisation have no gradient", NameScope.Path("FusedBatchNormV3"));
            return [gradients[0], gradients[1], gradients[2], null, null];
        });

    static readonly OpDefinition FusedBatchNormGradOp = Define(
        "FusedBatchNormGradV3(y_backprop: T, x: T, scale: float32, reserve_space_1: U, reserve_space_2: U, reserve_space_3: U) " +
        "-> (x_backprop: T, scale_backprop: U, offset_backprop: U, reserve_space_4: U, reserve_space_5: U) { epsilon: float = 0.0001, data_format: string = 'NHWC', is_training: bool = true }",
        c => [c[1], c[2], c[2], Shape.Unknown, Shape.Unknown]);

    static Shape[] AtLeastVector(ShapeContext c)
    {
        if (c[0].HasRank) c.Ranked(0, 1);
        return [c[0]];
    }

    /// <summary>Local response normalisation: divides by the squares of nearby channels.</summary>
    static readonly OpDefinition LrnOp = Define("LRN(input: T) -> (output: T) { depth_radius: int = 5, bias: float = 1, alpha: float = 1, beta: float = 0.5 }", c => [c.Ranked(0, 4, 4)]);

    static int ChannelAxis(OpCall c, int rank) => c.Get<string>("data_format").StartsWith("NC", StringComparison.Ordinal) ? 1 : rank - 1;

    static Tensor SoftmaxGradient(Tensor softmax, Tensor gradient)
    {
        var weighted = gradient * softmax;
        return weighted - (softmax * Sum(weighted, [-1], keep_dims: true));
    }

    /// <summary>The gradient of the logits: the saved softmax minus labels, plus the derivative of softmax where that output is used itself.</summary>
    static Tensor? CrossEntropyGradient(GradientContext c)
    {
        var byLoss = c.Gradients[0] is { } loss ? ExpandDims(loss, -1) * c.Outputs[1] : null;
        var byBackprop = c.Gradients[1] is { } backprop ? SoftmaxGradient(Softmax(c.Inputs[0]), backprop) : null;
        return byLoss is null ? byBackprop : byBackprop is null ? byLoss : byLoss + byBackprop;
    }

    public static Tensor Softmax(Tensor x) => Run(SoftmaxOp, x);
    public static Tensor LogSoftmax(Tensor x) => Run(LogSoftmaxOp, x);
    public static Tensor BiasAdd(Tensor x, Tensor bias, string data_format = "NHWC") => Run(BiasAddOp, [x, bias], ("data_format", data_format));
    /// <summary>Cross entropy of probabilities (B, C) from logits (B, C): (B).</summary>
    public static Tensor DenseSoftmaxCrossEntropy(Tensor logits, Tensor labels) => RunAll(DenseSoftmaxOp, [logits, labels])[0];
}
