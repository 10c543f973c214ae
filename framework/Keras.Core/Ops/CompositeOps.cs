namespace Keras.Graphs;

/// <summary>Composites: named nodes that an engine may run with one kernel, each with a decomposition into primitive ops.</summary>
static partial class Tf
{
    const double InverseSqrt2 = 0.70710678118654752440;
    const double InverseSqrt2Pi = 0.39894228040143267794;
    const double Sqrt2ByPi = 0.79788456080286535588, GeluCubic = 0.044715;

    /// <summary>The square of a number for which tanh in the approximate GELU is 1 in every dtype.</summary>
    const double FlatGelu = 1e4;

    /// <summary>The exact GELU, x · Φ(x), computed with erf.</summary>
    static readonly OpDefinition GeluOp = Define("gelu(x: T) -> (y: T)", ShapeRules.SameAsFirst, c => [Run(GeluGradOp!, c.Inputs[0], c.Gradient)],
        decomposition: c => [c.Inputs[0] * GaussianCdf(c.Inputs[0])]);

    static readonly OpDefinition GeluGradOp = Define("gelu_grad(x: T, dy: T) -> (dx: T)", ShapeRules.SameAsFirst, decomposition: c =>
    {
        var x = c.Inputs[0];
        return [c.Inputs[1] * (GaussianCdf(x) + (x * (Exp(Square(x) * -0.5) * InverseSqrt2Pi)))];
    });

    /// <summary>The approximate GELU, 0.5x · (1 + tanh(√(2/π) · (x + 0.044715x³))), in float32 at least.</summary>
    static readonly OpDefinition GeluTanhOp = Define("gelu_tanh(x: T) -> (y: T)", ShapeRules.SameAsFirst, c => [Run(GeluTanhGradOp!, c.Inputs[0], c.Gradient)], decomposition: c =>
    {
        var x = Wide(c.Inputs[0]);
        return [Cast(x * 0.5 * (TanhOfGelu(x) + 1), c.Inputs[0].dtype)];
    });

    static readonly OpDefinition GeluTanhGradOp = Define("gelu_tanh_grad(x: T, dy: T) -> (dx: T)", ShapeRules.SameAsFirst, decomposition: c =>
    {
        var x = Wide(c.Inputs[0]);
        var tanh = TanhOfGelu(x);
        // Far from 0 tanh has no slope, and its factor must not overflow.
        var inner = (Minimum(Square(x), Constant(FlatGelu, x.dtype)) * (3 * GeluCubic * Sqrt2ByPi)) + Sqrt2ByPi;
        return [Cast(Wide(c.Inputs[1]) * 0.5 * (tanh + 1) * ((x * ((1 - tanh) * inner)) + 1), c.Inputs[0].dtype)];
    });

    /// <summary>Normalises the last axis: y = (x - mean) / sqrt(variance + epsilon) · gamma + beta; mean and rstd keep it as 1.</summary>
    static readonly OpDefinition LayerNormOp = Define("layer_norm(x: T, gamma: T, beta: T) -> (y: T, mean: T, rstd: T) { epsilon: float }", c =>
    {
        var x = c.Ranked(0, 1);
        for (var i = 1; i < 3; i++)
            if (c[i].HasRank && (c[i].Rank != 1 || (x[-1] >= 0 && c[i][0] >= 0 && x[-1] != c[i][0]))) throw c.Fail($"{(i == 1 ? "gamma" : "beta")} of {x[-1]} elements", c[i].ToString());
        return [x, x.With(-1, 1), x.With(-1, 1)];
    }, c => c.Gradients[1] is null && c.Gradients[2] is null
        ? RunAll(LayerNormGradOp!, [c.Inputs[0], c.Inputs[1], c.Outputs[1], c.Outputs[2], c.Gradient])
        : GradientTape.ThroughDecomposition(c),
    decomposition: c =>
    {
        var (x, gamma, beta) = (c.Inputs[0], c.Inputs[1], c.Inputs[2]);
        var mean = Mean(x, [-1], keep_dims: true);
        var centered = x - mean;
        var variance = Mean(Square(centered), [-1], keep_dims: true);
        var rstd = Rsqrt(variance + c.Get<float>("epsilon"));
        return [(centered * (rstd * gamma)) + beta, mean, rstd];
    });

    static readonly OpDefinition LayerNormGradOp = Define("layer_norm_grad(x: T, gamma: T, mean: T, rstd: T, dy: T) -> (dx: T, dgamma: T, dbeta: T)",
        c => [c[0], c[1], c[1]], decomposition: c =>
    {
        var (x, gamma, mean, rstd, dy) = (c.Inputs[0], c.Inputs[1], c.Inputs[2], c.Inputs[3], c.Inputs[4]);
        var normal = (x - mean) * rstd;
        var scaled = dy * gamma;
        var dx = rstd * (scaled - Mean(scaled, [-1], keep_dims: true) - (normal * Mean(scaled * normal, [-1], keep_dims: true)));
        int[] rows = [.. Enumerable.Range(0, x.ndim - 1)];
        return [dx, Sum(dy * normal, rows), Sum(dy, rows)];
    });

    /// <summary>Cross entropy of integer labels from logits over the last axis; dlogits = softmax - one_hot is kept for the gradient.</summary>
    static readonly OpDefinition SoftmaxCrossEntropyOp = Define("softmax_cross_entropy(logits: T, labels: Tlabels) -> (loss: T, dlogits: T)",
        c => [c[0].HasRank && c.Ranked(0, 1)[..^1] is var rows && rows.IsCompatibleWith(c[1]) ? rows.MergeWith(c[1]) : c[0].HasRank
            ? throw c.Fail($"labels of shape {c[0][..^1]}", c[1].ToString()) : c[1], c[0]],
        c => c.Gradients[1] is null ? [Run(SoftmaxCrossEntropyGradOp!, c.Outputs[1], c.Gradient), null] : GradientTape.ThroughDecomposition(c),
        decomposition: c =>
    {
        var (logits, labels) = (c.Inputs[0], c.Inputs[1]);
        var classes = DimOf(logits, -1);
        var rows = Reshape(logits, Stack([Int32Scalar(-1), classes], 0));
        var outputs = RunAll(SparseSoftmaxOp!, [rows, Reshape(labels, Int32(-1))]);
        return [Reshape(outputs[0], ShapeOf(labels)), Reshape(outputs[1], ShapeOf(logits))];
    });

    static readonly OpDefinition SoftmaxCrossEntropyGradOp = Define("softmax_cross_entropy_grad(dlogits: T, dloss: T) -> (dx: T)", ShapeRules.SameAsFirst,
        decomposition: c => [c.Inputs[0] * ExpandDims(c.Inputs[1], -1)]);

    /// <summary>Zeroes each element with probability rate and divides the others by 1 - rate; the mask comes from the Philox bits of key and counter.</summary>
    static readonly OpDefinition DropoutOp = Define("dropout(x: T, key: uint64, counter: uint64) -> (y: T) { rate: float }",
        c =>
        {
            if (c.Get<float>("rate") is not (>= 0 and <= 1)) throw new ValueRangeException("A dropout rate is not a probability", NameScope.Path(c.Op.Name), "0 to 1", $"{c.Get<float>("rate")}");
            ShapeRules.RequirePhilox(c, 1, 2);
            return [c[0]];
        }, c => [Run(c.Op, [c.Gradient, c.Inputs[1], c.Inputs[2]], ("rate", c.Get<float>("rate"))), null, null],
        decomposition: c =>
    {
        var x = c.Inputs[0];
        var rate = c.Get<float>("rate");
        // Each decision takes 16 bits, two to a word: an element is dropped below rate · 65536.
        var threshold = (int)Math.Round(rate * 65536.0);
        if (threshold == 65536) return [ZerosLike(x)];
        var size = SizeOf(x);
        var words = RandomBits(ExpandDims(FloorDiv(size + 1, Int32Scalar(2)), 0), c.Inputs[1], c.Inputs[2], DType.UInt32);
        var decisions = Reshape(Bitcast(words, DType.UInt16), Int32(-1));
        if (x.shape.ElementCount % 2 != 0) decisions = Run(SliceOp, decisions, Int32(0), ExpandDims(size, 0));
        var kept = GreaterEqual(Reshape(decisions, ShapeOf(x)), Constant(threshold, DType.UInt16));
        return [SelectV2(kept, x * (1 / (1.0 - rate)), Constant(0, x.dtype))];
    });

    static Tensor GaussianCdf(Tensor x) => (Erf(x * InverseSqrt2) + 1) * 0.5;

    static Tensor TanhOfGelu(Tensor x) => Tanh((x + (x * Square(x) * GeluCubic)) * Sqrt2ByPi);

    public static Tensor Gelu(Tensor x) => Run(GeluOp, x);

    public static Tensor GeluTanh(Tensor x) => Run(GeluTanhOp, x);

    public static Tensor LayerNorm(Tensor x, Tensor gamma, Tensor beta, float epsilon) => RunAll(LayerNormOp, [x, gamma, beta], ("epsilon", epsilon))[0];

    /// <summary>The loss of each label, in the labels' shape.</summary>
    public static Tensor SoftmaxCrossEntropy(Tensor logits, Tensor labels) => RunAll(SoftmaxCrossEntropyOp, [logits, labels])[0];

    public static Tensor Dropout(Tensor x, float rate, Tensor key, Tensor counter) => Run(DropoutOp, [x, key, counter], ("rate", rate));
}
