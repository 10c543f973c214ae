namespace Keras.Graphs;

/// <summary>Fourier transforms of the last axes.</summary>
static partial class Tf
{
    static OpDefinition Fourier(string name, GradientFunction gradient) => Define($"{name}(input: Tcomplex) -> (output: Tcomplex)", ShapeRules.SameAsFirst, gradient);

    static readonly OpDefinition FftOp = Fourier("FFT", c => [Ifft(c.Gradient) * Count(c.Gradient, 1)]);
    static readonly OpDefinition IfftOp = Fourier("IFFT", c => [Fft(c.Gradient) / Count(c.Gradient, 1)]);
    static readonly OpDefinition Fft2DOp = Fourier("FFT2D", c => [Ifft2d(c.Gradient) * Count(c.Gradient, 2)]);
    static readonly OpDefinition Ifft2DOp = Fourier("IFFT2D", c => [Fft2d(c.Gradient) / Count(c.Gradient, 2)]);

    static readonly OpDefinition RfftOp = Define("RFFT(input: Treal, fft_length: int32) -> (output: Tcomplex) { Tcomplex: type = complex64 }",
        c => [c[0].HasRank ? c[0].With(-1, c.Value(1)?.Elements[0] is { } n ? (n / 2) + 1 : -1) : Shape.Unknown], c =>
        {
            // dx_k = Re sum_j g_j e^(2πijk/n): a full inverse transform of the half spectrum, zero elsewhere.
            var n = StridedSlice(c.Inputs[1], [0], [1], [1], shrink_axis_mask: 1);
            var spectrum = ZeroPadLast(c.Gradient, n - DimOf(c.Gradient, -1));
            var full = Real(Ifft(spectrum)) * Cast(n, c.Inputs[0].dtype);
            return [ToLastDim(full, c.Inputs[0]), null];
        });

    static readonly OpDefinition IrfftOp = Define("IRFFT(input: Tcomplex, fft_length: int32) -> (output: Treal) { Treal: type = float32 }",
        c => [c[0].HasRank ? c[0].With(-1, c.Value(1)?.Elements[0] ?? -1) : Shape.Unknown], c =>
        {
            // Every bin but the first, and the last of an even length, stands for itself and its mirror.
            var spectrum = RunAll(RfftOp!, [c.Gradient, c.Inputs[1]], ("Tcomplex", c.Inputs[0].dtype))[0];
            var n = StridedSlice(c.Inputs[1], [0], [1], [1], shrink_axis_mask: 1);
            var bins = Range(Int32Scalar(0), DimOf(spectrum, -1), Int32Scalar(1));
            var mirrored = LogicalAnd(Greater(bins, Int32Scalar(0)), Less(bins * Int32Scalar(2), n));
            var scale = (Cast(mirrored, c.Gradient.dtype) + 1) / Cast(n, c.Gradient.dtype);
            return [ToLastDim(spectrum * Complex(scale, ZerosLike(scale)), c.Inputs[0]), null];
        });

    static Tensor Count(Tensor x, int axes)
    {
        var size = DimOf(x, -1);
        if (axes == 2) size *= DimOf(x, -2);
        return Cast(size, x.dtype);
    }

    static Tensor ZeroPadLast(Tensor x, Tensor count)
    {
        var zero = Int32Scalar(0);
        Tensor[] rows = [.. Enumerable.Range(0, x.ndim).Select(i => Stack([zero, i == x.ndim - 1 ? count : zero], 0))];
        return PadV2(x, Stack(rows, 0), Constant(HostTensor.OfBytes(x.dtype, Shape.Scalar, new byte[x.dtype.Size])));
    }

    /// <summary>Cuts, or fills with zeros, the last axis to that of another tensor.</summary>
    static Tensor ToLastDim(Tensor x, Tensor like)
    {
        var (own, wanted) = (DimOf(x, -1), DimOf(like, -1));
        var kept = StridedSliceLast(x, Minimum(own, wanted));
        return x.shape[-1] >= 0 && like.shape[-1] >= 0 && x.shape[-1] >= like.shape[-1] ? kept : ZeroPadLast(kept, wanted - Minimum(own, wanted));
    }

    static Tensor StridedSliceLast(Tensor x, Tensor count)
    {
        Tensor[] sizes = [.. Enumerable.Repeat(Int32Scalar(-1), x.ndim - 1), count];
        return Run(SliceOp, x, Int32([.. Enumerable.Repeat(0, x.ndim)]), Stack(sizes, 0));
    }

    public static Tensor Fft(Tensor x) => Run(FftOp, x);
    public static Tensor Ifft(Tensor x) => Run(IfftOp, x);
    public static Tensor Fft2d(Tensor x) => Run(Fft2DOp, x);
    public static Tensor Ifft2d(Tensor x) => Run(Ifft2DOp, x);
    public static Tensor Rfft(Tensor x, int length) => Run(RfftOp, [x, Int32(length)], ("Tcomplex", x.dtype == DType.Float64 ? DType.Complex128 : DType.Complex64));
    public static Tensor Irfft(Tensor x, int length) => Run(IrfftOp, [x, Int32(length)], ("Treal", PartOf(x.dtype)));
}
