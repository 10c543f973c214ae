namespace Keras.Graphs;

/// <summary>Complex numbers and Fourier transforms. As in TensorFlow, a gradient is the conjugate of the complex derivative.</summary>
static partial class Tf
{
    static readonly OpDefinition ComplexOp = Define("Complex(real: T, imag: T) -> (out: Tout) { Tout: type = complex64 }", ShapeRules.Broadcast,
        c => Reduced(c, 0, () => Real(c.Gradient), () => Imag(c.Gradient)));

    static readonly OpDefinition RealOp = ComplexPart("Real", "input", c => [AsComplex(c.Gradient)]);
    static readonly OpDefinition ImagOp = ComplexPart("Imag", "input", c => [Complex(ZerosLike(c.Gradient), c.Gradient)]);
    static readonly OpDefinition AngleOp = ComplexPart("Angle", "input", c =>
    {
        var (x, y) = (Real(c.Inputs[0]), Imag(c.Inputs[0]));
        var scaled = c.Gradient / (Square(x) + Square(y));
        return [Complex(-scaled * y, scaled * x)];
    });
    static readonly OpDefinition ComplexAbsOp = ComplexPart("ComplexAbs", "x", c => [AsComplex(DivNoNan(c.Gradient, c.Outputs[0])) * c.Inputs[0]], "y");
    static readonly OpDefinition ConjOp = Define("Conj(input: T) -> (output: T)", ShapeRules.SameAsFirst, c => [Conj(c.Gradient)]);

    static OpDefinition ComplexPart(string name, string input, GradientFunction gradient, string output = "output") =>
        Define($"{name}({input}: T) -> ({output}: Tout) {{ Tout: type = float32 }}", ShapeRules.SameAsFirst, gradient);

    static readonly OpDefinition FftOp = Fourier("FFT", 1, c => [Ifft(c.Gradient) * AsComplex(SizeOfLast(c.Gradient, 1))]);
    static readonly OpDefinition IfftOp = Fourier("IFFT", 1, c => [Fft(c.Gradient) / AsComplex(SizeOfLast(c.Gradient, 1))]);
    static readonly OpDefinition Fft2dOp = Fourier("FFT2D", 2, c => [Ifft2d(c.Gradient) * AsComplex(SizeOfLast(c.Gradient, 2))]);
    static readonly OpDefinition Ifft2dOp = Fourier("IFFT2D", 2, c => [Fft2d(c.Gradient) / AsComplex(SizeOfLast(c.Gradient, 2))]);

    static readonly OpDefinition Fft3dOp = Fourier("FFT3D", 3, c => [Run(Ifft3dOp!, c.Gradient) * AsComplex(SizeOfLast(c.Gradient, 3))]);
    static readonly OpDefinition Ifft3dOp = Fourier("IFFT3D", 3, c => [Run(Fft3dOp!, c.Gradient) / AsComplex(SizeOfLast(c.Gradient, 3))]);

    static OpDefinition Fourier(string name, int axes, GradientFunction gradient) => Define($"{name}(input: Tcomplex) -> (output: Tcomplex)", c =>
    {
        if (c[0].HasRank) c.Ranked(0, axes);
        return [c[0]];
    }, gradient);

    /// <summary>The first fft_length / 2 + 1 frequencies of a real signal; the others are their conjugates.</summary>
    static readonly OpDefinition RfftOp = Define("RFFT(input: Treal, fft_length: int32) -> (output: Tcomplex) { Tcomplex: type = complex64 }",
        c => [c[0].HasRank ? c.Ranked(0, 1).With(-1, TransformLength(c) is { } n ? (n / 2) + 1 : -1) : Shape.Unknown], c =>
        {
            // The conjugate half is left out: with its frequencies 0, the inverse transform gives each element's share.
            var n = KnownAxis(c, 1, 0);
            var share = Real(Ifft(PadLast(c.Gradient, n - ((n / 2) + 1)))) * n;
            return [PadLast(share, KnownLength(c) - n), null];
        });

    static readonly OpDefinition IrfftOp = Define("IRFFT(input: Tcomplex, fft_length: int32) -> (output: Treal) { Treal: type = float32 }",
        c => [c[0].HasRank ? c.Ranked(0, 1).With(-1, TransformLength(c) ?? -1) : Shape.Unknown], c =>
        {
            // Every frequency but the first, and the middle one of an even length, counts twice.
            var n = KnownAxis(c, 1, 0);
            var kept = (n / 2) + 1;
            var weights = new double[kept];
            for (var i = 0; i < kept; i++) weights[i] = (i == 0 || 2 * i == n ? 1.0 : 2.0) / n;
            var scaled = Rfft(c.Gradient, n) * AsComplex(Cast(Constant(HostTensor.Vector<double>(weights)), c.Gradient.dtype));
            return [PadLast(scaled, KnownLength(c) - kept), null];
        });

    static readonly OpDefinition Rfft2dOp = RealFourier("RFFT2D", 2), Rfft3dOp = RealFourier("RFFT3D", 3), Irfft2dOp = RealInverse("IRFFT2D", 2), Irfft3dOp = RealInverse("IRFFT3D", 3);

    static OpDefinition RealFourier(string name, int axes) => Define($"{name}(input: Treal, fft_length: int32) -> (output: Tcomplex) {{ Tcomplex: type = complex64 }}",
        c => [OfLengths(c, axes, n => (n / 2) + 1)], differentiable: false, checksFirst: true);

    static OpDefinition RealInverse(string name, int axes) => Define($"{name}(input: Tcomplex, fft_length: int32) -> (output: Treal) {{ Treal: type = float32 }}",
        c => [OfLengths(c, axes, n => n)], differentiable: false, checksFirst: true);

    /// <summary>The input's shape with the last axes replaced by transform lengths, and the last one by its number of results.</summary>
    static Shape OfLengths(ShapeContext c, int axes, Func<long, long> last)
    {
        if (!c[1].IsCompatibleWith(new Shape(axes))) throw c.Fail($"an fft_length of {axes} numbers", $"shape {c[1]}");
        if (!c[0].HasRank) return Shape.Unknown;
        var (shape, lengths) = (c.Ranked(0, axes), c.Known(1));
        for (var i = 1; i <= axes; i++)
        {
            if (lengths is not null && lengths[^i] < 1) throw c.Fail("an fft_length of at least 1", $"{lengths[^i]}");
            if (lengths is not null && shape[^i] is >= 0 and var there && there < (i == 1 && c.Op.Name[0] == 'I' ? (lengths[^i] / 2) + 1 : lengths[^i])) throw c.Fail($"an fft_length within {shape}", string.Join(", ", lengths));
            shape = shape.With(-i, lengths is null ? -1 : i == 1 ? last(lengths[^i]) : lengths[^i]);
        }
        return shape;
    }

    /// <summary>fft_length where it is known. TensorFlow's kernel ends the process at 0.</summary>
    static long? TransformLength(ShapeContext c) => c.Known(1) is not [var n] ? null : n > 0 ? n : throw c.Fail("an fft_length of at least 1", $"{n}");

    static long KnownLength(OpCall c) => c.Inputs[0].shape[-1] is >= 0 and var length ? length
        : throw new UnsupportedException("The gradient of a Fourier transform of a real signal cannot be traced: its length is unknown before run time",
            NameScope.Path(c.Op.Name));

    static Tensor PadLast(Tensor x, long count) => count <= 0 ? x
        : PadV2(x, Constant(HostTensor.Of<int>([.. new int[(2 * x.ndim) - 1], (int)count], new Shape(x.ndim, 2))), ZeroOf(x.dtype));

    /// <summary>The number of elements in the last axes, as a real scalar.</summary>
    static Tensor SizeOfLast(Tensor x, int axes)
    {
        var size = DimOf(x, -1);
        for (var axis = 2; axis <= axes; axis++) size *= DimOf(x, -axis);
        return Cast(size, RealOf(x.dtype));
    }

    static DType RealOf(DType dtype) => dtype == DType.Complex64 ? DType.Float32 : DType.Float64;

    static DType ComplexOf(DType dtype) => dtype == DType.Float64 ? DType.Complex128 : DType.Complex64;

    static Tensor AsComplex(Tensor x) => Complex(x, ZerosLike(x));

    static Tensor Conjugate(Tensor x) => x.dtype.IsComplex ? Conj(x) : x;

    static Tensor ZeroOf(DType dtype) => dtype.IsComplex ? AsComplex(Constant(0, RealOf(dtype))) : Constant(0, dtype);

    public static Tensor Complex(Tensor real, Tensor imag) => Run(ComplexOp, [real, imag], ("Tout", ComplexOf(real.dtype)));
    public static Tensor Real(Tensor x) => Run(RealOp, [x], ("Tout", RealOf(x.dtype)));
    public static Tensor Imag(Tensor x) => Run(ImagOp, [x], ("Tout", RealOf(x.dtype)));
    public static Tensor Angle(Tensor x) => Run(AngleOp, [x], ("Tout", RealOf(x.dtype)));
    public static Tensor ComplexAbs(Tensor x) => Run(ComplexAbsOp, [x], ("Tout", RealOf(x.dtype)));
    public static Tensor Conj(Tensor x) => Run(ConjOp, x);
    public static Tensor Fft(Tensor x) => Run(FftOp, x);
    public static Tensor Ifft(Tensor x) => Run(IfftOp, x);
    public static Tensor Fft2d(Tensor x) => Run(Fft2dOp, x);
    public static Tensor Ifft2d(Tensor x) => Run(Ifft2dOp, x);
    /// <summary>The transform of a signal cut or zero-padded to the length.</summary>
    public static Tensor Rfft(Tensor x, int length) => Run(RfftOp, [PadLast(x, length - x.shape[-1]), Int32(length)], ("Tcomplex", ComplexOf(x.dtype)));
    /// <summary>The real signal of a length; missing frequencies are 0.</summary>
    public static Tensor Irfft(Tensor x, int length) => Run(IrfftOp, [PadLast(x, (length / 2) + 1 - x.shape[-1]), Int32(length)], ("Treal", RealOf(x.dtype)));
}
