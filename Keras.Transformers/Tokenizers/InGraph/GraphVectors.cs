using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>Helpers for elements of vectors and their neighbours.</summary>
static class GraphVectors
{
    /// <summary>For each element the one before it; for the first, a given value.</summary>
    public static Tensor Before<T>(Tensor x, T first) where T : unmanaged =>
        Tf.Slice(Tf.Concat([Tf.Constant(HostTensor.Vector<T>(first)), x], 0), Tf.Int32(0), Tf.ExpandDims(Tf.SizeOf(x), 0));

    /// <summary>For each element the one after it; for the last, a given value.</summary>
    public static Tensor After<T>(Tensor x, T last) where T : unmanaged =>
        Tf.Slice(Tf.Concat([x, Tf.Constant(HostTensor.Vector<T>(last))], 0), Tf.Int32(1), Tf.ExpandDims(Tf.SizeOf(x), 0));

    /// <summary>The indices at which a condition holds, int32.</summary>
    public static Tensor Places(Tensor condition) => Tf.Cast(Tf.Reshape(Tf.Where(condition), Tf.Int32(-1)), DType.Int32);

    /// <summary>0, 1, 2, ... for each element, int32.</summary>
    public static Tensor Positions(Tensor x) => Tf.Range(Tf.Int32Scalar(0), Tf.SizeOf(x), Tf.Int32Scalar(1));

    /// <summary>Whether elements equal a number, int32.</summary>
    public static Tensor Are(Tensor x, int value) => Tf.Equal(x, Tf.Int32Scalar(value));

    /// <summary>Whether any of several conditions holds.</summary>
    public static Tensor Any(params ReadOnlySpan<Tensor> conditions)
    {
        var any = conditions[0];
        foreach (var next in conditions[1..]) any = Tf.LogicalOr(any, next);
        return any;
    }

    /// <summary>Whether all of several conditions hold.</summary>
    public static Tensor All(params ReadOnlySpan<Tensor> conditions)
    {
        var all = conditions[0];
        foreach (var next in conditions[1..]) all = Tf.LogicalAnd(all, next);
        return all;
    }
}
