using Keras.Graphs;

namespace Keras.Layers;

/// <summary>Draws rectangles at random positions.</summary>
static class Cuts
{
    /// <summary>Draws the start and end of each rectangle on one axis, (B) each.</summary>
    /// <param name="seed">The seed of the draws.</param>
    /// <param name="share">The fraction of the axis that it covers, (B).</param>
    /// <param name="length">The axis' length.</param>
    public static (Tensor From, Tensor To) Draw(Seed seed, Tensor share, Dim length)
    {
        var whole = Tf.Cast(length, share.dtype);
        var covered = share * whole;
        var from = Api.keras.random.uniform(Dims.Create([Dim.Of(share, 0)]), 0, 1, share.dtype, seed) * (whole - covered);
        return (from, from + covered);
    }

    /// <summary>A mask of the images' elements within the rectangles, bool (B, H, W, C) or channels first.</summary>
    public static Tensor Mask(Tensor images, (Tensor From, Tensor To) rows, (Tensor From, Tensor To) columns, bool channelsFirst)
    {
        var at = channelsFirst ? images.ndim - 2 : images.ndim - 3;
        Tensor Numbers(int axis) => Tf.Cast(Tf.Range(Tf.Int32Scalar(0), Dim.Of(images, axis), Tf.Int32Scalar(1)), rows.From.dtype);
        static Tensor Within(Tensor place, (Tensor From, Tensor To) bounds) =>
            Tf.LogicalAnd(Tf.GreaterEqual(place, Tf.Reshape(bounds.From, Tf.Int32(-1, 1, 1))), Tf.Less(place, Tf.Reshape(bounds.To, Tf.Int32(-1, 1, 1))));
        var (y, x) = (Tf.Reshape(Numbers(at), Tf.Int32(1, -1, 1)), Tf.Reshape(Numbers(at + 1), Tf.Int32(1, 1, -1)));
        var plane = Tf.ExpandDims(Tf.LogicalAnd(Within(y, rows), Within(x, columns)), channelsFirst ? 1 : 3);
        var (batch, size) = (Dim.Of(rows.From, 0), Dims.Of(images)[^3..]);
        return Tf.BroadcastTo(plane, Dims.Create([batch, .. size]).ToTensor());
    }
}
