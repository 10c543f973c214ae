namespace Keras.Tests.Ops;

/// <summary>Where the engines differ in what they refuse, and why that stays. Where both refuse, they do it with one exception, without exception.</summary>
static class EngineDifferences
{
    /// <summary>Ops of which one engine takes a call that the other refuses: its kernel does not look at an input closely, or minds empty tensors.</summary>
    static readonly string[] OneIsLenient =
    [
        // Torch takes sizes and seeds of any rank here.
        "Conv2DBackprop", "Conv3DBackprop", "Random", "Stateless", "dropout", "SparseToDense", "Unique", "UniqueV2", "UniqueWithCountsV2", "Where", "InTopKV2", "LowerBound", "UpperBound",
        "NonMaxSuppressionV3", "RaggedBincount", "DenseBincount", "BroadcastGradientArgs", "ImageProjectiveTransformV3",
        // Empty tensors: TensorFlow gives zeros for products and convolutions of nothing, and refuses images and matrices of nothing.
        "Einsum", "Conv2D", "Conv3D", "ExtractImagePatches", "AdjustContrastv2", "AdjustHue", "AdjustSaturation", "CropAndResize", "Resize", "ScaleAndTranslate", "FusedBatchNormV3",
        "MatrixBandPart", "MatrixDiag", "MatrixSetDiag", "MatrixSolve", "SelfAdjointEigV2", "Svd", "SoftmaxCrossEntropyWithLogits", "layer_norm",
        // libtorch transforms no empty tensor; TensorFlow finds the -1 of an empty tensor's shape by its other dimensions.
        "RFFT", "Reshape by computed shape",
        // TensorFlow has it only under XLA.
        "XlaDynamicSlice",
    ];

    /// <summary>Whether a difference is a known one.</summary>
    /// <param name="op">The case's name.</param>
    /// <param name="torch">Torch's exception; null where it gives values.</param>
    /// <param name="tensorflow">TensorFlow's.</param>
    public static bool IsKnown(string op, Exception? torch, Exception? tensorflow) =>
        // An engine without a kernel for a dtype says so; the other may have one.
        torch is UnsupportedException || tensorflow is UnsupportedException
        || ((torch is null || tensorflow is null) && OneIsLenient.Any(o => op.StartsWith(o, StringComparison.Ordinal)));
}
