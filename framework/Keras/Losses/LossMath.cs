using Keras.Graphs;

namespace Keras.Losses;

/// <summary>Calculations that many losses and metrics share.</summary>
static class LossMath
{
    /// <summary>keras.config.epsilon(), which keeps logarithms and quotients finite.</summary>
    public static double Epsilon => ConfigApi.Epsilon;

    /// <summary>Computes a loss of 16-bit floats in float32 and rounds it once: in float16, 1 - epsilon is 1 and squares soon overflow.</summary>
    public static Tensor Precise(Tensor y_true, Tensor y_pred, Func<Tensor, Tensor, Tensor> compute)
    {
        ArgumentNullException.ThrowIfNull(y_true);
        ArgumentNullException.ThrowIfNull(y_pred);
        var losses = compute(y_true.dtype.IsFloating ? Tf.Wide(y_true) : y_true, y_pred.dtype.IsFloating ? Tf.Wide(y_pred) : y_pred);
        if (!y_pred.dtype.IsFloating || y_pred.dtype.Size >= 4) return losses;
        var rounded = Tf.Cast(losses, y_pred.dtype);
        rounded.KerasMask = losses.KerasMask;
        return rounded;
    }

    /// <summary>Brings two tensors to one rank: if ranks differ by one and the longer shape ends in 1, drops that axis or adds one to the other.</summary>
    public static (Tensor A, Tensor B) SameRank(Tensor a, Tensor b)
    {
        if (a.ndim == b.ndim + 1) (a, b) = Squeezed(a, b);
        else if (b.ndim == a.ndim + 1) (b, a) = Squeezed(b, a);
        return (a, b);
    }

    static (Tensor Longer, Tensor Shorter) Squeezed(Tensor longer, Tensor shorter)
    {
        if (longer.shape[-1] != 1) return (longer, shorter);
        return shorter.ndim == 1 ? (longer, Tf.ExpandDims(shorter, -1)) : (Tf.Squeeze(longer, -1), shorter);
    }

    /// <summary>Brings values and weights to one rank; weights with fewer axes apply to the first axes, so a weight of shape (B) applies to its sample.</summary>
    public static (Tensor Values, Tensor Weight) Weighted(Tensor values, Tensor weight)
    {
        (values, weight) = SameRank(values, weight);
        if (weight.ndim == 0 || weight.ndim >= values.ndim || !weight.shape.Zip(values.shape).All(d => d.First is null or 1 || d.Second is null || d.First == d.Second)) return (values, weight);
        while (weight.ndim < values.ndim) weight = Tf.ExpandDims(weight, -1);
        return (values, weight);
    }

    /// <summary>Expands weights to one for each value; weights with fewer axes apply to the first axes, so a weight of shape (B) applies to its sample.</summary>
    /// <exception cref="ShapeMismatchException">The weights fit neither the samples nor the values.</exception>
    public static Tensor WeightOfEach(Tensor values, Tensor weight)
    {
        if (weight.ndim == values.ndim + 1 && weight.shape[-1] == 1) weight = Tf.Squeeze(weight, -1);
        while (weight.ndim > 0 && weight.ndim < values.ndim) weight = Tf.ExpandDims(weight, -1);
        return Tf.BroadcastTo(weight, Tf.ShapeOf(values));
    }

    /// <summary>Casts the truth to the predictions' dtype and brings both to one rank.</summary>
    public static (Tensor True, Tensor Predicted) Pair(Tensor y_true, Tensor y_pred) => SameRank(Tf.Cast(y_true, y_pred.dtype), y_pred);

    /// <summary>As <see cref="Pair"/>, but requires equal shapes.</summary>
    /// <exception cref="ShapeMismatchException">The shapes differ.</exception>
    public static (Tensor True, Tensor Predicted) EqualPair(Tensor y_true, Tensor y_pred, string loss)
    {
        (y_true, y_pred) = Pair(y_true, y_pred);
        if (!y_true.shape.IsCompatibleWith(y_pred.shape))
            throw new ShapeMismatchException("Truth and predictions differ in shape", loss, $"y_true of shape {y_pred.shape}", y_true.shape.ToString());
        return (y_true, y_pred);
    }

    public static Tensor MeanLast(Tensor x) => Tf.Mean(x, [-1]);

    public static Tensor Clip(Tensor x, double low, double high) => Tf.Minimum(Tf.Maximum(x, Tf.Constant(low, x.dtype)), Tf.Constant(high, x.dtype));

    public static Tensor Relu(Tensor x) => Tf.Maximum(x, Tf.Constant(0, x.dtype));

    /// <summary>Sums over some axes, or over all.</summary>
    public static Tensor Sum(Tensor x, int[]? axes) => axes is null ? Tf.Sum(x) : Tf.Sum(x, axes);

    /// <summary>Counts an axis from the start.</summary>
    /// <exception cref="ShapeMismatchException">There is no such axis.</exception>
    public static int Axis(int axis, Tensor x, string where) => axis >= -x.ndim && axis < x.ndim
        ? axis < 0 ? axis + x.ndim : axis
        : throw new ShapeMismatchException("An axis does not exist", where, $"an axis from {-x.ndim} to {x.ndim - 1}", $"axis {axis} of shape {x.shape}");

    /// <summary>Scales vectors along an axis to length 1; zero vectors stay zero.</summary>
    public static Tensor Normalize(Tensor x, int axis)
    {
        var squares = Tf.Sum(Tf.Square(x), [axis], keep_dims: true);
        return x * Tf.Rsqrt(Tf.Maximum(squares, Tf.Constant(Epsilon * Epsilon, x.dtype)));
    }

    /// <summary>Moves an axis to the end.</summary>
    public static Tensor MoveLast(Tensor x, int axis) =>
        axis == x.ndim - 1 ? x : Tf.Transpose(x, [.. Enumerable.Range(0, x.ndim).Where(i => i != axis), axis]);

    /// <summary>Finds the logits behind probabilities from a traced softmax or sigmoid, so that the loss is exact even when
    /// probabilities round to 0 or 1.</summary>
    public static (Tensor Output, bool FromLogits) Logits(Tensor output, bool from_logits, string op, string loss)
    {
        if (output is not SymbolicTensor { Node: { } node }) return (output, from_logits);
        // A 16-bit model's probabilities were rounded before they were cast to float32.
        while (node.Op.Name == "Cast" && node.Inputs[0] is SymbolicTensor { Node: { } inner } given && given.dtype.IsFloating) node = inner;
        if (node.Op.Name != op) return (output, from_logits);
        if (from_logits)
            Diagnostics.Warn($"{loss} was told from_logits=True, but its predictions come from {op}, so they are not logits. The values before {op} are used.");
        return (Tf.Cast(node.Inputs[0], output.dtype), true);
    }
}
