using Keras.Graphs;

namespace Keras;

/// <summary>Slices along one axis.</summary>
static class Slices
{
    /// <summary>The part of an axis from a position to the end.</summary>
    public static Tensor From(Tensor x, int axis, int begin) => Of(x, axis, begin, null);

    /// <summary>The part of an axis before a position; negative ones count from the end.</summary>
    public static Tensor Until(Tensor x, int axis, int end) => Of(x, axis, null, end);

    /// <summary>One position of an axis, which is removed.</summary>
    public static Tensor At(Tensor x, int axis, int position)
    {
        var begin = new int[axis + 1];
        var end = new int[axis + 1];
        var strides = Enumerable.Repeat(1, axis + 1).ToArray();
        begin[axis] = position;
        end[axis] = position == -1 ? int.MaxValue : position + 1;
        var others = (1 << axis) - 1;
        return Tf.StridedSlice(x, begin, end, strides, begin_mask: others, end_mask: others, shrink_axis_mask: 1 << axis);
    }

    /// <summary>A part of an axis; null leaves a side open.</summary>
    public static Tensor Of(Tensor x, int axis, int? begin, int? end, int stride = 1)
    {
        var begins = new int[axis + 1];
        var ends = new int[axis + 1];
        var strides = Enumerable.Repeat(1, axis + 1).ToArray();
        (begins[axis], ends[axis], strides[axis]) = (begin ?? 0, end ?? 0, stride);
        var others = (1 << axis) - 1;
        return Tf.StridedSlice(x, begins, ends, strides, begin_mask: others | (begin is null ? 1 << axis : 0), end_mask: others | (end is null ? 1 << axis : 0));
    }
}
