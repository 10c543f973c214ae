using System.Numerics;
using System.Numerics.Tensors;

namespace Keras.Engines.Torch;

/// <summary>Activation functions, softmax and its losses.</summary>
static unsafe class Activations
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["Relu"] = Elementwise.Single(Rows.NumberUnary<Relu>),
        ["Relu6"] = Elementwise.Single(Rows.NumberUnary<Relu6>),
        ["Elu"] = Elementwise.Single(LaneFunctions.Row<EluOf>, cost: 24),
        ["Selu"] = Elementwise.Single(LaneFunctions.Row<SeluOf>, cost: 24),
        ["Softplus"] = Elementwise.Single(LaneFunctions.Row<SoftplusOf>, cost: 24),
        ["Softsign"] = Elementwise.Single(Rows.FloatUnary<Softsign>),
        ["ReluGrad"] = Elementwise.Pair(Rows.NumberPair<ReluGradient>),
        ["Relu6Grad"] = Elementwise.Pair(Rows.NumberPair<Relu6Gradient>),
        ["EluGrad"] = Elementwise.Pair(LaneFunctions.PairRow<EluGradOf>),
        ["SeluGrad"] = Elementwise.Pair(LaneFunctions.PairRow<SeluGradOf>),
        ["LeakyRelu"] = c => Leaky(c, 0, 0),
        ["LeakyReluGrad"] = c => Leaky(c, 0, 1),
        ["Softmax"] = c => SoftmaxOf(c, log: false),
        ["LogSoftmax"] = c => SoftmaxOf(c, log: true),
        ["SparseSoftmaxCrossEntropyWithLogits"] = HalfPrecision.Widened(SparseCrossEntropy),
        ["softmax_cross_entropy"] = HalfPrecision.Widened(SparseCrossEntropy),
        ["softmax_cross_entropy_grad"] = CrossEntropyGrad,
        ["SoftmaxCrossEntropyWithLogits"] = HalfPrecision.Widened(DenseCrossEntropy),
    };

    struct Relu : INumberUnary
    {
        public static void Spans<T>(ReadOnlySpan<T> x, Span<T> d) where T : unmanaged, INumber<T> => TensorPrimitives.Max(x, T.Zero, d);
    }

    struct Relu6 : INumberUnary
    {
        public static void Spans<T>(ReadOnlySpan<T> x, Span<T> d) where T : unmanaged, INumber<T>
        {
            TensorPrimitives.Max(x, T.Zero, d);
            TensorPrimitives.Min<T>(d, T.CreateTruncating(6), d);
        }
    }

    struct Softsign : IFloatUnary
    {
        public static void Spans<T>(ReadOnlySpan<T> x, Span<T> d) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            for (var i = 0; i < x.Length; i++) d[i] = x[i] / (T.One + T.Abs(x[i]));
        }
    }

    struct ReluGradient : INumberPair
    {
        public static T Of<T>(T dy, T x) where T : unmanaged, INumber<T> => x > T.Zero ? dy : T.Zero;
    }

    struct Relu6Gradient : INumberPair
    {
        public static T Of<T>(T dy, T x) where T : unmanaged, INumber<T> => x > T.Zero && x < T.CreateTruncating(6) ? dy : T.Zero;
    }

    /// <summary>Scales one input by alpha where the other is not above 0.</summary>
    static void Leaky(KernelCall c, int scaled, int judged)
    {
        var alpha = c.Get<float>("alpha");
        // TensorFlow computes the maximum of both, which is the same for alpha up to 1.
        BinaryRow single = (x, _, y, _, d, n) => { for (var i = 0L; i < n; i++) ((float*)d)[i] = ((float*)y)[i] > 0 ? ((float*)x)[i] : alpha * ((float*)x)[i]; };
        var (a, b) = (c.Tensor(scaled), c.Tensor(judged));
        var row = a.DType == DType.Float32 ? single
            : a.DType == DType.Float64 ? (x, _, y, _, d, n) => { for (var i = 0L; i < n; i++) ((double*)d)[i] = ((double*)y)[i] > 0 ? ((double*)x)[i] : alpha * ((double*)x)[i]; }
        : Rows.Widened(a.DType, single) ?? throw c.NotFor(a.DType);
        var result = c.Result();
        byte* px = a.Data, py = b.Data, pd = result.Data;
        var size = a.DType.Size;
        Workers.Run(result.Count, 3 * size, (begin, end) => row(px + (begin * size), false, py + (begin * size), false, pd + (begin * size), end - begin));
    }

    static void SoftmaxOf(KernelCall c, bool log)
    {
        var x = c.Tensor(0);
        var columns = x.Shape[-1];
        var result = c.ResultInPlaceOf(0);
        OverRows(c, x, result, columns, log ? LogSoftmaxRow : SoftmaxRow);
    }

    delegate void FloatRow(float* x, float* result, int count);

    static void OverRows(KernelCall c, TorchTensor x, TorchTensor result, long columns, FloatRow row)
    {
        if (x.Count == 0) return;
        if (x.DType == DType.Float64)
        {
            var log = row == LogSoftmaxRow;
            double* dx = (double*)x.Data, dd = (double*)result.Data;
            Workers.Run(x.Count / columns, columns * 48, (begin, end) =>
            {
                for (var r = begin; r < end; r++) DoubleRow(new(dx + (r * columns), (int)columns), new(dd + (r * columns), (int)columns), log);
            });
            return;
        }
        var isHalf = x.DType.Size == 2 && x.DType.IsFloating;
        if (!isHalf && x.DType != DType.Float32) throw c.NotFor(x.DType);
        using var wide = isHalf ? TorchTensor.Allocate(DType.Float32, x.Shape) : null;
        if (wide is not null) Elementwise.Map(x, wide, Casts.Between(x.DType, DType.Float32));
        float* px = (float*)(wide ?? x).Data, pd = (float*)(wide ?? result).Data;
        Workers.Run(x.Count / columns, columns * 24, (begin, end) =>
        {
            for (var r = begin; r < end; r++) row(px + (r * columns), pd + (r * columns), (int)columns);
        });
        if (wide is not null) Elementwise.Map(wide, result, Casts.Between(DType.Float32, x.DType));
    }

    static readonly FloatRow SoftmaxRow = (x, result, count) =>
    {
        var d = new Span<float>(result, count);
        TensorPrimitives.Subtract(new ReadOnlySpan<float>(x, count), TensorPrimitives.Max(new ReadOnlySpan<float>(x, count)), d);
        LaneFunctions.Run<ExpOf>(result, result, count);
        TensorPrimitives.Multiply(d, 1 / TensorPrimitives.Sum((ReadOnlySpan<float>)d), d);
    };

    static readonly FloatRow LogSoftmaxRow = (x, result, count) =>
    {
        var row = new ReadOnlySpan<float>(x, count);
        var max = TensorPrimitives.Max(row);
        var sum = LogSumExp(row, max);
        // Added separately, because the logarithm's digits would be lost beside a large maximum.
        TensorPrimitives.Subtract(row, max, new Span<float>(result, count));
        TensorPrimitives.Subtract(new ReadOnlySpan<float>(result, count), sum, new Span<float>(result, count));
    };

    static float LogSumExp(ReadOnlySpan<float> x, float max)
    {
        const int Chunk = 512;
        var memory = stackalloc float[Chunk];
        var part = new Span<float>(memory, Chunk);
        var sum = 0f;
        for (var start = 0; start < x.Length; start += Chunk)
        {
            var piece = part[..Math.Min(Chunk, x.Length - start)];
            TensorPrimitives.Subtract(x.Slice(start, piece.Length), max, piece);
            LaneFunctions.Run<ExpOf>(memory, memory, piece.Length);
            sum += TensorPrimitives.Sum((ReadOnlySpan<float>)piece);
        }
        return MathF.Log(sum);
    }

    static void DoubleRow(ReadOnlySpan<double> x, Span<double> d, bool log)
    {
        TensorPrimitives.Subtract(x, TensorPrimitives.Max(x), d);
        if (log)
        {
            var sum = 0.0;
            foreach (var v in d) sum += Math.Exp(v);
            TensorPrimitives.Subtract(d, Math.Log(sum), d);
            return;
        }
        TensorPrimitives.Exp(d, d);
        TensorPrimitives.Divide(d, TensorPrimitives.Sum<double>(d), d);
    }

    /// <summary>Computes the loss, -log_softmax[label], and its gradient, softmax minus the one-hot label.</summary>
    static void SparseCrossEntropy(KernelCall c)
    {
        var logits = c.Tensor(0);
        var columns = logits.Shape[-1];
        var labels = Indexing.Indices(c, 1, columns);
        var (loss, gradient) = (c.Result(0, c.ShapeOf(1)), c.Result(1, logits.Shape));
        using var logs = TorchTensor.Allocate(logits.DType, logits.Shape);
        OverRows(c, logits, logs, columns, LogSoftmaxRow);
        OverRows(c, logits, gradient, columns, SoftmaxRow);
        if (logits.DType == DType.Float32) Pick<float>();
        else if (logits.DType == DType.Float64) Pick<double>();
        else throw c.NotFor(logits.DType);

        void Pick<T>() where T : unmanaged, IFloatingPointIeee754<T>
        {
            T* pl = (T*)loss.Data, pg = (T*)gradient.Data, log = (T*)logs.Data;
            for (var r = 0L; r < labels.Length; r++)
            {
                pl[r] = -log[(r * columns) + labels[r]];
                pg[(r * columns) + labels[r]] -= T.One;
            }
        }
    }

    static void DenseCrossEntropy(KernelCall c)
    {
        // Both are first broadcast to one shape.
        var shape = c.Shapes[1];
        using var logits = Stretched(c.Tensor(0), shape);
        using var labels = Stretched(c.Tensor(1), shape);
        var columns = shape[-1];
        var (loss, gradient) = (c.Result(0, shape[..1]), c.Result(1, shape));
        using var logs = TorchTensor.Allocate(logits.DType, shape);
        OverRows(c, logits, logs, columns, LogSoftmaxRow);
        OverRows(c, logits, gradient, columns, SoftmaxRow);
        if (logits.DType == DType.Float32) Sum<float>();
        else if (logits.DType == DType.Float64) Sum<double>();
        else throw c.NotFor(logits.DType);

        void Sum<T>() where T : unmanaged, IFloatingPointIeee754<T>
        {
            T* pl = (T*)loss.Data, pg = (T*)gradient.Data, log = (T*)logs.Data, label = (T*)labels.Data;
            for (var r = 0L; r < loss.Count; r++)
            {
                var sum = T.Zero;
                for (var i = r * columns; i < (r + 1) * columns; i++)
                {
                    if (label[i] != T.Zero) sum -= label[i] * log[i];
                    pg[i] -= label[i];
                }
                pl[r] = sum;
            }
        }
    }

    static TorchTensor Stretched(TorchTensor x, Shape shape)
    {
        if (x.Shape == shape) return x.Share();
        var result = TorchTensor.Allocate(x.DType, shape);
        var own = Movement.StridesOf(x.Shape.ToArray());
        var lead = shape.Rank - own.Length;
        var strides = new long[shape.Rank];
        for (var i = 0; i < own.Length; i++) strides[lead + i] = x.Shape[i] == 1 ? 0 : own[i];
        Movement.Copy(x.Data, strides, result.Data, Movement.StridesOf(shape.ToArray()), shape.ToArray(), x.DType.Size);
        return result;
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
