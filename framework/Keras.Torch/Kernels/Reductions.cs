using System.Numerics;
using System.Numerics.Tensors;

namespace Keras.Engines.Torch;

/// <summary>How a reduction combines elements, and its initial value.</summary>
interface IReducer
{
    static abstract T Start<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>;

    static abstract T Row<T>(ReadOnlySpan<T> x) where T : unmanaged, INumber<T>, IMinMaxValue<T>;

    static abstract void Into<T>(Span<T> sums, ReadOnlySpan<T> x) where T : unmanaged, INumber<T>, IMinMaxValue<T>;
}

/// <summary>Reductions over axes, positions of extremes, running sums.</summary>
static unsafe class Reductions
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["Sum"] = c => OverAxes<Sums>(c, (a, b) => a + b),
        ["Mean"] = Mean,
        ["Prod"] = c => OverAxes<Products>(c, (a, b) => a * b),
        ["Max"] = c => OverAxes<Greatest>(c, null),
        ["Min"] = c => OverAxes<Least>(c, null),
        ["All"] = c => OverAxes<Least>(c, null),
        ["Any"] = c => OverAxes<Greatest>(c, null),
        ["L2Loss"] = L2Loss,
        ["BiasAddGrad"] = BiasAddGrad,
        ["ArgMax"] = HalfPrecision.Widened(c => Extreme(c, greatest: true)),
        ["ArgMin"] = HalfPrecision.Widened(c => Extreme(c, greatest: false)),
        ["Cumsum"] = HalfPrecision.Widened(c => Cumulative(c, product: false)),
        ["Cumprod"] = HalfPrecision.Widened(c => Cumulative(c, product: true)),
    };

    internal struct Sums : IReducer
    {
        public static T Start<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => T.Zero;
        public static T Row<T>(ReadOnlySpan<T> x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => TensorPrimitives.Sum(x);
        public static void Into<T>(Span<T> sums, ReadOnlySpan<T> x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => TensorPrimitives.Add(sums, x, sums);
    }

    struct Products : IReducer
    {
        public static T Start<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => T.One;
        public static T Row<T>(ReadOnlySpan<T> x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => x.IsEmpty ? T.One : TensorPrimitives.Product(x);
        public static void Into<T>(Span<T> sums, ReadOnlySpan<T> x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => TensorPrimitives.Multiply(sums, x, sums);
    }

    struct Greatest : IReducer
    {
        public static T Start<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> =>
            typeof(T) == typeof(float) ? T.CreateTruncating(float.NegativeInfinity) : typeof(T) == typeof(double) ? T.CreateTruncating(double.NegativeInfinity) : T.MinValue;
        public static T Row<T>(ReadOnlySpan<T> x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => x.IsEmpty ? Start<T>() : TensorPrimitives.Max(x);
        public static void Into<T>(Span<T> sums, ReadOnlySpan<T> x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => TensorPrimitives.Max(sums, x, sums);
    }

    struct Least : IReducer
    {
        public static T Start<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> =>
            typeof(T) == typeof(float) ? T.CreateTruncating(float.PositiveInfinity) : typeof(T) == typeof(double) ? T.CreateTruncating(double.PositiveInfinity) : T.MaxValue;
        public static T Row<T>(ReadOnlySpan<T> x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => x.IsEmpty ? Start<T>() : TensorPrimitives.Min(x);
        public static void Into<T>(Span<T> sums, ReadOnlySpan<T> x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => TensorPrimitives.Min(sums, x, sums);
    }

    static HashSet<int> AxesOf(KernelCall c) => [.. c.Longs(1).Select(a => c.Axis(a, c.ShapeOf(0).Rank))];

    static Shape ReducedShape(KernelCall c, HashSet<int> axes)
    {
        if (c.Shapes[0].IsFullyKnown) return c.Shapes[0];
        var dims = c.ShapeOf(0).ToArray();
        return new Shape(c.Flag("keep_dims") ? [.. dims.Select((d, i) => axes.Contains(i) ? 1 : d)] : [.. dims.Where((_, i) => !axes.Contains(i))]);
    }

    static void OverAxes<TOp>(KernelCall c, Func<Complex, Complex, Complex>? complex) where TOp : IReducer
    {
        var axes = AxesOf(c);
        var x = c.Tensor(0);
        if (x.DType.IsComplex && complex is not null) Reduce(c, x, axes, complex, c.Result(0, ReducedShape(c, axes)));
        else if (axes.All(a => x.Shape[a] == 1)) c.Outputs[0] = x.Share(ReducedShape(c, axes));
        else if (!Reduce<TOp>(x, axes, c.Result(0, ReducedShape(c, axes)))) throw c.NotFor(x.DType);
    }

    static void Mean(KernelCall c)
    {
        OverAxes<Sums>(c, (a, b) => a + b);
        var (x, sum) = (c.Tensor(0), (TorchTensor)c.Outputs[0]!);
        var count = sum.Count > 0 ? x.Count / sum.Count : 1;
        if (count == 1 && x.Count > 0) return;
        var row = x.DType.IsComplex ? Rows.Complex(x.DType, (a, b) => a / b)! : Rows.Number<Elementwise.Quotient>(x.DType) ?? throw c.NotFor(x.DType);
        if (x.DType.IsInteger && count == 0) throw c.Fail("elements to take the mean of", x.Shape.ToString());
        using var divisor = TorchTensor.Allocate(x.DType, Shape.Scalar);
        var number = (double)count;
        Casts.Between(DType.Float64, x.DType)((byte*)&number, divisor.Data, 1);
        byte* d = sum.Data, by = divisor.Data;
        var size = x.DType.Size;
        Workers.Run(sum.Count, 2 * size, (begin, end) => row(d + (begin * size), false, by, true, d + (begin * size), end - begin));
    }

    /// <summary>Reduces into a tensor; false where there is no kernel for the dtype.</summary>
    public static bool Reduce<TOp>(TorchTensor x, HashSet<int> axes, TorchTensor result) where TOp : IReducer
    {
        var dtype = x.DType;
        if (dtype == DType.Float32) Reduce<TOp, float>(x, axes, result);
        else if (dtype == DType.Float64) Reduce<TOp, double>(x, axes, result);
        else if (dtype == DType.Int32) Reduce<TOp, int>(x, axes, result);
        else if (dtype == DType.Int64) Reduce<TOp, long>(x, axes, result);
        else if (dtype == DType.UInt8 || dtype == DType.Bool) ReduceBytes<TOp>(x, axes, result);
        else if (dtype == DType.Int8) Reduce<TOp, sbyte>(x, axes, result);
        else if (dtype == DType.Int16) Reduce<TOp, short>(x, axes, result);
        else if (dtype == DType.UInt16) Reduce<TOp, ushort>(x, axes, result);
        else if (dtype == DType.UInt32) Reduce<TOp, uint>(x, axes, result);
        else if (dtype == DType.UInt64) Reduce<TOp, ulong>(x, axes, result);
        else if (dtype.IsFloating)
        {
            using var wide = TorchTensor.Allocate(DType.Float32, x.Shape);
            using var sums = TorchTensor.Allocate(DType.Float32, result.Shape);
            Elementwise.Map(x, wide, Casts.Between(dtype, DType.Float32));
            Reduce<TOp, float>(wide, axes, sums);
            Elementwise.Map(sums, result, Casts.Between(DType.Float32, dtype));
        }
        else return false;
        return true;
    }

    static void ReduceBytes<TOp>(TorchTensor x, HashSet<int> axes, TorchTensor result) where TOp : IReducer
    {
        Reduce<TOp, byte>(x, axes, result);
        // Without elements, All is 1, not the highest byte.
        if (x.DType == DType.Bool)
            foreach (ref var b in result.As<byte>()) b = Math.Min(b, (byte)1);
    }

    static void Reduce<TOp, T>(TorchTensor x, HashSet<int> axes, TorchTensor result) where TOp : IReducer where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        var (outer, count, inner) = Blocks(x.Shape, axes, out var turned);
        var source = turned is null ? null : Turned(x, turned);
        T* px = (T*)(source ?? x).Data, pd = (T*)result.Data;
        if (inner == 1) OverRows<TOp, T>(px, pd, outer, count);
        else OverColumns<TOp, T>(px, pd, outer, count, inner);
        GC.KeepAlive(source);
        source?.Dispose();
    }

    /// <summary>The sizes of the tensor as (outer, reduced, inner); if the reduced axes are not adjacent, with the order that moves them to the end.</summary>
    static (long Outer, long Count, long Inner) Blocks(Shape shape, HashSet<int> axes, out int[]? turned)
    {
        turned = null;
        var first = Enumerable.Range(0, shape.Rank).FirstOrDefault(a => axes.Contains(a) && shape[a] != 1, -1);
        var last = Enumerable.Range(0, shape.Rank).LastOrDefault(a => axes.Contains(a) && shape[a] != 1, -1);
        if (first < 0) return (Slicing.Product(shape, 0, shape.Rank), 1, 1);
        if (Enumerable.Range(first, last - first + 1).All(a => axes.Contains(a) || shape[a] == 1))
            return (Slicing.Product(shape, 0, first), Slicing.Product(shape, first, last + 1), Slicing.Product(shape, last + 1, shape.Rank));
        turned = [.. Enumerable.Range(0, shape.Rank).Where(a => !axes.Contains(a)), .. Enumerable.Range(0, shape.Rank).Where(axes.Contains)];
        var count = axes.Aggregate(1L, (n, a) => n * shape[a]);
        var outer = Enumerable.Range(0, shape.Rank).Where(a => !axes.Contains(a)).Aggregate(1L, (n, a) => n * shape[a]);
        return (outer, count, 1);
    }

    static TorchTensor Turned(TorchTensor x, int[] order)
    {
        var dims = x.Shape.ToArray();
        var own = Movement.StridesOf(dims);
        var target = Array.ConvertAll(order, a => dims[a]);
        var result = TorchTensor.Allocate(x.DType, new Shape(target));
        Movement.Copy(x.Data, Array.ConvertAll(order, a => own[a]), result.Data, Movement.StridesOf(target), target, x.DType.Size);
        return result;
    }

    const long LongRow = 1 << 15;

    static void OverRows<TOp, T>(T* x, T* result, long rows, long count) where TOp : IReducer where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        if (rows > 1 || count <= LongRow)
        {
            Workers.Run(rows, count * sizeof(T), (begin, end) =>
            {
                for (var r = begin; r < end; r++) result[r] = Pieces<TOp, T>(x + (r * count), count);
            });
            return;
        }
        var parts = (count + LongRow - 1) / LongRow;
        var sums = new T[parts];
        Workers.Run(parts, LongRow * sizeof(T), (begin, end) =>
        {
            for (var p = begin; p < end; p++) sums[p] = TOp.Row(new ReadOnlySpan<T>(x + (p * LongRow), (int)Math.Min(LongRow, count - (p * LongRow))));
        });
        *result = TOp.Row<T>(sums);
    }

    static T Pieces<TOp, T>(T* x, long count) where TOp : IReducer where T : unmanaged, INumber<T>, IMinMaxValue<T> => TOp.Row(new ReadOnlySpan<T>(x, checked((int)count)));

    static void OverColumns<TOp, T>(T* x, T* result, long outer, long count, long inner) where TOp : IReducer where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        const long Width = 256;
        var bands = (inner + Width - 1) / Width;
        Workers.Run(outer * bands, count * Math.Min(inner, Width) * sizeof(T), (begin, end) =>
        {
            for (var item = begin; item < end; item++)
            {
                var (o, left) = (item / bands, item % bands * Width);
                var width = (int)Math.Min(Width, inner - left);
                var sums = new Span<T>(result + (o * inner) + left, width);
                sums.Fill(TOp.Start<T>());
                for (var i = 0L; i < count; i++) TOp.Into(sums, new ReadOnlySpan<T>(x + (((o * count) + i) * inner) + left, width));
            }
        });
    }

    static void Reduce(KernelCall c, TorchTensor x, HashSet<int> axes, Func<Complex, Complex, Complex> combine, TorchTensor result)
    {
        var order = (int[])[.. Enumerable.Range(0, x.Shape.Rank).Where(a => !axes.Contains(a)), .. Enumerable.Range(0, x.Shape.Rank).Where(axes.Contains)];
        using var turned = Turned(x, order);
        var start = c.Op.Name == "Prod" ? Complex.One : Complex.Zero;
        var count = result.Count > 0 ? x.Count / result.Count : 0;
        for (var r = 0L; r < result.Count; r++)
        {
            var sum = start;
            for (var i = r * count; i < (r + 1) * count; i++) sum = combine(sum, x.DType == DType.Complex64 ? Rows.Load(turned.Data, i) : ((Complex*)turned.Data)[i]);
            if (x.DType == DType.Complex64) Rows.Store(result.Data, r, sum);
            else ((Complex*)result.Data)[r] = sum;
        }
    }

    static void L2Loss(KernelCall c)
    {
        var x = c.Tensor(0);
        using var squares = TorchTensor.Allocate(x.DType, x.Shape);
        var square = Rows.Number<Elementwise.Product>(x.DType) ?? throw c.NotFor(x.DType);
        square(x.Data, false, x.Data, false, squares.Data, x.Count);
        var result = c.Result();
        Reduce<Sums>(squares, [.. Enumerable.Range(0, x.Shape.Rank)], result);
        if (x.DType == DType.Float64) *(double*)result.Data /= 2;
        else if (x.DType == DType.Float32) *(float*)result.Data /= 2;
        else throw c.NotFor(x.DType);
    }

    static void BiasAddGrad(KernelCall c)
    {
        var x = c.Tensor(0);
        var channel = c.Get<string>("data_format").StartsWith("NC", StringComparison.Ordinal) ? 1 : x.Shape.Rank - 1;
        HashSet<int> axes = [.. Enumerable.Range(0, x.Shape.Rank).Where(a => a != channel)];
        if (!Reduce<Sums>(x, axes, c.Result(0, new Shape(x.Shape[channel])))) throw c.NotFor(x.DType);
    }

    static (long Outer, long Count, long Inner) Around(Shape shape, int axis) =>
        (Slicing.Product(shape, 0, axis), shape[axis], Slicing.Product(shape, axis + 1, shape.Rank));

    static void Extreme(KernelCall c, bool greatest)
    {
        var x = c.Tensor(0);
        var axis = c.Axis(1, x.Shape.Rank);
        var (outer, count, inner) = Around(x.Shape, axis);
        if (count == 0) throw c.Fail("an axis that is not empty", x.Shape.ToString());
        var result = c.Result(0, x.Shape[..axis].Concat(x.Shape[(axis + 1)..]));
        var dtype = x.DType;
        if (dtype == DType.Float32) Find<float>();
        else if (dtype == DType.Float64) Find<double>();
        else if (dtype == DType.Int32) Find<int>();
        else if (dtype == DType.Int64) Find<long>();
        else if (dtype == DType.UInt8 || dtype == DType.Bool) Find<byte>();
        else if (dtype == DType.Int8) Find<sbyte>();
        else if (dtype == DType.Int16) Find<short>();
        else if (dtype == DType.UInt16) Find<ushort>();
        else if (dtype == DType.UInt32) Find<uint>();
        else if (dtype == DType.UInt64) Find<ulong>();
        else throw c.NotFor(dtype);

        void Find<T>() where T : unmanaged, INumber<T>
        {
            var px = (T*)x.Data;
            var pd = result.Data;
            var isLong = result.DType == DType.Int64;
            Workers.Run(outer * inner, count * sizeof(T), (begin, end) =>
            {
                for (var r = begin; r < end; r++)
                {
                    var row = px + (r / inner * count * inner) + (r % inner);
                    var best = 0L;
                    for (var i = 1L; i < count; i++)
                        if (greatest ? row[i * inner] > row[best * inner] : row[i * inner] < row[best * inner]) best = i;
                    if (isLong) ((long*)pd)[r] = best;
                    else if (result.DType == DType.Int32) ((int*)pd)[r] = (int)best;
                    else ((short*)pd)[r] = (short)best;
                }
            });
        }
    }

    static void Cumulative(KernelCall c, bool product)
    {
        var x = c.Tensor(0);
        var result = c.Result(0, x.Shape);
        var dtype = x.DType;
        if (dtype == DType.Float32) Scan<float>();
        else if (dtype == DType.Float64) Scan<double>();
        else if (dtype == DType.Int32) Scan<int>();
        else if (dtype == DType.Int64) Scan<long>();
        else if (dtype == DType.Complex128) Scan<Complex>();
        else if (dtype == DType.UInt8) Scan<byte>();
        else if (dtype == DType.Int8) Scan<sbyte>();
        else if (dtype == DType.Int16) Scan<short>();
        else if (dtype == DType.UInt16) Scan<ushort>();
        else if (dtype == DType.UInt32) Scan<uint>();
        else if (dtype == DType.UInt64) Scan<ulong>();
        else throw c.NotFor(dtype);

        void Scan<T>() where T : unmanaged, INumberBase<T>
        {
            if (x.Shape.Rank == 0)
            {
                *(T*)result.Data = c.Flag("exclusive") ? product ? T.One : T.Zero : *(T*)x.Data;
                return;
            }
            var (outer, count, inner) = Around(x.Shape, c.Axis(1, x.Shape.Rank));
            T* px = (T*)x.Data, pd = (T*)result.Data;
            var (exclusive, reverse) = (c.Flag("exclusive"), c.Flag("reverse"));
            Workers.Run(outer * inner, 2 * count * sizeof(T), (begin, end) =>
            {
                for (var r = begin; r < end; r++)
                {
                    var at = (r / inner * count * inner) + (r % inner);
                    var sum = product ? T.One : T.Zero;
                    for (var i = 0L; i < count; i++)
                    {
                        var place = at + ((reverse ? count - 1 - i : i) * inner);
                        var before = sum;
                        sum = product ? sum * px[place] : sum + px[place];
                        pd[place] = exclusive ? before : sum;
                    }
                }
            });
        }
    }
}
