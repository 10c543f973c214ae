namespace Keras.Engines.Torch;

/// <summary>Reversing, slicing, joining, repeating and padding.</summary>
static unsafe class Slicing
{
    public static readonly Dictionary<string, Kernel> Kernels = new Dictionary<string, Kernel>
    {
        ["Transpose"] = Transpose,
        ["BroadcastTo"] = BroadcastTo,
        ["Tile"] = Tile,
        ["Pack"] = Pack,
        ["Unpack"] = Unpack,
        ["ConcatV2"] = Concat,
        ["Split"] = c => Split(c, 1, c.Axis(0, c.ShapeOf(1).Rank), null),
        ["SplitV"] = c => Split(c, 0, c.Axis(2, c.ShapeOf(0).Rank), c.Longs(1)),
        ["Slice"] = Slice,
        ["StridedSlice"] = StridedSlice,
        ["ReverseV2"] = Reverse,
        ["ReverseSequence"] = ReverseSequence,
        ["Roll"] = Roll,
        ["Pad"] = Pad,
        ["PadV2"] = Pad,
        ["MirrorPad"] = MirrorPad,
        ["SpaceToDepth"] = c => SpaceAndDepth(c, toDepth: true),
        ["DepthToSpace"] = c => SpaceAndDepth(c, toDepth: false),
        ["SpaceToBatchND"] = c => SpaceAndBatch(c, toBatch: true),
        ["BatchToSpaceND"] = c => SpaceAndBatch(c, toBatch: false),
    }.ToDictionary(k => k.Key, k => Movement.ForStringsToo(k.Value)).With("StridedSliceGrad", StridedSliceGrad).With("MirrorPadGrad", MirrorPadGrad);

    static Dictionary<string, Kernel> With(this Dictionary<string, Kernel> kernels, string name, Kernel kernel)
    {
        kernels.Add(name, kernel);
        return kernels;
    }

    static void Transpose(KernelCall c)
    {
        var x = c.Tensor(0);
        var perm = c.Longs(1);
        var dims = x.Shape.ToArray();
        var own = Movement.StridesOf(dims);
        if (!perm.Order().SequenceEqual(Enumerable.Range(0, dims.Length).Select(i => (long)i))) throw c.Fail($"a permutation of {dims.Length} axes", $"({string.Join(", ", perm)})");
        var turned = Array.ConvertAll(perm, p => dims[p]);
        var result = c.Result(0, new Shape(turned));
        Movement.Copy(x.Data, Array.ConvertAll(perm, p => own[p]), result.Data, Movement.StridesOf(turned), turned, x.DType.Size);
    }

    static void BroadcastTo(KernelCall c)
    {
        var x = c.Tensor(0);
        var dims = c.Shapes[0].IsFullyKnown ? c.Shapes[0].ToArray() : c.Longs(1);
        if (dims.AsSpan().SequenceEqual(x.Shape.Symbolic))
        {
            c.Outputs[0] = x.Share();
            return;
        }
        var result = c.Result(0, new Shape(dims));
        var own = Movement.StridesOf(x.Shape.ToArray());
        var strides = new long[dims.Length];
        var lead = dims.Length - own.Length;
        for (var i = 0; i < own.Length; i++) strides[lead + i] = x.Shape[i] == 1 ? 0 : own[i];
        Movement.Copy(x.Data, strides, result.Data, Movement.StridesOf(dims), dims, x.DType.Size);
    }

    static void Tile(KernelCall c)
    {
        var x = c.Tensor(0);
        var times = c.Longs(1);
        var own = x.Shape.ToArray();
        long[] dims = [.. own.Zip(times, (d, t) => t >= 0 ? d * t : throw c.Fail("multiples from 0", $"{t}"))];
        var result = c.Result(0, new Shape(dims));
        var (from, to) = (Movement.StridesOf(own), Movement.StridesOf(dims));
        // Each axis becomes two: the repetition, with stride 0 in the source, and the axis itself.
        long[] walked = [.. times.Zip(own, (t, d) => new[] { t, d }).SelectMany(p => p)];
        Movement.Copy(x.Data, [.. from.SelectMany(s => new[] { 0, s })], result.Data, [.. to.Zip(own, (s, d) => new[] { s * d, s }).SelectMany(p => p)], walked, x.DType.Size);
    }

    static void Pack(KernelCall c)
    {
        var shape = c.ShapeOf(0);
        var axis = c.Axis(c.Get<long>("axis"), shape.Rank + 1);
        if (Array.Find(c.Inputs, i => i.Shape != shape) is { } other) throw c.Fail($"tensors of shape {shape}", other.Shape.ToString());
        Join(c, shape[..axis].Concat(new Shape(c.Inputs.Length)).Concat(shape[axis..]), axis, c.Inputs.Length, _ => 1);
    }

    static void Concat(KernelCall c)
    {
        var count = c.Inputs.Length - 1;
        var shape = c.ShapeOf(0);
        var axis = c.Axis(count, shape.Rank);
        var sum = 0L;
        for (var i = 0; i < count; i++)
        {
            var own = c.ShapeOf(i);
            if (own.Rank != shape.Rank || own.With(axis, 0) != shape.With(axis, 0)) throw c.Fail($"tensors that agree with {shape} but for axis {axis}", own.ToString());
            sum += own[axis];
        }
        Join(c, shape.With(axis, sum), axis, count, i => c.ShapeOf(i)[axis]);
    }

    static void Join(KernelCall c, Shape shape, int axis, int count, Func<int, long> lengthOf)
    {
        var result = c.Result(0, shape);
        var size = result.DType.Size;
        var (outer, inner) = (Product(shape, 0, axis), Product(shape, axis + 1, shape.Rank));
        var row = shape[axis] * inner;
        var at = 0L;
        for (var i = 0; i < count; i++)
        {
            var x = c.Tensor(i);
            var part = lengthOf(i) * inner;
            Movement.Copy(x.Data, [part, 1], result.Data + (at * size), [row, 1], [outer, part], size);
            at += part;
        }
    }

    static void Unpack(KernelCall c)
    {
        var x = c.Tensor(0);
        var axis = c.Axis(c.Get<long>("axis"), x.Shape.Rank);
        var count = c.Int("num");
        if (x.Shape[axis] != count) throw c.Fail($"a dimension of {count} at axis {axis}", x.Shape.ToString());
        Part(c, x, axis, [.. Enumerable.Repeat(1L, count)], x.Shape[..axis].Concat(x.Shape[(axis + 1)..]));
    }

    static void Split(KernelCall c, int input, int axis, long[]? sizes)
    {
        var x = c.Tensor(input);
        var (count, dim) = (c.Int("num_split"), x.Shape[axis]);
        sizes ??= dim % count == 0 ? [.. Enumerable.Repeat(dim / count, count)] : throw c.Fail($"a dimension that {count} divides at axis {axis}", x.Shape.ToString());
        if (Array.IndexOf(sizes, -1L) is >= 0 and var open) sizes[open] = dim - sizes.Sum() - 1;
        if (sizes.Sum() != dim || sizes.Any(s => s < 0)) throw c.Fail($"sizes that add up to {dim}", $"({string.Join(", ", sizes)})");
        Part(c, x, axis, sizes, null);
    }

    static void Part(KernelCall c, TorchTensor x, int axis, long[] sizes, Shape? shape)
    {
        var (outer, inner, size) = (Product(x.Shape, 0, axis), Product(x.Shape, axis + 1, x.Shape.Rank), x.DType.Size);
        var row = x.Shape[axis] * inner;
        var at = 0L;
        for (var i = 0; i < sizes.Length; i++)
        {
            var part = sizes[i] * inner;
            var result = c.Result(i, shape ?? x.Shape.With(axis, sizes[i]));
            Movement.Copy(x.Data + (at * size), [row, 1], result.Data, [part, 1], [outer, part], size);
            at += part;
        }
    }

    static void Slice(KernelCall c)
    {
        var x = c.Tensor(0);
        var (begin, lengths) = (c.Longs(1), c.Longs(2));
        for (var i = 0; i < lengths.Length; i++)
        {
            if (lengths[i] == -1) lengths[i] = x.Shape[i] - begin[i];
            if (begin[i] < 0 || lengths[i] < 0 || begin[i] + lengths[i] > x.Shape[i]) throw c.Fail($"a part of the {x.Shape[i]} elements of axis {i}", $"{lengths[i]} from {begin[i]}");
        }
        var own = Movement.StridesOf(x.Shape.ToArray());
        var start = begin.Zip(own, (b, s) => b * s).Sum();
        var result = c.Result(0, new Shape(lengths));
        Movement.Copy(x.Data + (start * x.DType.Size), own, result.Data, Movement.StridesOf(lengths), lengths, x.DType.Size);
    }

    static void StridedSlice(KernelCall c)
    {
        var x = c.Tensor(0);
        var slice = StridedRange.Of(c, x.Shape, 1);
        var result = c.Result(0, slice.Shape);
        Movement.Copy(x.Data + (slice.Start * x.DType.Size), slice.Strides, result.Data, Movement.StridesOf(slice.Dims), slice.Dims, x.DType.Size);
    }

    static void StridedSliceGrad(KernelCall c)
    {
        var shape = new Shape(c.Longs(0));
        var dy = c.Tensor(4);
        var slice = StridedRange.Of(c, shape, 1);
        if (slice.Shape != dy.Shape) throw c.Fail($"a gradient of shape {slice.Shape}", dy.Shape.ToString());
        var result = c.Result(0, shape);
        Structure.Clear(result);
        Movement.Copy(dy.Data, Movement.StridesOf(slice.Dims), result.Data + (slice.Start * dy.DType.Size), slice.Strides, slice.Dims, dy.DType.Size);
    }

    static void Reverse(KernelCall c)
    {
        var x = c.Tensor(0);
        var dims = x.Shape.ToArray();
        var (own, start) = (Movement.StridesOf(dims), 0L);
        var strides = (long[])own.Clone();
        foreach (var axis in dims.Length == 0 ? [] : c.Longs(1).Select(a => c.Axis(a, dims.Length)))
        {
            start += (dims[axis] - 1) * own[axis];
            strides[axis] = -own[axis];
        }
        Movement.Copy(x.Data + (start * x.DType.Size), strides, c.Result(0, x.Shape).Data, own, dims, x.DType.Size);
    }

    static void ReverseSequence(KernelCall c)
    {
        var x = c.Tensor(0);
        var (batch, along) = (c.Axis(c.Get<long>("batch_dim"), x.Shape.Rank), c.Axis(c.Get<long>("seq_dim"), x.Shape.Rank));
        var lengths = c.Longs(1);
        var dims = x.Shape.ToArray();
        var (own, size) = (Movement.StridesOf(dims), x.DType.Size);
        var result = c.Result(0, x.Shape);
        for (var b = 0; b < dims[batch]; b++)
        {
            if (lengths[b] < 0 || lengths[b] > dims[along]) throw c.Fail($"lengths up to {dims[along]}", $"{lengths[b]}");
            var at = b * own[batch] * size;
            var one = (long[])dims.Clone();
            one[batch] = 1;
            one[along] = lengths[b];
            var back = (long[])own.Clone();
            back[along] = -own[along];
            Movement.Copy(x.Data + at + ((lengths[b] - 1) * own[along] * size), back, result.Data + at, own, one, size);
            one[along] = dims[along] - lengths[b];
            var rest = at + (lengths[b] * own[along] * size);
            Movement.Copy(x.Data + rest, own, result.Data + rest, own, one, size);
        }
    }

    static void Roll(KernelCall c)
    {
        var x = c.Tensor(0);
        var (shifts, axes, dims) = (c.Longs(1), c.Longs(2), x.Shape.ToArray());
        var total = new long[dims.Length];
        for (var i = 0; i < axes.Length; i++)
        {
            var axis = c.Axis(axes[i], dims.Length);
            if (dims[axis] > 0) total[axis] = ((((total[axis] + shifts[i]) % dims[axis]) + dims[axis]) % dims[axis]);
        }
        var (own, size, result) = (Movement.StridesOf(dims), x.DType.Size, c.Result(0, x.Shape));
        // Each rolled axis is split into two parts, which swap.
        for (var corner = 0; corner < 1 << dims.Length; corner++)
        {
            var (from, to, part) = (0L, 0L, (long[])dims.Clone());
            for (var axis = 0; axis < dims.Length; axis++)
            {
                var wraps = (corner >> axis & 1) != 0;
                part[axis] = wraps ? total[axis] : dims[axis] - total[axis];
                if (wraps) from += (dims[axis] - total[axis]) * own[axis];
                else to += total[axis] * own[axis];
            }
            if (part.All(p => p > 0)) Movement.Copy(x.Data + (from * size), own, result.Data + (to * size), own, part, size);
        }
    }

    static void Pad(KernelCall c)
    {
        var x = c.Tensor(0);
        var pads = c.Longs(1);
        var own = x.Shape.ToArray();
        if (pads.Any(p => p < 0)) throw c.Fail("paddings from 0", $"({string.Join(", ", pads)})");
        long[] dims = [.. own.Select((d, i) => d + pads[2 * i] + pads[(2 * i) + 1])];
        var result = c.Result(0, new Shape(dims));
        if (c.Inputs.Length > 2) Structure.Repeat(result, c.Tensor(2).Data);
        else Structure.Clear(result);
        var to = Movement.StridesOf(dims);
        var start = to.Select((s, i) => s * pads[2 * i]).Sum();
        Movement.Copy(x.Data, Movement.StridesOf(own), result.Data + (start * x.DType.Size), to, own, x.DType.Size);
    }

    /// <summary>Pads axis by axis: the padded axis is gathered from the original one.</summary>
    static void MirrorPad(KernelCall c)
    {
        var (pads, offset) = (c.Longs(1), c.Get<string>("mode") == "REFLECT" ? 1 : 0);
        var current = c.Tensor(0).Share();
        for (var axis = 0; axis < pads.Length / 2; axis++)
        {
            var (before, after, dim) = (pads[2 * axis], pads[(2 * axis) + 1], current.Shape[axis]);
            if (before > dim - offset || after > dim - offset || before < 0 || after < 0) throw c.Fail($"paddings of axis {axis} up to {dim - offset}", $"{before} and {after}");
            var next = TorchTensor.Allocate(current.DType, current.Shape.With(axis, dim + before + after));
            for (var i = 0L; i < next.Shape[axis]; i++) CopyPlane(current, Mirrored(i - before, dim, offset), next, i, axis);
            current.Dispose();
            current = next;
        }
        c.Outputs[0] = current;
    }

    /// <summary>The transpose of <see cref="MirrorPad"/>: sums the copies of each element.</summary>
    static void MirrorPadGrad(KernelCall c)
    {
        var (pads, offset) = (c.Longs(1), c.Get<string>("mode") == "REFLECT" ? 1 : 0);
        var current = c.Tensor(0).Share();
        var add = Rows.Number<Elementwise.Sum>(current.DType) ?? throw c.NotFor(current.DType);
        for (var axis = (pads.Length / 2) - 1; axis >= 0; axis--)
        {
            var (before, after) = (pads[2 * axis], pads[(2 * axis) + 1]);
            var dim = current.Shape[axis] - before - after;
            if (before < 0 || after < 0 || before > dim - offset || after > dim - offset) throw c.Fail($"paddings of axis {axis} that were made of its {current.Shape[axis]} elements", $"{before} and {after}");
            var next = TorchTensor.Allocate(current.DType, current.Shape.With(axis, dim));
            Structure.Clear(next);
            var (outer, inner, size) = (Product(next.Shape, 0, axis), Product(next.Shape, axis + 1, next.Shape.Rank), next.DType.Size);
            for (var o = 0L; o < outer; o++)
                for (var i = 0L; i < current.Shape[axis]; i++)
                {
                    var target = next.Data + (((o * dim) + Mirrored(i - before, dim, offset)) * inner * size);
                    add(target, false, current.Data + (((o * current.Shape[axis]) + i) * inner * size), false, target, inner);
                }
            current.Dispose();
            current = next;
        }
        c.Outputs[0] = current;
    }

    static long Mirrored(long place, long dim, int offset) => place < 0 ? -place - 1 + offset : place >= dim ? (2 * dim) - place - 1 - offset : place;

    static void CopyPlane(TorchTensor source, long from, TorchTensor target, long to, int axis)
    {
        var (outer, inner, size) = (Product(source.Shape, 0, axis), Product(source.Shape, axis + 1, source.Shape.Rank), source.DType.Size);
        Movement.Copy(source.Data + (from * inner * size), [source.Shape[axis] * inner, 1], target.Data + (to * inner * size), [target.Shape[axis] * inner, 1], [outer, inner], size);
    }

    /// <summary>Moves blocks between space and channels: (B, H, W, C) viewed as (B, H/b, b, W/b, b, C), or with the channels split; NCHW likewise.</summary>
    static void SpaceAndDepth(KernelCall c, bool toDepth)
    {
        var x = c.Tensor(0);
        var (block, first) = (c.Get<long>("block_size"), c.Get<string>("data_format") == "NCHW");
        if (x.Shape.Rank != 4) throw c.Fail("a tensor of rank 4", x.Shape.ToString());
        var (channelAxis, height, width) = first ? (1, 2, 3) : (3, 1, 2);
        var space = toDepth ? x.Shape : c.Shapes[0];
        var depth = toDepth ? c.Shapes[0] : x.Shape;
        var (inSpace, inDepth) = (Movement.StridesOf(space.ToArray()), Movement.StridesOf(depth.ToArray()));
        long[] dims = [space[0], depth[height], block, depth[width], block, space[channelAxis]];
        long[] bySpace = [inSpace[0], inSpace[height] * block, inSpace[height], inSpace[width] * block, inSpace[width], inSpace[channelAxis]];
        var channels = space[channelAxis];
        long[] byDepth = [inDepth[0], inDepth[height], inDepth[channelAxis] * block * channels, inDepth[width], inDepth[channelAxis] * channels, inDepth[channelAxis]];
        var result = c.Result();
        if (toDepth) Movement.Copy(x.Data, bySpace, result.Data, byDepth, dims, x.DType.Size);
        else Movement.Copy(x.Data, byDepth, result.Data, bySpace, dims, x.DType.Size);
    }

    /// <summary>Moves blocks of some axes into the batch after padding, or back from it with cropping.</summary>
    static void SpaceAndBatch(KernelCall c, bool toBatch)
    {
        var x = c.Tensor(0);
        var (blocks, margins) = (c.Longs(1), c.Longs(2));
        var product = blocks.Aggregate(1L, (a, b) => a * b);
        var own = x.Shape.ToArray();
        long[] spatial = [.. blocks.Select((b, i) => toBatch ? own[i + 1] + margins[2 * i] + margins[(2 * i) + 1] : own[i + 1] * b)];
        for (var i = 0; i < blocks.Length; i++)
            if (blocks[i] < 1 || spatial[i] % blocks[i] != 0) throw c.Fail($"a padded axis {i + 1} that {blocks[i]} divides", $"{spatial[i]}");
        var batch = toBatch ? own[0] : own[0] / product;
        long[] rest = own[(blocks.Length + 1)..];
        long[] padded = [batch, .. spatial, .. rest];
        long[] batched = [batch * product, .. spatial.Zip(blocks, (s, b) => s / b), .. rest];
        var (byPadded, byBatched) = (Movement.StridesOf(padded), Movement.StridesOf(batched));
        // The axes: the inside of blocks, the batch, the blocks, the rest.
        var inside = new long[blocks.Length];
        for (var (i, step) = (blocks.Length - 1, batch * byBatched[0]); i >= 0; step *= blocks[i--]) inside[i] = step;
        long[] dims = [.. blocks, batch, .. batched[1..(blocks.Length + 1)], .. rest];
        long[] space = [.. byPadded[1..(blocks.Length + 1)], byPadded[0], .. byPadded[1..(blocks.Length + 1)].Zip(blocks, (s, b) => s * b), .. byPadded[(blocks.Length + 1)..]];
        long[] folded = [.. inside, byBatched[0], .. byBatched[1..(blocks.Length + 1)], .. byBatched[(blocks.Length + 1)..]];
        using var whole = TorchTensor.Allocate(x.DType, new Shape(padded));
        var size = x.DType.Size;
        var start = byPadded.Skip(1).Take(blocks.Length).Select((s, i) => s * margins[2 * i]).Sum() * size;
        if (toBatch)
        {
            Structure.Clear(whole);
            Movement.Copy(x.Data, Movement.StridesOf(own), whole.Data + start, byPadded, own, size);
            Movement.Copy(whole.Data, space, c.Result(0, new Shape(batched)).Data, folded, dims, size);
            return;
        }
        Movement.Copy(x.Data, folded, whole.Data, space, dims, size);
        long[] cropped = [batch, .. spatial.Select((s, i) => s - margins[2 * i] - margins[(2 * i) + 1]), .. rest];
        if (cropped.Any(d => d < 0)) throw c.Fail("crops that leave something", $"({string.Join(", ", margins)})");
        Movement.Copy(whole.Data + start, byPadded, c.Result(0, new Shape(cropped)).Data, Movement.StridesOf(cropped), cropped, size);
    }

    public static long Product(Shape shape, int from, int to)
    {
        var product = 1L;
        for (var i = from; i < to; i++) product *= shape[i];
        return product;
    }
}
