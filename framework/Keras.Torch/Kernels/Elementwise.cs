using System.Numerics;
using System.Numerics.Tensors;

namespace Keras.Engines.Torch;

/// <summary>Functions of single elements and of broadcast pairs: arithmetic, comparisons, logic, bits, selection, casts.</summary>
static unsafe partial class Elementwise
{
    /// <summary>The cost of a function on top of moving its bytes, in bytes.</summary>
    const int Cheap = 0;
    const int Costly = 24;

    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["AddV2"] = Pair(Rows.Number<Sum>, (a, b) => a + b),
        ["Sub"] = Pair(Rows.Number<Difference>, (a, b) => a - b),
        ["Mul"] = Pair(Rows.Number<Product>, (a, b) => a * b),
        ["RealDiv"] = Pair(Rows.Number<Quotient>, (a, b) => a / b),
        ["MulNoNan"] = Pair(Rows.FloatPair<MultiplyNoNan>, (a, b) => b == Complex.Zero ? Complex.Zero : a * b),
        ["DivNoNan"] = Pair(Rows.FloatPair<DivideNoNan>, (a, b) => b == Complex.Zero ? Complex.Zero : a / b),
        ["FloorDiv"] = WithDivisor(Pair(Rows.NumberPair<FloorDivide>)),
        ["FloorMod"] = WithDivisor(Pair(Rows.NumberPair<FloorModulo>)),
        ["TruncateDiv"] = WithDivisor(Pair(Rows.NumberPair<TruncateDivide>)),
        ["TruncateMod"] = WithDivisor(Pair(Rows.NumberPair<TruncateModulo>)),
        ["Maximum"] = Pair(Rows.Number<Maximum>),
        ["Minimum"] = Pair(Rows.Number<Minimum>),
        ["SquaredDifference"] = Pair(Rows.NumberPair<SquaredDifference>, (a, b) => (a - b) * Complex.Conjugate(a - b)),
        ["Pow"] = Power,
        ["Atan2"] = Pair(Rows.FloatPair<Atan2>, cost: Costly),
        ["Xlogy"] = Pair(LaneFunctions.PairRow<XlogyOf>, (a, b) => a == Complex.Zero ? a : a * Complex.Log(b), Costly),
        ["Xlog1py"] = Pair(LaneFunctions.PairRow<Xlog1pyOf>, (a, b) => a == Complex.Zero ? a : a * Complex.Log(1 + b), Costly),
        ["Xdivy"] = Pair(Rows.FloatPair<Xdivy>, (a, b) => a == Complex.Zero ? a : a / b),
        ["NextAfter"] = Pair(Rows.FloatPair<NextAfter>),
        ["AddN"] = AddAll,
        ["Equal"] = Compare(Rows.Comparison<EqualTo>, (a, b) => a == b),
        ["NotEqual"] = Compare(Rows.Comparison<NotEqualTo>, (a, b) => a != b),
        ["Less"] = Compare(Rows.Comparison<LessThan>),
        ["LessEqual"] = Compare(Rows.Comparison<LessOrEqual>),
        ["Greater"] = Compare(Rows.Comparison<GreaterThan>),
        ["GreaterEqual"] = Compare(Rows.Comparison<GreaterOrEqual>),
        ["LogicalAnd"] = Compare(_ => Rows.IntegerPair<BitAnd>(DType.UInt8)),
        ["LogicalOr"] = Compare(_ => Rows.IntegerPair<BitOr>(DType.UInt8)),
        ["LogicalNot"] = Single(_ => (x, d, n) => { for (var i = 0L; i < n; i++) d[i] = (byte)(x[i] ^ 1); }),
        ["BitwiseAnd"] = Pair(Rows.IntegerPair<BitAnd>),
        ["BitwiseOr"] = Pair(Rows.IntegerPair<BitOr>),
        ["BitwiseXor"] = Pair(Rows.IntegerPair<BitXor>),
        ["LeftShift"] = Pair(Rows.IntegerPair<ShiftLeft>),
        ["RightShift"] = Pair(Rows.IntegerPair<ShiftRight>),
        ["Polygamma"] = Polygamma,
        ["Complex"] = Combine,

        ["Neg"] = Single(Rows.NumberUnary<Negate>, x => -x),
        ["Abs"] = Single(Rows.NumberUnary<Absolute>),
        ["Sign"] = Single(Rows.NumberUnary<SignOf>, x => x == Complex.Zero ? x : x / Complex.Abs(x)),
        ["Floor"] = Single(Rows.FloatUnary<FloorOf>),
        ["Ceil"] = Single(Rows.FloatUnary<CeilingOf>),
        ["Round"] = Rounded,
        ["Rint"] = Single(Rows.FloatUnary<RoundOf>),
        ["Invert"] = Single(d => Inverted(d.Size)),
        ["Reciprocal"] = Single(Rows.FloatUnary<ReciprocalOf>, x => 1 / x),
        ["Square"] = Single(Rows.NumberUnary<SquareOf>, x => x * x),
        ["Sqrt"] = Single(Rows.FloatUnary<SqrtOf>, Complex.Sqrt),
        ["Rsqrt"] = Single(Rows.FloatUnary<RsqrtOf>, x => 1 / Complex.Sqrt(x)),
        ["Exp"] = Single(LaneFunctions.Row<ExpOf>, Complex.Exp, Costly),
        ["Expm1"] = Single(LaneFunctions.Row<Expm1Of>, x => Complex.Exp(x) - 1, Costly),
        ["Log"] = Single(LaneFunctions.Row<LogOf>, Complex.Log, Costly),
        ["Log1p"] = Single(LaneFunctions.Row<Log1pOf>, x => Complex.Log(1 + x), Costly),
        ["Sin"] = Single(Rows.FloatUnary<SinOf>, Complex.Sin, Costly),
        ["Cos"] = Single(Rows.FloatUnary<CosOf>, Complex.Cos, Costly),
        ["Tan"] = Single(Rows.FloatUnary<ByDouble<TanOf>>, Complex.Tan, Costly),
        ["Asin"] = Single(Rows.FloatUnary<AsinOf>, Complex.Asin, Costly),
        ["Acos"] = Single(Rows.FloatUnary<AcosOf>, Complex.Acos, Costly),
        ["Atan"] = Single(Rows.FloatUnary<AtanOf>, Complex.Atan, Costly),
        ["Sinh"] = Single(LaneFunctions.Row<SinhOf>, Complex.Sinh, Costly),
        ["Cosh"] = Single(LaneFunctions.Row<CoshOf>, Complex.Cosh, Costly),
        ["Asinh"] = Single(Rows.FloatUnary<AsinhOf>, x => Complex.Log(x + Complex.Sqrt((x * x) + 1)), Costly),
        ["Acosh"] = Single(Rows.FloatUnary<AcoshOf>, x => Complex.Log(x + (Complex.Sqrt(x + 1) * Complex.Sqrt(x - 1))), Costly),
        ["Atanh"] = Single(Rows.FloatUnary<AtanhOf>, x => 0.5 * Complex.Log((1 + x) / (1 - x)), Costly),
        ["Tanh"] = Single(LaneFunctions.Row<TanhOf>, Complex.Tanh, Costly),
        ["Sigmoid"] = Single(LaneFunctions.Row<SigmoidOf>, x => 1 / (1 + Complex.Exp(-x)), Costly),
        ["TanhGrad"] = Pair(LaneFunctions.PairRow<TanhGradOf>, (y, dy) => dy * (1 - (y * y))),
        ["SigmoidGrad"] = Pair(LaneFunctions.PairRow<SigmoidGradOf>, (y, dy) => dy * y * (1 - y)),
        ["Erf"] = HalfPrecision.Widened(FromAten("aten::erf")),
        ["Erfc"] = HalfPrecision.Widened(FromAten("aten::erfc")),
        ["Erfinv"] = InDouble("aten::erfinv"),
        ["Ndtri"] = InDouble("aten::special_ndtri"),
        ["Lgamma"] = InDouble("aten::lgamma"),
        ["Digamma"] = InDouble("aten::digamma", x => x < 0 ? 1 - x : x, Reflected),
        ["BesselI0"] = InDouble("aten::special_i0e", after: Unscaled),
        ["BesselI1"] = InDouble("aten::special_i1e", after: (x, value) => Math.CopySign(Unscaled(x, value), x)),
        ["BesselI0e"] = InDouble("aten::special_i0e"),
        ["BesselI1e"] = InDouble("aten::special_i1e", after: (x, value) => Math.CopySign(value, x)),
        ["IsNan"] = Test(Rows.FloatUnary<IsNaNOf>),
        ["IsInf"] = Test(Rows.FloatUnary<IsInfinityOf>),
        ["IsFinite"] = Test(Rows.FloatUnary<IsFiniteOf>),
        ["Real"] = Part(x => x.Real),
        ["Imag"] = Part(x => x.Imaginary),
        ["Angle"] = Part(x => Math.Atan2(x.Imaginary, x.Real)),
        ["ComplexAbs"] = Part(Complex.Abs),
        ["Conj"] = Single(_ => null, Complex.Conjugate),

        ["SelectV2"] = Select,
        ["Select"] = SelectRows,
        ["ClipByValue"] = Clip,
        ["Cast"] = Cast,
    };

    /// <summary>Makes a kernel for a function of pairs.</summary>
    public static Kernel Pair(Func<DType, BinaryRow?> real, Func<Complex, Complex, Complex>? complex = null, int cost = Cheap)
    {
        var rows = new BinaryRow?[32];
        return c =>
        {
            var dtype = c.DTypeOf(0);
            var row = rows[dtype.Number] ??= (dtype.IsComplex ? complex is null ? null : Rows.Complex(dtype, complex) : real(dtype)) ?? throw c.NotFor(dtype);
            Run(c, row, c.ResultInPlaceOf(0, 1), cost);
        };
    }

    static Kernel Compare(Func<DType, BinaryRow?> real, Func<Complex, Complex, bool>? complex = null)
    {
        var rows = new BinaryRow?[32];
        return c =>
        {
            var dtype = c.DTypeOf(0);
            if (dtype == DType.String)
            {
                CompareStrings(c);
                return;
            }
            var row = rows[dtype.Number] ??= (dtype.IsComplex ? complex is null ? null : ComplexComparison(dtype, complex) : real(dtype)) ?? throw c.NotFor(dtype);
            Run(c, row, c.Result(), Cheap);
        };
    }

    static BinaryRow ComplexComparison(DType dtype, Func<Complex, Complex, bool> of) => (x, xs, y, ys, d, n) =>
    {
        Complex At(byte* data, long i) => dtype == DType.Complex64 ? Rows.Load(data, i) : ((Complex*)data)[i];
        for (var i = 0L; i < n; i++) d[i] = of(At(x, xs ? 0 : i), At(y, ys ? 0 : i)) ? (byte)1 : (byte)0;
    };

    /// <summary>Runs a row function over two broadcast inputs.</summary>
    public static void Run(KernelCall c, BinaryRow row, TorchTensor result, int cost)
    {
        var (x, y) = (c.Tensor(0), c.Tensor(1));
        byte* px = x.Data, py = y.Data, pd = result.Data;
        var (size, resultSize) = (x.DType.Size, result.DType.Size);
        var bytes = (2 * size) + resultSize + cost;
        if (result.Count == 0) return;
        if ((x.Count == result.Count || x.Count == 1) && (y.Count == result.Count || y.Count == 1))
        {
            var (xs, ys) = (x.Count == 1, y.Count == 1);
            Workers.Run(result.Count, bytes, (begin, end) => row(px + (xs ? 0 : begin * size), xs, py + (ys ? 0 : begin * size), ys, pd + (begin * resultSize), end - begin));
            return;
        }
        var loops = new Loops(result.Shape, x.Shape, y.Shape);
        var (xStands, yStands, inner) = (loops.IsScalar(0), loops.IsScalar(1), loops.Inner);
        Workers.Run(loops.Rows, inner * bytes, (begin, end) => loops.Walk(begin, end, (r, at) =>
            row(px + (at[0] * size), xStands, py + (at[1] * size), yStands, pd + (r * inner * resultSize), inner)));
    }

    /// <summary>Makes a kernel for a function of single elements.</summary>
    public static Kernel Single(Func<DType, UnaryRow?> real, Func<Complex, Complex>? complex = null, int cost = Cheap)
    {
        var rows = new UnaryRow?[32];
        return c =>
        {
            var dtype = c.DTypeOf(0);
            var row = rows[dtype.Number] ??= (dtype.IsComplex ? complex is null ? null : Rows.Complex(dtype, complex) : real(dtype)) ?? throw c.NotFor(dtype);
            Map(c.Tensor(0), c.ResultInPlaceOf(0), row, cost);
        };
    }

    /// <summary>Runs a row function over all elements.</summary>
    public static void Map(TorchTensor x, TorchTensor result, UnaryRow row, int cost = Cheap)
    {
        byte* px = x.Data, pd = result.Data;
        var (size, resultSize) = (x.DType.Size, result.DType.Size);
        Workers.Run(x.Count, size + resultSize + cost, (begin, end) => row(px + (begin * size), pd + (begin * resultSize), end - begin));
    }

    /// <summary>Makes a kernel for a test of single elements: the function's 1 or 0 becomes a bool.</summary>
    static Kernel Test(Func<DType, UnaryRow?> real) => c =>
    {
        var x = c.Tensor(0);
        using var numbers = TorchTensor.Allocate(x.DType, x.Shape);
        Map(x, numbers, real(x.DType) ?? throw c.NotFor(x.DType));
        Map(numbers, c.Result(), Casts.Between(x.DType, DType.Bool));
    };

    static Kernel FromAten(string op) => c => Aten.Into(c.Result(), op, "", c.Tensor(0));

    /// <summary>Makes a kernel that computes in float64 and rounds once, where libtorch's float32 function loses digits, overflows early or lacks 16 bits.</summary>
    /// <param name="op">libtorch's function.</param>
    /// <param name="before">Computes the argument to use in place of x.</param>
    /// <param name="after">Computes the result from x and libtorch's value.</param>
    internal static Kernel InDouble(string op, Func<double, double>? before = null, Func<double, double, double>? after = null) => c =>
    {
        var x = c.Tensor(0);
        using var wide = x.DType == DType.Float64 ? x.Share() : TorchTensor.Allocate(DType.Float64, x.Shape);
        if (x.DType != DType.Float64) Map(x, wide, Casts.Between(x.DType, DType.Float64));
        using var given = before is null ? wide.Share() : TorchTensor.Allocate(DType.Float64, x.Shape);
        using var computed = TorchTensor.Allocate(DType.Float64, x.Shape);
        double* px = (double*)wide.Data, pg = (double*)given.Data, pc = (double*)computed.Data;
        if (before is not null) Workers.Run(x.Count, 32, (begin, end) => { for (var i = begin; i < end; i++) pg[i] = before(px[i]); });
        Aten.Into(computed, op, "", given);
        if (after is not null) Workers.Run(x.Count, 64, (begin, end) => { for (var i = begin; i < end; i++) pc[i] = after(px[i], pc[i]); });
        var result = c.Result();
        if (x.DType == DType.Float64) Workers.Copy(computed.Data, result.Data, computed.ByteLength);
        else Map(computed, result, Casts.Between(DType.Float64, x.DType));
    };

    /// <summary>Computes digamma(x) below 0 from digamma(1 - x); the tangent's argument is reduced exactly, for accuracy near the poles.</summary>
    static double Reflected(double x, double value) => !(x < 0) ? value : x == Math.Floor(x) ? double.NaN : value - (Math.PI / Math.Tan(Math.PI * (x - Math.Round(x))));

    /// <summary>Computes a Bessel function from its scaled form, in two steps, since exp(|x|) overflows before the product does.</summary>
    static double Unscaled(double x, double value) => value * Math.Exp(Math.Abs(x) / 2) * Math.Exp(Math.Abs(x) / 2);

    static Kernel Part(Func<Complex, double> of) => c =>
    {
        var (x, d) = (c.Tensor(0), c.Result());
        for (var i = 0L; i < x.Count; i++)
        {
            if (x.DType == DType.Complex64) ((float*)d.Data)[i] = (float)of(Rows.Load(x.Data, i));
            else ((double*)d.Data)[i] = of(((Complex*)x.Data)[i]);
        }
    };

    static void Combine(KernelCall c)
    {
        BinaryRow row = c.DTypeOf(0) == DType.Float32
            ? (x, xs, y, ys, d, n) => { for (var i = 0L; i < n; i++) (((float*)d)[2 * i], ((float*)d)[(2 * i) + 1]) = (((float*)x)[xs ? 0 : i], ((float*)y)[ys ? 0 : i]); }
        : (x, xs, y, ys, d, n) => { for (var i = 0L; i < n; i++) ((Complex*)d)[i] = new(((double*)x)[xs ? 0 : i], ((double*)y)[ys ? 0 : i]); };
        Run(c, row, c.Result(), Cheap);
    }

    static UnaryRow Inverted(int size) => (x, d, n) =>
        TensorPrimitives.OnesComplement(new ReadOnlySpan<byte>(x, checked((int)(n * size))), new Span<byte>(d, (int)(n * size)));

    static void Rounded(KernelCall c)
    {
        if (c.DTypeOf(0).IsFloating) RoundFloats(c);
        else c.Pass(0);
    }

    static readonly Kernel RoundFloats = Single(Rows.FloatUnary<RoundOf>);

    /// <summary>Wraps a division: an integer divisor of 0 is an error.</summary>
    static Kernel WithDivisor(Kernel divide) => c =>
    {
        var divisor = c.Tensor(1);
        if (divisor.DType.IsInteger && divisor.Count > 0 && c.Shapes[0].ElementCount > 0 && HasZero(divisor))
            throw c.Fail("divisors other than 0", "0", "Integer division by zero");
        divide(c);
    };

    static bool HasZero(TorchTensor x) => x.DType.Size switch
    {
        1 => x.As<byte>().Contains((byte)0),
        2 => x.As<ushort>().Contains((ushort)0),
        4 => x.As<uint>().Contains(0u),
        _ => x.As<ulong>().Contains(0ul),
    };

    static readonly Kernel FloatPower = Pair(Rows.FloatPair<PowerOf>, Complex.Pow, Costly);
    static readonly Kernel IntegerPower = Pair(Rows.IntegerPair<IntegerPowerOf>);

    static void Power(KernelCall c)
    {
        if (!c.DTypeOf(0).IsInteger)
        {
            FloatPower(c);
            return;
        }
        var exponents = c.Tensor(1);
        if (exponents.DType.IsSignedInteger && c.Shapes[0].ElementCount > 0)
            for (var i = 0L; i < exponents.Count; i++)
                if (Numbers.Read(exponents, i) < 0) throw c.Fail("exponents of integers from 0", $"{Numbers.Read(exponents, i)}", "Integers to negative integer powers are not allowed");
        IntegerPower(c);
    }

    static void AddAll(KernelCall c)
    {
        var dtype = c.DTypeOf(0);
        var row = (dtype.IsComplex ? Rows.Complex(dtype, (a, b) => a + b) : Rows.Number<Sum>(dtype)) ?? throw c.NotFor(dtype);
        var first = c.Tensor(0);
        var result = c.Result();
        if (c.Inputs.Length == 1) Workers.Copy(first.Data, result.Data, first.ByteLength);
        for (var i = 1; i < c.Inputs.Length; i++)
        {
            byte* x = i == 1 ? first.Data : result.Data, y = c.Tensor(i).Data, d = result.Data;
            Workers.Run(result.Count, 3 * dtype.Size, (begin, end) =>
                row(x + (begin * dtype.Size), false, y + (begin * dtype.Size), false, d + (begin * dtype.Size), end - begin));
        }
    }

    static double OrderOf(double a) => a >= 0 && a == Math.Floor(a) ? a : double.NaN;

    /// <summary>polygamma(a, x) = (-1)^(a + 1) · a! · zeta(a + 1, x); digamma for order 0.</summary>
    static void Polygamma(KernelCall c)
    {
        var result = c.Result();
        using var orders = TorchTensor.Allocate(DType.Float64, result.Shape);
        using var arguments = TorchTensor.Allocate(DType.Float64, result.Shape);
        using var zetas = TorchTensor.Allocate(DType.Float64, result.Shape);
        using var digammas = TorchTensor.Allocate(DType.Float64, result.Shape);
        EachPair(c, (i, a, x) => (((double*)orders.Data)[i], ((double*)arguments.Data)[i]) = (OrderOf(Numbers.Read(c.Tensor(0), a)) + 1, Numbers.Read(c.Tensor(1), x)),
            c.ShapeOf(0), c.ShapeOf(1));
        Aten.Into(zetas, "aten::special_zeta", "", orders, arguments);
        Aten.Into(digammas, "aten::digamma", "", arguments);
        var values = zetas.As<double>();
        for (var i = 0; i < values.Length; i++)
        {
            var order = orders.As<double>()[i] - 1;
            if (double.IsNaN(order)) values[i] = double.NaN;
            else if (order == 0) values[i] = digammas.As<double>()[i];
            else
            {
                for (var k = 2; k <= order; k++) values[i] *= k;
                if (order % 2 == 0) values[i] = -values[i];
            }
        }
        if (result.DType == DType.Float64) Workers.Copy(zetas.Data, result.Data, zetas.ByteLength);
        else Map(zetas, result, Casts.Between(DType.Float64, result.DType));
    }

    static void Clip(KernelCall c)
    {
        var (x, low, high, result) = (c.Tensor(0), c.Tensor(1), c.Tensor(2), c.ResultInPlaceOf(0));
        if (Array.Exists([low, high], b => b.Count != 1 && b.Shape != x.Shape)) throw c.Fail($"bounds of shape {x.Shape} or scalars", $"{low.Shape} and {high.Shape}");
        // min(max(x, low), high) computed in two passes over each part while it is in the cache.
        var (max, min) = (Rows.Number<Maximum>(x.DType), Rows.Number<Minimum>(x.DType));
        if (max is null || min is null) throw c.NotFor(x.DType);
        byte* px = x.Data, pl = low.Data, ph = high.Data, pd = result.Data;
        var (size, ls, hs) = (x.DType.Size, low.Count == 1, high.Count == 1);
        Workers.Run(x.Count, 3 * size, (begin, end) =>
        {
            max(px + (begin * size), false, pl + (ls ? 0 : begin * size), ls, pd + (begin * size), end - begin);
            min(pd + (begin * size), false, ph + (hs ? 0 : begin * size), hs, pd + (begin * size), end - begin);
        });
    }

    static void Cast(KernelCall c)
    {
        var x = c.Tensor(0);
        if (x.DType == c.DTypes[0]) c.Pass(0);
        else Map(x, c.Result(), Casts.Between(x.DType, c.DTypes[0]));
    }

    static void Select(KernelCall c)
    {
        if (c.DTypeOf(1) == DType.String) SelectStrings(c);
        else if (c.DTypes[0].Size == 1) Select<byte>(c);
        else if (c.DTypes[0].Size == 2) Select<ushort>(c);
        else if (c.DTypes[0].Size == 4) Select<uint>(c);
        else if (c.DTypes[0].Size == 8) Select<ulong>(c);
        else Select<UInt128>(c);
    }

    /// <summary>Selects whole rows by a condition for each.</summary>
    static void SelectRows(KernelCall c)
    {
        if (c.ShapeOf(1) != c.ShapeOf(2)) throw c.Fail($"a tensor of shape {c.ShapeOf(1)}", c.ShapeOf(2).ToString());
        if (c.ShapeOf(0).Rank != 1 || c.ShapeOf(1).Rank <= 1)
        {
            Select(c);
            return;
        }
        using var stretched = c.Tensor(0).Share(c.ShapeOf(0).Concat(new Shape([.. Enumerable.Repeat(1L, c.ShapeOf(1).Rank - 1)])));
        Select(new KernelCall().Set(c.Op, c.Where, c.Attributes, [stretched, .. c.Inputs[1..]], c.DTypes, [c.ShapeOf(1)], c.Outputs, c.Dying & ~1));
    }

    static void Select<T>(KernelCall c) where T : unmanaged
    {
        var (condition, x, y, result) = (c.Tensor(0), c.Tensor(1), c.Tensor(2), c.ResultInPlaceOf(1, 2));
        byte* pc = condition.Data;
        T* px = (T*)x.Data, py = (T*)y.Data, pd = (T*)result.Data;
        if (result.Count == 0) return;
        var loops = new Loops(result.Shape, condition.Shape, x.Shape, y.Shape);
        var inner = loops.Inner;
        var (cs, xs, ys) = (loops.IsScalar(0) ? 0 : 1, loops.IsScalar(1) ? 0 : 1, loops.IsScalar(2) ? 0 : 1);
        if (loops.Rows == 1)
        {
            Workers.Run(inner, 1 + (3 * sizeof(T)), (begin, end) =>
            {
                for (var i = begin; i < end; i++) pd[i] = pc[i * cs] != 0 ? px[i * xs] : py[i * ys];
            });
            return;
        }
        Workers.Run(loops.Rows, inner * (1 + (3 * sizeof(T))), (begin, end) => loops.Walk(begin, end, (r, at) =>
        {
            var (d, pcr, pxr, pyr) = (r * inner, at[0], at[1], at[2]);
            for (var i = 0L; i < inner; i++) pd[d + i] = pc[pcr + (i * cs)] != 0 ? px[pxr + (i * xs)] : py[pyr + (i * ys)];
        }));
    }

    static void CompareStrings(KernelCall c)
    {
        var (x, y, d) = (c.Strings(0).Values, c.Strings(1).Values, c.Result());
        var negated = c.Op.Name == "NotEqual";
        EachPair(c, (i, a, b) => d.Data[i] = x[a].AsSpan().SequenceEqual(y[b]) != negated ? (byte)1 : (byte)0, c.ShapeOf(0), c.ShapeOf(1));
    }

    static void SelectStrings(KernelCall c)
    {
        var (condition, x, y) = (c.Tensor(0), c.Strings(1).Values, c.Strings(2).Values);
        var values = new byte[c.Shapes[0].ElementCount][];
        var loops = new Loops(c.Shapes[0], c.ShapeOf(0), c.ShapeOf(1), c.ShapeOf(2));
        if (values.Length > 0)
            loops.Walk(0, loops.Rows, (r, at) =>
            {
                for (var i = 0; i < loops.Inner; i++)
                    values[(r * loops.Inner) + i] = condition.Data[at[0] + (loops.IsScalar(0) ? 0 : i)] != 0
                        ? x[at[1] + (loops.IsScalar(1) ? 0 : i)] : y[at[2] + (loops.IsScalar(2) ? 0 : i)];
            });
        c.Result(0, values, c.Shapes[0]);
    }

    /// <summary>Visits the elements of two broadcast inputs, by their positions and the result's.</summary>
    public static void EachPair(KernelCall c, Action<long, long, long> visit, Shape x, Shape y)
    {
        if (c.Shapes[0].ElementCount == 0) return;
        var loops = new Loops(c.Shapes[0], x, y);
        loops.Walk(0, loops.Rows, (r, at) =>
        {
            for (var i = 0L; i < loops.Inner; i++) visit((r * loops.Inner) + i, at[0] + (loops.IsScalar(0) ? 0 : i), at[1] + (loops.IsScalar(1) ? 0 : i));
        });
    }
}
