namespace Keras.Engines.Torch;

/// <summary>Fourier transforms of real signals over two and three axes.</summary>
static unsafe class RealFourier
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["RFFT2D"] = c => Forward(c, 2),
        ["RFFT3D"] = c => Forward(c, 3),
        ["IRFFT2D"] = c => Inverse(c, 2),
        ["IRFFT3D"] = c => Inverse(c, 3),
    };

    static long[] Lengths(KernelCall c, int axes)
    {
        var lengths = c.Longs(1);
        return lengths.Length == axes && Array.TrueForAll(lengths, n => n > 0) ? lengths : throw c.Fail($"{axes} lengths of at least 1", string.Join(", ", lengths));
    }

    /// <summary>Crops a tensor to the first elements along the last axes.</summary>
    static TorchTensor Cropped(KernelCall c, TorchTensor x, long[] lengths)
    {
        var dims = x.Shape.ToArray();
        for (var i = 1; i <= lengths.Length; i++) dims[^i] = dims[^i] >= lengths[^i] ? lengths[^i] : throw c.Fail($"at least {lengths[^i]} elements on axis {dims.Length - i}", $"{dims[^i]}");
        var result = TorchTensor.Allocate(x.DType, new Shape(dims));
        if (result.Count > 0) Movement.Copy(x.Data, Movement.StridesOf(x.Shape.ToArray()), result.Data, Movement.StridesOf(dims), dims, x.DType.Size);
        return result;
    }

    static void Forward(KernelCall c, int axes)
    {
        var lengths = Lengths(c, axes);
        if (c.DTypeOf(0) == DType.Float64 != (c.DTypes[0] == DType.Complex128)) throw c.NotFor(c.DTypeOf(0));
        using var cut = Cropped(c, c.Tensor(0), lengths);
        using var signal = TorchTensor.Allocate(c.DTypes[0], cut.Shape);
        Elementwise.Map(cut, signal, Casts.Between(cut.DType, signal.DType));
        using var spectrum = TorchTensor.Allocate(signal.DType, signal.Shape);
        LinearAlgebra.Transform(signal, [.. Enumerable.Range(-axes, axes).Select(a => (long)a)], forward: true, spectrum);
        c.Outputs[0] = LinearAlgebra.Cut(spectrum, (lengths[^1] / 2) + 1);
    }

    /// <summary>Inverts the outer axes first, then the last one, whose spectrum is a half.</summary>
    static void Inverse(KernelCall c, int axes)
    {
        var lengths = Lengths(c, axes);
        if (c.DTypeOf(0) == DType.Complex128 != (c.DTypes[0] == DType.Float64)) throw c.NotFor(c.DTypeOf(0));
        using var cut = Cropped(c, c.Tensor(0), [.. lengths[..^1], (lengths[^1] / 2) + 1]);
        using var outer = TorchTensor.Allocate(cut.DType, cut.Shape);
        LinearAlgebra.Transform(cut, [.. Enumerable.Range(-axes, axes - 1).Select(a => (long)a)], forward: false, outer);
        LinearAlgebra.InverseOfHalf(c, outer, lengths[^1]);
    }
}
