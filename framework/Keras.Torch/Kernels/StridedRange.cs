namespace Keras.Engines.Torch;

/// <summary>The part that a strided slice takes: its first element, its axes with strides, and the result's shape.</summary>
sealed record StridedRange(long Start, long[] Dims, long[] Strides, Shape Shape)
{
    /// <summary>Reads begin, end and strides from the inputs, starting at <paramref name="first"/>.</summary>
    public static StridedRange Of(KernelCall c, Shape shape, int first)
    {
        long[] begin = c.Longs(first), end = c.Longs(first + 1), steps = c.Longs(first + 2);
        bool Has(string mask, int i) => (c.Get<long>(mask) >> i & 1) != 0;
        var own = Movement.StridesOf(shape.ToArray());
        var newAxes = Enumerable.Range(0, steps.Length).Count(i => Has("new_axis_mask", i) && !Has("ellipsis_mask", i));
        var (start, axis) = (0L, 0);
        var (dims, strides, result) = (new List<long>(), new List<long>(), new List<long>());
        void Whole(int count)
        {
            for (; count > 0; count--, axis++)
            {
                dims.Add(shape[axis]);
                strides.Add(own[axis]);
                result.Add(shape[axis]);
            }
        }
        for (var i = 0; i < steps.Length; i++)
        {
            if (Has("ellipsis_mask", i))
            {
                Whole(shape.Rank - (steps.Length - newAxes - 1));
                continue;
            }
            if (Has("new_axis_mask", i))
            {
                result.Add(1);
                continue;
            }
            if (axis >= shape.Rank) throw c.Fail($"at most {shape.Rank} sliced axes", $"{steps.Length}");
            var dim = shape[axis];
            if (Has("shrink_axis_mask", i))
            {
                var index = begin[i] < 0 ? begin[i] + dim : begin[i];
                if (index < 0 || index >= dim) throw c.Fail($"an index from {-dim} to {dim - 1} at axis {axis}", $"{begin[i]}", "slice index out of bounds");
                start += index * own[axis++];
                continue;
            }
            var step = steps[i] != 0 ? steps[i] : throw c.Fail("strides other than 0", "0");
            var (low, high) = step > 0 ? (0L, dim) : (-1L, dim - 1);
            long At(long place) => Math.Clamp(place < 0 ? place + dim : place, low, high);
            var from = Has("begin_mask", i) ? step > 0 ? low : high : At(begin[i]);
            var to = Has("end_mask", i) ? step > 0 ? high : low : At(end[i]);
            var count = Math.Max(0, step > 0 ? (to - from + step - 1) / step : (from - to - step - 1) / -step);
            if (count > 0) start += from * own[axis];
            dims.Add(count);
            strides.Add(own[axis++] * step);
            result.Add(count);
        }
        Whole(shape.Rank - axis);
        return new(start, [.. dims], [.. strides], new Shape([.. result]));
    }
}
