using System.Numerics;
using System.Runtime.InteropServices;

namespace Keras.Engines.Torch;

/// <summary>Constants, shapes, and ops that only change a tensor's shape.</summary>
static unsafe class Structure
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["Const"] = c => c.Outputs[0] = OfHost(c.Get<HostTensor>("value")),
        ["Identity"] = c => c.Pass(0),
        ["StopGradient"] = c => c.Pass(0),
        ["EnsureShape"] = c => c.Pass(0),
        ["Reshape"] = Reshape,
        ["ExpandDims"] = c => c.Pass(0),
        ["Squeeze"] = c => c.Pass(0),
        ["XlaOptimizationBarrier"] = PassAll,
        ["CheckNumerics"] = CheckNumerics,
        ["Bitcast"] = c => c.Outputs[0] = c.Tensor(0).ShareAs(c.DTypes[0], c.Shapes[0]),
        ["Shape"] = c => Integers(c, c.ShapeOf(0).ToArray()),
        ["Size"] = c => Integers(c, c.ShapeOf(0).ElementCount),
        ["Rank"] = c => Integers(c, c.ShapeOf(0).Rank),
        ["VariableShape"] = c => Integers(c, ((TorchVariable)c.Inputs[0]).Content.Shape.ToArray()),
        ["ZerosLike"] = ZerosLike,
        ["OnesLike"] = c => Fill(c.Result(), HostTensor.Scalar(1, RealOf(c.DTypes[0]))),
        ["Fill"] = Movement.ForStringsToo(Fill),
        ["Range"] = Range,
        ["LinSpace"] = LinSpace,
        ["InvertPermutation"] = InvertPermutation,
        ["BroadcastGradientArgs"] = BroadcastGradientArgs,
        ["NoOp"] = _ => { },
    };

    /// <summary>Converts a host tensor to this engine's.</summary>
    public static TorchValue OfHost(HostTensor host) => host.Strings is { } strings ? new TorchStrings(strings, host.Shape) : TorchTensor.Of(host);

    /// <summary>Writes integers as an output of its dtype.</summary>
    public static void Integers(KernelCall c, params ReadOnlySpan<long> values)
    {
        var result = c.Result(0, c.Shapes[0].IsFullyKnown ? c.Shapes[0] : new Shape(values.Length));
        WriteIntegers(result, values);
    }

    /// <summary>Writes integers into a tensor of int32 or int64.</summary>
    public static void WriteIntegers(TorchTensor result, ReadOnlySpan<long> values)
    {
        if (result.DType == DType.Int64) values.CopyTo(result.As<long>());
        else for (var i = 0; i < values.Length; i++) ((int*)result.Data)[i] = checked((int)values[i]);
    }

    /// <summary>The dtype of a complex dtype's parts; any other dtype is returned unchanged.</summary>
    public static DType RealOf(DType dtype) => dtype == DType.Complex64 ? DType.Float32 : dtype == DType.Complex128 ? DType.Float64 : dtype;

    static void PassAll(KernelCall c)
    {
        for (var i = 0; i < c.Inputs.Length; i++) c.Outputs[i] = c.Inputs[i].Share();
    }

    static void Reshape(KernelCall c)
    {
        var shape = c.Shapes[0];
        if (!shape.IsFullyKnown)
        {
            var dims = c.Longs(1);
            var open = Array.IndexOf(dims, -1L);
            if (open >= 0) dims[open] = Graphs.Tf.OpenDimension(c.ShapeOf(0).ToArray(), [.. dims[..open], .. dims[(open + 1)..]]) ?? throw c.Fail($"a shape that divides {c.ShapeOf(0).ElementCount} elements", $"({string.Join(", ", dims)})");
            shape = new Shape(dims);
        }
        if (shape.ElementCount != c.ShapeOf(0).ElementCount) throw c.Fail($"a shape of {c.ShapeOf(0).ElementCount} elements", shape.ToString());
        c.Outputs[0] = c.Inputs[0].Share(shape);
    }

    static void ZerosLike(KernelCall c)
    {
        if (c.DTypes[0] == DType.String) c.Result(0, [.. Enumerable.Repeat(Array.Empty<byte>(), (int)c.Shapes[0].ElementCount)], c.Shapes[0]);
        else Clear(c.Result());
    }

    /// <summary>Sets every byte to 0.</summary>
    public static void Clear(TorchTensor tensor)
    {
        var data = tensor.Data;
        Workers.Run(tensor.ByteLength, 1, (begin, end) => NativeMemory.Clear(data + begin, (nuint)(end - begin)));
    }

    static void Fill(KernelCall c)
    {
        var value = c.Tensor(1);
        Repeat(c.Result(0, c.Shapes[0].IsFullyKnown ? c.Shapes[0] : new Shape(c.Longs(0))), value.Data);
    }

    /// <summary>Sets every element to a number given in the real dtype (<see cref="RealOf"/>).</summary>
    public static void Fill(TorchTensor result, HostTensor value)
    {
        if (result.DType.IsComplex)
        {
            var one = result.DType == DType.Complex64 ? [.. value.Data, .. new byte[4]] : (byte[])[.. value.Data, .. new byte[8]];
            fixed (byte* v = one) Repeat(result, v);
            return;
        }
        fixed (byte* v = value.Data) Repeat(result, v);
    }

    /// <summary>Sets every element to one value.</summary>
    public static void Repeat(TorchTensor result, byte* value)
    {
        switch (result.DType.Size)
        {
            case 1: Repeat(result, *value); break;
            case 2: Repeat(result, *(ushort*)value); break;
            case 4: Repeat(result, *(uint*)value); break;
            case 8: Repeat(result, *(ulong*)value); break;
            default: Repeat(result, *(UInt128*)value); break;
        }
    }

    static void Repeat<T>(TorchTensor result, T value) where T : unmanaged
    {
        var data = (T*)result.Data;
        Workers.Run(result.Count, sizeof(T), (begin, end) => new Span<T>(data + begin, checked((int)(end - begin))).Fill(value));
    }

    static void CheckNumerics(KernelCall c)
    {
        var x = c.Tensor(0);
        for (var i = 0L; i < x.Count; i++)
        {
            var value = Numbers.Read(x, i);
            if (!double.IsFinite(value))
                throw c.Fail("finite numbers", double.IsNaN(value) ? "NaN" : "Inf", $"{c.Get<string>("message")} : Tensor had {(double.IsNaN(value) ? "NaN" : "Inf")} values");
        }
        c.Pass(0);
    }

    static void Range(KernelCall c)
    {
        var dtype = c.DTypes[0];
        if (dtype == DType.Int32) Range<int>(c);
        else if (dtype == DType.Int64) Range<long>(c);
        else if (dtype == DType.Float32) Range<float>(c);
        else if (dtype == DType.Float64) Range<double>(c);
        else throw c.NotFor(dtype);
    }

    static void Range<T>(KernelCall c) where T : unmanaged, INumber<T>
    {
        var (start, limit, delta) = (*(T*)c.Tensor(0).Data, *(T*)c.Tensor(1).Data, *(T*)c.Tensor(2).Data);
        if (delta == T.Zero) throw c.Fail("a step other than 0", "0");
        var span = double.CreateChecked(limit) - double.CreateChecked(start);
        var count = (long)Math.Max(0, Math.Ceiling(Math.Abs(span / double.CreateChecked(delta))));
        if (span != 0 && span > 0 != delta > T.Zero) throw c.Fail("a limit in the direction of the step", $"{start} to {limit} by {delta}");
        var result = (T*)c.Result(0, new Shape(count)).Data;
        for (var i = 0L; i < count; i++) result[i] = start + (T.CreateTruncating(i) * delta);
    }

    static void LinSpace(KernelCall c)
    {
        var (start, stop, count) = (c.Number(0), c.Number(1), c.Long(2));
        if (count <= 0) throw c.Fail("at least one number", $"{count}");
        var result = c.Result(0, new Shape(count));
        var step = count > 1 ? (stop - start) / (count - 1) : 0;
        for (var i = 0L; i < count; i++)
        {
            var value = i == count - 1 && count > 1 ? stop : start + (step * i);
            if (result.DType == DType.Float32) ((float*)result.Data)[i] = (float)value;
            else if (result.DType == DType.Float64) ((double*)result.Data)[i] = value;
            else throw c.NotFor(result.DType);
        }
    }

    static void InvertPermutation(KernelCall c)
    {
        var p = c.Longs(0);
        var inverse = new long[p.Length];
        if (p.Distinct().Count() != p.Length) throw c.Fail("each index once", $"[{string.Join(", ", p)}]");
        for (var i = 0; i < p.Length; i++)
            inverse[p[i] >= 0 && p[i] < p.Length ? p[i] : throw c.Fail($"indices from 0 to {p.Length - 1}", $"{p[i]}")] = i;
        Integers(c, inverse);
    }

    static void BroadcastGradientArgs(KernelCall c)
    {
        long[] x = c.Longs(0), y = c.Longs(1);
        var (byX, byY) = (new List<long>(), new List<long>());
        var rank = Math.Max(x.Length, y.Length);
        for (var i = 0; i < rank; i++)
        {
            var (p, q) = (i - (rank - x.Length) is var a and >= 0 ? x[a] : 1, i - (rank - y.Length) is var b and >= 0 ? y[b] : 1);
            // If both are 1, the sum changes nothing; TensorFlow lists the axis for both.
            if (p == 1) byX.Add(i);
            if (q == 1) byY.Add(i);
        }
        WriteIntegers(c.Result(0, new Shape(byX.Count)), [.. byX]);
        WriteIntegers(c.Result(1, new Shape(byY.Count)), [.. byY]);
    }
}
