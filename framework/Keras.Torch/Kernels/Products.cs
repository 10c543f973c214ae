using System.Numerics;
using Keras.Graphs;

namespace Keras.Engines.Torch;

/// <summary>Matrix products: float32 by this engine's <see cref="Gemm"/> where the processor supports it, others by libtorch, with transposed operands given by strides.</summary>
static unsafe class Products
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["MatMul"] = MatMul,
        ["BatchMatMulV2"] = BatchMatMul,
        ["BiasAdd"] = BiasAdd,
        ["Einsum"] = Einsum.Run,
    };

    static void MatMul(KernelCall c) => MatMul(c, c.Flag("transpose_a"), c.Flag("transpose_b"), activation: null);

    /// <summary>Fuses a product, a bias for its columns, and a following activation into one kernel; null for dtypes other than float32 and 16-bit floats.</summary>
    public static Kernel? WithBias(Node[] chain)
    {
        var product = chain[0].Attributes;
        bool Flag(string name) => product.TryGet(name, out var value) && (bool)value;
        var (ta, tb, activation) = (Flag("transpose_a"), Flag("transpose_b"), Gelus.RowOf(chain[^1].Op.Name));
        return Epilogue.IsFor(chain[0].Outputs[0].dtype) ? c => MatMul(c, ta, tb, activation) : null;
    }

    /// <param name="c">The operands, and optionally a bias.</param>
    /// <param name="ta">Whether the left operand is transposed.</param>
    /// <param name="tb">Whether the right operand is transposed.</param>
    /// <param name="activation">What is applied to the sums; null for nothing.</param>
    static void MatMul(KernelCall c, bool ta, bool tb, UnaryRow? activation)
    {
        var (a, b) = (c.Tensor(0), c.Tensor(1));
        var (rows, inner) = ta ? (a.Shape[1], a.Shape[0]) : (a.Shape[0], a.Shape[1]);
        var (other, columns) = tb ? (b.Shape[1], b.Shape[0]) : (b.Shape[0], b.Shape[1]);
        if (inner != other) throw c.Fail("inner dimensions that agree", $"{a.Shape} and {b.Shape}");
        if (!(!ta && FewRows.Fits(a.DType, rows, inner, tb)) && IsWidened(a.DType, rows * inner * columns))
        {
            HalfPrecision.Run(c, wide => MatMul(wide, ta, tb, activation));
            return;
        }
        var epilogue = new Epilogue(c.Inputs.Length > 2 ? c.Tensor(2) : null, activation);
        if (epilogue.Bias is { } bias && bias.Count != columns) throw c.Fail($"a bias of {columns} elements", bias.Shape.ToString());
        c.Outputs[0] = Multiply(a, ta, b, tb, rows, inner, columns, new Shape(rows, columns), epilogue);
    }

    /// <summary>Whether 16-bit operands are multiplied as float32. Measured with AVX512_BF16: libtorch's float16 products take 4 to 190 times as long, small bfloat16 ones 1.4 times, large ones half as long. Without bfloat16 instructions (not measured) they are assumed slow too.</summary>
    static bool IsWidened(DType dtype, long work) => dtype == DType.Float16 || dtype == DType.BFloat16 && (!Processor.MultipliesBFloat16 || work < SmallForBFloat16);

    const long SmallForBFloat16 = 1 << 18;

    /// <summary>The work from which the fast path pays for its preparation.</summary>
    const long WorthOneDnn = 1 << 15;

    /// <summary>Multiplies two contiguous matrices in the fastest way available.</summary>
    static TorchTensor Multiply(TorchTensor a, bool ta, TorchTensor b, bool tb, long rows, long inner, long columns, Shape shape, Epilogue epilogue)
    {
        if (!ta && FewRows.Fits(a.DType, rows, inner, tb))
        {
            var result = TorchTensor.Allocate(a.DType, shape);
            if (a.DType == DType.Float32) FewRows.Multiply(GemmProduct.Of(a.Data, false, b.Data, tb, result.Data, rows, inner, columns) with { Epilogue = epilogue }, b.DType);
            else FewRows.MultiplyHalves(a, b, tb, result, rows, inner, columns, epilogue);
            return result;
        }
        if (a.DType == DType.Float32 && Gemm.IsSupported && rows > 0 && inner > 0 && columns > 0)
        {
            var own = TorchTensor.Allocate(a.DType, shape);
            Gemm.Multiply(GemmProduct.Of(a.Data, ta, b.Data, tb, own.Data, rows, inner, columns) with { Epilogue = epilogue });
            return own;
        }
        // With the left operand transposed, MKL is at least as good unless the result is wide.
        if (TorchLibrary.HasOneDnn && a.DType == DType.Float32 && rows * inner * columns >= WorthOneDnn && (!ta || columns > rows))
        {
            // oneDNN's linear layer takes the weights as (columns, rows), given here by strides.
            using var x = AtenTensor.Strided(a.Data, a.DType, [rows, inner], ta ? [1, rows] : [inner, 1]);
            using var y = AtenTensor.Strided(b.Data, b.DType, [columns, inner], tb ? [inner, 1] : [1, columns]);
            // It adds a bias at no cost, but its gelu is slower than a separate pass here.
            using var bias = epilogue is { Activation: null, Bias: { } given } ? AtenTensor.Of(given) : default;
            var biasHandle = bias.Handle;
            nint handle;
            Aten.Check(Aoti.Linear(x.Handle, y.Handle, biasHandle == 0 ? null : &biasHandle, "none", null, 0, null, &handle), "mkldnn::_linear_pointwise");
            var result = TorchTensor.On(new Block(handle, rows * columns * sizeof(float)), DType.Float32, shape);
            if (epilogue.Activation is not null) epilogue.Run(result, columns);
            return result;
        }
        var product = TorchTensor.Allocate(a.DType, shape);
        Multiply(a.Data, ta, b.Data, tb, product.Data, a.DType, rows, inner, columns);
        epilogue.Run(product, columns);
        return product;
    }

    /// <summary>Multiplies two contiguous matrices.</summary>
    public static void Multiply(byte* a, bool ta, byte* b, bool tb, byte* result, DType dtype, long rows, long inner, long columns)
    {
        if (rows == 0 || columns == 0) return;
        if (inner == 0)
        {
            new Span<byte>(result, checked((int)(rows * columns * dtype.Size))).Clear();
            return;
        }
        if (dtype == DType.Float32 && Gemm.IsSupported)
        {
            Gemm.Multiply(GemmProduct.Of(a, ta, b, tb, result, rows, inner, columns));
            return;
        }
        using var x = AtenTensor.Strided(a, dtype, [rows, inner], ta ? [1, rows] : [inner, 1]);
        using var y = AtenTensor.Strided(b, dtype, [inner, columns], tb ? [1, inner] : [columns, 1]);
        using var d = AtenTensor.Strided(result, dtype, [rows, columns], [columns, 1]);
        Aten.Check(Aoti.MmOut(d.Handle, x.Handle, y.Handle), "aten::mm");
    }

    static void BatchMatMul(KernelCall c)
    {
        var (x, y) = (c.Tensor(0), c.Tensor(1));
        var (ax, ay) = (c.Flag("adj_x"), c.Flag("adj_y"));
        using var cx = ax ? Conjugated(x) : null;
        using var cy = ay ? Conjugated(y) : null;
        (x, y) = (cx ?? x, cy ?? y);
        if (x.Shape.Rank < 2 || y.Shape.Rank < 2) throw c.Fail("tensors of rank 2 or more", $"{x.Shape} and {y.Shape}");
        var (rows, inner) = ax ? (x.Shape[-1], x.Shape[-2]) : (x.Shape[-2], x.Shape[-1]);
        var (other, columns) = ay ? (y.Shape[-1], y.Shape[-2]) : (y.Shape[-2], y.Shape[-1]);
        if (inner != other) throw c.Fail("inner dimensions that agree", $"{x.Shape} and {y.Shape}");
        if (IsWidened(x.DType, Math.Max(x.Count * columns, y.Count * rows)) && !(y.Count == inner * columns && !ax && FewRows.Fits(x.DType, x.Count / Math.Max(1, inner), inner, ay)))
        {
            HalfPrecision.Run(c, BatchMatMul);
            return;
        }
        var (bx, by) = (x.Shape[..^2], y.Shape[..^2]);
        var batch = c.Shapes[0].IsFullyKnown ? c.Shapes[0][..^2] : Broadcast(c, bx, by);
        if (by.ElementCount == 1 && !ax && inner > 0)
        {
            c.Outputs[0] = Multiply(x, false, y, ay, x.Count / inner, inner, columns, batch.Concat(new Shape(rows, columns)), Epilogue.None);
            return;
        }
        var result = c.Result(0, batch.Concat(new Shape(rows, columns)));
        if (result.Count == 0) return;
        if (inner == 0)
        {
            Structure.Clear(result);
            return;
        }
        if (bx == by)
        {
            Batched(x.Data, ax, y.Data, ay, result.Data, x.DType, batch.ElementCount, rows, inner, columns);
            return;
        }
        var loops = new Loops(batch, bx, by);
        var size = x.DType.Size;
        loops.Walk(0, loops.Rows, (r, at) =>
        {
            for (var i = 0L; i < loops.Inner; i++)
                Multiply(x.Data + ((at[0] + (loops.IsScalar(0) ? 0 : i)) * rows * inner * size), ax, y.Data + ((at[1] + (loops.IsScalar(1) ? 0 : i)) * inner * columns * size), ay,
                    result.Data + (((r * loops.Inner) + i) * rows * columns * size), x.DType, rows, inner, columns);
        });
    }

    /// <summary>Computes many products of equal size.</summary>
    public static void Batched(byte* x, bool tx, byte* y, bool ty, byte* result, DType dtype, long batch, long rows, long inner, long columns)
    {
        if (dtype == DType.Float32 && Gemm.IsSupported)
        {
            Gemm.Many(GemmMatrix.Of(x, tx, rows, inner), GemmMatrix.Of(y, ty, inner, columns), GemmMatrix.Of(result, false, rows, columns), batch, rows, inner, columns);
            return;
        }
        using var a = AtenTensor.Strided(x, dtype, [batch, rows, inner], tx ? [rows * inner, 1, rows] : [rows * inner, inner, 1]);
        using var b = AtenTensor.Strided(y, dtype, [batch, inner, columns], ty ? [inner * columns, 1, inner] : [inner * columns, columns, 1]);
        using var d = AtenTensor.Strided(result, dtype, [batch, rows, columns], [rows * columns, columns, 1]);
        Aten.Check(Aoti.BmmOut(d.Handle, a.Handle, b.Handle), "aten::bmm");
    }

    static TorchTensor? Conjugated(TorchTensor x)
    {
        if (!x.DType.IsComplex) return null;
        var result = TorchTensor.Allocate(x.DType, x.Shape);
        Elementwise.Map(x, result, Rows.Complex(x.DType, Complex.Conjugate)!);
        return result;
    }

    public static Shape Broadcast(KernelCall c, Shape x, Shape y)
    {
        var dims = new long[Math.Max(x.Rank, y.Rank)];
        for (var i = 1; i <= dims.Length; i++)
        {
            var (p, q) = (i <= x.Rank ? x[^i] : 1, i <= y.Rank ? y[^i] : 1);
            dims[^i] = p == 1 ? q : q == 1 || p == q ? p : throw c.Fail("batches that broadcast together", $"{x} and {y}");
        }
        return new Shape(dims);
    }

    static void BiasAdd(KernelCall c)
    {
        var (x, bias) = (c.Tensor(0), c.Tensor(1));
        var add = Rows.Number<Elementwise.Sum>(x.DType) ?? throw c.NotFor(x.DType);
        var channel = c.Get<string>("data_format").StartsWith("NC", StringComparison.Ordinal) ? 1 : x.Shape.Rank - 1;
        if (bias.Count != x.Shape[channel]) throw c.Fail($"a bias of {x.Shape[channel]} elements", bias.Shape.ToString());
        var result = c.ResultInPlaceOf(0);
        var (inner, channels, size) = (Slicing.Product(x.Shape, channel + 1, x.Shape.Rank), bias.Count, x.DType.Size);
        byte* px = x.Data, pb = bias.Data, pd = result.Data;
        if (channel == x.Shape.Rank - 1)
        {
            if (channels > 0)
                Workers.Run(x.Count / channels, 2 * channels * size, (begin, end) =>
                {
                    for (var r = begin; r < end; r++) add(px + (r * channels * size), false, pb, false, pd + (r * channels * size), channels);
                });
            return;
        }
        if (inner * channels > 0)
            Workers.Run(x.Count / inner, 2 * inner * size, (begin, end) =>
            {
                for (var r = begin; r < end; r++) add(px + (r * inner * size), false, pb + (r % channels * size), true, pd + (r * inner * size), inner);
            });
    }
}
