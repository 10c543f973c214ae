using Keras.Backend;
using Keras.Graphs;

namespace Keras;

/// <content>Picking elements, and putting them.</content>
public sealed partial class OpsApi
{
    /// <summary>Indices as int32 (int64 stays); negative ones count from the end of an axis.</summary>
    static Tensor Indices(TensorLike indices, Tensor x, int axis)
    {
        if (indices.WholeNumber is { } one && (one >= 0 || x.shape[axis] >= 0)) return Tf.Int32Scalar(checked((int)(one < 0 ? one + x.shape[axis] : one)));
        var tensor = indices.Tensor;
        if (!tensor.dtype.IsInteger && tensor.dtype != DType.Bool)
            throw new DTypeMismatchException("The indices are not whole numbers", "ops.take", "an integer dtype", tensor.dtype.Name, "Cast them (ops.cast).");
        if (tensor.dtype.IsUnsignedInteger || tensor.dtype == DType.Bool) return Tf.Cast(tensor, tensor.dtype == DType.UInt32 || tensor.dtype == DType.UInt64 ? DType.Int64 : DType.Int32);
        if (tensor.dtype != DType.Int64) tensor = Tf.Cast(tensor, DType.Int32);
        return Tf.SelectV2(Tf.Less(tensor, Tf.Constant(0, tensor.dtype)), tensor + Tf.Cast(Tf.DimOf(x, axis), tensor.dtype), tensor);
    }

    /// <summary>Takes the elements of an axis at the given indices.</summary>
    /// <param name="x">A tensor.</param>
    /// <param name="indices">Integers of any shape; negative ones count from the end.</param>
    /// <param name="axis">The axis, which the indices' axes replace; default the flattened tensor.</param>
    public Tensor take(TensorLike x, TensorLike indices, int? axis = null)
    {
        if (Kept(x, indices) is { } kept) return kept.Run<Tensor>(x, indices, axis);
        var tensor = axis is null ? ravel(x) : x.Tensor;
        var at = Axes.Normalize(axis ?? 0, tensor.ndim, "ops.take");
        return Tf.Gather(tensor, Indices(indices, tensor, at), at);
    }

    /// <summary>Takes, for each position of the indices, the element of x in the same row, column, ... at that index of the axis.</summary>
    /// <param name="x">A tensor.</param>
    /// <param name="indices">Integers; their other dimensions are those of x, or 1.</param>
    /// <param name="axis">The axis; default the flattened tensor.</param>
    public Tensor take_along_axis(TensorLike x, TensorLike indices, int? axis = null)
    {
        if (Kept(x, indices) is { } kept) return kept.Run<Tensor>(x, indices, axis);
        var tensor = axis is null ? ravel(x) : x.Tensor;
        var at = Axes.Normalize(axis ?? 0, tensor.ndim, "ops.take_along_axis");
        var places = Indices(axis is null ? ravel(indices) : indices.Tensor, tensor, at);
        if (places.ndim != tensor.ndim) throw new ShapeMismatchException("The indices have the wrong rank", "ops.take_along_axis", $"rank {tensor.ndim}", places.shape.ToString());
        if (Enumerable.Range(0, tensor.ndim).Any(i => i != at && (tensor.shape[i] != places.shape[i] || tensor.shape[i] < 0)))
            (tensor, places) = Aligned(tensor, places, at);
        var last = tensor.ndim - 1;
        if (at == last) return Tf.Gather(tensor, places, last, batch_dims: last);
        int[] swap = [.. Enumerable.Range(0, tensor.ndim)];
        (swap[at], swap[last]) = (last, at);
        return Tf.Transpose(Tf.Gather(Tf.Transpose(tensor, swap), Tf.Transpose(places, swap), last, batch_dims: last), swap);
    }

    /// <summary>Broadcasts both to common dimensions except along one axis.</summary>
    static (Tensor X, Tensor Places) Aligned(Tensor x, Tensor places, int axis)
    {
        var (a, b) = (Dims.Of(x), Dims.Of(places));
        Dims Full(Dim own) => [.. Enumerable.Range(0, a.Count).Select(i => i == axis ? own : a[i].Known is 1 ? b[i] : b[i].Known is null && a[i].Known is null ? (Dim)Tf.Maximum(a[i], b[i]) : a[i])];
        return (Tf.BroadcastTo(x, Full(a[axis]).ToTensor()), Tf.BroadcastTo(places, Full(b[axis]).ToTensor()));
    }

    /// <summary>Cuts a part out of a tensor.</summary>
    /// <param name="inputs">A tensor.</param>
    /// <param name="start_indices">The start along each axis.</param>
    /// <param name="shape">Its shape.</param>
    public Tensor slice(TensorLike inputs, Dims start_indices, Dims shape)
    {
        if (Kept(inputs) is { } kept) return kept.Run<Tensor>(inputs, start_indices, shape);
        ArgumentNullException.ThrowIfNull(start_indices);
        ArgumentNullException.ThrowIfNull(shape);
        return Tf.Slice(inputs.Tensor, start_indices.ToTensor(), shape.ToTensor());
    }

    /// <summary>Returns the tensor with a part replaced.</summary>
    /// <param name="inputs">A tensor.</param>
    /// <param name="start_indices">The start of the part along each axis; moved, as in Keras, so that the part lies within the tensor.</param>
    /// <param name="updates">The part; cast to the tensor's dtype.</param>
    /// <exception cref="ShapeMismatchException">The part or start_indices have another rank, or the part is larger than the tensor.</exception>
    public Tensor slice_update(TensorLike inputs, Dims start_indices, TensorLike updates)
    {
        if (Kept(inputs, updates) is { } kept) return kept.Run<Tensor>(inputs, start_indices, updates);
        ArgumentNullException.ThrowIfNull(start_indices);
        var tensor = inputs.Tensor;
        var part = updates.As(tensor.dtype);
        if (start_indices.Count != tensor.ndim || part.ndim != tensor.ndim)
            throw new ShapeMismatchException("The part has the wrong rank", "ops.slice_update", $"rank {tensor.ndim}", $"start_indices of {start_indices.Count} numbers, updates of shape {part.shape}");
        if (tensor.ndim == 0) return part;
        for (var i = 0; i < tensor.ndim; i++)
            if (tensor.shape[i] is >= 0 and var size && part.shape[i] > size) throw new ShapeMismatchException("The part is larger than the tensor", "ops.slice_update", $"at most {size} along axis {i}", part.shape.ToString());
        Tensor[] axes = [.. start_indices.Select((given, i) =>
        {
            var s = Dim.Within(given, Dim.Of(tensor, i) - Dim.Of(part, i));
            return Tf.Range(s, s + Dim.Of(part, i), Tf.Int32Scalar(1));
        })];
        var places = Tf.Stack(meshgrid(axes, "ij"), tensor.ndim);
        return Tf.TensorScatterUpdate(tensor, places, part);
    }

    /// <summary>Makes zeros and adds values at the given positions.</summary>
    /// <param name="indices">Positions, int (..., D).</param>
    /// <param name="values">The values to add, (..., the rest of the shape after D axes).</param>
    /// <param name="shape">The shape of the result.</param>
    public Tensor scatter(TensorLike indices, TensorLike values, Dims shape)
    {
        if (Kept(indices, values) is { } kept) return kept.Run<Tensor>(indices, values, shape);
        ArgumentNullException.ThrowIfNull(shape);
        return Tf.ScatterNd(Tf.Cast(indices.Tensor, DType.Int32), values.Tensor, shape.ToTensor());
    }

    /// <summary>Returns the tensor with elements replaced at the given positions; for duplicate positions the last one wins.</summary>
    /// <param name="inputs">A tensor.</param>
    /// <param name="indices">Positions, int (N, D).</param>
    /// <param name="updates">The new values, (N, the rest of the shape after D axes); cast to the tensor's dtype.</param>
    public Tensor scatter_update(TensorLike inputs, TensorLike indices, TensorLike updates)
    {
        if (Kept(inputs, indices, updates) is { } kept) return kept.Run<Tensor>(inputs, indices, updates);
        var tensor = inputs.Tensor;
        return Tf.TensorScatterUpdate(tensor, Tf.Cast(indices.Tensor, DType.Int32), updates.As(tensor.dtype));
    }

    /// <summary>Sums the rows of each segment.</summary>
    /// <param name="data">(N, ...).</param>
    /// <param name="segment_ids">The segment of each row, int (N); rows of a negative one are left out.</param>
    /// <param name="num_segments">The number of segments M; default the largest plus 1, which is not known under XLA.</param>
    /// <param name="sorted">Whether the segments ascend: a hint, the result is the same.</param>
    /// <returns>(M, ...).</returns>
    public Tensor segment_sum(TensorLike data, TensorLike segment_ids, int? num_segments = null, bool sorted = false) =>
        Kept(data, segment_ids)?.Run<Tensor>(data, segment_ids, num_segments, sorted)
        ?? Segments(data, segment_ids, num_segments, Tf.UnsortedSegmentSum);

    /// <summary>The largest elements of one segment, the lowest number of the dtype where it is empty; arguments as <see cref="segment_sum"/>.</summary>
    public Tensor segment_max(TensorLike data, TensorLike segment_ids, int? num_segments = null, bool sorted = false) =>
        Kept(data, segment_ids)?.Run<Tensor>(data, segment_ids, num_segments, sorted)
        ?? Segments(data, segment_ids, num_segments, Tf.UnsortedSegmentMax);

    /// <summary>The smallest elements of one segment, the highest number of the dtype where it is empty; arguments as <see cref="segment_sum"/>.</summary>
    public Tensor segment_min(TensorLike data, TensorLike segment_ids, int? num_segments = null, bool sorted = false) =>
        Kept(data, segment_ids)?.Run<Tensor>(data, segment_ids, num_segments, sorted)
        ?? Segments(data, segment_ids, num_segments, Tf.UnsortedSegmentMin);

    /// <summary>The products of rows of one segment, 1 where it is empty; arguments as <see cref="segment_sum"/>.</summary>
    public Tensor segment_prod(TensorLike data, TensorLike segment_ids, int? num_segments = null, bool sorted = false) =>
        Kept(data, segment_ids)?.Run<Tensor>(data, segment_ids, num_segments, sorted)
        ?? Segments(data, segment_ids, num_segments, Tf.UnsortedSegmentProd);

    static Tensor Segments(TensorLike data, TensorLike segment_ids, int? num_segments, Func<Tensor, Tensor, Tensor, Tensor> reduce)
    {
        var ids = ClassIndices(segment_ids.Tensor);
        return reduce(data.Tensor, ids, num_segments is { } known ? Tf.Int32Scalar(Require.Count(0, known, nameof(num_segments))) : Tf.Max(ids, [0]) + Tf.Int32Scalar(1));
    }

    /// <summary>One-hot vectors: ones at the class indices, zeros elsewhere; an index out of range gives zeros.</summary>
    /// <param name="x">Class indices of any shape, integers.</param>
    /// <param name="num_classes">The number of classes.</param>
    /// <param name="axis">The axis of classes; default the last.</param>
    /// <param name="dtype">The dtype; default <c>floatx</c>.</param>
    /// <param name="sparse">Keras' sparse result is not supported: must be false.</param>
    /// <exception cref="UnsupportedException"><paramref name="sparse"/> is true.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="num_classes"/> is negative.</exception>
    public Tensor one_hot(TensorLike x, int num_classes, int axis = -1, DType? dtype = null, bool sparse = false)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, num_classes, axis, dtype, sparse);
        if (sparse) throw new UnsupportedException("Sparse results are not supported", "ops.one_hot", "sparse: false", "sparse: true");
        ArgumentOutOfRangeException.ThrowIfNegative(num_classes);
        var indices = x.Tensor;
        if (indices.dtype != DType.Int64 && indices.dtype != DType.UInt8) indices = ClassIndices(indices);
        var wanted = dtype ?? ConfigApi.FloatX;
        return Tf.OneHot(indices, num_classes, Tf.Constant(1, wanted), Tf.Constant(0, wanted), axis == -1 ? axis : Axes.Normalize(axis, indices.ndim + 1, "ops.one_hot"));
    }

    /// <summary>Multi-hot vectors: ones at every class index of a sample, zeros elsewhere.</summary>
    /// <param name="inputs">Class indices, int (B, N) or (N).</param>
    /// <param name="num_classes">The number of classes.</param>
    /// <param name="axis">The axis of classes; default the last.</param>
    /// <param name="dtype">The dtype; default <c>floatx</c>.</param>
    /// <param name="sparse">Keras' sparse result is not supported: must be false.</param>
    /// <exception cref="UnsupportedException"><paramref name="sparse"/> is true.</exception>
    public Tensor multi_hot(TensorLike inputs, int num_classes, int axis = -1, DType? dtype = null, bool sparse = false) =>
        Kept(inputs)?.Run<Tensor>(inputs, num_classes, axis, dtype, sparse)
        ?? (max(one_hot(inputs, num_classes, axis, dtype, sparse), inputs.Rank > 1 ? 1 : 0));

    /// <summary>The indices of elements that are not 0: one vector (N), int32, for each axis; N is only known at run time, so not under XLA.</summary>
    public Tensor[] nonzero(TensorLike x)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor[]>(x);
        var tensor = x.Tensor;
        if (tensor.ndim == 0) tensor = Tf.Reshape(tensor, Tf.Int32(1));
        return Tf.Unstack(Tf.Cast(Tf.Where(tensor), DType.Int32), 1, tensor.ndim);
    }

    /// <summary>As <see cref="nonzero"/>, with the indices of an element in one row: int32 (N, rank).</summary>
    public Tensor argwhere(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Cast(Tf.Where(x.Tensor), DType.Int32);

    /// <summary>Takes, for each position, the choice of the first condition that holds.</summary>
    /// <param name="condlist">Conditions, bool.</param>
    /// <param name="choicelist">A choice for each.</param>
    /// <param name="default">The value if no condition holds; default 0.</param>
    public Tensor select(Tensors condlist, Tensors choicelist, TensorLike? @default = null)
    {
        if (Kept(condlist, choicelist, @default) is { } kept) return kept.Run<Tensor>(condlist, choicelist, @default);
        ArgumentNullException.ThrowIfNull(condlist);
        ArgumentNullException.ThrowIfNull(choicelist);
        var (conditions, choices) = (condlist.Flatten(), choicelist.Flatten());
        if (conditions.Count != choices.Count) throw new ArgumentException($"The number of choices is not the number of conditions. Received: {choices.Count} for {conditions.Count}.", nameof(choicelist));
        var otherwise = @default ?? 0;
        var dtype = DTypePromotion.Result([otherwise.Type, .. choices.Select(c => (PromotionType)c.dtype)]);
        var chosen = otherwise.As(dtype);
        for (var i = conditions.Count - 1; i >= 0; i--) chosen = Tf.SelectV2(Tf.Cast(conditions[i], DType.Bool), Tf.Cast(choices[i], dtype), chosen);
        return chosen;
    }

    /// <summary>Converts indices of the flattened tensor to indices along each axis.</summary>
    /// <param name="indices">Integers of any shape; negative ones count from the end.</param>
    /// <param name="shape">The shape of the tensor.</param>
    public Tensor[] unravel_index(TensorLike indices, Shape shape)
    {
        if (Kept(indices) is { } kept) return kept.Run<Tensor[]>(indices, shape);
        ArgumentNullException.ThrowIfNull(shape);
        var places = indices.Tensor;
        if (!shape.IsFullyKnown) throw new ShapeMismatchException("The shape is not fully known", "ops.unravel_index", "every dimension", shape.ToString());
        Tensor Number(long value) => Tf.Constant(value, places.dtype);
        if (!places.dtype.IsUnsignedInteger) places = Tf.SelectV2(Tf.Less(places, Number(0)), places + Number(shape.ElementCount), places);
        var found = new Tensor[shape.Rank];
        for (var i = found.Length - 1; i >= 0; i--) (found[i], places) = (Tf.FloorMod(places, Number(shape[i])), Tf.FloorDiv(places, Number(shape[i])));
        return found;
    }

    /// <summary>Overlapping windows of the last axis.</summary>
    /// <param name="x">(..., N).</param>
    /// <param name="sequence_length">The length of a window.</param>
    /// <param name="sequence_stride">The distance between windows' starts.</param>
    /// <returns>(..., windows, length).</returns>
    public Tensor extract_sequences(TensorLike x, int sequence_length, int sequence_stride)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, sequence_length, sequence_stride);
        CheckWindows(sequence_length, sequence_stride);
        var tensor = x.Tensor;
        if (tensor.shape[-1] is >= 0 and var size && size < sequence_length)
            throw new ShapeMismatchException("A window is longer than the axis", "ops.extract_sequences", $"a last dimension of at least {sequence_length} (sequence_length)", tensor.shape.ToString());
        var count = (Dim.Of(tensor, -1) - sequence_length) / sequence_stride + 1;
        var starts = Tf.Range(Tf.Int32Scalar(0), count, Tf.Int32Scalar(1)) * Tf.Int32Scalar(sequence_stride);
        var places = Tf.ExpandDims(starts, 1) + Tf.ExpandDims(Tf.Range(Tf.Int32Scalar(0), Tf.Int32Scalar(sequence_length), Tf.Int32Scalar(1)), 0);
        return Tf.Gather(tensor, places, tensor.ndim - 1);
    }

    /// <summary>Python's <c>x[key]</c>: numbers, ranges, new axes and an ellipsis.</summary>
    public Tensor get_item(TensorLike x, params SliceKey[] key) => Kept(x)?.Run<Tensor>(x, key) ?? x.Tensor[key ?? throw new ArgumentNullException(nameof(key))];
}
