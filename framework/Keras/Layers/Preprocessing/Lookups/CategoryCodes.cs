using Keras.Graphs;

namespace Keras.Layers;

/// <summary>Encodes category indices as vectors: one-hot, multi-hot or counts.</summary>
static class CategoryCodes
{
    /// <summary>The index for elements that must not count; it is beyond every depth.</summary>
    public const long None = long.MaxValue;

    /// <summary>Encodes indices from 0; those beyond the depth do not count.</summary>
    /// <param name="ids">Integers of any shape.</param>
    /// <param name="mode">"int", "one_hot", "multi_hot" or "count".</param>
    /// <param name="depth">The number of categories.</param>
    /// <param name="dtype">The result's dtype.</param>
    public static Tensor Encode(Tensor ids, string mode, int depth, DType dtype)
    {
        if (mode == "int") return Tf.Cast(ids, dtype);
        if (ids.ndim == 0) ids = Tf.ExpandDims(ids, 0);
        if (mode == "one_hot")
        {
            // As in Keras, a last axis of size 1 is replaced by the categories, one of unknown size is not.
            if (ids.ndim > 1 && ids.shape[-1] < 0) UnknownDimension.Refuse();
            if (ids.ndim > 1 && ids.shape[-1] == 1) ids = Tf.Squeeze(ids, ids.ndim - 1);
            return Tf.OneHot(ids, depth, Tf.Constant(1, dtype), Tf.Constant(0, dtype));
        }
        var counts = ids.ndim <= 2 ? Bincount(ids, depth, dtype) : Tf.Sum(Tf.OneHot(ids, depth, Tf.Constant(1, dtype), Tf.Constant(0, dtype)), [1]);
        return mode == "count" ? counts : Tf.Minimum(counts, Tf.Constant(1, dtype));
    }

    static Tensor Bincount(Tensor ids, int depth, DType dtype)
    {
        var weights = dtype == DType.Int64 || dtype == DType.Int32 || dtype == DType.Float64 ? dtype : DType.Float32;
        return Tf.Cast(Tf.DenseBincount(Tf.Cast(ids, DType.Int64), Tf.Constant(HostTensor.Scalar((long)depth)), Tf.Zeros(0, weights)), dtype);
    }
}
