namespace Keras.Engines.Torch;

static unsafe partial class Quantizations
{
    /// <summary>A range of floats scaled so that 0 and one of its ends map to quantized integers.</summary>
    /// <remarks>Source: tensorflow/core/kernels/quantize_and_dequantize_op.h.</remarks>
    readonly record struct Stretched<T>(T Least, T Most, T Scale, T Inverse) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>, System.Numerics.IMinMaxValue<T>
    {
        public static Stretched<T> Of(T least, T most, bool isSigned, int bits, bool isNarrow)
        {
            T low = isSigned ? T.CreateChecked(-(1L << (bits - 1)) + (isNarrow ? 1 : 0)) : T.Zero, high = T.CreateChecked(isSigned ? (1L << (bits - 1)) - 1 : (long)((1UL << bits) - 1));
            var below = low * least > T.Zero ? low / least : T.MaxValue;
            var above = high * most > T.Zero ? high / most : T.MaxValue;
            if (below < above) return new(least, high * (least / low), below, least / low);
            return new(low * (most / high), most, above, most / high);
        }

        public T Round(T value, bool clamps, bool up)
        {
            if (clamps) value = value < Least ? Least : value > Most ? Most : value;
            value *= Scale;
            return (up ? T.Floor(value + T.CreateChecked(0.5)) : T.Round(value, MidpointRounding.ToEven)) * Inverse;
        }
    }

    static void Stepped(KernelCall c)
    {
        if (c.DTypeOf(0) == DType.Float64) Stepped<double>(c);
        else if (c.DTypeOf(0) == DType.Float32) Stepped<float>(c);
        else throw c.NotFor(c.DTypeOf(0));
    }

    static void Stepped<T>(KernelCall c) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>, System.Numerics.IMinMaxValue<T>
    {
        var (x, axis, isGiven, isSigned) = (c.Tensor(0), (int)c.Get<long>("axis"), c.Flag("range_given"), c.Flag("signed_input"));
        var (bits, most) = (c.Inputs.Length > 3 ? c.Long(3) : c.Get<long>("num_bits"), isSigned ? 62 : 63);
        if (bits < 1 || bits > most) throw c.Fail($"1 to {most} bits", $"{bits}");
        if (axis >= x.Shape.Rank) throw c.Fail($"an axis below {x.Shape.Rank}", $"{axis}");
        var (count, inner) = axis < 0 ? (1, Math.Max(x.Count, 1)) : (x.Shape[axis], Slicing.Product(x.Shape, axis + 1, x.Shape.Rank));
        for (var i = 1; i < 3 && isGiven; i++)
            if (c.ShapeOf(i) != (axis < 0 ? Shape.Scalar : new Shape(count))) throw c.Fail($"limits of {count} slices", c.ShapeOf(i).ToString());
        var (result, up) = (c.Result(0, x.Shape), c.Op.Attribute("round_mode") is not null && c.Get<string>("round_mode") == "HALF_UP");
        T* px = (T*)x.Data, pd = (T*)result.Data;
        var ranges = new Stretched<T>[count];
        for (var k = 0L; k < count; k++)
        {
            var (low, high) = isGiven ? (((T*)c.Tensor(1).Data)[k], ((T*)c.Tensor(2).Data)[k]) : Extent(px, x.Count, count, inner, k);
            if (isGiven && low > high) throw c.Fail($"a maximum of at least {low}", $"{high}", "A range of values is empty");
            ranges[k] = Stretched<T>.Of(low, high, isSigned, (int)bits, c.Flag("narrow_range"));
        }
        Workers.Run(x.Count, 32, (begin, end) =>
        {
            for (var i = begin; i < end; i++) pd[i] = ranges[i / inner % count].Round(px[i], isGiven, up);
        });
    }

    /// <summary>Finds the least and the greatest element of a slice.</summary>
    static (T Least, T Most) Extent<T>(T* x, long all, long count, long inner, long slice) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>, System.Numerics.IMinMaxValue<T>
    {
        var (least, most) = (T.PositiveInfinity, T.NegativeInfinity);
        for (var i = slice * inner; i < all; i += count * inner)
            for (var k = i; k < i + inner && k < all; k++) (least, most) = (x[k] < least ? x[k] : least, x[k] > most ? x[k] : most);
        return (least, most);
    }
}
