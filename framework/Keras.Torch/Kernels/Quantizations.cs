namespace Keras.Engines.Torch;

/// <summary>Simulates quantization: rounds floats to the steps of integers with few bits.</summary>
/// <remarks>Source: tensorflow/core/kernels/fake_quant_ops_functor.h. All in float32, in the order of operations of that code.</remarks>
static unsafe partial class Quantizations
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["FakeQuantWithMinMaxArgs"] = c => All(c, c.Get<float>("min"), c.Get<float>("max")),
        ["FakeQuantWithMinMaxVars"] = c => All(c, (float)c.Number(1), (float)c.Number(2)),
        ["FakeQuantWithMinMaxVarsPerChannel"] = PerChannel,
        ["QuantizeAndDequantizeV2"] = HalfPrecision.Widened(Stepped),
        ["QuantizeAndDequantizeV3"] = HalfPrecision.Widened(Stepped),
        ["QuantizeAndDequantizeV4"] = HalfPrecision.Widened(Stepped),
    };

    /// <summary>A range adjusted so that 0 is one of its steps.</summary>
    readonly record struct Steps(float Least, float Most, float Size, bool IsNothing)
    {
        public static Steps Of(KernelCall c, float least, float most)
        {
            if (c.Get<long>("num_bits") is < 2 or > 16) throw c.Fail("2 to 16 bits", $"{c.Get<long>("num_bits")}");
            if (least == 0 && most == 0) return new(0, 0, 0, true);
            float low = c.Flag("narrow_range") ? 1 : 0, high = (1 << c.Int("num_bits")) - 1;
            var size = (most - least) / (high - low);
            var zero = low - (least / size);
            zero = zero < low ? low : zero > high ? high : MathF.Round(zero, MidpointRounding.AwayFromZero);
            return new((low - zero) * size, (high - zero) * size, size, false);
        }

        public float Round(float value)
        {
            if (IsNothing) return 0;
            var inverse = 1 / Size;
            var zero = MathF.Floor((-Least * inverse) + 0.5f);
            return MathF.Floor(((MathF.Max(MathF.Min(value, Most), Least) - Least) * inverse) - zero + 0.5f) * Size;
        }
    }

    static void All(KernelCall c, float least, float most)
    {
        var (result, steps) = (c.Result(0, c.ShapeOf(0)), Steps.Of(c, least, most));
        float* x = (float*)c.Tensor(0).Data, y = (float*)result.Data;
        Workers.Run(result.Count, 16, (begin, end) =>
        {
            for (var i = begin; i < end; i++) y[i] = steps.Round(x[i]);
        });
    }

    static void PerChannel(KernelCall c)
    {
        var (result, channels) = (c.Result(0, c.ShapeOf(0)), c.ShapeOf(0)[-1]);
        var steps = new Steps[channels];
        for (var k = 0; k < channels; k++) steps[k] = Steps.Of(c, c.Tensor(1).As<float>()[k], c.Tensor(2).As<float>()[k]);
        float* x = (float*)c.Tensor(0).Data, y = (float*)result.Data;
        Workers.Run(result.Count, 16, (begin, end) =>
        {
            for (var i = begin; i < end; i++) y[i] = steps[i % channels].Round(x[i]);
        });
    }
}
