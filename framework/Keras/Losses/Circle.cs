using Keras.Graphs;

namespace Keras.Losses;

/// <summary>Trains embeddings: pulls those of one label together and pushes those of different labels apart, weighting pairs by how wrong they are.</summary>
/// <remarks>Embeddings should have length 1. Samples that cost nothing do not count in the mean. Source: keras/src/losses/losses.py.</remarks>
public class Circle : Loss
{
    readonly double _gamma;
    readonly double _margin;
    readonly bool _removeDiagonal;

    /// <summary>The circle loss, which pulls embeddings with the same label together and pushes others apart.</summary>
    /// <param name="gamma">The scale of the similarities; default 80.</param>
    /// <param name="margin">The radius of the decision boundary; default 0.4.</param>
    /// <param name="remove_diagonal">Whether to leave out the pair of each sample with itself; default true.</param>
    /// <param name="reduction">How the values are reduced to one, see <see cref="Loss"/>; default "sum_over_batch_size".</param>
    /// <param name="name">Its name; default "circle".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    public Circle(double gamma = 80.0, double margin = 0.4, bool remove_diagonal = true, string? reduction = "sum_over_batch_size", string name = "circle",
        DTypePolicy? dtype = null) : base(name, reduction, dtype) => (_gamma, _margin, _removeDiagonal) = (Require.Positive(gamma), Require.Finite(margin), remove_diagonal);

    /// <inheritdoc/>
    public override Tensor call(Tensor y_true, Tensor y_pred) => Compute(y_true, y_pred, null, null, _removeDiagonal, _gamma, _margin);

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["gamma"] = _gamma, ["margin"] = _margin, ["remove_diagonal"] = _removeDiagonal };

    internal override Tensor ConvertTrue(Tensor y_true) => y_true;

    internal static Tensor Compute(Tensor y_true, Tensor y_pred, Tensor? refLabels, Tensor? refEmbeddings, bool removeDiagonal, double gamma, double margin)
    {
        var distances = LossMath.Relu(1 - Tf.MatMul(y_pred, refEmbeddings ?? y_pred, transpose_b: true));
        var (positive, negative) = Pairs(y_true, refLabels ?? y_true, removeDiagonal);
        var pull = LossMath.Relu(distances + margin) * (margin - distances) * -gamma;
        var push = LossMath.Relu(1 + margin - distances) * (1 - margin - distances) * gamma;
        var loss = Tf.Softplus(LogSumExp(pull, positive) + LogSumExp(push, negative));
        loss.KerasMask = Tf.Greater(loss, Tf.Constant(0, loss.dtype));
        return loss;
    }

    /// <summary>Masks of the pairs of samples with equal and with different labels, (B, R) each.</summary>
    static (Tensor Positive, Tensor Negative) Pairs(Tensor labels, Tensor refLabels, bool removeDiagonal)
    {
        var rows = Tf.Reshape(Whole(labels), new Shape(-1, 1));
        var columns = Tf.Reshape(Whole(refLabels), new Shape(1, -1));
        var same = Tf.Equal(rows, columns);
        if (!removeDiagonal) return (same, Tf.LogicalNot(same));
        var apart = Tf.NotEqual(Tf.ExpandDims(Count(rows, 0), 1), Tf.ExpandDims(Count(columns, 1), 0));
        return (Tf.LogicalAnd(same, apart), Tf.LogicalNot(same));
    }

    /// <summary>Casts labels to int64, which distinguishes labels beyond int32.</summary>
    static Tensor Whole(Tensor labels) => Tf.Cast(labels, DType.Int64);

    static Tensor Count(Tensor x, int axis) => Tf.Range(Tf.Int32Scalar(0), Tf.DimOf(x, axis), Tf.Int32Scalar(1));

    /// <summary>log(sum(exp(x))) over the unmasked elements of each row; minus infinity, without gradient, if there are none.</summary>
    static Tensor LogSumExp(Tensor x, Tensor mask)
    {
        var any = Tf.Any(mask, [1], keep_dims: true);
        var (zero, one) = (Tf.Constant(0, x.dtype), Tf.Constant(1, x.dtype));
        var lowest = Tf.Constant(double.NegativeInfinity, x.dtype);
        var max = Tf.StopGradient(Tf.SelectV2(any, Tf.Max(Tf.SelectV2(mask, x, lowest), [1], keep_dims: true), zero));
        var shifted = Tf.SelectV2(mask, x - max, zero);
        var sum = Tf.Sum(Tf.SelectV2(mask, Tf.Exp(shifted), zero), [1], keep_dims: true);
        return Tf.Squeeze(Tf.SelectV2(any, Tf.Log(Tf.SelectV2(any, sum, one)) + max, lowest), 1);
    }
}

public sealed partial class LossesApi
{
    /// <inheritdoc cref="Losses.Circle(double, double, bool, string, string, DTypePolicy)"/>
    public Circle Circle(double gamma = 80.0, double margin = 0.4, bool remove_diagonal = true, string? reduction = "sum_over_batch_size", string name = "circle",
        DTypePolicy? dtype = null) => new(gamma, margin, remove_diagonal, reduction, name, dtype);

    /// <summary>The circle loss, which pulls embeddings with the same label together and pushes others apart.</summary>
    /// <param name="y_true">Labels, (B), integers.</param>
    /// <param name="y_pred">Embeddings of length 1, (B, D), floating.</param>
    /// <param name="ref_labels">Labels to compare with, (R), integers; default the same ones.</param>
    /// <param name="ref_embeddings">Embeddings to compare with, (R, D); default the same ones.</param>
    /// <param name="remove_diagonal">Whether to leave out the pair of each sample with itself; default true.</param>
    /// <param name="gamma">The scale of the similarities; default 80.</param>
    /// <param name="margin">The radius of the decision boundary; default 0.4.</param>
    /// <returns>The loss of each sample, (B); it carries a mask of those above 0.</returns>
    public Tensor circle(Tensor y_true, Tensor y_pred, Tensor? ref_labels = null, Tensor? ref_embeddings = null, bool remove_diagonal = true, double gamma = 80.0,
        double margin = 0.4) => LossMath.Precise(y_true, y_pred, (t, p) => Losses.Circle.Compute(t, p, ref_labels, ref_embeddings, remove_diagonal, Require.Positive(gamma), Require.Finite(margin)));
}
