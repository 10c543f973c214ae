namespace Keras.Graphs;

/// <summary>Python's slices, with strides, new axes and ellipsis.</summary>
static partial class Tf
{
    const string SliceMasks = "begin_mask: int = 0, end_mask: int = 0, ellipsis_mask: int = 0, new_axis_mask: int = 0, shrink_axis_mask: int = 0";

    static readonly OpDefinition StridedSliceOp = Define($"StridedSlice(input: T, begin: Index, end: Index, strides: Index) -> (output: T) {{ {SliceMasks} }}", StridedShape,
        c => [Dispatch.Run(StridedSliceGradOp!, [Cast(ShapeOf(c.Inputs[0]), c.Inputs[1].dtype), c.Inputs[1], c.Inputs[2], c.Inputs[3], c.Gradient],
            c.Attributes), null, null, null], StridedValue);

    static readonly OpDefinition StridedSliceGradOp = Define($"StridedSliceGrad(shape: Index, begin: Index, end: Index, strides: Index, dy: T) -> (output: T) {{ {SliceMasks} }}",
        c =>
        {
            for (var i = 2; i < 4; i++)
                if (!c[1].IsCompatibleWith(c[i])) throw c.Fail($"begin, end and strides of one length, {c[1]}", c[i].ToString());
            return [ShapeRules.FromValue(c, 0)];
        }, c => [null, null, null, null,
            Dispatch.Run(StridedSliceOp!, [c.Gradient, c.Inputs[1], c.Inputs[2], c.Inputs[3]], c.Attributes)]);

    /// <summary>One axis of a slice after ellipsis and new axes are spelled out.</summary>
    readonly record struct SliceAxis(int Source, long? Begin, long? End, long Stride, bool IsNew, bool IsShrunk);

    static List<SliceAxis>? SliceAxes(ShapeContext c, int rank)
    {
        if (c.Known(3) is not { } strides) return null;
        var (begin, end) = (c.Value(1), c.Value(2));
        for (var i = 0; i < strides.Length; i++)
            if (strides[i] == 0 || (strides[i] < 0 && (c.Get<long>("shrink_axis_mask") >> i & 1) != 0)) throw c.Fail("strides that are not 0, and 1 where an axis is indexed", $"[{string.Join(", ", strides)}]");
        long Mask(string name) => c.Get<long>(name);
        var spec = strides.Length;
        var newAxes = Enumerable.Range(0, spec).Count(i => (Mask("new_axis_mask") >> i & 1) != 0 && (Mask("ellipsis_mask") >> i & 1) == 0);
        var hasEllipsis = Mask("ellipsis_mask") != 0;
        var (axes, source) = (new List<SliceAxis>(), 0);
        for (var i = 0; i < spec; i++)
        {
            bool Has(string mask) => (Mask(mask) >> i & 1) != 0;
            if (Has("ellipsis_mask"))
            {
                for (var k = rank - (spec - newAxes - 1); k > 0; k--) axes.Add(new(source++, null, null, 1, false, false));
            }
            else if (Has("new_axis_mask"))
            {
                axes.Add(new(-1, null, null, 1, true, false));
            }
            else
            {
                var shrink = Has("shrink_axis_mask");
                axes.Add(new(source++, Has("begin_mask") && !shrink ? null : begin?.Elements[i] ?? long.MinValue,
                    Has("end_mask") && !shrink ? null : end?.Elements[i] ?? long.MinValue, strides[i], false, shrink));
            }
        }
        if (source > rank) throw c.Fail($"at most {rank} sliced axes", source.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (!hasEllipsis) while (source < rank) axes.Add(new(source++, null, null, 1, false, false));
        return axes;
    }

    static Shape[] StridedShape(ShapeContext c)
    {
        for (var i = 2; i < 4; i++)
            if (!c[1].IsCompatibleWith(c[i])) throw c.Fail($"begin, end and strides of one length, {c[1]}", c[i].ToString());
        if (!c[0].HasRank || SliceAxes(c, c[0].Rank) is not { } axes) return [Shape.Unknown];
        var dims = new List<long>();
        foreach (var axis in axes)
        {
            var dim = axis.IsNew ? 1 : c[0].Symbolic[axis.Source];
            if (!axis.IsShrunk) dims.Add(axis.IsNew ? 1 : SlicedLength(axis, dim));
            else if (dim >= 0 && axis.Begin is { } index and not long.MinValue && (index < -dim || index >= dim))
                throw c.Fail($"an index from {-dim} to {dim - 1} at axis {axis.Source}", index.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        return [Shape.OfSymbolic([.. dims])];
    }

    static long SlicedLength(SliceAxis axis, long dim)
    {
        if (axis is { Begin: null, End: null, Stride: 1 or -1 }) return dim;
        if (axis.Begin is long.MinValue || axis.End is long.MinValue || dim < 0) return -1;
        var (begin, end) = Bounds(axis, dim);
        return Math.Max(0, axis.Stride > 0 ? (end - begin + axis.Stride - 1) / axis.Stride : (begin - end - axis.Stride - 1) / -axis.Stride);
    }

    static (long Begin, long End) Bounds(SliceAxis axis, long dim)
    {
        var (low, high) = axis.Stride > 0 ? (0L, dim) : (-1L, dim - 1);
        long Clamp(long position) => Math.Clamp(position < 0 ? position + dim : position, low, high);
        return (axis.Begin is { } b ? Clamp(b) : axis.Stride > 0 ? low : high, axis.End is { } e ? Clamp(e) : axis.Stride > 0 ? high : low);
    }

    static PartialValue? StridedValue(ShapeContext c)
    {
        if (c.Value(0) is not { IsScalar: false } value || SliceAxes(c, 1) is not [{ IsNew: false } axis] || axis.Begin is long.MinValue) return null;
        var length = value.Elements.Length;
        if (axis.IsShrunk) return value.Pick([(int)(axis.Begin!.Value < 0 ? axis.Begin.Value + length : axis.Begin.Value)], isScalar: true);
        if (axis.End is long.MinValue) return null;
        var (begin, end) = Bounds(axis, length);
        var picked = new List<int>();
        for (var i = begin; axis.Stride > 0 ? i < end : i > end; i += axis.Stride) picked.Add((int)i);
        return value.Pick(picked);
    }

    public static Tensor StridedSlice(Tensor x, ReadOnlySpan<int> begin, ReadOnlySpan<int> end, ReadOnlySpan<int> strides,
        int begin_mask = 0, int end_mask = 0, int ellipsis_mask = 0, int new_axis_mask = 0, int shrink_axis_mask = 0) =>
        Run(StridedSliceOp, [x, Int32(begin), Int32(end), Int32(strides)], ("begin_mask", begin_mask), ("end_mask", end_mask),
            ("ellipsis_mask", ellipsis_mask), ("new_axis_mask", new_axis_mask), ("shrink_axis_mask", shrink_axis_mask));
}
