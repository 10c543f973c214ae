namespace Keras.Graphs;

/// <summary>Reading and writing elements at computed positions.</summary>
static partial class Tf
{
    static readonly OpDefinition GatherV2Op = Define("GatherV2(params: Tparams, indices: Tindices, axis: Taxis) -> (output: Tparams) { batch_dims: int = 0 }", c =>
    {
        if (!c[0].HasRank || !c[1].HasRank) return [Shape.Unknown];
        var batch = BatchDims(c, c[1].Rank);
        if (c.Known(2) is not [var axis]) return [Shape.OfRank(c[0].Rank + c[1].Rank - 1 - batch)];
        var at = ShapeRules.Axis(c, axis, c[0].Rank);
        if (batch > at || batch > c[1].Rank || !c[0][..batch].IsCompatibleWith(c[1][..batch]))
            throw c.Fail($"indices and params that share {batch} leading dimensions before axis {at}", $"{c[1]} and {c[0]}");
        return [c[0][..batch].MergeWith(c[1][..batch]).Concat(c[0][batch..at]).Concat(c[1][batch..]).Concat(c[0][(at + 1)..])];
    }, c => [GatherGradient(c.Inputs[0], c.Inputs[1], c.Gradient, KnownAxis(c, 2, c.Inputs[0].ndim), BatchDims(c, c.Inputs[1].ndim)), null, null],
    c => c.Known(1) is { } at && c.Value(0) is { IsScalar: false } value && at.All(i => i >= 0 && i < value.Elements.Length)
        ? value.Pick(at.Select(i => (int)i), c[1].Rank == 0) : null);

    static readonly OpDefinition GatherNdOp = Define("GatherNd(params: Tparams, indices: Tindices) -> (output: Tparams)",
        c => c[0] is { IsFullyKnown: true, ElementCount: 0 } && c[1] is { IsFullyKnown: true, ElementCount: > 0 } ? throw c.Fail("elements to choose from", c[0].ToString()) : [IndexedShape(c, c[0], c[1])],
        c => [ScatterNd(c.Inputs[1], c.Gradient, Cast(ShapeOf(c.Inputs[0]), c.Inputs[1].dtype)), null]);

    static readonly OpDefinition ScatterNdOp = Define("ScatterNd(indices: Tindices, updates: T, shape: Tindices) -> (output: T)",
        c =>
        {
            var shape = ShapeRules.FromValue(c, 2);
            RequireUpdates(c, shape, c[0], c[1]);
            return [shape];
        }, c => [null, GatherNd(c.Gradient, c.Inputs[0]), null]);

    static readonly OpDefinition TensorScatterUpdateOp = TensorScatter("TensorScatterUpdate",
        c => [TensorScatterUpdate(c.Gradient, c.Inputs[1], ZerosLike(c.Inputs[2])), null, GatherNd(c.Gradient, c.Inputs[1])]);
    static readonly OpDefinition TensorScatterAddOp = TensorScatter("TensorScatterAdd", c => [c.Gradient, null, GatherNd(c.Gradient, c.Inputs[1])]);
    static readonly OpDefinition TensorScatterSubOp = TensorScatter("TensorScatterSub", c => [c.Gradient, null, -GatherNd(c.Gradient, c.Inputs[1])]);
    static readonly OpDefinition TensorScatterMaxOp = TensorScatter("TensorScatterMax", ScatteredExtremeGradient);
    static readonly OpDefinition TensorScatterMinOp = TensorScatter("TensorScatterMin", ScatteredExtremeGradient);

    static OpDefinition TensorScatter(string name, GradientFunction gradient) => Define($"{name}(tensor: T, indices: Tindices, updates: T) -> (output: T)", c =>
    {
        RequireUpdates(c, c[0], c[1], c[2]);
        return [c[0]];
    }, gradient);

    /// <summary>Checks that updates have the shape of what the indices choose.</summary>
    static void RequireUpdates(ShapeContext c, Shape tensor, Shape indices, Shape updates)
    {
        var expected = IndexedShape(c, tensor, indices);
        if (!expected.IsCompatibleWith(updates)) throw c.Fail($"updates of shape {expected}", updates.ToString());
    }

    static readonly OpDefinition OneHotOp = Define("OneHot(indices: TI, depth: int32, on_value: T, off_value: T) -> (output: T) { axis: int = -1 }", c =>
    {
        if (!c[0].HasRank) return [Shape.Unknown];
        var at = ShapeRules.Axis(c, c.Get<long>("axis"), c[0].Rank + 1);
        return [c[0][..at].Concat(Shape.OfSymbolic(c.Value(1)?.AsDimensions()[0] ?? -1)).Concat(c[0][at..])];
    }, differentiable: false);

    static int BatchDims(OpCall c, int indexRank) => c.Int("batch_dims") is var batch && batch < 0 ? batch + indexRank : batch;

    /// <summary>The shape of the parts of a tensor that index vectors choose.</summary>
    static Shape IndexedShape(ShapeContext c, Shape tensor, Shape indices)
    {
        if (!tensor.HasRank || !indices.HasRank || indices.Rank == 0 || indices[-1] < 0) return Shape.Unknown;
        if (indices[-1] > tensor.Rank) throw c.Fail($"index vectors of at most {tensor.Rank} elements", indices.ToString());
        return indices[..^1].Concat(tensor[(int)indices[-1]..]);
    }

    /// <summary>Sums the gradients of gathered elements at their origins: (batch, outer, indices, inner) to (batch, outer, axis, inner).</summary>
    static Tensor GatherGradient(Tensor parameters, Tensor indices, Tensor gradient, int axis, int batch)
    {
        var (rank, inner) = (parameters.ndim, indices.ndim - batch);
        // Moves the gathered axes to the front, sums there, and moves the axis back.
        int[] front = [.. Enumerable.Range(0, batch), .. Enumerable.Range(axis, inner), .. Enumerable.Range(batch, axis - batch),
            .. Enumerable.Range(axis + inner, rank - axis - 1)];
        int[] moved = [.. Enumerable.Range(0, batch), axis, .. Enumerable.Range(batch, axis - batch), .. Enumerable.Range(axis + 1, rank - axis - 1)];
        if (axis > batch) gradient = Transpose(gradient, front);
        var sum = batch == 0
            ? UnsortedSegmentSum(gradient, indices, DimOf(parameters, axis))
            : BatchSegmentSum(gradient, indices, DimOf(parameters, axis), batch, DimsOf(parameters, moved));
        return axis > batch ? Transpose(sum, [.. Enumerable.Range(0, rank).OrderBy(i => moved[i])]) : sum;
    }

    /// <summary>Segment sums with batch dimensions folded into the ids: index i of batch b is segment b · size + i.</summary>
    static Tensor BatchSegmentSum(Tensor gradient, Tensor indices, Tensor size, int batch, Tensor shape)
    {
        var batchShape = Slice(shape, [0], [batch]);
        var batches = Run(ProdOp, batchShape, Int32(0));
        var offsets = Reshape(Range(Int32Scalar(0), batches, Int32Scalar(1)) * size,
            Concat([batchShape, Int32([.. Enumerable.Repeat(1, indices.ndim - batch)])], 0));
        return Reshape(UnsortedSegmentSum(gradient, Cast(indices, DType.Int32) + offsets, batches * size), shape);
    }

    /// <summary>Some dimensions as an int32 vector: a constant where they are known.</summary>
    static Tensor DimsOf(Tensor x, int[] axes) => axes.All(a => x.shape[a] >= 0) ? ShapeTensor(new Shape([.. axes.Select(a => x.shape[a])]))
        : Gather(ShapeOf(x), Int32(axes), 0);

    /// <summary>The gradient of a scattered maximum or minimum, shared equally among the element and the updates that attain it.</summary>
    static Tensor?[] ScatteredExtremeGradient(GradientContext c)
    {
        var (tensor, indices, updates, dtype) = (c.Inputs[0], c.Inputs[1], c.Inputs[2], c.Gradient.dtype);
        var own = Cast(Equal(tensor, c.Outputs[0]), dtype);
        var theirs = Cast(Equal(updates, GatherNd(c.Outputs[0], indices)), dtype);
        var share = c.Gradient / (own + ScatterNd(indices, theirs, Cast(ShapeOf(tensor), indices.dtype)));
        return [share * own, null, GatherNd(share, indices) * theirs];
    }

    public static Tensor Gather(Tensor x, Tensor indices, int axis, int batch_dims = 0) =>
        Run(GatherV2Op, [x, indices, Int32Scalar(axis)], ("batch_dims", batch_dims));
    public static Tensor GatherNd(Tensor x, Tensor indices) => Run(GatherNdOp, x, indices);
    public static Tensor ScatterNd(Tensor indices, Tensor updates, Tensor shape) => Run(ScatterNdOp, indices, updates, shape);
    public static Tensor TensorScatterUpdate(Tensor x, Tensor indices, Tensor updates) => Run(TensorScatterUpdateOp, x, indices, updates);
    public static Tensor OneHot(Tensor indices, int depth, Tensor on, Tensor off, int axis = -1) => OneHot(indices, Int32Scalar(depth), on, off, axis);
    public static Tensor OneHot(Tensor indices, Tensor depth, Tensor on, Tensor off, int axis = -1) => Run(OneHotOp, [indices, depth, on, off], ("axis", axis));
}
