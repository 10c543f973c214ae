using Keras.Engines;

namespace Keras.Graphs;

/// <summary>Constants, placeholders, shapes and casts.</summary>
static partial class Tf
{
    public static readonly OpDefinition PlaceholderOp = Define("Placeholder() -> (output: dtype) { dtype: type, shape: shape = unknown }",
        c => [c.Get<Shape>("shape")]);

    public static readonly OpDefinition ConstOp = Define("Const() -> (output: dtype) { value: tensor, dtype: type }",
        c => [c.Get<HostTensor>("value").Shape], value: c => PartialValue.Of(c.Get<HostTensor>("value")), differentiable: false);

    static readonly OpDefinition IdentityOp = Define("Identity(input: T) -> (output: T)", ShapeRules.SameAsFirst, c => [c.Gradient], c => c.Value(0));

    static readonly OpDefinition StopGradientOp = Define("StopGradient(input: T) -> (output: T)", ShapeRules.SameAsFirst, value: c => c.Value(0),
        differentiable: false);

    static readonly OpDefinition CastOp = Define("Cast(x: SrcT) -> (y: DstT) { DstT: type, Truncate: bool = false }", c =>
        !c.Inputs[0].dtype.IsNumeric || !c.Get<DType>("DstT").IsNumeric
            ? throw new DTypeMismatchException("Only numbers can be cast", NameScope.Path(c.Op.Name), "from and to numbers", $"{c.Inputs[0].dtype.Name} to {c.Get<DType>("DstT").Name}",
                "Texts become numbers by StringToNumber, numbers texts by AsString.")
            : [c[0]],
        c => [c.Inputs[0].dtype.IsFloating || c.Inputs[0].dtype.IsComplex ? Cast(c.Gradient, c.Inputs[0].dtype) : null],
        c => c.Inputs[0].dtype.IsInteger || c.Inputs[0].dtype == DType.Bool ? c.Value(0) : null);

    static readonly OpDefinition ShapeOp = Define("Shape(input: T) -> (output: out_type) { out_type: type = int32 }",
        c => [c[0].HasRank ? new Shape(c[0].Rank) : Shape.OfRank(1)], value: c => c[0].HasRank ? PartialValue.OfDimensions(c[0].Symbolic) : null,
            differentiable: false);

    static readonly OpDefinition SizeOp = Define("Size(input: T) -> (output: out_type) { out_type: type = int32 }", ShapeRules.Scalar,
        value: c => c[0].IsFullyKnown ? PartialValue.Scalar(c[0].ElementCount) : null, differentiable: false);

    static readonly OpDefinition RankOp = Define("Rank(input: T) -> (output: int32)", ShapeRules.Scalar,
        value: c => c[0].HasRank ? PartialValue.Scalar(c[0].Rank) : null, differentiable: false);

    static readonly OpDefinition ZerosLikeOp = Define("ZerosLike(x: T) -> (y: T)", ShapeRules.SameAsFirst, differentiable: false);

    static readonly OpDefinition OnesLikeOp = Define("OnesLike(x: T) -> (y: T)", ShapeRules.SameAsFirst, differentiable: false);

    static readonly OpDefinition FillOp = Define("Fill(dims: index_type, value: T) -> (output: T)", c => [ShapeRules.FromValue(c, 0)],
        c => [null, Sum(c.Gradient)], c => c[0] is { HasRank: true, Rank: 1 } && c.Value(1) is { IsScalar: true } v && c.Known(0) is [var n]
            ? new([.. Enumerable.Repeat(v.Elements[0], (int)n)], [.. Enumerable.Repeat(v.Symbols[0], (int)n)], false) : null);

    static readonly OpDefinition RangeOp = Define("Range(start: Tidx, limit: Tidx, delta: Tidx) -> (output: Tidx)",
        c => [Steps(c) is { } n ? new Shape(n) : c.Known(0) is [0] && c.Known(2) is [1] && c.Value(1) is { } limit ? Shape.OfSymbolic(limit.AsDimensions())
            : Shape.OfRank(1)],
        value: c => Steps(c) is { } n and <= 64 ? PartialValue.OfDimensions([.. Enumerable.Range(0,
            (int)n).Select(i => c.Known(0)![0] + (i * c.Known(2)![0]))]) : null,
        differentiable: false);

    static readonly OpDefinition LinSpaceOp = Define("LinSpace(start: T, stop: T, num: Tidx) -> (output: T)",
        c => [Shape.OfSymbolic(c.Value(2)?.AsDimensions()[0] ?? -1)], c =>
    {
        // Element i lies i / (num - 1) of the way from start to stop.
        var last = Cast(Maximum(c.Inputs[2] - OnesLike(c.Inputs[2]), OnesLike(c.Inputs[2])), c.Gradient.dtype);
        var way = Cast(Range(ZerosLike(c.Inputs[2]), c.Inputs[2], OnesLike(c.Inputs[2])), c.Gradient.dtype) / last;
        return [Sum(c.Gradient * (1 - way)), Sum(c.Gradient * way), null];
    });

    static readonly OpDefinition EnsureShapeOp = Define("EnsureShape(input: T) -> (output: T) { shape: shape }", c =>
    {
        var expected = c.Get<Shape>("shape");
        return [c[0].IsCompatibleWith(expected) ? c[0].MergeWith(expected) : throw c.Fail(expected.ToString(), c[0].ToString())];
    }, c => [c.Gradient], c => c.Value(0));

    static readonly OpDefinition CheckNumericsOp = Define("CheckNumerics(tensor: T) -> (output: T) { message: string }", ShapeRules.SameAsFirst,
        c => [c.Gradient]);

    static readonly OpDefinition BitcastOp = Define("Bitcast(input: T) -> (output: type) { type: type }", c =>
    {
        var (from, to) = (c.Inputs[0].dtype.Size, c.Get<DType>("type").Size);
        var shape = c[0];
        if (!shape.HasRank || from == to) return [shape];
        if (from > to) return [shape.Concat(new Shape(from / to))];
        if (shape.Rank == 0 || (shape[-1] >= 0 && shape[-1] != to / from)) throw c.Fail($"a last dimension of {to / from}", shape.ToString());
        return [shape[..^1]];
    }, differentiable: false);

    static readonly OpDefinition OptimizationBarrierOp = Define("XlaOptimizationBarrier(input: [T]) -> (output: [T])",
        c => c.Inputs.FirstOrDefault(i => !i.dtype.IsNumeric) is { } other
            ? throw new DTypeMismatchException("An input of a compiled function does not hold numbers", NameScope.Path(c.Op.Name), "numbers", other.dtype.Name)
            : [.. c.Inputs.Select(i => i.shape)], c => c.Gradients);

    static long? Steps(ShapeContext c) => c.Known(0) is [var start] && c.Known(1) is [var limit] && c.Known(2) is [var delta] && delta != 0
        ? Math.Max(0, (long)Math.Ceiling((limit - start) / (double)delta)) : null;

    /// <summary>A host value as a tensor: a Const node, or an eager tensor.</summary>
    public static Tensor Constant(HostTensor value)
    {
        if (Graph.Current is { } graph) return graph.Add(ConstOp, Attributes.Of(("value", value), ("dtype", value.DType)), []).Outputs[0];
        var engine = Engine.Current;
        return new EagerTensor(value.Strings is { } strings
            ? engine.FromStrings(strings, value.Shape)
            : engine.FromHost(AlignedMemory.CopyOf(value.Data), value.DType, value.Shape, Engine.Device), engine);
    }

    /// <summary>A constant from bytes anywhere in memory, copied only once, into the engine's memory.</summary>
    public static Tensor Constant(DType dtype, Shape shape, ReadOnlySpan<byte> bytes)
    {
        if (Graph.Current is not null) return Constant(HostTensor.OfBytes(dtype, shape, bytes.ToArray()));
        var engine = Engine.Current;
        var memory = engine.Allocate(dtype, shape);
        bytes.CopyTo(memory.AsSpan());
        return new EagerTensor(engine.FromHost(memory, dtype, shape, Engine.Device), engine);
    }

    public static Tensor Constant(double value, DType dtype) => Constant(HostTensor.Scalar(value, dtype));

    public static Tensor Int32(params ReadOnlySpan<int> values) => Constant(HostTensor.Vector(values));

    public static Tensor Int32Scalar(int value) => Constant(HostTensor.Scalar(value));

    public static Tensor Identity(Tensor x) => Run(IdentityOp, x);

    public static Tensor StopGradient(Tensor x) => Run(StopGradientOp, x);

    public static Tensor Cast(Tensor x, DType dtype)
    {
        if (x.dtype == dtype) return x;
        // TensorFlow would give the steps for the floats.
        x.dtype.RequirePlain("Cast");
        return Run(CastOp, [x], ("DstT", dtype));
    }

    public static Tensor Bitcast(Tensor x, DType dtype) => Run(BitcastOp, [x], ("type", dtype));

    public static Tensor ZerosLike(Tensor x) => x.shape.IsFullyKnown && !x.dtype.IsComplex ? Zeros(x.shape, x.dtype) : Run(ZerosLikeOp, x);

    public static Tensor OnesLike(Tensor x) => x.shape.IsFullyKnown && !x.dtype.IsComplex ? Full(x.shape, 1, x.dtype) : Run(OnesLikeOp, x);

    public static Tensor Zeros(Shape shape, DType dtype) => Full(shape, 0, dtype);

    public static Tensor Full(Shape shape, double value, DType dtype) => shape.Rank == 0 ? Constant(value, dtype)
        : Fill(ShapeTensor(shape), Constant(value, dtype));

    public static Tensor Fill(Tensor dims, Tensor value) => Run(FillOp, dims, value);

    public static Tensor Range(Tensor start, Tensor limit, Tensor delta) => Run(RangeOp, start, limit, delta);

    /// <summary>Checks at run time that a tensor has a shape, which later ops then know statically.</summary>
    public static Tensor EnsureShape(Tensor x, Shape shape) => Run(EnsureShapeOp, [x], ("shape", shape));

    /// <summary>Returns the tensor; fails at run time if an element is infinite or NaN.</summary>
    public static Tensor CheckNumerics(Tensor x, string message) => Run(CheckNumericsOp, [x], ("message", message));

    public static Tensor Rank(Tensor x) => x.shape.HasRank ? Int32Scalar(x.shape.Rank) : Run(RankOp, x);

    /// <summary>The shape as an int32 vector: a constant where every dimension is known.</summary>
    public static Tensor ShapeOf(Tensor x) => x.shape.IsFullyKnown ? ShapeTensor(x.shape) : Run(ShapeOp, x);

    /// <summary>The number of elements as an int32 scalar.</summary>
    public static Tensor SizeOf(Tensor x) => x.shape.IsFullyKnown ? Int32Scalar(checked((int)x.shape.ElementCount)) : Run(SizeOp, x);

    public static Tensor ShapeTensor(Shape shape) => Int32([.. shape.ToArray().Select(d => checked((int)d))]);

    /// <summary>One dimension as an int32 scalar.</summary>
    public static Tensor DimOf(Tensor x, int axis)
    {
        if (x.shape.HasRank && x.shape[axis] >= 0) return Int32Scalar(checked((int)x.shape[axis]));
        return StridedSlice(ShapeOf(x), [axis], [axis == -1 ? int.MaxValue : axis + 1], [1], shrink_axis_mask: 1);
    }
}
