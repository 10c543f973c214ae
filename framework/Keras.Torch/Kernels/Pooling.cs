using System.Numerics;

namespace Keras.Engines.Torch;

/// <summary>Max and average pooling, their gradients, and batch normalisation.</summary>
static unsafe class Pooling
{
    public static readonly Dictionary<string, Kernel> Kernels = new Dictionary<string, Kernel>
    {
        ["MaxPoolWithArgmax"] = MaxPoolWithArgmax,
        ["MaxPool"] = MaxPool,
        ["MaxPool3D"] = MaxPool,
        ["MaxPoolGrad"] = c => MaxPoolGrad(c, toOutput: false),
        ["MaxPool3DGrad"] = c => MaxPoolGrad(c, toOutput: false),
        ["MaxPoolGradGrad"] = c => MaxPoolGrad(c, toOutput: true),
        ["MaxPool3DGradGrad"] = c => MaxPoolGrad(c, toOutput: true),
        ["AvgPool"] = AvgPool,
        ["AvgPool3D"] = AvgPool,
        ["AvgPoolGrad"] = AvgPoolGrad,
        ["AvgPool3DGrad"] = AvgPoolGrad,
        ["LRN"] = LocalResponse,
        ["FusedBatchNormV3"] = BatchNorm,
        ["FusedBatchNormGradV3"] = BatchNormGrad,
    }.ToDictionary(k => k.Key, k => HalfPrecision.Widened(k.Value));

    static void LocalResponse(KernelCall c)
    {
        if (c.DTypeOf(0) != DType.Float32) throw c.NotFor(c.DTypeOf(0));
        var (x, result, radius) = (c.Tensor(0), c.Result(), c.Get<long>("depth_radius"));
        var (bias, alpha, beta) = (c.Get<float>("bias"), c.Get<float>("alpha"), c.Get<float>("beta"));
        float* px = (float*)x.Data, pd = (float*)result.Data;
        var channels = x.Shape[-1];
        if (x.Count == 0) return;
        Workers.Run(x.Count / channels, channels * (radius + 1) * 16, (begin, end) =>
        {
            for (var row = begin * channels; row < end * channels; row += channels)
                for (var k = 0L; k < channels; k++)
                {
                    var squares = 0f;
                    for (var near = Math.Max(k - radius, 0); near <= Math.Min(k + radius, channels - 1); near++) squares += px[row + near] * px[row + near];
                    pd[row + k] = px[row + k] / MathF.Pow(bias + (alpha * squares), beta);
                }
        });
    }

    static bool IsChannelsFirst(KernelCall c) => c.Op.Attribute("data_format") is not null && c.Get<string>("data_format").StartsWith("NC", StringComparison.Ordinal);

    static Windows WindowsOf(KernelCall c, Shape shape)
    {
        var channels = IsChannelsFirst(c) ? 1 : shape.Rank - 1;
        var sizes = c.Get<long[]>("ksize");
        if (sizes[0] != 1 || sizes[channels] != 1)
            throw new UnsupportedException("Windows over the batch or the channels are not supported on this engine", c.Where, "1 for both", $"({string.Join(", ", sizes)})");
        int[] axes = [.. Enumerable.Range(1, shape.Rank - 1).Where(a => a != channels)];
        return new(c, [.. axes.Select(a => shape[a])], [.. axes.Select(a => sizes[a])], "strides", null, channels);
    }

    static Shape ResultShape(KernelCall c, Shape input, Windows w) => IsChannelsFirst(c)
        ? new Shape([input[0], input[1], .. w.Output]) : new Shape([input[0], .. w.Output, input[-1]]);

    delegate void Work(TorchTensor[] inputs, TorchTensor result, Windows w, long batch, long pixels, long channels);

    /// <summary>Runs work on tensors with channels last.</summary>
    static void Run(KernelCall c, Shape image, Shape resultShape, int[] inputs, Work single, Work twice)
    {
        var w = WindowsOf(c, image);
        var first = IsChannelsFirst(c);
        var result = c.Result(0, resultShape);
        var last = Array.ConvertAll(inputs, i => Convolutions.ChannelsLast(c.Tensor(i), first));
        var dims = resultShape.ToArray();
        using var target = first ? TorchTensor.Allocate(result.DType, new Shape([dims[0], .. dims[2..], dims[1]])) : result.Share();
        var channels = first ? image[1] : image[-1];
        var pixels = channels * image[0] == 0 ? 0 : image.ElementCount / channels / image[0];
        if (result.DType == DType.Float32) single(last, target, w, image[0], pixels, channels);
        else if (result.DType == DType.Float64) twice(last, target, w, image[0], pixels, channels);
        else throw c.NotFor(result.DType);
        if (first) Convolutions.ToChannelsFirst(target, result);
        foreach (var tensor in last) tensor.Dispose();
    }

    static void MaxPool(KernelCall c) => Run(c, c.ShapeOf(0), ResultShape(c, c.ShapeOf(0), WindowsOf(c, c.ShapeOf(0))), [0], Greatest<float>, Greatest<double>);

    static void Greatest<T>(TorchTensor[] inputs, TorchTensor result, Windows w, long batch, long pixels, long channels) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* px = (T*)inputs[0].Data, pd = (T*)result.Data;
        Workers.Run(batch * w.Positions, w.Taps * channels * sizeof(T), (begin, end) =>
        {
            for (var r = begin; r < end; r++)
                for (var k = 0L; k < channels; k++)
                {
                    var best = T.NegativeInfinity;
                    for (var t = 0L; t < w.Taps; t++)
                        if (w.Sources[(r % w.Positions * w.Taps) + t] is >= 0 and var source) best = T.Max(best, px[(((r / w.Positions * pixels) + source) * channels) + k]);
                    pd[(r * channels) + k] = best;
                }
        });
    }

    /// <summary>Max pooling with the positions of the maxima, counted in the image or the whole batch.</summary>
    static void MaxPoolWithArgmax(KernelCall c)
    {
        var (x, w, image) = (c.Tensor(0), WindowsOf(c, c.ShapeOf(0)), c.ShapeOf(0));
        var shape = new Shape([image[0], .. w.Output, image[3]]);
        var (result, places, channels, pixels) = (c.Result(0, shape), new long[shape.ElementCount], image[3], image[1] * image[2]);
        if (x.DType.IsComplex) throw c.NotFor(x.DType);
        for (var r = 0L; r < image[0] * w.Positions; r++)
            for (var k = 0L; k < channels; k++)
            {
                var (best, place) = (double.NegativeInfinity, -1L);
                for (var t = 0L; t < w.Taps; t++)
                    if (w.Sources[(r % w.Positions * w.Taps) + t] is >= 0 and var source && (((r / w.Positions * pixels) + source) * channels) + k is var at && (place < 0 || Numbers.Read(x, at) > best))
                        (best, place) = (Numbers.Read(x, at), at);
                Buffer.MemoryCopy(x.Data + (place * x.DType.Size), result.Data + (((r * channels) + k) * x.DType.Size), x.DType.Size, x.DType.Size);
                places[(r * channels) + k] = c.Flag("include_batch_in_index") ? place : place - (r / w.Positions * pixels * channels);
            }
        Structure.WriteIntegers(c.Result(1, shape), places);
    }

    /// <summary>The gradient of max pooling, which passes to each window's first maximum, or with <paramref name="toOutput"/> is taken from there.</summary>
    static void MaxPoolGrad(KernelCall c, bool toOutput)
    {
        var image = c.ShapeOf(0);
        Run(c, image, toOutput ? c.ShapeOf(1) : image, [0, 2], Single, Twice);

        void Single(TorchTensor[] inputs, TorchTensor result, Windows w, long batch, long pixels, long channels) => Follow<float>(inputs, result, w, batch, pixels, channels, toOutput);
        void Twice(TorchTensor[] inputs, TorchTensor result, Windows w, long batch, long pixels, long channels) => Follow<double>(inputs, result, w, batch, pixels, channels, toOutput);
    }

    static void Follow<T>(TorchTensor[] inputs, TorchTensor result, Windows w, long batch, long pixels, long channels, bool toOutput) where T : unmanaged, INumber<T>
    {
        T* px = (T*)inputs[0].Data, pg = (T*)inputs[1].Data, pd = (T*)result.Data;
        Structure.Clear(result);
        Workers.Run(batch, w.Positions * w.Taps * channels * sizeof(T), (begin, end) =>
        {
            for (var r = begin * w.Positions; r < end * w.Positions; r++)
                for (var k = 0L; k < channels; k++)
                {
                    var best = -1L;
                    for (var t = 0L; t < w.Taps; t++)
                        if (w.Sources[(r % w.Positions * w.Taps) + t] is >= 0 and var source)
                        {
                            var at = (((r / w.Positions * pixels) + source) * channels) + k;
                            if (best < 0 || px[at] > px[best]) best = at;
                        }
                    if (best < 0) continue;
                    if (toOutput) pd[(r * channels) + k] = pg[best];
                    else pd[best] += pg[(r * channels) + k];
                }
        });
    }

    static void AvgPool(KernelCall c) => Run(c, c.ShapeOf(0), ResultShape(c, c.ShapeOf(0), WindowsOf(c, c.ShapeOf(0))), [0], Mean<float>, Mean<double>);

    static void Mean<T>(TorchTensor[] inputs, TorchTensor result, Windows w, long batch, long pixels, long channels) where T : unmanaged, INumber<T>
    {
        T* px = (T*)inputs[0].Data, pd = (T*)result.Data;
        Workers.Run(batch * w.Positions, w.Taps * channels * sizeof(T), (begin, end) =>
        {
            for (var r = begin; r < end; r++)
            {
                var sums = new Span<T>(pd + (r * channels), (int)channels);
                sums.Clear();
                var count = 0;
                for (var t = 0L; t < w.Taps; t++)
                    if (w.Sources[(r % w.Positions * w.Taps) + t] is >= 0 and var source)
                    {
                        count++;
                        for (var k = 0; k < sums.Length; k++) sums[k] += px[(((r / w.Positions * pixels) + source) * channels) + k];
                    }
                for (var k = 0; k < sums.Length; k++) sums[k] /= T.CreateTruncating(count);
            }
        });
    }

    static void AvgPoolGrad(KernelCall c)
    {
        var image = new Shape(c.Longs(0));
        Run(c, image, image, [1], Spread<float>, Spread<double>);
    }

    static void Spread<T>(TorchTensor[] inputs, TorchTensor result, Windows w, long batch, long pixels, long channels) where T : unmanaged, INumber<T>
    {
        T* pg = (T*)inputs[0].Data, pd = (T*)result.Data;
        Structure.Clear(result);
        Workers.Run(batch, w.Positions * w.Taps * channels * sizeof(T), (begin, end) =>
        {
            for (var r = begin * w.Positions; r < end * w.Positions; r++)
            {
                var sources = w.Sources.AsSpan((int)(r % w.Positions * w.Taps), (int)w.Taps);
                var count = T.CreateTruncating(sources.Length - sources.Count(-1L));
                foreach (var source in sources)
                    if (source >= 0)
                        for (var k = 0L; k < channels; k++) pd[(((r / w.Positions * pixels) + source) * channels) + k] += pg[(r * channels) + k] / count;
            }
        });
    }

    /// <summary>Batch normalisation: statistics are always float32; the returned variance is unbiased, the one kept for the gradient is not.</summary>
    static void BatchNorm(KernelCall c)
    {
        var x = c.Tensor(0);
        if (x.DType != DType.Float32) throw c.NotFor(x.DType);
        var (rows, inner, channels) = Layout(c, x.Shape);
        var (training, epsilon) = (c.Flag("is_training"), c.Get<float>("epsilon"));
        float* px = (float*)x.Data, py = (float*)c.Result(0, x.Shape).Data, scale = (float*)c.Tensor(1).Data, offset = (float*)c.Tensor(2).Data;
        float* mean = (float*)c.Result(1, new Shape(channels)).Data, variance = (float*)c.Result(2, new Shape(channels)).Data;
        float* keptMean = (float*)c.Result(3, new Shape(channels)).Data, keptVariance = (float*)c.Result(4, new Shape(channels)).Data;
        c.Result(5, new Shape(0));
        var factor = c.Get<float>("exponential_avg_factor");
        var count = rows * inner;
        TorchTensor givenMean = c.Tensor(3), givenVariance = c.Tensor(4);
        Workers.Run(channels, count * 16, (begin, end) =>
        {
            for (var k = begin; k < end; k++)
            {
                double m, v;
                if (training)
                {
                    var (sum, squares) = (0.0, 0.0);
                    for (var r = 0L; r < rows; r++)
                        for (var i = 0L; i < inner; i++) sum += px[At(r, k, i)];
                    m = sum / count;
                    for (var r = 0L; r < rows; r++)
                        for (var i = 0L; i < inner; i++) squares += (px[At(r, k, i)] - m) * (px[At(r, k, i)] - m);
                    v = squares / count;
                    var unbiased = count > 1 ? squares / (count - 1) : v;
                    (keptMean[k], keptVariance[k]) = ((float)m, (float)v);
                    (mean[k], variance[k]) = factor == 1 ? ((float)m, (float)unbiased)
                        : ((float)(((1 - factor) * ((float*)givenMean.Data)[k]) + (factor * m)), (float)(((1 - factor) * ((float*)givenVariance.Data)[k]) + (factor * unbiased)));
                }
                else
                {
                    (m, v) = (((float*)givenMean.Data)[k], ((float*)givenVariance.Data)[k]);
                    (mean[k], variance[k], keptMean[k], keptVariance[k]) = ((float)m, (float)v, (float)m, (float)v);
                }
                var by = (float)(scale[k] / Math.Sqrt(v + epsilon));
                for (var r = 0L; r < rows; r++)
                    for (var i = 0L; i < inner; i++) py[At(r, k, i)] = ((px[At(r, k, i)] - (float)m) * by) + offset[k];
            }
        });
        long At(long r, long k, long i) => (((r * channels) + k) * inner) + i;
    }

    /// <summary>The sizes of the tensor as (rows, channels, inner).</summary>
    static (long Rows, long Inner, long Channels) Layout(KernelCall c, Shape shape)
    {
        var channel = IsChannelsFirst(c) ? 1 : shape.Rank - 1;
        return (Slicing.Product(shape, 0, channel), Slicing.Product(shape, channel + 1, shape.Rank), shape[channel]);
    }

    static void BatchNormGrad(KernelCall c)
    {
        var x = c.Tensor(1);
        if (x.DType != DType.Float32) throw c.NotFor(x.DType);
        var (rows, inner, channels) = Layout(c, x.Shape);
        var (training, epsilon) = (c.Flag("is_training"), c.Get<float>("epsilon"));
        float* dy = (float*)c.Tensor(0).Data, px = (float*)x.Data, scale = (float*)c.Tensor(2).Data, mean = (float*)c.Tensor(3).Data, variance = (float*)c.Tensor(4).Data;
        float* dx = (float*)c.Result(0, x.Shape).Data, dscale = (float*)c.Result(1, new Shape(channels)).Data, doffset = (float*)c.Result(2, new Shape(channels)).Data;
        c.Result(3, new Shape(0));
        c.Result(4, new Shape(0));
        var count = (double)(rows * inner);
        Workers.Run(channels, (long)count * 24, (begin, end) =>
        {
            for (var k = begin; k < end; k++)
            {
                double m = mean[k], rstd = 1 / Math.Sqrt(variance[k] + (double)epsilon), sum = 0, projection = 0;
                for (var r = 0L; r < rows; r++)
                    for (var i = 0L; i < inner; i++)
                    {
                        sum += dy[At(r, k, i)];
                        projection += dy[At(r, k, i)] * (px[At(r, k, i)] - m) * rstd;
                    }
                (doffset[k], dscale[k]) = ((float)sum, (float)projection);
                for (var r = 0L; r < rows; r++)
                    for (var i = 0L; i < inner; i++)
                        dx[At(r, k, i)] = (float)(scale[k] * rstd * (training
                            ? dy[At(r, k, i)] - (sum / count) - ((px[At(r, k, i)] - m) * rstd * projection / count) : dy[At(r, k, i)]));
            }
        });
        long At(long r, long k, long i) => (((r * channels) + k) * inner) + i;
    }
}
