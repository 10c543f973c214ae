namespace Keras.Graphs;

/// <summary>Reshaping, slicing, joining, gathering and scattering.</summary>
static partial class Tf
{
    static readonly OpDefinition ReshapeOp = Define("Reshape(tensor: T, shape: Tshape) -> (output: T)", ReshapedShape,
        c => [Reshape(c.Gradient, ShapeOf(c.Inputs[0])), null], c => c.Value(0) is { } v && c.Value(1) is { } s
            ? v with { IsScalar = s.Elements.Length == 0 } : null);

    static readonly OpDefinition ExpandDimsOp = Define("ExpandDims(input: T, dim: Tdim) -> (output: T)", c =>
    {
        ShapeRules.Single(c, 1);
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

    static readonly OpDefinition BroadcastToOp = Define("BroadcastTo(input: T, shape: Tidx) -> (output: T)", c =>
    {
        var shape = ShapeRules.FromValue(c, 1);
        if (shape.HasRank && c[0].HasRank && c[0].Rank > shape.Rank) throw c.Fail($"a shape of at least {c[0].Rank} dimensions", shape.ToString());
        for (var i = 1; shape.HasRank && c[0].HasRank && i <= c[0].Rank; i++)
            if (c[0][^i] is not (1 or -1) && shape[^i] >= 0 && shape[^i] != c[0][^i]) throw c.Fail($"a shape that {c[0]} broadcasts to", shape.ToString());
        return [shape];
    },
        c => [SumTo(c.Gradient, c.Inputs[0], c.Outputs[0]), null]);

    static readonly OpDefinition TileOp = Define("Tile(input: T, multiples: Tmultiples) -> (output: T)", c =>
    {
        if (!c[0].HasRank) return [Shape.Unknown];
        if (c.Value(1) is not { } m) return [Shape.OfRank(c[0].Rank)];
        if (m.Elements.Length != c[0].Rank || m.Elements.Any(n => n < 0)) throw c.Fail($"{c[0].Rank} multiples that are not negative", $"[{string.Join(", ", m.Elements)}]");
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
            if (value.shape.Rank != rank || !merged.IsCompatibleWith(value.shape.With(at, -1)))
                throw c.Fail($"inputs that agree but for axis {at}, {merged}", value.shape.ToString());
            merged = merged.MergeWith(value.shape.With(at, -1));
            sum = sum < 0 || value.shape[at] < 0 ? -1 : sum + value.shape[at];
        }
        return [merged.With(at, sum)];
    }, c =>
    {
        var (parts, axis) = (c.Inputs[..^1], KnownAxis(c, c.Inputs.Length - 1, c.Gradient.ndim));
        return [.. SplitV(c.Gradient, Stack([.. parts.Select(p => DimOf(p, axis))], 0), axis, parts.Length), null];
    }, c =>
    {
        var parts = Enumerable.Range(0, c.Inputs.Length - 1).Select(i => c.Value(i) ?? (c[i].IsFullyKnown && c[i].Rank == 1
            ? PartialValue.Unknown((int)c[i][0]) : null)).ToArray();
        return parts.All(p => p is { IsScalar: false }) ? new([.. parts.SelectMany(p => p!.Elements)], [.. parts.SelectMany(p => p!.Symbols)], false) : null;
    });

    static readonly OpDefinition SplitVOp = Define("SplitV(value: T, size_splits: Tlen, split_dim: int32) -> (output: num_split*T) { num_split: int }", c =>
    {
        var count = c.Int("num_split");
        ShapeRules.Single(c, 2);
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

    static readonly OpDefinition SliceOp = Define("Slice(input: T, begin: Index, size: Index) -> (output: T)", c =>
    {
        if (c[0].HasRank && c[1] is { IsFullyKnown: true } begin && begin[0] != c[0].Rank) throw c.Fail($"a begin of {c[0].Rank} elements", begin.ToString());
        if (!c[0].HasRank) return [c.Value(2) is { } s && !s.Elements.Contains(-1) ? Shape.OfSymbolic(s.AsDimensions()) : Shape.Unknown];
        if (c.Value(2) is not { } size) return [Shape.OfRank(c[0].Rank)];
        if (size.Elements.Length != c[0].Rank)
            throw c.Fail($"a size of {c[0].Rank} elements", size.Elements.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return [Shape.OfSymbolic([.. size.AsDimensions().Select((s, i) => SlicedDim(c, i, size.Elements[i], s))])];
    }, c =>
    {
        var (begin, index) = (c.Inputs[1], c.Inputs[1].dtype);
        var end = begin + Cast(ShapeOf(c.Outputs[0]), index);
        return [Run(StridedSliceGradOp!, Cast(ShapeOf(c.Inputs[0]), index), begin, end, OnesLike(begin), c.Gradient), null, null];
    }, c => c.Value(0) is { IsScalar: false } value && c.Known(1) is [var begin] && c[0].Rank == 1 && c.Known(2) is [var size]
        ? value.Pick(Enumerable.Range((int)begin, (int)(size < 0 ? value.Elements.Length - begin : size))) : null);

    static long SlicedDim(ShapeContext c, int axis, long? size, long dim)
    {
        var (begin, whole) = (c.Value(1)?.Elements[axis], c[0].Symbolic[axis]);
        if (begin is { } b && whole >= 0 && (b < 0 || b > whole || (size is > 0 and var s && b + s > whole)))
            throw c.Fail($"a part of the {whole} elements of axis {axis}", $"{size} from {b}");
        return size is not -1 ? dim : begin == 0 ? whole : begin is not null && whole >= 0 ? whole - begin.Value : -1;
    }

    static readonly OpDefinition ReverseV2Op = Define("ReverseV2(tensor: T, axis: Tidx) -> (output: T)", c =>
    {
        if (c[0] is { HasRank: true, Rank: > 0 } && c.Known(1) is { } axes) ShapeRules.Axes(c, axes, c[0].Rank);
        return [c[0]];
    },
        c => [Run(ReverseV2Op!, c.Gradient, c.Inputs[1]), null]);

    /// <summary>Reverses the first elements of each row, as many as its length says.</summary>
    static readonly OpDefinition ReverseSequenceOp = Define("ReverseSequence(input: T, seq_lengths: Tlen) -> (output: T) { seq_dim: int, batch_dim: int = 0 }", c =>
    {
        if (!c[0].HasRank) return [c[0]];
        var (time, rows) = (ShapeRules.Axis(c, c.Get<long>("seq_dim"), c[0].Rank), ShapeRules.Axis(c, c.Get<long>("batch_dim"), c[0].Rank));
        return time != rows && c[0][rows..(rows + 1)].IsCompatibleWith(c[1]) ? [c[0]] : throw c.Fail($"a length for each of {c[0][rows]} rows", c[1].ToString());
    },
        c => [Run(ReverseSequenceOp!, [c.Gradient, c.Inputs[1]], ("seq_dim", c.Get<long>("seq_dim")), ("batch_dim", c.Get<long>("batch_dim"))), null]);

    static readonly OpDefinition RollOp = Define("Roll(input: T, shift: Tshift, axis: Taxis) -> (output: T)", c =>
    {
        if (c[0].HasRank) c.Ranked(0, 1);
        for (var i = 1; i < 3; i++)
            if (c[i].HasRank) c.Ranked(i, 0, 1);
        if (c[1].IsFullyKnown && c[2].IsFullyKnown && c[1].ElementCount != c[2].ElementCount) throw c.Fail("as many shifts as axes", $"{c[1]} and {c[2]}");
        if (c[0].HasRank && c.Known(2) is { } axes)
            foreach (var axis in axes) ShapeRules.Axis(c, axis, c[0].Rank);
        return [c[0]];
    },
        c => [Run(RollOp!, c.Gradient, -c.Inputs[1], c.Inputs[2]), null, null]);

    /// <summary>The size of a shape's open (-1) dimension; where other dimensions are 0, it follows from those that are not. Null if the element count does not fit.</summary>
    public static long? OpenDimension(IEnumerable<long> own, IEnumerable<long> rest)
    {
        var isEmpty = rest.Contains(0);
        var (elements, known) = (Product(own.Where(d => !isEmpty || d != 0)), Product(rest.Where(d => d != 0)));
        return elements % known == 0 && (!isEmpty || own.Contains(0)) ? elements / known : null;
    }

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
        if (known) dims[open[0]] = OpenDimension(own, rest) ?? throw c.Fail($"a shape that divides {c[0].ElementCount} elements", $"{c[0]} to {shape}");
        else if (own.Count(d => d < 0) == 1 && own.Find(d => d < 0) is < -1 and var symbol && rest.TrueForAll(d => d >= 0)
            && Product(own.FindAll(d => d >= 0)) == Product(rest))
        {
            dims[open[0]] = symbol;
        }
        return [Shape.OfSymbolic(dims)];
    }

    static long Product(IEnumerable<long> dims) => dims.Aggregate(1L, (a, b) => a * b);

    static Tensor?[] TileGradient(GradientContext c)
    {
        var (x, multiples) = (c.Inputs[0], Cast(c.Inputs[1], DType.Int32));
        var rank = x.ndim;
        var repeats = Known(multiples);
        Tensor Repeats(int axis) => repeats is null ? StridedSlice(multiples, [axis], [axis + 1], [1], shrink_axis_mask: 1) : Int32Scalar((int)repeats[axis]);
        if (rank == 0) return [c.Gradient, null];
        var interleaved = Stack([.. Enumerable.Range(0, 2 * rank).Select(i => i % 2 == 0 ? Repeats(i / 2) : DimOf(x, i / 2))], 0);
        return [Sum(Reshape(c.Gradient, interleaved), [.. Enumerable.Range(0, rank).Select(i => 2 * i)]), null];
    }

    /// <summary>Adds trailing dimensions of 1 up to a rank.</summary>
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
    public static Tensor Slice(Tensor x, ReadOnlySpan<int> begin, ReadOnlySpan<int> size) => Run(SliceOp, x, Int32(begin), Int32(size));
    public static Tensor Slice(Tensor x, Tensor begin, Tensor size) => Run(SliceOp, x, begin, size);
    public static Tensor Reverse(Tensor x, params ReadOnlySpan<int> axes) => Run(ReverseV2Op, x, Int32(axes));
}
