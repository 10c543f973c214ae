using System.Numerics;

namespace Keras.Engines.Torch;

/// <summary>Square roots and logarithms of matrices, by the Schur form.</summary>
static class MatrixRoots
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["MatrixSquareRoot"] = c => Each(c, form => !c.DTypeOf(0).IsComplex && HasNegative(form) ? NoNumbers(form) : Root(form)),
        ["MatrixLogarithm"] = c => Each(c, Logarithm),
    };

    static void Each(KernelCall c, Func<Complex[,], Complex[,]> function)
    {
        var (x, shape) = (c.Tensor(0), c.ShapeOf(0));
        if (shape.Rank < 2 || shape[-1] != shape[-2]) throw c.Fail("square matrices", shape.ToString());
        var (result, side) = (c.Result(0, shape), checked((int)shape[-1]));
        for (var first = 0L; first < x.Count; first += (long)side * side)
        {
            var matrix = new Complex[side, side];
            for (var i = 0; i < side; i++)
                for (var k = 0; k < side; k++) matrix[i, k] = Bands.Read(x, first + (i * side) + k);
            foreach (var value in matrix)
                if (!Complex.IsFinite(value)) throw c.Fail("finite numbers", $"{value}");
            if (!SchurForm.TryFind(matrix, out var form, out var turn)) throw c.Fail("a matrix whose eigenvalues are found", $"{shape}", "The eigenvalues of a matrix were not found");
            var outcome = Product(Product(turn, function(form)), Adjoint(turn));
            for (var i = 0; i < side; i++)
                for (var k = 0; k < side; k++) Bands.Write(result, first + (i * side) + k, outcome[i, k]);
        }
    }

    /// <summary>Whether an eigenvalue is real and negative by more than rounding.</summary>
    static bool HasNegative(Complex[,] form)
    {
        const double share = 1e-12;
        var most = 0.0;
        for (var i = 0; i < form.GetLength(0); i++) most = Math.Max(most, Complex.Abs(form[i, i]));
        for (var i = 0; i < form.GetLength(0); i++)
            if (form[i, i].Real < -share * most && Math.Abs(form[i, i].Imaginary) <= share * most) return true;
        return false;
    }

    /// <summary>The root of a real matrix that has no real one: all NaN, as in TensorFlow.</summary>
    static Complex[,] NoNumbers(Complex[,] form)
    {
        var result = (Complex[,])form.Clone();
        for (var i = 0; i < result.GetLength(0); i++)
            for (var k = 0; k < result.GetLength(0); k++) result[i, k] = double.NaN;
        return result;
    }

    /// <summary>The square root of an upper triangular matrix, diagonal by diagonal (Björck and Hammarling 1983).</summary>
    static Complex[,] Root(Complex[,] form)
    {
        var side = form.GetLength(0);
        var root = new Complex[side, side];
        for (var i = 0; i < side; i++) root[i, i] = Complex.Sqrt(form[i, i]);
        for (var k = 1; k < side; k++)
            for (var i = k - 1; i >= 0; i--)
            {
                var rest = form[i, k];
                for (var j = i + 1; j < k; j++) rest -= root[i, j] * root[j, k];
                root[i, k] = rest == Complex.Zero ? 0 : rest / (root[i, i] + root[k, k]);
            }
        return root;
    }

    /// <summary>Takes roots until the matrix is near 1, sums the series of the inverse hyperbolic tangent, and doubles the result as often.</summary>
    static Complex[,] Logarithm(Complex[,] form)
    {
        const double near = 0.05;
        const int most = 100, terms = 12;
        var side = form.GetLength(0);
        var (root, doublings) = (form, 0);
        for (; Distance(root) > near && doublings < most; doublings++) root = Root(root);
        // log(M) = 2 artanh((M - 1) (M + 1)^-1); both factors are upper triangular.
        Complex[,] lower = Shifted(root, -1), upper = Shifted(root, 1);
        var ratio = new Complex[side, side];
        for (var i = 0; i < side; i++)
            for (var k = i; k < side; k++)
            {
                var rest = lower[i, k];
                for (var j = i; j < k; j++) rest -= ratio[i, j] * upper[j, k];
                ratio[i, k] = rest / upper[k, k];
            }
        var (sum, power, square) = (new Complex[side, side], ratio, Product(ratio, ratio));
        for (var n = 0; n < terms; n++)
        {
            for (var i = 0; i < side; i++)
                for (var k = i; k < side; k++) sum[i, k] += power[i, k] / ((2 * n) + 1);
            power = Product(power, square);
        }
        for (var i = 0; i < side; i++)
            for (var k = i; k < side; k++) sum[i, k] *= Math.ScaleB(2, doublings);
        return sum;
    }

    static double Distance(Complex[,] matrix)
    {
        var most = 0.0;
        for (var i = 0; i < matrix.GetLength(0); i++)
        {
            var row = 0.0;
            for (var k = i; k < matrix.GetLength(0); k++) row += Complex.Abs(matrix[i, k] - (i == k ? 1 : 0));
            most = Math.Max(most, row);
        }
        return most;
    }

    static Complex[,] Shifted(Complex[,] matrix, double by)
    {
        var result = (Complex[,])matrix.Clone();
        for (var i = 0; i < result.GetLength(0); i++) result[i, i] += by;
        return result;
    }

    static Complex[,] Product(Complex[,] a, Complex[,] b)
    {
        var side = a.GetLength(0);
        var result = new Complex[side, side];
        for (var i = 0; i < side; i++)
            for (var j = 0; j < side; j++)
                for (var k = 0; k < side; k++) result[i, k] += a[i, j] * b[j, k];
        return result;
    }

    static Complex[,] Adjoint(Complex[,] matrix)
    {
        var side = matrix.GetLength(0);
        var result = new Complex[side, side];
        for (var i = 0; i < side; i++)
            for (var k = 0; k < side; k++) result[k, i] = Complex.Conjugate(matrix[i, k]);
        return result;
    }
}
