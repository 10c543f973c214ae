using Keras.Backend;
using Keras.Graphs;

namespace Keras;

/// <content>Normalization, crossentropies.</content>
public sealed partial class OpsApi
{
    /// <summary>Scales axes to mean 0 and variance 1.</summary>
    /// <param name="x">Numbers.</param>
    /// <param name="gamma">A factor of the normalized axes' shape; default none.</param>
    /// <param name="beta">A summand of the normalized axes' shape; default none.</param>
    /// <param name="axis">The axes that are normalized together; default the last.</param>
    /// <param name="epsilon">Added to the variance; default <c>keras.config.epsilon()</c>.</param>
    public Tensor layer_normalization(TensorLike x, TensorLike? gamma = null, TensorLike? beta = null, Axes? axis = null, double? epsilon = null)
    {
        if (Kept(x, gamma, beta) is { } kept) return kept.Run<Tensor>(x, gamma, beta, axis, epsilon);
        var tensor = Float(x);
        var axes = Axes.Of(axis ?? -1, tensor.ndim, "ops.layer_normalization");
        var computed = tensor.dtype.Size < 4 ? Tf.Cast(tensor, DType.Float32) : tensor;
        Tensor? factor = Spread(gamma, computed, axes), summand = Spread(beta, computed, axes);
        if (axes is [var last] && last == tensor.ndim - 1 && factor is not null && summand is not null && factor.ndim == 1 && summand.ndim == 1)
            return Tf.Cast(Tf.LayerNorm(computed, factor, summand, (float)Epsilon(epsilon)), tensor.dtype);
        var centered = computed - Tf.Mean(computed, axes, keep_dims: true);
        var scale = Tf.Rsqrt(Tf.Mean(Tf.Square(centered), axes, keep_dims: true) + Epsilon(epsilon));
        var normal = centered * (factor is null ? scale : scale * factor);
        return Tf.Cast(summand is null ? normal : normal + summand, tensor.dtype);
    }

    /// <summary>Divides axes by the root of their mean square.</summary>
    /// <param name="x">Numbers.</param>
    /// <param name="scale">A factor of the normalized axes' shape; default none.</param>
    /// <param name="axis">The axes that are normalized together; default the last.</param>
    /// <param name="epsilon">Added to the mean square; default <c>keras.config.epsilon()</c>.</param>
    public Tensor rms_normalization(TensorLike x, TensorLike? scale = null, Axes? axis = null, double? epsilon = null)
    {
        if (Kept(x, scale) is { } kept) return kept.Run<Tensor>(x, scale, axis, epsilon);
        var tensor = Float(x);
        var axes = Axes.Of(axis ?? -1, tensor.ndim, "ops.rms_normalization");
        var computed = tensor.dtype.Size < 4 ? Tf.Cast(tensor, DType.Float32) : tensor;
        var normal = computed * Tf.Rsqrt(Tf.Mean(Tf.Square(computed), axes, keep_dims: true) + Epsilon(epsilon));
        if (Spread(scale, computed, axes) is { } factor) normal *= factor;
        return Tf.Cast(normal, tensor.dtype);
    }

    /// <summary>(x - mean) / √(variance + epsilon) · scale + offset, along an axis.</summary>
    /// <param name="x">Numbers.</param>
    /// <param name="mean">A vector along the axis.</param>
    /// <param name="variance">A vector along the axis.</param>
    /// <param name="axis">The axis of the vectors.</param>
    /// <param name="offset">A vector along the axis; default none.</param>
    /// <param name="scale">A vector along the axis; default none.</param>
    /// <param name="epsilon">Added to the variance; default 1e-3.</param>
    public Tensor batch_normalization(TensorLike x, TensorLike mean, TensorLike variance, int axis, TensorLike? offset = null, TensorLike? scale = null, double epsilon = 1e-3)
    {
        if (Kept(x, mean, variance, offset, scale) is { } kept) return kept.Run<Tensor>(x, mean, variance, axis, offset, scale, epsilon);
        var dtype = DTypePromotion.Floating(x.Type);
        var tensor = Tf.Wide(Float(x));
        int[] axes = [Axes.Normalize(axis, tensor.ndim, "ops.batch_normalization")];
        var factor = Tf.Rsqrt(Spread(variance, tensor, axes)! + Require.AtLeast(0, epsilon));
        if (Spread(scale, tensor, axes) is { } given) factor *= given;
        var shift = -Spread(mean, tensor, axes)! * factor;
        if (Spread(offset, tensor, axes) is { } summand) shift += summand;
        return Tf.Cast((tensor * factor) + shift, dtype);
    }

    /// <summary>The given epsilon, which may not be negative, or Keras' default.</summary>
    static double Epsilon(double? epsilon) => Require.AtLeast(0, epsilon ?? ConfigApi.Epsilon, nameof(epsilon));

    static Tensor? Spread(TensorLike? given, Tensor x, int[] axes)
    {
        if (given is not { } argument) return null;
        var tensor = argument.As(x.dtype);
        if (tensor.ndim != axes.Length) return tensor;
        for (var i = axes.Min() + 1; i < x.ndim; i++)
            if (!axes.Contains(i)) tensor = Tf.ExpandDims(tensor, i - axes.Min());
        return tensor;
    }

    /// <summary>The cross entropy of two distributions along an axis.</summary>
    /// <param name="target">Shares, of the output's shape.</param>
    /// <param name="output">Shares, or logits.</param>
    /// <param name="from_logits">Whether the output is logits; default false.</param>
    /// <param name="axis">The axis of classes; default the last. It goes.</param>
    /// <exception cref="ShapeMismatchException">The shapes differ.</exception>
    public Tensor categorical_crossentropy(TensorLike target, TensorLike output, bool from_logits = false, int axis = -1)
    {
        if (Kept(target, output) is { } kept) return kept.Run<Tensor>(target, output, from_logits, axis);
        var (dtype, scores) = (DTypePromotion.Floating(output.Type), Tf.Wide(Float(output)));
        var shares = target.As(scores.dtype);
        if (!shares.shape.IsCompatibleWith(scores.shape))
            throw new ShapeMismatchException("Target and output differ in shape", "ops.categorical_crossentropy", $"target of shape {scores.shape}", shares.shape.ToString());
        var at = Axes.Normalize(axis, scores.ndim, "ops.categorical_crossentropy");
        if (from_logits) return Tf.Cast(-Tf.Sum(shares * log_softmax(scores, at), [at]), dtype);
        scores /= Tf.Sum(scores, [at], keep_dims: true);
        return Tf.Cast(-Tf.Sum(shares * Tf.Log(Fuzzed(scores)), [at]), dtype);
    }

    /// <summary>The cross entropy of class indices and a distribution along an axis.</summary>
    /// <param name="target">Class indices, int, of the output's shape without the axis, or with it as 1.</param>
    /// <param name="output">Shares, or logits.</param>
    /// <param name="from_logits">Whether the output is logits; default false.</param>
    /// <param name="axis">The axis of classes; default the last. It goes.</param>
    /// <exception cref="ShapeMismatchException">The shapes do not fit.</exception>
    public Tensor sparse_categorical_crossentropy(TensorLike target, TensorLike output, bool from_logits = false, int axis = -1)
    {
        if (Kept(target, output) is { } kept) return kept.Run<Tensor>(target, output, from_logits, axis);
        var (dtype, scores) = (DTypePromotion.Floating(output.Type), Tf.Wide(Float(output)));
        var labels = ClassIndices(target.Tensor);
        var at = Axes.Normalize(axis, scores.ndim, "ops.sparse_categorical_crossentropy");
        if (labels.ndim == scores.ndim && labels.shape[-1] == 1) labels = Tf.Squeeze(labels, -1);
        if (at != scores.ndim - 1) scores = moveaxis(scores, at, -1);
        if (!labels.shape.IsCompatibleWith(scores.shape[..^1]))
            throw new ShapeMismatchException("Target and output do not fit", "ops.sparse_categorical_crossentropy", $"target of shape {scores.shape[..^1]}", labels.shape.ToString());
        if (!from_logits) scores = Tf.Log(Fuzzed(scores / Tf.Sum(scores, [-1], keep_dims: true)));
        return Tf.Cast(Tf.SoftmaxCrossEntropy(scores, labels), dtype);
    }

    /// <summary>The cross entropy of each pair of a truth and its probability.</summary>
    /// <param name="target">Truths in [0, 1], of the output's shape.</param>
    /// <param name="output">Probabilities, or logits.</param>
    /// <param name="from_logits">Whether the output is logits; default false.</param>
    /// <exception cref="ShapeMismatchException">The shapes differ.</exception>
    public Tensor binary_crossentropy(TensorLike target, TensorLike output, bool from_logits = false)
    {
        if (Kept(target, output) is { } kept) return kept.Run<Tensor>(target, output, from_logits);
        var (dtype, scores) = (DTypePromotion.Floating(output.Type), Tf.Wide(Float(output)));
        var truths = target.As(scores.dtype);
        if (!truths.shape.IsCompatibleWith(scores.shape))
            throw new ShapeMismatchException("Target and output differ in shape", "ops.binary_crossentropy", $"target of shape {scores.shape}", truths.shape.ToString());
        if (from_logits) return Tf.Cast(Tf.Relu(scores) - (scores * truths) + Tf.Softplus(-Tf.Abs(scores)), dtype);
        scores = Fuzzed(scores);
        return Tf.Cast(-((truths * Tf.Log(scores)) + ((1 - truths) * Tf.Log(1 - scores))), dtype);
    }

    /// <summary>Clips probabilities to at least <c>keras.config.epsilon()</c> away from 0 and 1.</summary>
    Tensor Fuzzed(Tensor probabilities) => clip(probabilities, ConfigApi.Epsilon, 1 - ConfigApi.Epsilon);

    /// <summary>The peak signal-to-noise ratio of two images, in decibels: a scalar.</summary>
    /// <param name="x1">An image.</param>
    /// <param name="x2">An image of the same shape.</param>
    /// <param name="max_val">The highest possible value of a pixel.</param>
    public Tensor psnr(TensorLike x1, TensorLike x2, double max_val)
    {
        if (Kept(x1, x2) is { } kept) return kept.Run<Tensor>(x1, x2, max_val);
        var (a, b) = PromoteFloat(x1, x2);
        if (!a.shape.IsCompatibleWith(b.shape)) throw new ShapeMismatchException("Images differ in shape", "ops.psnr", a.shape.ToString(), b.shape.ToString());
        return (Tf.Log(mean(Tf.Square(a - b))) * (-10 / Math.Log(10))) + (20 * Math.Log10(Require.Positive(max_val)));
    }
}
