using System.Numerics;

namespace Keras.Engines.Torch;

/// <summary>Factorisations, linear systems and Fourier transforms by libtorch (LAPACK and MKL).</summary>
static unsafe class LinearAlgebra
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["Cholesky"] = c => Run(c, "aten::linalg_cholesky", Given(c, 0), Aten.Bool(false)),
        ["MatrixInverse"] = c => Run(c, "aten::linalg_inv", Given(c, 0, c.Flag("adjoint"))),
        ["MatrixDeterminant"] = c => Run(c, "aten::linalg_det", Given(c, 0)),
        ["LogMatrixDeterminant"] = c => Run(c, "aten::linalg_slogdet", Given(c, 0)),
        ["MatrixSolve"] = c => Run(c, "aten::linalg_solve", Given(c, 0, c.Flag("adjoint")), Given(c, 1), Aten.Bool(true)),
        ["MatrixTriangularSolve"] = c => Run(c, "aten::linalg_solve_triangular", Given(c, 0, c.Flag("adjoint")), Given(c, 1),
            Aten.Bool(c.Flag("lower") == c.Flag("adjoint")), Aten.Bool(true), Aten.Bool(false)),
        ["Qr"] = c => Run(c, "aten::linalg_qr", Given(c, 0), Aten.Text(c.Flag("full_matrices") ? "complete" : "reduced")),
        ["Svd"] = Svd,
        ["SelfAdjointEigV2"] = c => Run(c, "aten::linalg_eigh", Given(c, 0), Aten.Text("L")),
        ["Eig"] = Eig,
        ["Lu"] = Lu,
        ["FFT"] = c => Fourier(c, [-1], forward: true),
        ["IFFT"] = c => Fourier(c, [-1], forward: false),
        ["FFT2D"] = c => Fourier(c, [-2, -1], forward: true),
        ["IFFT2D"] = c => Fourier(c, [-2, -1], forward: false),
        ["FFT3D"] = c => Fourier(c, [-3, -2, -1], forward: true),
        ["IFFT3D"] = c => Fourier(c, [-3, -2, -1], forward: false),
        ["RFFT"] = RealFourier,
        ["IRFFT"] = InverseRealFourier,
    };

    /// <summary>A handle of an input for a call, optionally transposed.</summary>
    static ulong Given(KernelCall c, int input, bool adjoint = false)
    {
        var x = c.Tensor(input);
        if (!adjoint)
        {
            using var whole = AtenTensor.Of(x);
            return whole.Given();
        }
        if (x.DType.IsComplex) throw c.NotFor(x.DType);
        var dims = x.Shape.ToArray();
        var strides = Movement.StridesOf(dims);
        (dims[^1], dims[^2], strides[^1], strides[^2]) = (dims[^2], dims[^1], strides[^2], strides[^1]);
        using var turned = AtenTensor.Strided(x.Data, x.DType, dims, strides);
        return turned.Given();
    }

    /// <summary>Runs an op whose results are the outputs in order.</summary>
    static void Run(KernelCall c, string op, params ReadOnlySpan<ulong> arguments)
    {
        Span<ulong> stack = stackalloc ulong[Math.Max(arguments.Length, c.Outputs.Length)];
        arguments.CopyTo(stack);
        Call(c, op, stack);
        for (var i = 0; i < c.Outputs.Length; i++)
        {
            using var output = new AtenTensor((nint)stack[i]);
            c.Outputs[i] = Own(c, i, output);
        }
    }

    /// <summary>Converts a result to its dtype: libtorch's eigenvalues and singular values of complex matrices are real.</summary>
    static TorchTensor Own(KernelCall c, int output, AtenTensor result)
    {
        var tensor = result.ToTensor();
        if (tensor.DType == c.DTypes[output]) return tensor;
        using (tensor)
        {
            var own = TorchTensor.Allocate(c.DTypes[output], tensor.Shape);
            Elementwise.Map(tensor, own, Casts.Between(tensor.DType, own.DType));
            return own;
        }
    }

    static void Call(KernelCall c, string op, Span<ulong> stack)
    {
        try
        {
            Aten.Call(op, "", stack);
        }
        catch (EngineException e)
        {
            throw new EngineException("Matrices could not be factorised or solved", c.Where, "matrices of finite numbers for which the operation is defined", c.ShapeOf(0).ToString(), "The matrix may be singular or, for Cholesky, not positive definite.", e) { IsOfInput = true };
        }
    }

    static void Svd(KernelCall c)
    {
        Span<ulong> stack = [Given(c, 0), Aten.Bool(c.Flag("full_matrices")), 0];
        Call(c, "aten::linalg_svd", stack);
        using var u = new AtenTensor((nint)stack[0]);
        using var s = new AtenTensor((nint)stack[1]);
        using var vh = new AtenTensor((nint)stack[2]);
        c.Outputs[0] = Own(c, 0, s);
        if (!c.Flag("compute_uv"))
        {
            c.Result(1, new Shape(0));
            c.Result(2, new Shape(0));
            return;
        }
        c.Outputs[1] = u.ToTensor();
        using var rows = vh.ToTensor();
        var dims = rows.Shape.ToArray();
        long[] turned = [.. dims[..^2], dims[^1], dims[^2]];
        var own = Movement.StridesOf(dims);
        var v = c.Result(2, new Shape(turned));
        Movement.Copy(rows.Data, [.. own[..^2], own[^1], own[^2]], v.Data, Movement.StridesOf(turned), turned, rows.DType.Size);
        if (rows.DType.IsComplex) Rows.Complex(rows.DType, Complex.Conjugate)!(v.Data, v.Data, v.Count);
    }

    static void Eig(KernelCall c)
    {
        Run(c, "aten::linalg_eig", Given(c, 0), 0);
        if (c.Flag("compute_v")) return;
        c.Outputs[1]!.Dispose();
        c.Result(1, new Shape(0));
    }

    /// <summary>LU factorisation; libtorch's successive row swaps are converted to a permutation.</summary>
    static void Lu(KernelCall c)
    {
        Span<ulong> stack = [Given(c, 0), Aten.Bool(true)];
        Call(c, "aten::linalg_lu_factor", stack);
        using var lu = new AtenTensor((nint)stack[0]);
        using var swaps = new AtenTensor((nint)stack[1]);
        c.Outputs[0] = lu.ToTensor();
        using var pivots = swaps.ToTensor();
        var result = c.Result(1, pivots.Shape);
        var side = (int)pivots.Shape[-1];
        for (var b = 0; side > 0 && b < pivots.Count / side; b++)
        {
            long[] order = [.. Enumerable.Range(0, side)];
            for (var i = 0; i < side; i++)
            {
                var other = ((int*)pivots.Data)[(b * side) + i] - 1;
                (order[i], order[other]) = (order[other], order[i]);
            }
            for (var i = 0; i < side; i++)
            {
                if (result.DType == DType.Int64) ((long*)result.Data)[(b * side) + i] = order[i];
                else ((int*)result.Data)[(b * side) + i] = (int)order[i];
            }
        }
    }

    const long NotScaled = 0;
    const long ScaledByLength = 2;

    static void Fourier(KernelCall c, long[] axes, bool forward) => Transform(c.Tensor(0), axes, forward, c.Result(0, c.ShapeOf(0)));

    internal static void Transform(TorchTensor x, long[] axes, bool forward, TorchTensor result)
    {
        // libtorch does not transform empty tensors.
        if (x.Count == 0) return;
        using var input = AtenTensor.Of(x);
        nint handle;
        var places = Array.ConvertAll(axes, a => a + x.Shape.Rank);
        fixed (long* a = places) Aten.Check(Aoti.Fft(input.Handle, a, axes.Length, forward ? NotScaled : ScaledByLength, forward ? 1 : 0, &handle), "aten::_fft_c2c");
        using var output = new AtenTensor(handle);
        output.CopyTo(result);
    }

    /// <summary>Transforms the signal as complex numbers of the given length, and keeps the first half of the frequencies.</summary>
    static void RealFourier(KernelCall c)
    {
        var x = c.Tensor(0);
        long length = c.Longs(1)[0], own = x.Shape[-1];
        if (own < length) throw c.Fail($"a signal of at least {length} elements", $"{own}");
        using var signal = TorchTensor.Allocate(c.DTypes[0], x.Shape);
        Elementwise.Map(x, signal, Casts.Between(x.DType, c.DTypes[0]));
        using var cut = Cut(signal, length);
        using var spectrum = TorchTensor.Allocate(c.DTypes[0], cut.Shape);
        Transform(cut, [-1], forward: true, spectrum);
        c.Outputs[0] = Cut(spectrum, (length / 2) + 1);
    }

    /// <summary>Inverts a half spectrum; the missing frequencies are conjugates of the others.</summary>
    static void InverseRealFourier(KernelCall c)
    {
        long length = c.Longs(1)[0];
        InverseOfHalf(c, c.Tensor(0), length);
    }

    /// <summary>Computes the real signal of a length.</summary>
    internal static void InverseOfHalf(KernelCall c, TorchTensor x, long length)
    {
        long own = x.Shape[-1], half = (length / 2) + 1;
        if (own < half) throw c.Fail($"at least {half} frequencies", $"{own}");
        using var spectrum = TorchTensor.Allocate(x.DType, x.Shape.With(-1, length));
        for (var r = 0L; length > 0 && r < spectrum.Count / length; r++)
            for (var i = 0L; i < length; i++)
            {
                var value = At(x, (r * own) + (i < half ? i : length - i));
                // The first frequency, and the middle one of an even length, use only their real part.
                var real = i == 0 || 2 * i == length;
                Put(spectrum, (r * length) + i, real ? value.Real : i < half ? value : Complex.Conjugate(value));
            }
        using var signal = TorchTensor.Allocate(x.DType, spectrum.Shape);
        Transform(spectrum, [-1], forward: false, signal);
        Elementwise.Map(signal, c.Result(0, spectrum.Shape), Casts.Between(x.DType, c.DTypes[0]));
    }

    static Complex At(TorchTensor x, long index) => x.DType == DType.Complex64 ? Rows.Load(x.Data, index) : ((Complex*)x.Data)[index];

    static void Put(TorchTensor x, long index, Complex value)
    {
        if (x.DType == DType.Complex64) Rows.Store(x.Data, index, value);
        else ((Complex*)x.Data)[index] = value;
    }

    internal static TorchTensor Cut(TorchTensor x, long length)
    {
        if (x.Shape[-1] == length) return x.Share();
        var result = TorchTensor.Allocate(x.DType, x.Shape.With(-1, length));
        var rows = x.Shape[-1] == 0 ? 0 : x.Count / x.Shape[-1];
        Movement.Copy(x.Data, [x.Shape[-1], 1], result.Data, [length, 1], [rows, length], x.DType.Size);
        return result;
    }
}
