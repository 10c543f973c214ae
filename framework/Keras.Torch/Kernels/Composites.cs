using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Keras.Engines.Torch;

/// <summary>The composites that this engine runs as one kernel each: gelu, its gradient and those of layer normalisation and of the cross entropy.</summary>
static unsafe class Composites
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["gelu"] = Gelu,
        ["gelu_grad"] = GeluGrad,
        ["layer_norm_grad"] = LayerNormGrad,
        ["softmax_cross_entropy_grad"] = CrossEntropyGrad,
    };

    static readonly UnaryRow GeluRow = (x, d, n) => GeluPart((float*)x, (float*)d, n);

    static void Gelu(KernelCall c)
    {
        var x = c.Tensor(0);
        if (x.DType == DType.Float64)
        {
            using var e = ErfOfScaled(x);
            var pe = (double*)e.Data;
            double* px = (double*)x.Data, pd = (double*)c.Result().Data;
            Workers.Run(x.Count, 24, (begin, end) => { for (var i = begin; i < end; i++) pd[i] = px[i] * 0.5 * (1 + pe[i]); });
            return;
        }
        var row = x.DType == DType.Float32 ? GeluRow : Rows.Widened(x.DType, GeluRow) ?? throw c.NotFor(x.DType);
        Elementwise.Map(x, c.ResultInPlaceOf(0), row, 24);
    }

    public static void GeluPart(float* x, float* d, long n)
    {
        if (Vector512.IsHardwareAccelerated) GeluPart<WideFloats>(x, d, n);
        else GeluPart<PlainFloats>(x, d, n);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void GeluPart<T>(float* x, float* d, long n) where T : struct, IFloatLanes<T>
    {
        var i = 0L;
        for (; i <= n - T.Count; i += T.Count) GeluOf(T.Load(x + i)).Store(d + i);
        if (i == n) return;
        var rest = stackalloc float[T.Count];
        new Span<float>(x + i, (int)(n - i)).CopyTo(new Span<float>(rest, T.Count));
        GeluOf(T.Load(rest)).Store(rest);
        new Span<float>(rest, (int)(n - i)).CopyTo(new Span<float>(d + i, (int)(n - i)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T GeluOf<T>(T x) where T : struct, IFloatLanes<T> => x * DistributionOf(x);

    /// <summary>The part of a normal distribution that is below x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T DistributionOf<T>(T x) where T : struct, IFloatLanes<T> => (Erf.Of(x * T.All(InverseSqrt2)) + T.All(1)) * T.All(0.5f);

    const float InverseSqrt2 = 0.70710678118654752440f;
    const float InverseSqrt2Pi = 0.39894228040143267794f;

    static void GeluGrad(KernelCall c)
    {
        var (x, dy) = (c.Tensor(0), c.Tensor(1));
        if (x.DType == DType.Float64)
        {
            using var e = ErfOfScaled(x);
            var pe = (double*)e.Data;
            double* px = (double*)x.Data, py = (double*)dy.Data, pd = (double*)c.Result().Data;
            Workers.Run(x.Count, 48, (begin, end) =>
            {
                for (var i = begin; i < end; i++) pd[i] = py[i] * ((0.5 * (1 + pe[i])) + (px[i] * Math.Exp(px[i] * px[i] * -0.5) * 0.39894228040143267794));
            });
            return;
        }
        BinaryRow single = (a, _, b, _, d, n) => GeluGradPart((float*)a, (float*)b, (float*)d, n);
        var row = x.DType == DType.Float32 ? single : Rows.Widened(x.DType, single) ?? throw c.NotFor(x.DType);
        Elementwise.Run(c, row, c.ResultInPlaceOf(0, 1), 32);
    }

    static void GeluGradPart(float* x, float* dy, float* d, long n)
    {
        if (Vector512.IsHardwareAccelerated) GeluGradPart<WideFloats>(x, dy, d, n);
        else GeluGradPart<PlainFloats>(x, dy, d, n);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void GeluGradPart<T>(float* x, float* dy, float* d, long n) where T : struct, IFloatLanes<T>
    {
        var i = 0L;
        for (; i <= n - T.Count; i += T.Count) (T.Load(dy + i) * SlopeOf(T.Load(x + i))).Store(d + i);
        if (i == n) return;
        float* rest = stackalloc float[T.Count], restOfGradient = stackalloc float[T.Count];
        for (var k = i; k < n; k++) (rest[k - i], restOfGradient[k - i]) = (x[k], dy[k]);
        (T.Load(restOfGradient) * SlopeOf(T.Load(rest))).Store(rest);
        for (var k = i; k < n; k++) d[k] = rest[k - i];
    }

    /// <summary>The derivative of gelu.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T SlopeOf<T>(T x) where T : struct, IFloatLanes<T> => T.Fused(x * T.All(InverseSqrt2Pi), FloatMath.ExpUpToZero(x * x * T.All(-0.5f)), DistributionOf(x));

    static TorchTensor ErfOfScaled(TorchTensor x)
    {
        var scaled = TorchTensor.Allocate(x.DType, x.Shape);
        TensorPrimitives.Multiply(x.As<double>(), 0.70710678118654752440, scaled.As<double>());
        Aten.Into(scaled, "aten::erf", "", scaled);
        return scaled;
    }

    static void LayerNormGrad(KernelCall c)
    {
        var x = c.Tensor(0);
        var columns = x.Shape[-1];
        c.Result(0, x.Shape);
        c.Result(1, c.ShapeOf(1));
        c.Result(2, c.ShapeOf(1));
        TorchTensor[] all = [x, c.Tensor(1), c.Tensor(2), c.Tensor(3), c.Tensor(4), (TorchTensor)c.Outputs[0]!, (TorchTensor)c.Outputs[1]!, (TorchTensor)c.Outputs[2]!];
        if (x.DType == DType.Float32) NormGrad<float>(all, columns);
        else if (x.DType == DType.Float64) NormGrad<double>(all, columns);
        else InFloat32(c, inputs => NormGrad<float>(inputs, columns));
    }

    /// <summary>The least rows of a part whose sums are added up together, and the most such parts.</summary>
    const long FewestRows = 32, MostParts = 64;

    static void NormGrad<T>(TorchTensor[] t, long columns) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* px = (T*)t[0].Data, pg = (T*)t[1].Data, pm = (T*)t[2].Data, pr = (T*)t[3].Data, pdy = (T*)t[4].Data, pdx = (T*)t[5].Data;
        Structure.Clear(t[6]);
        Structure.Clear(t[7]);
        var width = (int)columns;
        if (columns == 0) return;
        var rows = t[0].Count / columns;
        var rowsOfPart = Math.Max(FewestRows, (rows + MostParts - 1) / MostParts);
        var parts = (int)((rows + rowsOfPart - 1) / rowsOfPart);
        var (gammas, betas) = (new T[parts][], new T[parts][]);
        Workers.Run(parts, rowsOfPart * columns * sizeof(T) * 8, (begin, end) =>
        {
            var count = T.CreateTruncating(columns);
            ReadOnlySpan<T> g = new(pg, width);
            T[] normal = new T[width], scaled = new T[width];
            for (var part = begin; part < end; part++)
            {
                T[] dgamma = gammas[part] = new T[width], dbeta = betas[part] = new T[width];
                for (var r = part * rowsOfPart; r < Math.Min((part + 1) * rowsOfPart, rows); r++)
                {
                    ReadOnlySpan<T> row = new(px + (r * columns), width), dy = new(pdy + (r * columns), width);
                    TensorPrimitives.Subtract(row, pm[r], normal);
                    TensorPrimitives.Multiply(normal, pr[r], normal);
                    TensorPrimitives.MultiplyAdd<T>(dy, normal, dgamma, dgamma);
                    TensorPrimitives.Add(dbeta, dy, dbeta);
                    TensorPrimitives.Multiply(dy, g, scaled);
                    var (sum, projection) = (TensorPrimitives.Sum<T>(scaled) / count, TensorPrimitives.Dot<T>(scaled, normal) / count);
                    // dx = rstd · (scaled - mean(scaled) - normal · mean(scaled · normal))
                    Span<T> dx = new(pdx + (r * columns), width);
                    TensorPrimitives.MultiplyAdd<T>(normal, -projection, scaled, dx);
                    TensorPrimitives.Subtract(dx, sum, dx);
                    TensorPrimitives.Multiply(dx, pr[r], dx);
                }
            }
        });
        // Added in order, so that the sums do not depend on which thread took which part.
        foreach (var part in gammas) TensorPrimitives.Add(t[6].As<T>(), part, t[6].As<T>());
        foreach (var part in betas) TensorPrimitives.Add(t[7].As<T>(), part, t[7].As<T>());
    }

    /// <summary>Runs a float32 kernel on 16-bit floats by converting its inputs and outputs.</summary>
    static void InFloat32(KernelCall c, Action<TorchTensor[]> run)
    {
        if (c.DTypeOf(0).Size != 2) throw c.NotFor(c.DTypeOf(0));
        TorchTensor[] own = [.. c.Inputs.Cast<TorchTensor>(), .. c.Outputs.Select(o => (TorchTensor)o!)];
        var wide = Array.ConvertAll(own, t => TorchTensor.Allocate(DType.Float32, t.Shape));
        for (var i = 0; i < c.Inputs.Length; i++) Elementwise.Map(own[i], wide[i], Casts.Between(own[i].DType, DType.Float32));
        run(wide);
        for (var i = c.Inputs.Length; i < own.Length; i++) Elementwise.Map(wide[i], own[i], Casts.Between(DType.Float32, own[i].DType));
        foreach (var tensor in wide) tensor.Dispose();
    }

    static void CrossEntropyGrad(KernelCall c)
    {
        var (dlogits, dloss) = (c.Tensor(0), c.Tensor(1));
        var row = Rows.Number<Elementwise.Product>(dlogits.DType) ?? throw c.NotFor(dlogits.DType);
        var (columns, size) = (dlogits.Shape[-1], dlogits.DType.Size);
        if (dloss.Count * columns != dlogits.Count) throw c.Fail($"a gradient of shape {dlogits.Shape[..^1]}", dloss.Shape.ToString());
        var result = c.ResultInPlaceOf(0);
        byte* px = dlogits.Data, py = dloss.Data, pd = result.Data;
        Workers.Run(dloss.Count, 2 * columns * size, (begin, end) =>
        {
            for (var r = begin; r < end; r++) row(px + (r * columns * size), false, py + (r * size), true, pd + (r * columns * size), columns);
        });
    }
}
