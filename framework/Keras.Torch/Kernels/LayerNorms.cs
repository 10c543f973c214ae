using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Keras.Graphs;

namespace Keras.Engines.Torch;

/// <summary>Layer normalisation, also of a sum that is read nowhere else, and its gradient.</summary>
static unsafe class LayerNorms
{
    /// <summary>Computes 16-bit floats in float32 and rounds once.</summary>
    static readonly Kernel OfAnyFloats = HalfPrecision.Widened(Run);

    public static readonly Dictionary<string, Kernel> Kernels = new() { ["layer_norm"] = OfAnyFloats, ["layer_norm_grad"] = HalfPrecision.Widened(RunGrad) };

    /// <summary>Runs a sum and the normalisation of it as one kernel, which takes the terms, gamma and beta.</summary>
    public static Kernel AfterSum(Node[] chain) => OfAnyFloats;

    static void Run(KernelCall c)
    {
        var isSum = c.Inputs.Length > 3;
        if (isSum && (c.DTypeOf(0) != DType.Float32 || c.ShapeOf(0) != c.ShapeOf(1)))
        {
            using var sum = TorchTensor.Allocate(c.DTypeOf(0), c.Shapes[0].IsFullyKnown ? c.Shapes[0] : Products.Broadcast(c, c.ShapeOf(0), c.ShapeOf(1)));
            Elementwise.Run(c, Rows.Number<Elementwise.Sum>(sum.DType) ?? throw c.NotFor(sum.DType), sum, 0);
            Run(c, sum, null, c.Tensor(2), c.Tensor(3));
        }
        else if (isSum) Run(c, c.Tensor(0), c.Tensor(1), c.Tensor(2), c.Tensor(3));
        else Run(c, c.Tensor(0), null, c.Tensor(1), c.Tensor(2));
    }

    static void Run(KernelCall c, TorchTensor x, TorchTensor? added, TorchTensor gamma, TorchTensor beta)
    {
        var columns = x.Shape[-1];
        var statistics = x.Shape.With(-1, 1);
        var epsilon = c.Get<float>("epsilon");
        if (gamma.Count != columns || beta.Count != columns) throw c.Fail($"gamma and beta of {columns} elements", $"{gamma.Shape} and {beta.Shape}");
        TorchTensor y = c.Result(0, x.Shape), mean = c.Result(1, statistics), rstd = c.Result(2, statistics);
        if (x.Count == 0) return;
        if (x.DType == DType.Float32) RunSingles(x, added, gamma, beta, y, mean, rstd, (int)columns, epsilon);
        else if (x.DType == DType.Float64) RunDoubles(x, gamma, beta, y, mean, rstd, (int)columns, epsilon);
        else throw c.NotFor(x.DType);
    }

    static void RunDoubles(TorchTensor x, TorchTensor gamma, TorchTensor beta, TorchTensor y, TorchTensor mean, TorchTensor rstd, int columns, float epsilon)
    {
        double* px = (double*)x.Data, pg = (double*)gamma.Data, pb = (double*)beta.Data, py = (double*)y.Data, pm = (double*)mean.Data, pr = (double*)rstd.Data;
        Workers.Run(x.Count / columns, (long)columns * sizeof(double) * 4, (begin, end) =>
        {
            ReadOnlySpan<double> g = new(pg, columns), b = new(pb, columns);
            for (var r = begin; r < end; r++)
            {
                ReadOnlySpan<double> row = new(px + (r * columns), columns);
                Span<double> d = new(py + (r * columns), columns);
                pm[r] = TensorPrimitives.Sum(row) / columns;
                TensorPrimitives.Subtract(row, pm[r], d);
                pr[r] = 1 / Math.Sqrt((TensorPrimitives.SumOfSquares<double>(d) / columns) + epsilon);
                TensorPrimitives.Multiply(d, pr[r], d);
                TensorPrimitives.MultiplyAdd(d, g, b, d);
            }
        });
    }

    static void RunSingles(TorchTensor x, TorchTensor? added, TorchTensor gamma, TorchTensor beta, TorchTensor y, TorchTensor mean, TorchTensor rstd, int columns, float epsilon)
    {
        float* px = (float*)x.Data, pa = added is null ? null : (float*)added.Data, pg = (float*)gamma.Data, pb = (float*)beta.Data, py = (float*)y.Data, pm = (float*)mean.Data, pr = (float*)rstd.Data;
        Workers.Run(x.Count / columns, (long)columns * sizeof(float) * 4, (begin, end) =>
        {
            for (var r = begin; r < end; r++)
            {
                var at = r * columns;
                (pm[r], pr[r]) = Vector512.IsHardwareAccelerated ? Row<WideFloats>(px + at, pa == null ? null : pa + at, pg, pb, py + at, columns, epsilon)
                    : Row<PlainFloats>(px + at, pa == null ? null : pa + at, pg, pb, py + at, columns, epsilon);
            }
        });
    }

    /// <summary>Computes one row in three passes, of which only the first may read from far memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static (float Mean, float Rstd) Row<T>(float* x, float* added, float* gamma, float* beta, float* y, int count, float epsilon) where T : struct, IFloatLanes<T>
    {
        var whole = count - (count % T.Count);
        T sum = T.All(0), squares = T.All(0);
        for (var i = 0; i < whole; i += T.Count)
        {
            var value = added == null ? T.Load(x + i) : T.Load(x + i) + T.Load(added + i);
            value.Store(y + i);
            sum += value;
        }
        var total = T.Sum(sum);
        for (var i = whole; i < count; i++)
        {
            y[i] = added == null ? x[i] : x[i] + added[i];
            total += y[i];
        }
        var mean = total / count;
        for (var i = 0; i < whole; i += T.Count)
        {
            var difference = T.Load(y + i) - T.All(mean);
            squares = T.Fused(difference, difference, squares);
        }
        total = T.Sum(squares);
        for (var i = whole; i < count; i++) total += (y[i] - mean) * (y[i] - mean);
        var rstd = 1 / MathF.Sqrt((total / count) + epsilon);
        for (var i = 0; i < whole; i += T.Count) T.Fused((T.Load(y + i) - T.All(mean)) * T.All(rstd), T.Load(gamma + i), T.Load(beta + i)).Store(y + i);
        for (var i = whole; i < count; i++) y[i] = ((y[i] - mean) * rstd * gamma[i]) + beta[i];
        return (mean, rstd);
    }

    static void RunGrad(KernelCall c)
    {
        var x = c.Tensor(0);
        var columns = x.Shape[-1];
        c.Result(0, x.Shape);
        c.Result(1, c.ShapeOf(1));
        c.Result(2, c.ShapeOf(1));
        TorchTensor[] all = [x, c.Tensor(1), c.Tensor(2), c.Tensor(3), c.Tensor(4), (TorchTensor)c.Outputs[0]!, (TorchTensor)c.Outputs[1]!, (TorchTensor)c.Outputs[2]!];
        if (x.DType == DType.Float32) NormGrad<float>(all, columns);
        else if (x.DType == DType.Float64) NormGrad<double>(all, columns);
        else throw c.NotFor(x.DType);
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
}
