using Keras.Graphs;

namespace Keras;

/// <content>Shapes: reading and changing them.</content>
public sealed partial class OpsApi
{
    /// <summary>The dimensions: numbers, or int32 scalars of the traced function if unknown while tracing.</summary>
    public Dims shape(TensorLike x) => Dims.Of(x.Tensor);

    /// <summary>The number of dimensions.</summary>
    public int ndim(TensorLike x) => x.Rank;

    /// <summary>The number of elements: an int32 scalar.</summary>
    public Tensor size(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.SizeOf(x.Tensor);

    /// <summary>Reshapes the elements in row-major order.</summary>
    /// <param name="x">A tensor.</param>
    /// <param name="newshape">The shape; one dimension may be -1 for what remains.</param>
    public Tensor reshape(TensorLike x, Dims newshape)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, newshape);
        ArgumentNullException.ThrowIfNull(newshape);
        return Tf.Reshape(x.Tensor, newshape.AtLeast(-1, nameof(newshape)).ToTensor());
    }

    /// <summary>Flattens the tensor into one vector, in row-major order.</summary>
    public Tensor ravel(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Reshape(x.Tensor, Tf.Int32(-1));

    /// <summary>Reorders the axes; without an order, reverses it.</summary>
    /// <param name="x">A tensor.</param>
    /// <param name="axes">The old axis for each new one; default the reverse.</param>
    public Tensor transpose(TensorLike x, Axes? axes = null)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, axes);
        var tensor = x.Tensor;
        return Tf.Transpose(tensor, axes is null ? [.. Enumerable.Range(0, tensor.ndim).Reverse()] : Axes.Of(axes, tensor.ndim, "ops.transpose"));
    }

    /// <summary>Swaps two axes.</summary>
    public Tensor swapaxes(TensorLike x, int axis1, int axis2)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, axis1, axis2);
        var tensor = x.Tensor;
        int[] order = [.. Enumerable.Range(0, tensor.ndim)];
        var (a, b) = (Axes.Normalize(axis1, tensor.ndim, "ops.swapaxes"), Axes.Normalize(axis2, tensor.ndim, "ops.swapaxes"));
        (order[a], order[b]) = (b, a);
        return Tf.Transpose(tensor, order);
    }

    /// <summary>Moves axes to other positions; the rest keep their order.</summary>
    public Tensor moveaxis(TensorLike x, Axes source, Axes destination)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, source, destination);
        var tensor = x.Tensor;
        var (from, to) = (Axes.Of(source, tensor.ndim, "ops.moveaxis"), Axes.Of(destination, tensor.ndim, "ops.moveaxis"));
        if (from.Length != to.Length) throw new ArgumentException($"The number of destinations is not the number of sources. Received: {source} and {destination}.");
        var rest = new Queue<int>(Enumerable.Range(0, tensor.ndim).Except(from));
        return Tf.Transpose(tensor, [.. Enumerable.Range(0, tensor.ndim).Select(i => Array.IndexOf(to, i) is >= 0 and var at ? from[at] : rest.Dequeue())]);
    }

    /// <summary>Inserts axes of size 1 at the given positions of the result.</summary>
    public Tensor expand_dims(TensorLike x, Axes axis)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, axis);
        ArgumentNullException.ThrowIfNull(axis);
        var tensor = x.Tensor;
        foreach (var at in Axes.Of(axis, tensor.ndim + axis.Count, "ops.expand_dims").Order()) tensor = Tf.ExpandDims(tensor, at);
        return tensor;
    }

    /// <summary>Removes axes of size 1.</summary>
    /// <param name="x">A tensor.</param>
    /// <param name="axis">The axes; default all that are 1.</param>
    public Tensor squeeze(TensorLike x, Axes? axis = null)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, axis);
        var tensor = x.Tensor;
        var axes = axis is null ? [.. Enumerable.Range(0, tensor.ndim).Where(i => tensor.shape[i] == 1)] : Axes.Of(axis, tensor.ndim, "ops.squeeze");
        return axes.Length == 0 ? tensor : Tf.Squeeze(tensor, axes);
    }

    /// <summary>Joins tensors along an axis, in their common dtype.</summary>
    /// <param name="xs">Tensors that agree in all other dimensions.</param>
    /// <param name="axis">The axis; default 0.</param>
    public Tensor concatenate(Tensors xs, int axis = 0)
    {
        if (Kept(xs) is { } kept) return kept.Run<Tensor>(xs, axis);
        var tensors = Promote(xs);
        return Tf.Concat(tensors, Axes.Normalize(axis, tensors[0].ndim, "ops.concatenate"));
    }

    /// <summary>Stacks tensors of one shape along a new axis, in their common dtype.</summary>
    public Tensor stack(Tensors x, int axis = 0)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, axis);
        var tensors = Promote(x);
        return Tf.Stack(tensors, Axes.Normalize(axis, tensors[0].ndim + 1, "ops.stack"));
    }

    /// <summary>Joins tensors along the first axis; vectors become rows.</summary>
    public Tensor vstack(Tensors xs) =>
        Kept(xs)?.Run<Tensor>(xs)
        ?? Tf.Concat([.. Promote(xs).Select(t => t.ndim switch { 0 => Tf.Reshape(t, Tf.Int32(1, 1)), 1 => Tf.ExpandDims(t, 0), _ => t })], 0);

    /// <summary>Joins tensors along the second axis, vectors along their only one.</summary>
    public Tensor hstack(Tensors xs)
    {
        if (Kept(xs) is { } kept) return kept.Run<Tensor>(xs);
        Tensor[] tensors = [.. Promote(xs).Select(t => t.ndim == 0 ? Tf.Reshape(t, Tf.Int32(1)) : t)];
        return Tf.Concat(tensors, tensors[0].ndim == 1 ? 0 : 1);
    }

    /// <summary>Joins tensors along the third axis; vectors become (1, N, 1), matrices (M, N, 1).</summary>
    public Tensor dstack(Tensors xs) => Kept(xs)?.Run<Tensor>(xs) ?? Tf.Concat([.. Promote(xs).Select(t => t.ndim switch
    {
        0 => Tf.Reshape(t, Tf.Int32(1, 1, 1)),
        1 => Tf.ExpandDims(Tf.ExpandDims(t, 0), -1),
        2 => Tf.ExpandDims(t, -1),
        _ => t,
    })], 2);

    /// <summary>Appends values to an array along an axis; without one, both are flattened.</summary>
    public Tensor append(TensorLike x1, TensorLike x2, int? axis = null)
    {
        if (Kept(x1, x2) is { } kept) return kept.Run<Tensor>(x1, x2, axis);
        var (a, b) = Promote(x1, x2);
        return axis is { } at ? Tf.Concat([a, b], Axes.Normalize(at, a.ndim, "ops.append")) : Tf.Concat([ravel(a), ravel(b)], 0);
    }

    /// <summary>Cuts an axis into parts of one size.</summary>
    /// <param name="x">A tensor.</param>
    /// <param name="indices_or_sections">The number of parts; it divides the axis.</param>
    /// <param name="axis">The axis; default 0.</param>
    public Tensor[] split(TensorLike x, int indices_or_sections, int axis = 0)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor[]>(x, indices_or_sections, axis);
        var tensor = x.Tensor;
        return Tf.Split(tensor, Require.Count(1, indices_or_sections), Axes.Normalize(axis, tensor.ndim, "ops.split"));
    }

    /// <summary>Cuts an axis at the given positions.</summary>
    /// <param name="x">A tensor.</param>
    /// <param name="indices_or_sections">The start of each part except the first, ascending.</param>
    /// <param name="axis">The axis; default 0.</param>
    public Tensor[] split(TensorLike x, int[] indices_or_sections, int axis = 0)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor[]>(x, indices_or_sections, axis);
        ArgumentNullException.ThrowIfNull(indices_or_sections);
        var tensor = x.Tensor;
        var at = Axes.Normalize(axis, tensor.ndim, "ops.split");
        var parts = new Tensor[indices_or_sections.Length + 1];
        for (var i = 0; i < parts.Length; i++)
            parts[i] = Slices.Of(tensor, at, i == 0 ? null : indices_or_sections[i - 1], i == parts.Length - 1 ? null : indices_or_sections[i]);
        return parts;
    }

    /// <summary>Cuts an axis into parts; the first ones may be longer by one.</summary>
    public Tensor[] array_split(TensorLike x, int indices_or_sections, int axis = 0)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor[]>(x, indices_or_sections, axis);
        var tensor = x.Tensor;
        var at = Axes.Normalize(axis, tensor.ndim, "ops.array_split");
        Require.Count(1, indices_or_sections);
        var size = Dim.Of(tensor, at);
        var (least, longer) = (size / indices_or_sections, size - (size / indices_or_sections * indices_or_sections));
        Dim[] sizes = [.. Enumerable.Range(0, indices_or_sections).Select(i => least + Longer(longer, i))];
        return Tf.SplitV(tensor, ((Dims)sizes).ToTensor(), at, indices_or_sections);
    }

    /// <summary>1 for the first parts, which are one longer, otherwise 0.</summary>
    static Dim Longer(Dim count, int part) => count.Known is { } known ? (part < known ? 1 : 0) : Tf.Cast(Tf.Greater(count, Tf.Int32Scalar(part)), DType.Int32);

    /// <summary>Unstacks an axis: one tensor for each of its positions.</summary>
    /// <param name="x">A tensor.</param>
    /// <param name="num">The size of the axis; default that of the shape, which must be known then.</param>
    /// <param name="axis">The axis; default 0.</param>
    /// <exception cref="ShapeMismatchException">The size is not known.</exception>
    public Tensor[] unstack(TensorLike x, int? num = null, int axis = 0)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor[]>(x, num, axis);
        var tensor = x.Tensor;
        var at = Axes.Normalize(axis, tensor.ndim, "ops.unstack");
        if (num is null && tensor.shape[at] < 0)
            throw new ShapeMismatchException("The size of the axis to take apart is unknown while tracing", "ops.unstack", "a known dimension, or an argument 'num'", tensor.shape.ToString());
        return Tf.Unstack(tensor, at, num is { } given ? Require.Count(0, given, nameof(num)) : checked((int)tensor.shape[at]));
    }

    /// <summary>Repeats the whole tensor side by side along each axis.</summary>
    /// <param name="x">A tensor.</param>
    /// <param name="repeats">The number of copies along each axis; missing ones at the front are 1.</param>
    public Tensor tile(TensorLike x, Dims repeats)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, repeats);
        ArgumentNullException.ThrowIfNull(repeats);
        var tensor = x.Tensor;
        while (tensor.ndim < repeats.Count) tensor = Tf.ExpandDims(tensor, 0);
        Dims all = [.. Enumerable.Repeat((Dim)1, tensor.ndim - repeats.Count), .. repeats];
        return Tf.Tile(tensor, all.ToTensor());
    }

    /// <summary>Repeats each element several times in a row.</summary>
    /// <param name="x">A tensor.</param>
    /// <param name="repeats">The number of repetitions, for all or for each position of the axis (int vector; not under XLA).</param>
    /// <param name="axis">The axis; default the flattened tensor.</param>
    public Tensor repeat(TensorLike x, TensorLike repeats, int? axis = null)
    {
        if (Kept(x, repeats) is { } kept) return kept.Run<Tensor>(x, repeats, axis);
        var tensor = x.Tensor;
        if (axis is null || tensor.ndim == 0) (tensor, axis) = (ravel(tensor), 0);
        var at = Axes.Normalize(axis.Value, tensor.ndim, "ops.repeat");
        var counts = repeats.As(DType.Int32);
        if (counts.ndim == 1 && counts.shape[0] != 1) return RepeatEach(tensor, counts, at);
        if (counts.ndim == 1) counts = Tf.Squeeze(counts, 0);
        var dims = Dims.Of(tensor);
        Dim count = repeats.WholeNumber is { } known ? known : counts;
        Dims spread = [.. dims[..(at + 1)], count, .. dims[(at + 1)..]];
        Dims joined = [.. dims[..at], dims[at] * count, .. dims[(at + 1)..]];
        return Tf.Reshape(Tf.BroadcastTo(Tf.ExpandDims(tensor, at + 1), spread.ToTensor()), joined.ToTensor());
    }

    /// <summary>Repeats elements: result i comes from the first position whose running count exceeds i.</summary>
    static Tensor RepeatEach(Tensor x, Tensor counts, int axis)
    {
        var ends = Tf.Cumsum(counts, 0);
        var positions = Tf.Range(Tf.Int32Scalar(0), Tf.Sum(counts, [0]), Tf.Int32Scalar(1));
        return Tf.Gather(x, Sorting.CountBelow(ends, positions, orEqual: true), axis);
    }

    /// <summary>Reverses the order along axes.</summary>
    public Tensor flip(TensorLike x, Axes? axis = null)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, axis);
        var tensor = x.Tensor;
        return Tf.Reverse(tensor, Axes.Of(axis, tensor.ndim, "ops.flip"));
    }

    /// <summary>Moves elements along an axis; those that leave at one end enter at the other.</summary>
    /// <param name="x">A tensor.</param>
    /// <param name="shift">The distance, towards higher positions if positive; one number, or one for each axis.</param>
    /// <param name="axis">The axes; default the flattened tensor.</param>
    public Tensor roll(TensorLike x, Axes shift, Axes? axis = null)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, shift, axis);
        ArgumentNullException.ThrowIfNull(shift);
        var tensor = x.Tensor;
        if (axis is null) return Tf.Reshape(roll(ravel(tensor), shift, 0), Tf.ShapeOf(tensor));
        var axes = Axes.Of(axis, tensor.ndim, "ops.roll");
        if (shift.Count != axes.Length && shift.Count != 1) throw new ArgumentException($"The number of shifts is not the number of axes. Received: {shift} for {axis}.", nameof(shift));
        for (var i = 0; i < axes.Length; i++)
        {
            var size = Dim.Of(tensor, axes[i]);
            var indices = Tf.Range(Tf.Int32Scalar(0), size, Tf.Int32Scalar(1)) - Tf.Int32Scalar(shift[shift.Count == 1 ? 0 : i]);
            tensor = Tf.Gather(tensor, Tf.FloorMod(indices, Tf.Maximum(size, Tf.Int32Scalar(1))), axes[i]);
        }
        return tensor;
    }

    /// <summary>Rotates by quarter turns in the plane of two axes, from the first to the second.</summary>
    public Tensor rot90(TensorLike array, int k = 1, (int, int)? axes = null)
    {
        if (Kept(array) is { } kept) return kept.Run<Tensor>(array, k, axes);
        var tensor = array.Tensor;
        var (first, second) = axes ?? (0, 1);
        return (((k % 4) + 4) % 4) switch
        {
            0 => tensor,
            1 => swapaxes(flip(tensor, second), first, second),
            2 => flip(tensor, (first, second)),
            _ => flip(swapaxes(tensor, first, second), second),
        };
    }

    /// <summary>Adds borders along each axis.</summary>
    /// <param name="x">A tensor.</param>
    /// <param name="pad_width">The padding before and after each axis: one row for each, or one row for all.</param>
    /// <param name="mode">"constant", "reflect" (without the edge) or "symmetric" (with it); default "constant".</param>
    /// <param name="constant_values">The value of a constant border; default 0.</param>
    public Tensor pad(TensorLike x, int[][] pad_width, string mode = "constant", double? constant_values = null)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, pad_width, mode, constant_values);
        ArgumentNullException.ThrowIfNull(pad_width);
        var tensor = x.Tensor;
        if (constant_values is not null && mode != "constant") throw new ArgumentException($"constant_values was given, but the mode is not \"constant\". Received: the mode \"{mode}\".", nameof(constant_values));
        if (pad_width.Length == 1) pad_width = [.. Enumerable.Repeat(pad_width[0], tensor.ndim)];
        if (pad_width.Length != tensor.ndim || Array.Exists(pad_width, p => p.Length != 2))
            throw new ShapeMismatchException("Paddings do not fit a tensor", "ops.pad", $"{tensor.ndim} rows of two numbers", $"{pad_width.Length} rows for shape {tensor.shape}");
        var paddings = Tf.Constant(HostTensor.Of<int>([.. pad_width.SelectMany(p => p)], new Shape(tensor.ndim, 2)));
        return mode switch
        {
            "constant" => Tf.PadV2(tensor, paddings, Like(tensor, constant_values ?? 0)),
            "reflect" => Tf.MirrorPad(tensor, paddings, "REFLECT"),
            "symmetric" => Tf.MirrorPad(tensor, paddings, "SYMMETRIC"),
            _ => throw Known.NoneOf(mode, nameof(mode), "constant", "reflect", "symmetric"),
        };
    }

    /// <summary>As the other overload, with one width before and after every axis.</summary>
    public Tensor pad(TensorLike x, int pad_width, string mode = "constant", double? constant_values = null) =>
        Kept(x)?.Run<Tensor>(x, pad_width, mode, constant_values)
        ?? pad(x, [[Require.Count(0, pad_width), pad_width]], mode, constant_values);

    /// <summary>Broadcasts to a shape: stretches axes of size 1 and adds axes in front.</summary>
    public Tensor broadcast_to(TensorLike x, Dims shape)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, shape);
        ArgumentNullException.ThrowIfNull(shape);
        return Tf.BroadcastTo(x.Tensor, shape.ToTensor());
    }

    /// <summary>The shape that two shapes have when broadcast together; null if a dimension is unknown.</summary>
    /// <exception cref="ShapeMismatchException">They do not fit.</exception>
    public Shape broadcast_shapes(Shape shape1, Shape shape2)
    {
        ArgumentNullException.ThrowIfNull(shape1);
        ArgumentNullException.ThrowIfNull(shape2);
        var (a, b) = (Graph.Scratch.AddPlaceholder(DType.Float32, shape1, "shape1"), Graph.Scratch.AddPlaceholder(DType.Float32, shape2, "shape2"));
        return Tf.AddV2(a, b).shape;
    }

    /// <summary>Makes coordinate grids from vectors.</summary>
    /// <param name="x">Vectors; numbers count as vectors of one.</param>
    /// <param name="indexing">"xy" for columns first (default), "ij" for rows first.</param>
    public Tensor[] meshgrid(Tensors x, string indexing = "xy")
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor[]>(x, indexing);
        ArgumentNullException.ThrowIfNull(x);
        Known.OneOf(indexing, nameof(indexing), "xy", "ij");
        Tensor[] vectors = [.. x.Flatten().Select(t => Tf.Reshape(t, Tf.Int32(-1)))];
        int[] axes = [.. Enumerable.Range(0, vectors.Length)];
        if (indexing == "xy" && axes.Length > 1) (axes[0], axes[1]) = (1, 0);
        var shape = new Dim[axes.Length];
        for (var i = 0; i < shape.Length; i++) shape[axes[i]] = Dim.Of(vectors[i], 0);
        var full = ((Dims)shape).ToTensor();
        return [.. vectors.Select((v, i) => Tf.BroadcastTo(Tf.Reshape(v, new Shape([.. axes.Select((_, k) => k == axes[i] ? -1L : 1)])), full))];
    }

    /// <summary>Moves blocks of pixels into channels.</summary>
    /// <param name="x">Images (B, H, W, C), or (B, C, H, W) for "channels_first".</param>
    /// <param name="block_size">The side of a block; it divides H and W.</param>
    /// <param name="data_format">"channels_last" or "channels_first"; default "channels_last".</param>
    /// <returns>(B, H / block, W / block, block² · C).</returns>
    public Tensor space_to_depth(TensorLike x, int block_size, string data_format = "channels_last") =>
        Kept(x)?.Run<Tensor>(x, block_size, data_format)
        ?? OnChannelsLast(x.Tensor, data_format, image =>
    {
        Require.Count(1, block_size);
        var d = Dims.Of(image);
        var blocks = Tf.Reshape(image, Dims.Create([d[0], d[1] / block_size, block_size, d[2] / block_size, block_size, d[3]]).ToTensor());
        return Tf.Reshape(Tf.Transpose(blocks, 0, 1, 3, 2, 4, 5), Dims.Create([d[0], d[1] / block_size, d[2] / block_size, d[3] * (block_size * block_size)]).ToTensor());
    });

    /// <summary>The inverse of <see cref="space_to_depth"/>.</summary>
    public Tensor depth_to_space(TensorLike x, int block_size, string data_format = "channels_last") =>
        Kept(x)?.Run<Tensor>(x, block_size, data_format)
        ?? OnChannelsLast(x.Tensor, data_format, image =>
    {
        Require.Count(1, block_size);
        var d = Dims.Of(image);
        var channels = d[3] / (block_size * block_size);
        var blocks = Tf.Reshape(image, Dims.Create([d[0], d[1], d[2], block_size, block_size, channels]).ToTensor());
        return Tf.Reshape(Tf.Transpose(blocks, 0, 1, 3, 2, 4, 5), Dims.Create([d[0], d[1] * block_size, d[2] * block_size, channels]).ToTensor());
    });

    static Tensor OnChannelsLast(Tensor image, string data_format, Func<Tensor, Tensor> compute)
    {
        if (image.ndim != 4) throw new ShapeMismatchException("The images are not a batch", null, "rank 4", image.shape.ToString());
        return data_format switch
        {
            "channels_last" => compute(image),
            "channels_first" => Tf.Transpose(compute(Tf.Transpose(image, 0, 2, 3, 1)), 0, 3, 1, 2),
            _ => throw Known.NoneOf(data_format, nameof(data_format), "channels_last", "channels_first"),
        };
    }
}
