namespace Keras.Engines.Torch;

/// <summary>Quantizes floats to integers of few bits with their range, and dequantizes them.</summary>
/// <remarks>Source: tensorflow/core/kernels/quantize_op.cc and dequantize_op.cc.</remarks>
static unsafe class QuantizedNumbers
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["QuantizeV2"] = Quantize,
        ["Dequantize"] = Dequantize,
    };

    /// <summary>The least and the greatest number of a quantized dtype, and the plain integer dtype with the same bytes.</summary>
    readonly record struct Kind(double Least, double Most, DType Plain)
    {
        public static Kind Of(DType dtype) => dtype == DType.QInt8 ? new(sbyte.MinValue, sbyte.MaxValue, DType.Int8) : dtype == DType.QUInt8 ? new(0, byte.MaxValue, DType.UInt8)
            : dtype == DType.QInt16 ? new(short.MinValue, short.MaxValue, DType.Int16) : dtype == DType.QUInt16 ? new(0, ushort.MaxValue, DType.UInt16) : new(int.MinValue, int.MaxValue, DType.Int32);

        public double Count => Most - Least + 1;

        public float Half => Least < 0 ? ((float)Most - (float)Least + 1) / 2 : 0;
    }

    /// <summary>The layout of slices along an axis: their number and the elements of each step.</summary>
    static (long Count, long Inner) Slices(KernelCall c)
    {
        var (shape, axis) = (c.ShapeOf(0), (int)c.Get<long>("axis"));
        if (axis >= shape.Rank) throw c.Fail($"an axis below {shape.Rank}", $"{axis}");
        var (count, inner) = axis < 0 ? (1, Math.Max(shape.ElementCount, 1)) : (shape[axis], Slicing.Product(shape, axis + 1, shape.Rank));
        for (var i = 1; i < 3; i++)
            if (c.ShapeOf(i) != (axis < 0 ? Shape.Scalar : new Shape(count))) throw c.Fail($"limits of {count} slices", c.ShapeOf(i).ToString());
        return (count, inner);
    }

    static void Quantize(KernelCall c)
    {
        var (x, kind, (count, inner)) = (c.Tensor(0), Kind.Of(c.DTypes[0]), Slices(c));
        TorchTensor result = c.Result(0, x.Shape), leasts = c.Result(1, c.ShapeOf(1)), mosts = c.Result(2, c.ShapeOf(2));
        var functions = new Func<float, double>[count];
        for (var k = 0L; k < count; k++)
        {
            var (least, most) = ((float)Numbers.Read(c.Tensor(1), k), (float)Numbers.Read(c.Tensor(2), k));
            if (!(least <= most)) throw c.Fail($"a maximum of at least {least}", $"{most}", "A range of values is empty");
            // The range includes 0 and is not too small, so that products of quantized numbers have ranges too.
            var apart = Math.Max(1, Math.Max(Math.Abs(least), Math.Abs(most))) * c.Get<float>("ensure_minimum_range");
            least = Math.Min(0, least);
            most = Math.Max(0, Math.Max(most, least + apart));
            functions[k] = Quantizing(c, kind, ref least, ref most);
            (((float*)leasts.Data)[k], ((float*)mosts.Data)[k]) = (least, most);
        }
        for (var i = 0L; i < x.Count; i++)
        {
            var value = functions[i / inner % count](((float*)x.Data)[i]);
            SparseInput.Write(result, i, (long)Math.Clamp(double.IsNaN(value) ? 0 : value, kind.Least, kind.Most));
        }
    }

    static Func<float, double> Quantizing(KernelCall c, Kind kind, ref float least, ref float most)
    {
        if (c.Get<string>("mode") == "SCALED")
        {
            var (low, high) = ((float)kind.Least + (c.Flag("narrow_range") ? 1 : 0), (float)kind.Most);
            var scale = Math.Min(low * least > 0 ? low / least : float.MaxValue, high * most > 0 ? high / most : float.MaxValue);
            (least, most) = (low / scale, high / scale);
            var (from, to, midpoint) = (least, most, c.Get<string>("round_mode") == "HALF_TO_EVEN" ? MidpointRounding.ToEven : MidpointRounding.AwayFromZero);
            return x => MathF.Round(Math.Max(Math.Min(x, to), from) * scale, midpoint);
        }
        var (first, last) = (least, most);
        if (c.Get<string>("mode") == "MIN_FIRST")
        {
            var scale = kind.Count / ((last - first) * (kind.Count / (kind.Count - 1)));
            var start = Math.Round(first * scale, MidpointRounding.AwayFromZero);
            return x => Math.Round(x * scale, MidpointRounding.AwayFromZero) - start + kind.Least;
        }
        var factor = ((float)kind.Most - (float)kind.Least) / (last - first);
        var half = kind.Half;
        if (kind.Least < 0) return x => MathF.Round(((Math.Max(Math.Min(x, last), first) - first) * factor) - half, MidpointRounding.AwayFromZero);
        return x => MathF.Truncate(((Math.Max(Math.Min(x, last), first) - first) * factor) + 0.5f);
    }

    static void Dequantize(KernelCall c)
    {
        var (x, kind, (count, inner)) = (c.Tensor(0), Kind.Of(c.DTypeOf(0)), Slices(c));
        var functions = new Func<double, double>[count];
        for (var k = 0L; k < count; k++) functions[k] = Dequantizing(c, kind, (float)Numbers.Read(c.Tensor(1), k), (float)Numbers.Read(c.Tensor(2), k));
        var result = c.Result(0, x.Shape);
        using var plain = x.ShareAs(kind.Plain, x.Shape);
        for (var i = 0L; i < x.Count; i++) SparseInput.Write(result, i, functions[i / inner % count](Numbers.Read(plain, i)));
    }

    static Func<double, double> Dequantizing(KernelCall c, Kind kind, float least, float most)
    {
        var isWide = c.DTypes[0] == DType.Float32;
        if (!isWide && c.Get<string>("mode") != "MIN_COMBINED") throw new UnsupportedException("Such numbers become float32 only", c.Where, "mode MIN_COMBINED, or float32", c.DTypes[0].Name);
        if (c.Get<string>("mode") == "SCALED")
        {
            var low = (float)kind.Least + (c.Flag("narrow_range") ? 1 : 0);
            var scale = kind.Least == 0 ? most / (float)kind.Most : Math.Max(least / low, most / (float)kind.Most);
            return x => (float)x * scale;
        }
        if (c.Get<string>("mode") == "MIN_FIRST")
        {
            var step = (most - least) * (kind.Count / (kind.Count - 1)) / kind.Count;
            var start = least == most ? least : Math.Round(least / step, MidpointRounding.AwayFromZero) * step;
            return x => start + ((x - kind.Least) * step);
        }
        var (factor, half) = ((most - least) / ((float)kind.Most - (float)kind.Least), kind.Half);
        return x => (((float)x + half) * factor) + least;
    }
}
