using System.Numerics;

namespace Keras.Engines.Torch;

/// <summary>Convolutions and their gradients as matrix products over unrolled windows (im2col), channels last; depthwise ones tap by tap.</summary>
static unsafe class Convolutions
{
    public static readonly Dictionary<string, Kernel> Kernels = new Dictionary<string, Kernel>
    {
        ["Conv2D"] = c => Forward(c, depthwise: false),
        ["Conv3D"] = c => Forward(c, depthwise: false),
        ["DepthwiseConv2dNative"] = c => Forward(c, depthwise: true),
        ["Conv2DBackpropInput"] = c => ByInput(c, depthwise: false),
        ["Conv3DBackpropInputV2"] = c => ByInput(c, depthwise: false),
        ["DepthwiseConv2dNativeBackpropInput"] = c => ByInput(c, depthwise: true),
        ["Conv2DBackpropFilter"] = c => ByFilter(c, depthwise: false),
        ["Conv3DBackpropFilterV2"] = c => ByFilter(c, depthwise: false),
        ["DepthwiseConv2dNativeBackpropFilter"] = c => ByFilter(c, depthwise: true),
        ["ExtractImagePatches"] = Patches,
    }.ToDictionary(k => k.Key, k => HalfPrecision.Widened(k.Value));

    /// <summary>The sizes of a call, with channels last in all tensors.</summary>
    sealed class Geometry
    {
        public Geometry(KernelCall c, Shape input, Shape filter, bool depthwise)
        {
            var rank = input.Rank;
            ChannelsFirst = c.Get<string>("data_format").StartsWith("NC", StringComparison.Ordinal);
            var dims = input.ToArray();
            Spatial = ChannelsFirst ? dims[2..] : dims[1..^1];
            (Batch, Inputs) = (dims[0], ChannelsFirst ? dims[1] : dims[^1]);
            Windows = new(c, Spatial, filter.ToArray()[..^2], "strides", "dilations", ChannelsFirst ? 1 : rank - 1);
            PerGroup = filter[-2];
            Outputs = depthwise ? filter[-1] * filter[-2] : filter[-1];
            if (depthwise ? Inputs != PerGroup : PerGroup == 0 || Inputs % PerGroup != 0 || Outputs % (Inputs / PerGroup) != 0)
                throw c.Fail($"a filter for {Inputs} channels", filter.ToString());
            Groups = depthwise ? Inputs : Inputs / PerGroup;
            Pixels = Windows.Product(Spatial);
        }

        public bool ChannelsFirst { get; }
        public long Batch { get; }
        public long Inputs { get; }
        public long Outputs { get; }
        public long PerGroup { get; }
        public long Groups { get; }
        public long Pixels { get; }
        public long[] Spatial { get; }
        public Windows Windows { get; }

        public Shape ResultShape => ChannelsFirst ? new Shape([Batch, Outputs, .. Windows.Output]) : new Shape([Batch, .. Windows.Output, Outputs]);
    }

    static void Forward(KernelCall c, bool depthwise)
    {
        var g = new Geometry(c, c.ShapeOf(0), c.ShapeOf(1), depthwise);
        var result = c.Result(0, g.ResultShape);
        using var x = ChannelsLast(c.Tensor(0), g.ChannelsFirst);
        using var y = g.ChannelsFirst ? TorchTensor.Allocate(result.DType, new Shape([g.Batch, .. g.Windows.Output, g.Outputs])) : result.Share();
        if (result.Count == 0) return;
        if (result.DType == DType.Float32) Forward<float>(g, x, c.Tensor(1), y, depthwise);
        else if (result.DType == DType.Float64) Forward<double>(g, x, c.Tensor(1), y, depthwise);
        else throw c.NotFor(result.DType);
        if (g.ChannelsFirst) ToChannelsFirst(y, result);
    }

    static void Forward<T>(Geometry g, TorchTensor x, TorchTensor filter, TorchTensor y, bool depthwise) where T : unmanaged, INumber<T>
    {
        T* px = (T*)x.Data, pf = (T*)filter.Data, py = (T*)y.Data;
        var w = g.Windows;
        if (depthwise)
        {
            var many = g.Outputs / g.Inputs;
            Workers.Run(g.Batch * w.Positions, w.Taps * g.Outputs * sizeof(T), (begin, end) =>
            {
                for (var r = begin; r < end; r++)
                {
                    var image = px + (r / w.Positions * g.Pixels * g.Inputs);
                    var sums = new Span<T>(py + (r * g.Outputs), (int)g.Outputs);
                    sums.Clear();
                    for (var t = 0L; t < w.Taps; t++)
                        if (w.Sources[(r % w.Positions * w.Taps) + t] is >= 0 and var source)
                            for (var k = 0; k < sums.Length; k++) sums[k] += image[(source * g.Inputs) + (k / many)] * pf[(t * g.Outputs) + k];
                }
            });
            return;
        }
        ForEachGroup<T>(g, filter, (columns, part, image, group, ofGroup) =>
        {
            Unroll((T*)x.Data + (image * g.Pixels * g.Inputs) + (group * g.PerGroup), (T*)columns.Data, g, g.PerGroup, g.Inputs);
            Products.Multiply(columns.Data, false, part.Data, false, ofGroup.Data, x.DType, w.Positions, w.Taps * g.PerGroup, g.Outputs / g.Groups);
            CopyGroup((T*)ofGroup.Data, g.Outputs / g.Groups, 0, py + (image * w.Positions * g.Outputs), g.Outputs, group * (g.Outputs / g.Groups), g.Outputs / g.Groups, w.Positions);
        });
    }

    static void ByInput(KernelCall c, bool depthwise)
    {
        var shape = new Shape(c.Longs(0));
        if (shape.Rank == 2 && depthwise) throw c.Fail("the whole shape of the input", shape.ToString());
        var g = new Geometry(c, shape, c.ShapeOf(1), depthwise);
        if (g.ResultShape != c.ShapeOf(2)) throw c.Fail($"a gradient of shape {g.ResultShape}", c.ShapeOf(2).ToString());
        var result = c.Result(0, shape);
        using var dy = ChannelsLast(c.Tensor(2), g.ChannelsFirst);
        using var dx = g.ChannelsFirst ? TorchTensor.Allocate(result.DType, new Shape([g.Batch, .. g.Spatial, g.Inputs])) : result.Share();
        Structure.Clear(dx);
        if (dy.Count > 0 && result.DType == DType.Float32) ByInput<float>(g, dy, c.Tensor(1), dx, depthwise);
        else if (dy.Count > 0 && result.DType == DType.Float64) ByInput<double>(g, dy, c.Tensor(1), dx, depthwise);
        else if (dy.Count > 0) throw c.NotFor(result.DType);
        if (g.ChannelsFirst) ToChannelsFirst(dx, result);
    }

    static void ByInput<T>(Geometry g, TorchTensor dy, TorchTensor filter, TorchTensor dx, bool depthwise) where T : unmanaged, INumber<T>
    {
        T* py = (T*)dy.Data, pf = (T*)filter.Data, px = (T*)dx.Data;
        var w = g.Windows;
        if (depthwise)
        {
            var many = g.Outputs / g.Inputs;
            Workers.Run(g.Batch, w.Positions * w.Taps * g.Outputs * sizeof(T), (begin, end) =>
            {
                for (var b = begin; b < end; b++)
                    for (var r = 0L; r < w.Positions * w.Taps; r++)
                        if (w.Sources[r] is >= 0 and var source)
                            for (var k = 0L; k < g.Outputs; k++)
                                px[(((b * g.Pixels) + source) * g.Inputs) + (k / many)] += py[(((b * w.Positions) + (r / w.Taps)) * g.Outputs) + k] * pf[(r % w.Taps * g.Outputs) + k];
            });
            return;
        }
        ForEachGroup<T>(g, filter, (columns, part, image, group, ofGroup) =>
        {
            var outputs = g.Outputs / g.Groups;
            CopyGroup(py + (image * w.Positions * g.Outputs), g.Outputs, group * outputs, (T*)ofGroup.Data, outputs, 0, outputs, w.Positions);
            Products.Multiply(ofGroup.Data, false, part.Data, true, columns.Data, dy.DType, w.Positions, outputs, w.Taps * g.PerGroup);
            var (from, to) = ((nint)columns.Data, (nint)(px + (image * g.Pixels * g.Inputs) + (group * g.PerGroup)));
            Workers.Run(g.PerGroup, w.Positions * w.Taps * sizeof(T), (begin, end) =>
            {
                for (var r = 0L; r < w.Positions * w.Taps; r++)
                    if (w.Sources[r] is >= 0 and var source)
                        for (var k = begin; k < end; k++) ((T*)to)[(source * g.Inputs) + k] += ((T*)from)[(r * g.PerGroup) + k];
            });
        });
    }

    static void ByFilter(KernelCall c, bool depthwise)
    {
        var shape = new Shape(c.Longs(1));
        var g = new Geometry(c, c.ShapeOf(0), shape, depthwise);
        if (g.ResultShape != c.ShapeOf(2)) throw c.Fail($"a gradient of shape {g.ResultShape}", c.ShapeOf(2).ToString());
        var result = c.Result(0, shape);
        Structure.Clear(result);
        using var x = ChannelsLast(c.Tensor(0), g.ChannelsFirst);
        using var dy = ChannelsLast(c.Tensor(2), g.ChannelsFirst);
        if (dy.Count == 0) return;
        if (result.DType == DType.Float32) ByFilter<float>(g, x, dy, result, depthwise);
        else if (result.DType == DType.Float64) ByFilter<double>(g, x, dy, result, depthwise);
        else throw c.NotFor(result.DType);
    }

    static void ByFilter<T>(Geometry g, TorchTensor x, TorchTensor dy, TorchTensor df, bool depthwise) where T : unmanaged, INumber<T>
    {
        T* px = (T*)x.Data, py = (T*)dy.Data, pf = (T*)df.Data;
        var w = g.Windows;
        if (depthwise)
        {
            var many = g.Outputs / g.Inputs;
            Workers.Run(w.Taps, g.Batch * w.Positions * g.Outputs * sizeof(T), (begin, end) =>
            {
                for (var t = begin; t < end; t++)
                    for (var r = 0L; r < g.Batch * w.Positions; r++)
                        if (w.Sources[(r % w.Positions * w.Taps) + t] is >= 0 and var source)
                            for (var k = 0L; k < g.Outputs; k++)
                                pf[(t * g.Outputs) + k] += px[(((r / w.Positions * g.Pixels) + source) * g.Inputs) + (k / many)] * py[(r * g.Outputs) + k];
            });
            return;
        }
        var outputs = g.Outputs / g.Groups;
        using var product = TorchTensor.Allocate(x.DType, new Shape(w.Taps * g.PerGroup, outputs));
        ForEachGroup<T>(g, null, (columns, _, image, group, ofGroup) =>
        {
            Unroll((T*)x.Data + (image * g.Pixels * g.Inputs) + (group * g.PerGroup), (T*)columns.Data, g, g.PerGroup, g.Inputs);
            CopyGroup(py + (image * w.Positions * g.Outputs), g.Outputs, group * outputs, (T*)ofGroup.Data, outputs, 0, outputs, w.Positions);
            Products.Multiply(columns.Data, true, ofGroup.Data, false, product.Data, x.DType, w.Taps * g.PerGroup, w.Positions, outputs);
            var p = (T*)product.Data;
            for (var r = 0L; r < w.Taps * g.PerGroup; r++)
                for (var k = 0L; k < outputs; k++) pf[(r * g.Outputs) + (group * outputs) + k] += p[(r * outputs) + k];
        });
    }

    delegate void GroupWork(TorchTensor columns, TorchTensor filter, long image, long group, TorchTensor ofGroup);

    /// <summary>Visits each image and group of channels, with memory for its unrolled windows and the group's part of the filter.</summary>
    static void ForEachGroup<T>(Geometry g, TorchTensor? filter, GroupWork work) where T : unmanaged, INumber<T>
    {
        var w = g.Windows;
        var outputs = g.Outputs / g.Groups;
        using var columns = TorchTensor.Allocate(DType.Of<T>(), new Shape(w.Positions, w.Taps * g.PerGroup));
        using var ofGroup = TorchTensor.Allocate(DType.Of<T>(), new Shape(w.Positions, outputs));
        for (var group = 0L; group < g.Groups; group++)
        {
            using var part = filter is null || g.Groups == 1 ? (filter ?? ofGroup).Share() : TorchTensor.Allocate(DType.Of<T>(), new Shape(w.Taps * g.PerGroup, outputs));
            if (filter is not null && g.Groups > 1) CopyGroup((T*)filter.Data, g.Outputs, group * outputs, (T*)part.Data, outputs, 0, outputs, w.Taps * g.PerGroup);
            for (var image = 0L; image < g.Batch; image++) work(columns, part, image, group, ofGroup);
        }
    }

    static void CopyGroup<T>(T* source, long sourceRow, long sourceAt, T* target, long targetRow, long targetAt, long count, long rows) where T : unmanaged =>
        Movement.Copy((byte*)(source + sourceAt), [sourceRow, 1], (byte*)(target + targetAt), [targetRow, 1], [rows, count], sizeof(T));

    /// <summary>Copies the elements under each window into consecutive memory.</summary>
    static void Unroll<T>(T* image, T* columns, Geometry g, long channels, long stride) where T : unmanaged =>
        Unroll(image, columns, g.Windows, channels, stride);

    static void Unroll<T>(T* image, T* columns, Windows w, long channels, long stride) where T : unmanaged =>
        Workers.Run(w.Positions, w.Taps * channels * 2 * sizeof(T), (begin, end) =>
        {
            for (var r = begin * w.Taps; r < end * w.Taps; r++)
            {
                var target = new Span<T>(columns + (r * channels), (int)channels);
                if (w.Sources[r] is >= 0 and var source) new ReadOnlySpan<T>(image + (source * stride), (int)channels).CopyTo(target);
                else target.Clear();
            }
        });

    static void Patches(KernelCall c)
    {
        var x = c.Tensor(0);
        var dims = x.Shape.ToArray();
        var w = new Windows(c, dims[1..3], c.Get<long[]>("ksizes")[1..3], "strides", "rates", 3);
        var result = c.Result(0, new Shape(dims[0], w.Output[0], w.Output[1], w.Taps * dims[3]));
        var image = dims[1] * dims[2] * dims[3];
        for (var b = 0L; b < dims[0]; b++)
        {
            byte* from = x.Data + (b * image * x.DType.Size), to = result.Data + (b * w.Positions * w.Taps * dims[3] * x.DType.Size);
            switch (x.DType.Size)
            {
                case 1: Unroll((byte*)from, (byte*)to, w, dims[3], dims[3]); break;
                case 4: Unroll((uint*)from, (uint*)to, w, dims[3], dims[3]); break;
                case 8: Unroll((ulong*)from, (ulong*)to, w, dims[3], dims[3]); break;
                default: throw c.NotFor(x.DType);
            }
        }
    }

    /// <summary>The tensor with channels last: itself or a copy.</summary>
    public static TorchTensor ChannelsLast(TorchTensor x, bool isChannelsFirst)
    {
        if (!isChannelsFirst) return x.Share();
        var dims = x.Shape.ToArray();
        long[] turned = [dims[0], .. dims[2..], dims[1]];
        var own = Movement.StridesOf(dims);
        var result = TorchTensor.Allocate(x.DType, new Shape(turned));
        Movement.Copy(x.Data, [own[0], .. own[2..], own[1]], result.Data, Movement.StridesOf(turned), turned, x.DType.Size);
        return result;
    }

    /// <summary>Copies a tensor with channels last into one with channels first.</summary>
    public static void ToChannelsFirst(TorchTensor source, TorchTensor target)
    {
        var dims = source.Shape.ToArray();
        var to = Movement.StridesOf(target.Shape.ToArray());
        Movement.Copy(source.Data, Movement.StridesOf(dims), target.Data, [to[0], .. to[2..], to[1]], dims, source.DType.Size);
    }
}
