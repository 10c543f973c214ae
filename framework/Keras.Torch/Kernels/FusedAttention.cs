using System.Numerics.Tensors;
using Keras.Graphs;

namespace Keras.Engines.Torch;

/// <summary>Finds scaled dot-product attention in a graph, and runs it as one kernel that keeps the scores in the cache (<see cref="Attention"/>).</summary>
/// <remarks>The pattern covers the composite's expansion and exported graphs: the product of queries and keys, with an optional scale on it or on the queries,
/// an optional added mask, an optional Boolean mask, softmax, the product with the values, and the transposition that joins the heads again. Transpositions that split the heads are absorbed too, by strides, and the
/// casts around the softmax of 16-bit floats, whose attention is computed in float32 and rounded once. Only functions without gradients have this form.</remarks>
static unsafe class FusedAttention
{
    /// <summary>The permutation that splits and joins the heads.</summary>
    static readonly long[] HeadsAside = [0, 2, 1, 3];

    /// <summary>One operand, (B, H, T, D).</summary>
    /// <param name="Source">The tensor with the elements.</param>
    /// <param name="Turn">The transposition that made it from (B, T, H, D); null if there is none.</param>
    sealed record Operand(Tensor Source, Node? Turn);

    public static Fused? Find(Node last, Fusions fusions)
    {
        if (!Gemm.IsSupported || last.Op.Name != "Transpose" || !(last.Outputs[0].dtype == DType.Float32 || HalfPrecision.IsHalf(last.Outputs[0].dtype)) || !Turns(last)) return null;
        var absorbed = new List<Node>();
        Node? Take(Tensor tensor, string op)
        {
            if (fusions.Only(tensor, op) is { } node) absorbed.Add(node);
            else return null;
            return node;
        }
        // What is beneath a cast from 16-bit floats, or to them.
        Tensor Uncast(Tensor tensor, bool toHalf = false) => fusions.Only(tensor, "Cast") is { } cast && HalfPrecision.IsHalf((toHalf ? cast.Outputs : cast.Inputs)[0].dtype) ? Take(tensor, "Cast")!.Inputs[0] : tensor;
        if (Take(last.Inputs[0], "BatchMatMulV2") is not { } context || Flag(context, "adj_x") || Flag(context, "adj_y")) return null;
        var weights = Take(context.Inputs[0], "Identity")?.Inputs[0] ?? context.Inputs[0];
        if (Take(Uncast(weights, toHalf: true), "Softmax") is not { } softmax || softmax.Outputs[0].dtype != DType.Float32) return null;
        var (scores, mask, scale) = (softmax.Inputs[0], (Tensor?)null, 1.0);
        var select = Take(scores, "SelectV2");
        if (select is not null && Scalar(select.Inputs[2]) is not < -1e38) return null;
        if (select is not null) scores = select.Inputs[1];
        if (Take(scores, "AddV2") is { } sum) (scores, mask) = (sum.Inputs[0], sum.Inputs[1]);
        if (Take(scores, "Mul") is { } factor && Scalar(factor.Inputs[1]) is { } number) (scores, scale) = (factor.Inputs[0], number);
        if (Take(Uncast(scores), "BatchMatMulV2") is not { } product || Flag(product, "adj_x") || !Flag(product, "adj_y")) return null;
        var (q, k, v) = (product.Inputs[0], product.Inputs[1], context.Inputs[1]);
        if (scale == 1 && Take(q, "Mul") is { } before)
        {
            if (Scalar(before.Inputs[1]) is not { } share) return null;
            (q, scale) = (before.Inputs[0], share);
        }

        (q, k) = (Uncast(q), Uncast(k));
        Operand Of(Tensor tensor) => fusions.Only(tensor, "Transpose") is { } turn && Turns(turn) ? new(turn.Inputs[0], turn) : new(tensor, null);
        if (!Fit(q.shape, k.shape, v.shape)) return null;
        foreach (var spread in new[] { mask, select?.Inputs[0] })
            if (spread is not null && !FitsMask(spread.shape, q.shape, k.shape)) return null;
        Operand[] operands = [Of(q), Of(k), Of(v)];
        // The result has the layout of the queries.
        if (operands[0].Turn is null) return null;
        absorbed.AddRange(operands.Select(o => o.Turn).OfType<Node>());
        bool[] turned = Array.ConvertAll(operands, o => o.Turn is not null);
        Tensor[] inputs = [.. operands.Select(o => o.Source), .. new[] { mask, select?.Inputs[0] }.OfType<Tensor>()];
        return new("attention", c => Run(c, turned, scale, select), inputs, [.. absorbed]);
    }

    static bool Flag(Node node, string name) => node.Attributes.TryGet(name, out var value) && (bool)value;

    static HostTensor? Constant(Tensor tensor) =>
        ((SymbolicTensor)tensor).Node is { } node && node.Op == Tf.ConstOp && node.Attributes.TryGet("value", out var value) ? (HostTensor)value : null;

    static bool Turns(Node transpose) => Constant(transpose.Inputs[1]) is { } perm && perm.ToDouble().SequenceEqual(HeadsAside.Select(p => (double)p));

    static double? Scalar(Tensor tensor) => Constant(tensor) is { Shape.ElementCount: 1 } value && tensor.shape.Rank == 0 ? value.ToDouble()[0] : null;

    /// <summary>Whether the shapes fit: equal dimensions have equal symbols, so this still holds when the function runs.</summary>
    static bool Fit(Shape q, Shape k, Shape v) => Array.TrueForAll([q, k, v], s => s is { HasRank: true, Rank: 4 } && s[3] > 0)
        && q[3] == k[3] && k[3] == v[3] && Same(q, 0, k, 0) && Same(k, 0, v, 0) && Same(q, 1, k, 1) && Same(k, 1, v, 1) && Same(k, 2, v, 2);

    static bool FitsMask(Shape mask, Shape q, Shape k)
    {
        if (mask is not { HasRank: true, Rank: <= 4 }) return false;
        for (var axis = 4 - mask.Rank; axis < 4; axis++)
        {
            var own = axis - 4 + mask.Rank;
            if (mask[own] != 1 && !(axis == 3 ? Same(mask, own, k, 2) : Same(mask, own, q, axis))) return false;
        }
        return true;
    }

    /// <summary>Whether dimensions are known to be equal: -1 is unknown, lower numbers are symbols.</summary>
    static bool Same(Shape a, int i, Shape b, int j) => a.Symbolic[i] == b.Symbolic[j] && a.Symbolic[i] != -1;

    static void Run(KernelCall c, bool[] turned, double scale, Node? select)
    {
        using var chosen = select is null ? null : Chosen(c, select);
        var added = chosen ?? (c.Inputs.Length > 3 ? c.Tensor(3) : null);
        var dims = new long[3][];
        for (var i = 0; i < 3; i++)
        {
            var d = c.ShapeOf(i).ToArray();
            dims[i] = turned[i] ? [d[0], d[2], d[1], d[3]] : d;
        }
        Attention.View View(int i, TorchTensor operand)
        {
            var (h, t, s) = (dims[i][1], dims[i][2], dims[i][3]);
            return turned[i] ? new((nint)operand.Data, t * h * s, s, h * s) : new((nint)operand.Data, h * t * s, t * s, s);
        }
        var (batch, heads, rows, size, columns) = (dims[0][0], dims[0][1], dims[0][2], dims[0][3], dims[1][2]);
        var result = c.Result(0, new Shape(batch, rows, heads, size));
        if (result.Count == 0 || columns == 0)
        {
            Structure.Clear(result); // without keys or elements, the sum of no values is 0
            return;
        }
        TorchTensor[] operands = [c.Tensor(0), c.Tensor(1), c.Tensor(2)], wide = Array.ConvertAll(operands, HalfPrecision.Wide);
        var sums = result.DType == DType.Float32 ? result : TorchTensor.Allocate(DType.Float32, result.Shape);
        Attention.Run(View(0, wide[0]), View(1, wide[1]), View(2, wide[2]), new((nint)sums.Data, rows * heads * size, size, heads * size),
            Mask(added) with { Replaces = select is not null }, (float)scale, new(batch, heads, rows, columns, size));
        if (!ReferenceEquals(sums, result)) Elementwise.Map(sums, result, Casts.Between(DType.Float32, result.DType));
        foreach (var (used, given) in wide.Zip(operands).Append((sums, result)))
            if (!ReferenceEquals(used, given)) used.Dispose();
    }

    /// <summary>Turns a Boolean mask into an added one: 0, or the other added mask, where it is true, and the masking value where it is false.</summary>
    static TorchTensor Chosen(KernelCall c, Node select)
    {
        using var nothing = TorchTensor.Of(HostTensor.Scalar(0f));
        using var low = TorchTensor.Of(HostTensor.Scalar((float)Scalar(select.Inputs[2])!.Value));
        TorchValue[] operands = [c.Inputs[^1], c.Inputs.Length > 4 ? c.Inputs[3] : nothing, low];
        var results = new TorchValue?[1];
        KernelTable.TryGet(select.Op.Name, out var kernel);
        kernel!(new KernelCall().Set(select.Op, select.Name, select.Attributes, operands, [DType.Float32], Inference.Shapes(select.Op, select.Attributes, operands), results));
        return (TorchTensor)results[0]!;
    }

    /// <summary>A mask with strides for all four axes, 0 for axes of one element.</summary>
    static Attention.Added Mask(TorchTensor? mask)
    {
        if (mask is null) return default;
        var strides = new long[4];
        var step = 1L;
        for (var i = 1; i <= mask.Shape.Rank; i++)
        {
            strides[^i] = mask.Shape[^i] == 1 ? 0 : step;
            step *= mask.Shape[^i];
        }
        return new((nint)mask.Data, strides[0], strides[1], strides[2], strides[3]);
    }
}
