using Keras.Backend;
using Keras.Graphs;

namespace Keras;

/// <content>Fourier transforms; complex numbers are pairs of real and imaginary parts, as in Keras.</content>
public sealed partial class OpsApi
{
    static Tensor ComplexOf((TensorLike Real, TensorLike Imag) x)
    {
        var (real, imag) = PromoteFloat(x.Real, x.Imag);
        return real.dtype == DType.Float64 ? Tf.Complex(real, imag) : Tf.Complex(Tf.Cast(real, DType.Float32), Tf.Cast(imag, DType.Float32));
    }

    static (Tensor Real, Tensor Imag) PartsOf(Tensor x) => (Tf.Real(x), Tf.Imag(x));

    /// <summary>Complex numbers of pairs in the last axis (..., 2).</summary>
    public Tensor view_as_complex(TensorLike x)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x);
        var tensor = Float(x);
        return tensor.shape[-1] == 2 ? Tf.Complex(Slices.At(tensor, tensor.ndim - 1, 0), Slices.At(tensor, tensor.ndim - 1, 1))
            : throw new ShapeMismatchException("The last axis does not hold pairs", "ops.view_as_complex", "a last dimension of 2", tensor.shape.ToString());
    }

    /// <summary>Complex numbers as pairs in a new last axis of 2.</summary>
    public Tensor view_as_real(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Stack([real(x), imag(x)], x.Rank);

    /// <summary>The Fourier transform of the last axis.</summary>
    public (Tensor Real, Tensor Imag) fft((TensorLike Real, TensorLike Imag) x) =>
        Kept(x.Real, x.Imag) is { } kept ? kept.Run<(Tensor Real, Tensor Imag)>(x)
        : PartsOf(Tf.Fft(ComplexOf(x)));

    /// <summary>The Fourier transform of the last two axes.</summary>
    public (Tensor Real, Tensor Imag) fft2((TensorLike Real, TensorLike Imag) x) =>
        Kept(x.Real, x.Imag) is { } kept ? kept.Run<(Tensor Real, Tensor Imag)>(x)
        : PartsOf(Tf.Fft2d(ComplexOf(x)));

    /// <summary>The inverse Fourier transform of the last two axes.</summary>
    public (Tensor Real, Tensor Imag) ifft2((TensorLike Real, TensorLike Imag) x) =>
        Kept(x.Real, x.Imag) is { } kept ? kept.Run<(Tensor Real, Tensor Imag)>(x)
        : PartsOf(Tf.Ifft2d(ComplexOf(x)));

    /// <summary>The first half of the Fourier transform of the last axis of real numbers; the rest mirrors it.</summary>
    /// <param name="x">Real numbers (..., N).</param>
    /// <param name="fft_length">The length L to which the axis is cut or filled with zeros; default N, which must be known.</param>
    /// <returns>(..., L / 2 + 1).</returns>
    public (Tensor Real, Tensor Imag) rfft(TensorLike x, int? fft_length = null)
    {
        if (Kept(x) is { } kept) return kept.Run<(Tensor Real, Tensor Imag)>(x, fft_length);
        var tensor = x.As(DTypePromotion.Floating(x.Type) == DType.Float64 ? DType.Float64 : DType.Float32);
        return PartsOf(Tf.Rfft(tensor, Require.Count(1, fft_length ?? KnownLast(tensor, "ops.rfft"), nameof(fft_length))));
    }

    /// <summary>The inverse of <see cref="rfft"/>.</summary>
    /// <param name="x">The first half of a spectrum (..., K).</param>
    /// <param name="fft_length">The length of the result; default 2 · (K - 1).</param>
    public Tensor irfft((TensorLike Real, TensorLike Imag) x, int? fft_length = null)
    {
        if (Kept(x.Real, x.Imag) is { } kept) return kept.Run<Tensor>(x, fft_length);
        var tensor = ComplexOf(x);
        return Tf.Irfft(tensor, Require.Count(1, fft_length ?? (2 * (KnownLast(tensor, "ops.irfft") - 1)), nameof(fft_length)));
    }

    static void CheckWindows(int sequence_length, int sequence_stride)
    {
        Require.Count(1, sequence_length);
        Require.Count(1, sequence_stride);
    }

    static int KnownLast(Tensor x, string where) => x.shape[-1] is >= 0 and var size ? checked((int)size)
        : throw new ShapeMismatchException("The length of a transform is unknown", where, "a known last dimension, or fft_length", x.shape.ToString());

    /// <summary>The spectra of overlapping windows of the last axis.</summary>
    /// <param name="x">Real numbers (..., N).</param>
    /// <param name="sequence_length">The length of a window.</param>
    /// <param name="sequence_stride">The distance between windows' starts.</param>
    /// <param name="fft_length">The length of the transform, at least that of a window.</param>
    /// <param name="window">"hann" (default), "hamming" or null for none.</param>
    /// <param name="center">Whether the axis is mirrored at its ends, so that windows are centred on their positions; default true.</param>
    /// <returns>(..., windows, fft_length / 2 + 1).</returns>
    public (Tensor Real, Tensor Imag) stft(TensorLike x, int sequence_length, int sequence_stride, int fft_length, string? window = "hann", bool center = true)
    {
        if (Kept(x) is { } kept) return kept.Run<(Tensor Real, Tensor Imag)>(x, sequence_length, sequence_stride, fft_length, window, center);
        CheckWindows(sequence_length, sequence_stride);
        if (fft_length < sequence_length) throw new ValueRangeException("A transform is shorter than its window", "ops.stft", $"fft_length of at least {sequence_length}", $"{fft_length}");
        var tensor = x.As(DTypePromotion.Floating(x.Type) == DType.Float64 ? DType.Float64 : DType.Float32);
        int[] none = [0, 0], half = [fft_length / 2, fft_length / 2];
        if (center) tensor = pad(tensor, [.. Enumerable.Repeat(none, tensor.ndim - 1), half], "reflect");
        var rows = extract_sequences(tensor, fft_length, sequence_stride);
        return rfft(window is null ? rows : rows * WindowOf(window, sequence_length, fft_length, tensor.dtype), fft_length);
    }

    /// <summary>The inverse of <see cref="stft"/>: windows added where they overlap.</summary>
    /// <param name="x">Spectra (..., windows, fft_length / 2 + 1).</param>
    /// <param name="sequence_length">The length of a window.</param>
    /// <param name="sequence_stride">The distance between windows' starts.</param>
    /// <param name="fft_length">The length of the transform.</param>
    /// <param name="length">The length of the result; default what the windows cover.</param>
    /// <param name="window">As given to <see cref="stft"/>.</param>
    /// <param name="center">As given to <see cref="stft"/>.</param>
    public Tensor istft((TensorLike Real, TensorLike Imag) x, int sequence_length, int sequence_stride, int fft_length, int? length = null, string? window = "hann", bool center = true)
    {
        if (Kept(x.Real, x.Imag) is { } kept) return kept.Run<Tensor>(x, sequence_length, sequence_stride, fft_length, length, window, center);
        CheckWindows(sequence_length, sequence_stride);
        if (length is { } wanted) Require.Count(0, wanted, nameof(length));
        var rows = irfft(x, fft_length);
        var weights = WindowOf(window, sequence_length, fft_length, rows.dtype);
        var sum = Overlapped(rows * weights, sequence_stride);
        var squares = Tf.BroadcastTo(Tf.Square(weights), Dims.Of(rows)[^2..].ToTensor());
        var cover = Overlapped(squares, sequence_stride);
        var signal = Tf.SelectV2(Tf.Greater(cover, Like(cover, 1e-8)), sum / cover, Tf.ZerosLike(sum));
        var (axis, start) = (signal.ndim - 1, center ? fft_length / 2 : 0);
        return Slices.Of(signal, axis, start, length is { } count ? start + count : center && fft_length > 1 ? -start : null);
    }

    /// <summary>Overlap-adds rows (..., R, N), each shifted by a stride.</summary>
    static Tensor Overlapped(Tensor rows, int stride)
    {
        var (count, size) = (Dim.Of(rows, -2), Dim.Of(rows, -1));
        var places = Tf.ExpandDims(Tf.Range(Tf.Int32Scalar(0), count, Tf.Int32Scalar(1)) * Tf.Int32Scalar(stride), 1) + Tf.ExpandDims(Tf.Range(Tf.Int32Scalar(0), size, Tf.Int32Scalar(1)), 0);
        var total = (count - 1) * stride + size;
        int[] front = [rows.ndim - 2, rows.ndim - 1, .. Enumerable.Range(0, rows.ndim - 2)];
        var sums = Tf.UnsortedSegmentSum(Tf.Transpose(rows, front), places, total);
        return Tf.Transpose(sums, [.. Enumerable.Range(1, rows.ndim - 2), 0]);
    }

    /// <summary>A window centred in the transform's length, with zeros around it; without a window, ones for the whole length, as in Keras.</summary>
    static Tensor WindowOf(string? window, int length, int transform, DType dtype)
    {
        double At(int i) => window switch
        {
            null => 1,
            "hann" => 0.5 - (0.5 * Math.Cos(2 * Math.PI * i / length)),
            "hamming" => 0.54 - (0.46 * Math.Cos(2 * Math.PI * i / length)),
            _ => throw Known.NoneOf(window, nameof(window), "hann", "hamming", null),
        };
        var before = (transform - length) / 2;
        double[] values = [.. Enumerable.Range(0, transform).Select(i => window is null || (i >= before && i < before + length) ? At(i - before) : 0)];
        return Tf.Cast(Tf.Constant(HostTensor.Vector(values)), dtype);
    }
}
