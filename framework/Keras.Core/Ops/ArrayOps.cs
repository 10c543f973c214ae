namespace Keras.Graphs;

/// <summary>Reshaping, slicing, joining, gathering and scattering.</summary>
static partial class Tf
{
    static readonly OpDefinition ReshapeOp = Define("Reshape(tensor: T, shape: Tshape) -> (output: T)", ReshapedShape,
        c => [Reshape(c.Gradient, ShapeOf(c.Inputs[0])), null], c => c.Value(0) is { } v && c.Value(1) is { } s ? v with { IsScalar = s.Elements.Length == 0 } : null);

    static readonly OpDefinition ExpandDimsOp = Define("ExpandDims(input: T, dim: Tdim) -> (output: T)", c =>
    {
        if (!c[0].HasRank) return [Shape.Unknown];
        if (c.Known(1) is not [var axis]) return [Shape.OfRank(c[0].Rank + 1)];
        var at = ShapeRules.Axis(c, axis, c[0].Rank + 1);
        return [c[0][..at].Concat(new Shape(1)).Concat(c[0][at..])];
    }, c => [Reshape(c.Gradient, ShapeOf(c.Inputs[0])), null], c => c.Value(0) is { IsScalar: true } v ? v with { IsScalar = false } : null);

    static readonly OpDefinition SqueezeOp = Define("Squeeze(input: T) -> (output: T) { squeeze_dims: list(int) = [] }", c =>
    {
        if (!c[0].HasRank) return [Shape.Unknown];
        var dims = c[0].Symbolic.ToArray();
        var wanted = c.Get<long[]>("squeeze_dims").Select(a => ShapeRules.Axis(c, a, dims.Length)).ToHashSet();
        if (wanted.Any(a => dims[a] > 1 || dims[a] == 0)) throw c.Fail($"dimensions of 1 at the axes {string.Join(", ", wanted.Order())}", c[0].ToString());
        if (wanted.Count == 0 && !c[0].IsFullyKnown) return [Shape.Unknown];
        return [Shape.OfSymbolic([.. dims.Where((d, i) => wanted.Count == 0 ? d != 1 : !wanted.Contains(i))])];
    }, c => [Reshape(c.Gradient, ShapeOf(c.Inputs[0]))], c => c.Value(0) is { Elements.Length: 1 } v ? v with { IsScalar = true } : null);

    static readonly OpDefinition TransposeOp = Define("Transpose(x: T, perm: Tperm) -> (y: T)", c =>
    {
        if (!c[0].HasRank) return [Shape.Unknown];
        if (c.Known(1) is not { } perm) return [Shape.OfRank(c[0].Rank)];
        var dims = c[0].Symbolic.ToArray();
        if (!perm.Order().SequenceEqual(Enumerable.Range(0, dims.Length).Select(i => (long)i))) throw c.Fail($"a permutation of {dims.Length} axes", $"({string.Join(", ", perm)})");
        return [Shape.OfSymbolic([.. perm.Select(p => dims[p])])];
    }, c => [Run(TransposeOp!, c.Gradient, Run(InvertPermutationOp!, c.Inputs[1])), null]);

    static readonly OpDefinition InvertPermutationOp = Define("InvertPermutation(x: T) -> (y: T)", ShapeRules.SameAsFirst, differentiable: false,
        value: c => c.Known(0) is { } p ? PartialValue.OfDimensions([.. Enumerable.Range(0, p.Length).OrderBy(i => p[i]).Select(i => (long)i)]) : null);

    static readonly OpDefinition BroadcastToOp = Define("BroadcastTo(input: T, shape: Tidx) -> (output: T)", c => [ShapeRules.FromValue(c, 1)],
        c => [SumTo(c.Gradient, c.Inputs[0], c.Outputs[0]), null]);

    static readonly OpDefinition TileOp = Define("Tile(input: T, multiples: Tmultiples) -> (output: T)", c =>
    {
        if (!c[0].HasRank) return [Shape.Unknown];
        if (c.Value(1) is not { } m) return [Shape.OfRank(c[0].Rank)];
        return [Shape.OfSymbolic([.. c[0].Symbolic.ToArray().Select((d, i) => m.Elements[i] is 1 ? d : d >= 0 && m.Elements[i] is { } n ? d * n : -1)])];
    }, TileGradient);

    static readonly OpDefinition PackOp = Define("Pack(values: N*T) -> (output: T) { axis: int = 0 }", c =>
    {
        var shape = ShapeRules.Merged(c)[0];
        if (!shape.HasRank) return [Shape.Unknown];
        var at = ShapeRules.Axis(c, c.Get<long>("axis"), shape.Rank + 1);
        return [shape[..at].Concat(new Shape(c.Inputs.Length)).Concat(shape[at..])];
    }, c => Unstack(c.Gradient, c.Int("axis"), c.Inputs.Length), c =>
    {
        var items = Enumerable.Range(0, c.Inputs.Length).Select(c.Value).ToArray();
        return items.All(i => i is null or { IsScalar: true })
            ? new([.. items.Select(i => i?.Elements[0])], [.. items.Select(i => i?.Symbols[0] ?? 0)], false) : null;
    });

    static readonly OpDefinition UnpackOp = Define("Unpack(value: T) -> (output: num*T) { num: int, axis: int = 0 }", c =>
    {
        var count = c.Int("num");
        if (!c[0].HasRank) return [.. Enumerable.Repeat(Shape.Unknown, count)];
        var at = ShapeRules.Axis(c, c.Get<long>("axis"), c[0].Rank);
        if (c[0][at] >= 0 && c[0][at] != count) throw c.Fail($"a dimension of {count} at axis {at}", c[0].ToString());
        return [.. Enumerable.Repeat(c[0][..at].Concat(c[0][(at + 1)..]), count)];
    }, c => [Stack([.. c.Gradients.Select((g, i) => g ?? ZerosLike(c.Outputs[i]))], c.Int("axis"))]);

    static readonly OpDefinition ConcatV2Op = Define("ConcatV2(values: N*T, axis: Tidx) -> (output: T)", c =>
    {
        var values = c.Inputs[..^1];
        if (values.FirstOrDefault(v => v.shape.HasRank)?.ndim is not { } rank) return [Shape.Unknown];
        if (c.Known(values.Length) is not [var axis]) return [Shape.OfRank(rank)];
        var at = ShapeRules.Axis(c, axis, rank);
        var (merged, sum) = (Shape.OfRank(rank), 0L);
        foreach (var value in values)
        {
            if (!value.shape.HasRank) { sum = -1; continue; }
            if (value.shape.Rank != rank || !merged.IsCompatibleWith(value.shape.With(at, -1))) throw c.Fail($"inputs that agree but for axis {at}, {merged}", value.shape.ToString());
            merged = merged.MergeWith(value.shape.With(at, -1));
            sum = sum < 0 || value.shape[at] < 0 ? -1 : sum + value.shape[at];
        }
        return [merged.With(at, sum)];
    }, c => [.. SplitLike(c.Gradient, c.Inputs[..^1], c.Inputs[^1]), null], c =>
    {
        var parts = Enumerable.Range(0, c.Inputs.Length - 1).Select(c.Value).ToArray();
        return parts.All(p => p is { IsScalar: false }) ? new([.. parts.SelectMany(p => p!.Elements)], [.. parts.SelectMany(p => p!.Symbols)], false) : null;
    });

    static readonly OpDefinition SplitVOp = Define("SplitV(value: T, size_splits: Tlen, split_dim: int32) -> (output: num_split*T) { num_split: int }", c =>
    {
        var count = c.Int("num_split");
        if (!c[0].HasRank || c.Known(2) is not [var axis]) return [.. Enumerable.Repeat(c[0].HasRank ? Shape.OfRank(c[0].Rank) : Shape.Unknown, count)];
        var at = ShapeRules.Axis(c, axis, c[0].Rank);
        var sizes = c.Value(1)?.AsDimensions() ?? [.. Enumerable.Repeat(-1L, count)];
        if (sizes.All(s => s >= 0) && c[0][at] >= 0 && sizes.Sum() != c[0][at]) throw c.Fail($"sizes that add up to {c[0][at]}", $"({string.Join(", ", sizes)})");
        return [.. sizes.Select(s => c[0].With(at, s))];
    }, c => [Concat([.. c.Gradients.Select((g, i) => g ?? ZerosLike(c.Outputs[i]))], c.Inputs[2]), null, null]);

    static readonly OpDefinition SplitOp = Define("Split(split_dim: int32, value: T) -> (output: num_split*T) { num_split: int }", c =>
    {
        var count = c.Int("num_split");
        if (!c[1].HasRank || c.Known(0) is not [var axis]) return [.. Enumerable.Repeat(c[1].HasRank ? Shape.OfRank(c[1].Rank) : Shape.Unknown, count)];
        var at = ShapeRules.Axis(c, axis, c[1].Rank);
        if (c[1][at] >= 0 && c[1][at] % count != 0) throw c.Fail($"a dimension that {count} divides at axis {at}", c[1].ToString());
        return [.. Enumerable.Repeat(c[1].With(at, c[1][at] < 0 ? -1 : c[1][at] / count), count)];
    }, c => [null, Concat([.. c.Gradients.Select((g, i) => g ?? ZerosLike(c.Outputs[i]))], c.Inputs[0])]);

    static readonly OpDefinition PadV2Op = Define("PadV2(input: T, paddings: Tpaddings, constant_values: T) -> (output: T)", c =>
    {
        if (!c[0].HasRank) return [Shape.Unknown];
        if (c.Value(1) is null && PaddingsOf(c.Inputs[1]) is not { } pads) return [Shape.OfRank(c[0].Rank)];
        pads = PaddingsOf(c.Inputs[1])!;
        return [Shape.OfSymbolic([.. c[0].Symbolic.ToArray().Select((d, i) => d < 0 ? (pads[2 * i] + pads[(2 * i) + 1] == 0 ? d : -1) : d + pads[2 * i] + pads[(2 * i) + 1])])];
    }, c => [Run(SliceOp!, c.Gradient, Cast(Reshape(Run(SliceOp!, c.Inputs[1], Int32(0, 0), Int32(-1, 1)), Int32(-1)), DType.Int32), ShapeOf(c.Inputs[0])), null, null]);

    static readonly OpDefinition SliceOp = Define("Slice(input: T, begin: Index, size: Index) -> (output: T)", c =>
    {
        if (!c[0].HasRank) return [ShapeRules.FromValue(c, 2)];
        if (c.Value(2) is not { } size) return [Shape.OfRank(c[0].Rank)];
        var begin = c.Value(1);
        return [Shape.OfSymbolic([.. size.AsDimensions().Select((s, i) => size.Elements[i] is -1 ? (begin?.Elements[i] is 0 ? c[0].Symbolic[i] : begin?.Elements[i] is { } b && c[0][i] >= 0 ? c[0][i] - b : -1) : s)])];
    }, c => [PadV2(c.Gradient, Stack([c.Inputs[1], Cast(ShapeOf(c.Inputs[0]), c.Inputs[1].dtype) - c.Inputs[1] - Cast(ShapeOf(c.Outputs[0]), c.Inputs[1].dtype)], 1), Constant(0, c.Gradient.dtype)), null, null]);

    static readonly OpDefinition GatherV2Op = Define("GatherV2(params: Tparams, indices: Tindices, axis: Taxis) -> (output: Tparams) { batch_dims: int = 0 }", c =>
    {
        if (!c[0].HasRank || !c[1].HasRank || c.Known(2) is not [var axis]) return [Shape.Unknown];
        var at = ShapeRules.Axis(c, axis, c[0].Rank);
        return [c[0][..at].Concat(c[1][c.Int("batch_dims")..]).Concat(c[0][(at + 1)..])];
    }, GatherGradient, c => c.Known(1) is { } i && c.Value(0) is { } v && c[1].Rank <= 1
        ? new([.. i.Select(k => v.Elements[k])], [.. i.Select(k => v.Symbols[k])], c[1].Rank == 0) : null);

    static readonly OpDefinition UnsortedSegmentSumOp = Define("UnsortedSegmentSum(data: T, segment_ids: Tindices, num_segments: Tnumsegments) -> (output: T)", c =>
        [c[0].HasRank && c[1].HasRank ? Shape.OfSymbolic(c.Value(2)?.AsDimensions()[0] ?? -1).Concat(c[0][c[1].Rank..]) : Shape.Unknown],
        c => [SelectV2(Expand(GreaterEqual(c.Inputs[1], ZerosLike(c.Inputs[1])), c.Inputs[0].ndim), Gather(c.Gradient, Maximum(c.Inputs[1], ZerosLike(c.Inputs[1])), 0), ZerosLike(c.Inputs[0])), null, null]);

    static readonly OpDefinition OneHotOp = Define("OneHot(indices: TI, depth: int32, on_value: T, off_value: T) -> (output: T) { axis: int = -1 }", c =>
    {
        if (!c[0].HasRank) return [Shape.Unknown];
        var at = ShapeRules.Axis(c, c.Get<long>("axis"), c[0].Rank + 1);
        return [c[0][..at].Concat(Shape.OfSymbolic(c.Value(1)?.AsDimensions()[0] ?? -1)).Concat(c[0][at..])];
    }, differentiable: false);

    static readonly OpDefinition ReverseV2Op = Define("ReverseV2(tensor: T, axis: Tidx) -> (output: T)", ShapeRules.SameAsFirst, c => [Run(ReverseV2Op!, c.Gradient, c.Inputs[1]), null]);

    static Shape[] ReshapedShape(ShapeContext c)
    {
        var shape = ShapeRules.FromValue(c, 1);
        if (c.Value(1) is not { } value || !c[0].HasRank) return [shape];
        var dims = value.AsDimensions();
        var open = Array.FindAll(Enumerable.Range(0, dims.Length).ToArray(), i => value.Elements[i] is -1 or null && dims[i] == -1);
        var rest = dims.Where((_, i) => !open.Contains(i)).ToList();
        var own = c[0].Symbolic.ToArray().ToList();
        foreach (var dim in rest.ToArray())
            if (dim < -1 && own.Remove(dim)) rest.Remove(dim);
        var known = rest.TrueForAll(d => d >= 0) && own.TrueForAll(d => d >= 0);
        if (open.Length == 0)
        {
            if (known && Product(rest) != Product(own)) throw c.Fail($"a shape of {c[0].ElementCount} elements", $"{c[0]} to {shape}");
            return [shape];
        }
        if (open.Length > 1) return [shape];
        if (known && Product(rest) is > 0 and var p)
        {
            if (Product(own) % p != 0) throw c.Fail($"a shape that divides {c[0].ElementCount} elements", $"{c[0]} to {shape}");
            dims[open[0]] = Product(own) / p;
        }
        else if (own.Count(d => d < 0) == 1 && own.Find(d => d < 0) is < -1 and var symbol && rest.TrueForAll(d => d >= 0) && Product(own.FindAll(d => d >= 0)) == Product(rest))
        {
            dims[open[0]] = symbol;
        }
        return [Shape.OfSymbolic(dims)];
    }

    static long Product(IEnumerable<long> dims) => dims.Aggregate(1L, (a, b) => a * b);

    static long[]? PaddingsOf(Tensor paddings) => paddings is SymbolicTensor { Node: { Op.Name: "Const" } node } ? new OpCall(node.Op, node.Attributes, []).Get<HostTensor>("value").ToInt64() : null;

    static Tensor?[] TileGradient(GradientContext c)
    {
        var (x, multiples) = (c.Inputs[0], Cast(c.Inputs[1], DType.Int32));
        var rank = x.ndim;
        var interleaved = Reshape(Stack([multiples, ShapeOf(x)], 1), Int32(-1));
        return [Sum(Reshape(c.Gradient, interleaved), [.. Enumerable.Range(0, rank).Select(i => 2 * i)]), null];
    }

    static Tensor?[] GatherGradient(GradientContext c)
    {
        var (parameters, indices) = (c.Inputs[0], c.Inputs[1]);
        var axis = c.Inputs[2] is SymbolicTensor { Value: { IsFullyKnown: true } v } ? (int)v.Known()[0] : c.Inputs[2] is EagerTensor e ? (int)e.ToHost().ToInt64()[0]
            : throw new UnsupportedException("The gradient of a gather needs a constant axis", "GatherV2");
        if (axis < 0) axis += parameters.ndim;
        var batch = c.Int("batch_dims");
        if (batch > 0) return BatchGatherGradient(c, axis, batch);
        var gradient = c.Gradient;
        var (rank, indexRank) = (parameters.ndim, indices.ndim);
        if (axis > 0)
        {
            // Bring the gathered axes to the front, sum there, and move the axis back.
            int[] front = [.. Enumerable.Range(axis, indexRank), .. Enumerable.Range(0, axis), .. Enumerable.Range(axis + indexRank, rank - axis - 1)];
            gradient = Transpose(gradient, front);
        }
        var sum = UnsortedSegmentSum(gradient, indices, DimOf(parameters, axis));
        return [axis == 0 ? sum : Transpose(sum, [.. Enumerable.Range(1, axis), 0, .. Enumerable.Range(axis + 1, rank - axis - 1)]), null, null];
    }

    /// <summary>Batch dimensions are folded into the segment ids: batch b of index i is segment b * size + i.</summary>
    static Tensor?[] BatchGatherGradient(GradientContext c, int axis, int batch)
    {
        var (parameters, indices) = (c.Inputs[0], c.Inputs[1]);
        var (rank, inner) = (parameters.ndim, indices.ndim - batch);
        int[] front = [.. Enumerable.Range(0, batch), .. Enumerable.Range(axis, inner), .. Enumerable.Range(batch, axis - batch), .. Enumerable.Range(axis + inner, rank - axis - 1)];
        var gradient = Transpose(c.Gradient, front);
        var batchShape = Slice(ShapeOf(parameters), [0], [batch]);
        var batches = Run(ProdOp, batchShape, Int32(0));
        var size = DimOf(parameters, axis);
        var offsets = Reshape(Range(Int32Scalar(0), batches, Int32Scalar(1)) * size, Concat([batchShape, Int32([.. Enumerable.Repeat(1, inner)])], 0));
        var sum = UnsortedSegmentSum(gradient, Cast(indices, DType.Int32) + offsets, batches * size);
        int[] moved = [.. Enumerable.Range(0, batch), axis, .. Enumerable.Range(batch, axis - batch), .. Enumerable.Range(axis + 1, rank - axis - 1)];
        var spread = Reshape(sum, Gather(ShapeOf(parameters), Int32(moved), 0));
        return [Transpose(spread, [.. moved.Select((m, i) => (m, i)).OrderBy(p => p.m).Select(p => p.i)]), null, null];
    }

    static Tensor[] SplitLike(Tensor gradient, Tensor[] parts, Tensor axis)
    {
        var at = axis is SymbolicTensor { Value: { IsFullyKnown: true } v } ? (int)v.Known()[0] : (int)axis.RequireEager().ToHost().ToInt64()[0];
        if (at < 0) at += gradient.ndim;
        return SplitV(gradient, Stack([.. parts.Select(p => DimOf(p, at))], 0), at, parts.Length);
    }

    /// <summary>Trailing dimensions of 1 added up to a rank.</summary>
    static Tensor Expand(Tensor x, int rank)
    {
        while (x.ndim < rank) x = ExpandDims(x, -1);
        return x;
    }

    public static Tensor Reshape(Tensor x, Tensor shape) => Run(ReshapeOp, x, shape);
    public static Tensor Reshape(Tensor x, Shape shape) => Reshape(x, ShapeTensor(shape));
    public static Tensor ExpandDims(Tensor x, int axis) => Run(ExpandDimsOp, x, Int32Scalar(axis));
    public static Tensor Squeeze(Tensor x, params int[] axes) => Run(SqueezeOp, [x], ("squeeze_dims", axes));
    public static Tensor Transpose(Tensor x, params ReadOnlySpan<int> perm) => Run(TransposeOp, x, Int32(perm));
    public static Tensor BroadcastTo(Tensor x, Tensor shape) => Run(BroadcastToOp, x, shape);
    public static Tensor Tile(Tensor x, Tensor multiples) => Run(TileOp, x, multiples);
    public static Tensor Stack(ReadOnlySpan<Tensor> values, int axis) => Run(PackOp, values, ("axis", axis));
    public static Tensor[] Unstack(Tensor x, int axis, int count) => RunAll(UnpackOp, [x], ("num", count), ("axis", axis));
    public static Tensor Concat(ReadOnlySpan<Tensor> values, Tensor axis) => values.Length == 1 ? values[0] : Run(ConcatV2Op, [.. values, axis]);
    public static Tensor Concat(ReadOnlySpan<Tensor> values, int axis) => Concat(values, Int32Scalar(axis));
    public static Tensor[] Split(Tensor x, int count, int axis) => RunAll(SplitOp, [Int32Scalar(axis), x], ("num_split", count));
    public static Tensor[] SplitV(Tensor x, Tensor sizes, int axis, int count) => RunAll(SplitVOp, [x, sizes, Int32Scalar(axis)], ("num_split", count));
    public static Tensor PadV2(Tensor x, Tensor paddings, Tensor value) => Run(PadV2Op, x, paddings, value);
    public static Tensor Slice(Tensor x, ReadOnlySpan<int> begin, ReadOnlySpan<int> size) => Run(SliceOp, x, Int32(begin), Int32(size));
    public static Tensor Slice(Tensor x, Tensor begin, Tensor size) => Run(SliceOp, x, begin, size);
    public static Tensor Gather(Tensor x, Tensor indices, int axis, int batch_dims = 0) => Run(GatherV2Op, [x, indices, Int32Scalar(axis)], ("batch_dims", batch_dims));
    public static Tensor UnsortedSegmentSum(Tensor data, Tensor ids, Tensor count) => Run(UnsortedSegmentSumOp, data, ids, count);
    public static Tensor OneHot(Tensor indices, int depth, Tensor on, Tensor off, int axis = -1) => Run(OneHotOp, [indices, Int32Scalar(depth), on, off], ("axis", axis));
    public static Tensor Reverse(Tensor x, params ReadOnlySpan<int> axes) => Run(ReverseV2Op, x, Int32(axes));
}
