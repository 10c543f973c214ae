using Keras.Graphs;

namespace Keras;

/// <content>Activation functions; integers are taken as <c>floatx</c>.</content>
public sealed partial class OpsApi
{
    const double SeluAlpha = 1.6732632423543772848170429916717;
    const double SeluScale = 1.0507009873554804934193349852946;

    /// <summary>max(x, 0).</summary>
    public Tensor relu(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Relu(NumberOf(x));

    /// <summary>max(x, 0), at most 6.</summary>
    public Tensor relu6(TensorLike x)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x);
        var tensor = NumberOf(x);
        return Capped(Tf.Relu(tensor), 6);
    }

    /// <summary>Caps values at a limit, where no gradient flows.</summary>
    static Tensor Capped(Tensor x, double limit) => Tf.SelectV2(Tf.GreaterEqual(x, Like(x, limit)), Like(x, limit), x);

    /// <summary>1 / (1 + e^-x).</summary>
    public Tensor sigmoid(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Sigmoid(Float(x));

    /// <summary>log(sigmoid(x)), exact for large -x.</summary>
    public Tensor log_sigmoid(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? -Tf.Softplus(-Float(x));

    /// <summary>log(1 + e^x).</summary>
    public Tensor softplus(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Softplus(Float(x));

    /// <summary>x / (1 + |x|).</summary>
    public Tensor softsign(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Precise(x, t => t / (Tf.Abs(t) + 1));

    /// <summary>x · sigmoid(x).</summary>
    public Tensor silu(TensorLike x)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x);
        var tensor = Float(x);
        return tensor * Tf.Sigmoid(tensor);
    }

    /// <summary>As <see cref="silu"/>.</summary>
    public Tensor swish(TensorLike x) => silu(x);

    /// <summary>x · tanh(softplus(x)).</summary>
    public Tensor mish(TensorLike x)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x);
        var tensor = Float(x);
        return tensor * Tf.Tanh(Tf.Softplus(tensor));
    }

    /// <summary>x, or, if negative, x · <paramref name="negative_slope"/> (default 0.2).</summary>
    public Tensor leaky_relu(TensorLike x, double negative_slope = 0.2)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, negative_slope);
        var tensor = Float(x);
        return Tf.SelectV2(Tf.Greater(tensor, Tf.ZerosLike(tensor)), tensor, tensor * Require.Finite(negative_slope));
    }

    /// <summary>relu6(x + 3) / 6.</summary>
    public Tensor hard_sigmoid(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? relu6(Float(x) + 3) / 6;

    /// <summary>x · hard_sigmoid(x).</summary>
    public Tensor hard_silu(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Float(x) * hard_sigmoid(x);

    /// <summary>As <see cref="hard_silu"/>.</summary>
    public Tensor hard_swish(TensorLike x) => hard_silu(x);

    /// <summary>x, or, if negative, <paramref name="alpha"/> · (e^x - 1); alpha 1 by default.</summary>
    public Tensor elu(TensorLike x, double alpha = 1)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, alpha);
        var tensor = Float(x);
        return Tf.SelectV2(Tf.Greater(tensor, Tf.ZerosLike(tensor)), tensor, NegativeExpm1(tensor) * Require.Finite(alpha));
    }

    /// <summary>e^x - 1 of the negative part only: the branch that a condition discards must not overflow, or gradients become NaN.</summary>
    static Tensor NegativeExpm1(Tensor x) => Tf.Expm1(Tf.Minimum(x, Tf.ZerosLike(x)));

    /// <summary>elu with the constants that keep mean 0 and variance 1.</summary>
    public Tensor selu(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? elu(x, SeluAlpha) * SeluScale;

    /// <summary>max(x, 0) + min(0, alpha · (e^(x / alpha) - 1)); alpha 1 by default.</summary>
    public Tensor celu(TensorLike x, double alpha = 1)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, alpha);
        var tensor = Float(x);
        if (!double.IsFinite(alpha) || alpha == 0) throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "The factor is out of range. Expected: a finite number other than 0.");
        return Tf.SelectV2(Tf.Greater(tensor, Tf.ZerosLike(tensor)), tensor, NegativeExpm1(tensor / alpha) * alpha);
    }

    /// <summary>x · Φ(x), where Φ is the normal distribution.</summary>
    /// <param name="x">Numbers.</param>
    /// <param name="approximate">Whether to use 0.5x · (1 + tanh(√(2/π) · (x + 0.044715x³))); default true.</param>
    public Tensor gelu(TensorLike x, bool approximate = true)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, approximate);
        var tensor = Float(x);
        return approximate ? Tf.GeluTanh(tensor) : Tf.Gelu(tensor);
    }

    /// <summary>The first half of an axis times the sigmoid of the second.</summary>
    public Tensor glu(TensorLike x, int axis = -1)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, axis);
        var halves = split(Float(x), 2, axis);
        return halves[0] * Tf.Sigmoid(halves[1]);
    }

    /// <summary>x limited to [-1, 1].</summary>
    public Tensor hard_tanh(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? clip(Float(x), -1, 1);

    /// <summary>x - tanh(x).</summary>
    public Tensor tanh_shrink(TensorLike x)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x);
        var tensor = Float(x);
        return tensor - Tf.Tanh(tensor);
    }

    /// <summary>x nearer to zero by a threshold (default 0.5), 0 within it.</summary>
    public Tensor soft_shrink(TensorLike x, double threshold = 0.5)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, threshold);
        var tensor = Float(x);
        var (limit, zero) = (Like(tensor, Require.Finite(threshold)), Tf.ZerosLike(tensor));
        return Tf.SelectV2(Tf.Greater(tensor, limit), tensor - limit, Tf.SelectV2(Tf.Less(tensor, -limit), tensor + limit, zero));
    }

    /// <summary>x, but 0 within a threshold (default 0.5).</summary>
    public Tensor hard_shrink(TensorLike x, double threshold = 0.5)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, threshold);
        var tensor = Float(x);
        return Tf.SelectV2(Tf.Greater(Tf.Abs(tensor), Like(tensor, Require.Finite(threshold))), tensor, Tf.ZerosLike(tensor));
    }

    /// <summary>x where it is above a threshold, otherwise a default value.</summary>
    public Tensor threshold(TensorLike x, double threshold, double default_value)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, threshold, default_value);
        var tensor = Float(x);
        return Tf.SelectV2(Tf.Greater(tensor, Like(tensor, Require.Finite(threshold))), tensor, Like(tensor, default_value));
    }

    /// <summary>(x + √(x² + b)) / 2; b 4 by default.</summary>
    public Tensor squareplus(TensorLike x, double b = 4) => Kept(x)?.Run<Tensor>(x, b) ?? Precise(x, t => (t + Tf.Sqrt(Tf.Square(t) + Require.AtLeast(0, b))) * 0.5);

    /// <summary>0 up to -1, x from 1 on, (x + 1)² / 4 between.</summary>
    public Tensor sparse_plus(TensorLike x)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x);
        var tensor = Float(x);
        return Tf.SelectV2(Tf.LessEqual(tensor, Like(tensor, -1)), Tf.ZerosLike(tensor),
            Tf.SelectV2(Tf.Less(tensor, Like(tensor, 1)), Tf.Square(tensor + 1) * 0.25, tensor));
    }

    /// <summary>0 up to -1, 1 from 1 on, (x + 1) / 2 between.</summary>
    public Tensor sparse_sigmoid(TensorLike x)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x);
        var tensor = Float(x);
        return Tf.SelectV2(Tf.LessEqual(tensor, Like(tensor, -1)), Tf.ZerosLike(tensor),
            Tf.SelectV2(Tf.GreaterEqual(tensor, Like(tensor, 1)), Tf.OnesLike(tensor), (tensor + 1) * 0.5));
    }

    /// <summary>e^x over the sum of e^x along axes.</summary>
    /// <param name="x">Numbers.</param>
    /// <param name="axis">One axis or several, over which they together add up to 1; default the last.</param>
    public Tensor softmax(TensorLike x, Axes? axis = null) => Kept(x)?.Run<Tensor>(x, axis) ?? OverAxes(Float(x), axis ?? -1, Tf.Softmax, "ops.softmax");

    /// <summary>The logarithm of <see cref="softmax"/>, exact for small shares.</summary>
    public Tensor log_softmax(TensorLike x, Axes? axis = null) => Kept(x)?.Run<Tensor>(x, axis) ?? OverAxes(Float(x), axis ?? -1, Tf.LogSoftmax, "ops.log_softmax");

    /// <summary>max(x - τ, 0) along an axis: like softmax, but many elements are 0.</summary>
    /// <remarks>As in Keras τ = (sum of the running sums of the support - 1) / its size. That is the projection onto the simplex (Martins and Astudillo,
    /// 2016) only where the support is one element; of more the result adds up to less than 1.</remarks>
    /// <param name="x">Numbers.</param>
    /// <param name="axis">The axis; default the last.</param>
    public Tensor sparsemax(TensorLike x, int axis = -1) => Kept(x)?.Run<Tensor>(x, axis) ?? Precise(x, t => OverAxes(t, axis, logits =>
    {
        var size = Tf.DimOf(logits, -1);
        var descending = Tf.TopK(logits, size).Values;
        var sums = Tf.Cumsum(descending, -1);
        var ranks = Tf.Cast(Tf.Range(Tf.Int32Scalar(1), size + Tf.Int32Scalar(1), Tf.Int32Scalar(1)), logits.dtype);
        var isSupport = Tf.Greater((descending * ranks) + 1, sums);
        var count = Tf.Sum(Tf.Cast(isSupport, logits.dtype), [-1], keep_dims: true);
        var sum = Tf.Sum(Tf.SelectV2(isSupport, sums, Tf.ZerosLike(sums)), [-1], keep_dims: true);
        return Tf.Relu(logits - ((sum - 1) / count));
    }, "ops.sparsemax"));

    /// <summary>Applies a function of the last axis over other axes, joined if there are several.</summary>
    static Tensor OverAxes(Tensor x, Axes axis, Func<Tensor, Tensor> compute, string where)
    {
        if (x.ndim == 0) return Tf.Reshape(compute(Tf.Reshape(x, Tf.Int32(1))), Shape.Scalar);
        var axes = Axes.Of(axis, x.ndim, where);
        if (axes is [var single] && single == x.ndim - 1) return compute(x);
        int[] order = [.. Enumerable.Range(0, x.ndim).Except(axes), .. axes];
        var moved = Tf.Transpose(x, order);
        var flat = axes.Length == 1 ? moved : Tf.Reshape(moved, Dims.Of(moved)[..^axes.Length].Concat(-1).ToTensor());
        var computed = compute(flat);
        if (axes.Length > 1) computed = Tf.Reshape(computed, Tf.ShapeOf(moved));
        return Tf.Transpose(computed, [.. Enumerable.Range(0, x.ndim).Select(i => Array.IndexOf(order, i))]);
    }
}
