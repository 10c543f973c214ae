using System.Collections.Frozen;

namespace Keras.Graphs;

/// <summary>Runs some ops on 16-bit floats in float32 and rounds the result once: sums would stop growing or overflow, and some ops have no 16-bit kernel
/// (or, like TensorFlow's grouped and depthwise convolutions, one that skips elements).</summary>
static class WideOps
{
    static readonly FrozenSet<string> Names = FrozenSet.Create(
        "Sum", "Mean", "Prod", "Cumsum", "Cumprod", "L2Loss", "BiasAddGrad", "AddN", "SegmentSum", "UnsortedSegmentSum", "UnsortedSegmentProd",
        "Softmax", "LogSoftmax", "SoftmaxCrossEntropyWithLogits", "SparseSoftmaxCrossEntropyWithLogits", "softmax_cross_entropy", "layer_norm", "layer_norm_grad",
        "AvgPool", "AvgPoolGrad", "AvgPool3D", "AvgPool3DGrad", "MaxPool3D", "MaxPool3DGrad", "MaxPool3DGradGrad", "ExtractImagePatches",
        "DepthwiseConv2dNative", "DepthwiseConv2dNativeBackpropInput", "DepthwiseConv2dNativeBackpropFilter",
        "Erfinv", "Ndtri", "TruncateMod", "Where", "Complex",
        "Cholesky", "MatrixInverse", "MatrixDeterminant", "LogMatrixDeterminant", "MatrixSolve", "MatrixTriangularSolve", "MatrixSolveLs", "SelfAdjointEigV2", "Svd", "Qr", "Lu");

    /// <summary>Ops widened for bfloat16 only: TensorFlow's bfloat16 kernel for grouped convolutions skips elements, its float16 kernel does not.</summary>
    static readonly FrozenSet<string> OfBFloat16 = FrozenSet.Create("Conv2D", "Conv2DBackpropInput", "Conv2DBackpropFilter", "Conv3D", "Conv3DBackpropInputV2", "Conv3DBackpropFilterV2");

    /// <summary>Whether an op takes 16-bit floats by widening, whatever kernels the engine has.</summary>
    public static bool Covers(string op) => Names.Contains(op);

    /// <summary>Whether a call of the op is to be computed in float32.</summary>
    public static bool Apply(OpDefinition op, ReadOnlySpan<Tensor> inputs)
    {
        foreach (var input in inputs)
            if (IsHalf(input.dtype)) return Names.Contains(op.Name) || (input.dtype == DType.BFloat16 && OfBFloat16.Contains(op.Name));
        return false;
    }

    /// <summary>Runs a call in float32 and rounds the 16-bit results.</summary>
    public static Tensor[] Run(OpDefinition op, Attributes attributes, ReadOnlySpan<Tensor> inputs)
    {
        var dtypes = op.OutputDTypes(op.Resolve(attributes, inputs));
        var outputs = Dispatch.RunAll(op, Array.ConvertAll(inputs.ToArray(), i => IsHalf(i.dtype) ? Tf.Cast(i, DType.Float32) : i), attributes);
        return [.. outputs.Select((o, i) => IsHalf(dtypes[i]) && !IsHalf(o.dtype) ? Tf.Cast(o, dtypes[i]) : o)];
    }

    static bool IsHalf(DType dtype) => dtype == DType.Float16 || dtype == DType.BFloat16;
}
