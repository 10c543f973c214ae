using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>Resizes and crops images of unknown sizes in the graph, with Pillow's values: two passes in integers, rounded to bytes in between.</summary>
static class GraphResampler
{
    /// <summary>Resizes a batch of images in a graph.</summary>
    /// <param name="images">(B, H, W, C), uint8.</param>
    /// <param name="size">The new size.</param>
    /// <param name="resample">Pillow's number of the filter.</param>
    /// <returns>uint8, (B, new height, new width, C).</returns>
    public static Tensor Resize(Tensor images, HeightWidth size, int resample)
    {
        if (images.shape[1] >= 0 && images.shape[2] >= 0) return ResizeKnown(images, size, resample);
        // XLA may fuse a product and a sum, which gives another double; for known sizes it gets precomputed factors.
        UnknownDimension.RefuseWhereXlaCompiles();
        var (height, width) = (Tf.DimOf(images, 1), Tf.DimOf(images, 2));
        if (resample == 0) return Tf.Gather(Tf.Gather(images, GraphTaps.Nearest(height, size.Height), 1), GraphTaps.Nearest(width, size.Width), 2);
        var (rows, columns) = (GraphTaps.Of(height, size.Height, resample), GraphTaps.Of(width, size.Width, resample));
        // Pillow runs the pass that saves more first.
        var (lessDown, lessAcross) = (height - Tf.Int32Scalar(size.Height), width - Tf.Int32Scalar(size.Width));
        var isDownFirst = Tf.LogicalAnd(Tf.Greater(lessDown, Tf.Int32Scalar(0)), Tf.Greater(lessDown, lessAcross * Tf.Int32Scalar(2)));
        return ControlFlow.If(isDownFirst,
            () => [Pass(Pass(images, rows, 1, size.Height), columns, 2, size.Width)],
            () => [Pass(Pass(images, columns, 2, size.Width), rows, 1, size.Height)])[0];
    }

    static Tensor ResizeKnown(Tensor images, HeightWidth size, int resample)
    {
        var (height, width) = ((int)images.shape[1], (int)images.shape[2]);
        foreach (var axis in (int[])(Resampler.IsDownFirst(height, width, size.Height, size.Width) ? [1, 2] : [2, 1]))
        {
            var (before, now) = axis == 1 ? (height, size.Height) : (width, size.Width);
            if (before == now) continue;
            images = resample == 0 ? Tf.Gather(images, Tf.Int32(Resampler.NearestPlaces(before, now)), axis) : Pass(images, GraphTaps.Of(before, now, resample), axis, now);
        }
        return images;
    }

    /// <summary>One pass, which adds up rows tap by tap, so that only one result is in memory.</summary>
    static Tensor Pass(Tensor images, GraphTaps taps, int axis, int newSize)
    {
        int[] order = axis == 1 ? [1, 0, 2, 3] : [2, 1, 0, 3];
        var turned = Tf.Transpose(images, order);
        var sizes = new[] { Tf.DimOf(turned, 1), Tf.DimOf(turned, 2), Tf.DimOf(turned, 3) };
        var source = Tf.Reshape(turned, Tf.Stack([Tf.DimOf(turned, 0), Tf.Int32Scalar(-1)], 0));
        var start = Tf.Fill(Tf.Stack([Tf.Int32Scalar(newSize), Tf.DimOf(source, 1)], 0), Tf.Int32Scalar(1 << (Resampler.FactorBits - 1)));
        var sums = ControlFlow.While(v => Tf.Less(v[0], taps.Count), v =>
        {
            var taken = Tf.Gather(source, Tf.Minimum(taps.First + v[0], taps.Last), 0);
            var factors = Tf.ExpandDims(Tf.Gather(taps.Factors, v[0], 1), 1);
            return [v[0] + Tf.Int32Scalar(1), v[1] + (Tf.Cast(taken, DType.Int32) * factors)];
        }, [Tf.Int32Scalar(0), start])[1];
        // Negative sums become 0, so that the shift is a division.
        var bytes = Tf.FloorDiv(Tf.Maximum(sums, Tf.Int32Scalar(0)), Tf.Int32Scalar(1 << Resampler.FactorBits));
        var clipped = Tf.Cast(Tf.Minimum(bytes, Tf.Int32Scalar(byte.MaxValue)), DType.UInt8);
        return Tf.Transpose(Tf.Reshape(clipped, Tf.Stack([Tf.Int32Scalar(newSize), .. sizes], 0)), order);
    }

    /// <summary>Crops the centre of images, with 0 outside them.</summary>
    /// <param name="images">(B, H, W, C), uint8.</param>
    /// <param name="size">The size of the centre.</param>
    public static Tensor Crop(Tensor images, HeightWidth size) => Middle(Middle(images, 1, size.Height), 2, size.Width);

    static Tensor Middle(Tensor images, int axis, int kept)
    {
        var size = Tf.DimOf(images, axis);
        var places = Tf.Int32([.. Enumerable.Range(0, kept)]) + Tf.FloorDiv(size - Tf.Int32Scalar(kept), Tf.Int32Scalar(2));
        var last = size - Tf.Int32Scalar(1);
        var taken = Tf.Gather(images, Tf.Maximum(Tf.Minimum(places, last), Tf.Int32Scalar(0)), axis);
        if (images.shape[axis] >= kept) return taken;
        var isInside = Tf.LogicalAnd(Tf.GreaterEqual(places, Tf.Int32Scalar(0)), Tf.LessEqual(places, last));
        return Tf.SelectV2(Tf.Reshape(isInside, axis == 1 ? new Shape(1, kept, 1, 1) : new Shape(1, 1, kept, 1)), taken, Tf.Constant(0, DType.UInt8));
    }
}
