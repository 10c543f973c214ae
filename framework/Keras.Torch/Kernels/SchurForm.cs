using System.Numerics;

namespace Keras.Engines.Torch;

/// <summary>The Schur form: a unitary matrix times an upper triangular one times the adjoint, by rotations to Hessenberg form, then shifted QR steps.</summary>
static class SchurForm
{
    public static bool TryFind(Complex[,] matrix, out Complex[,] form, out Complex[,] turn)
    {
        const int stepsForEach = 60;
        var side = matrix.GetLength(0);
        form = (Complex[,])matrix.Clone();
        turn = new Complex[side, side];
        for (var i = 0; i < side; i++) turn[i, i] = 1;
        // Rotations eliminate elements two or more below the diagonal one by one.
        for (var column = 0; column < side - 2; column++)
            for (var row = side - 1; row > column + 1; row--) Rotate(form, turn, row - 1, row, form[row - 1, column], form[row, column], 0);
        var steps = 0;
        for (var last = side - 1; last > 0;)
        {
            var first = last;
            while (first > 0 && !IsSmall(form, first)) first--;
            if (first > 0) form[first, first - 1] = 0;
            if (first == last)
            {
                last--;
                steps = 0;
                continue;
            }
            if (steps++ > stepsForEach) return false;
            Step(form, turn, first, last, steps % 10 == 0 ? Complex.Abs(form[last, last - 1]) + form[last, last] : Shift(form, last));
        }
        for (var i = 0; i < side; i++)
            for (var k = 0; k < i; k++) form[i, k] = 0;
        return true;
    }

    static bool IsSmall(Complex[,] form, int row)
    {
        const double share = 1e-16;
        var around = Complex.Abs(form[row, row]) + Complex.Abs(form[row - 1, row - 1]);
        return Complex.Abs(form[row, row - 1]) <= share * around || Complex.Abs(form[row, row - 1]) < 1e-300;
    }

    /// <summary>Wilkinson's shift: the eigenvalue of the last two rows that is nearer to the last element.</summary>
    static Complex Shift(Complex[,] form, int last)
    {
        Complex a = form[last - 1, last - 1], b = form[last - 1, last], c = form[last, last - 1], d = form[last, last];
        var (half, root) = ((a + d) / 2, Complex.Sqrt(((a - d) * (a - d) / 4) + (b * c)));
        return Complex.Abs(half + root - d) < Complex.Abs(half - root - d) ? half + root : half - root;
    }

    /// <summary>One QR step: a rotation by the shift, and rotations that chase the bulge it leaves below the diagonal.</summary>
    static void Step(Complex[,] form, Complex[,] turn, int first, int last, Complex shift)
    {
        Complex x = form[first, first] - shift, y = form[first + 1, first];
        for (var i = first; i < last; i++)
        {
            Rotate(form, turn, i, i + 1, x, y, Math.Max(i - 1, 0));
            if (i + 2 <= last) (x, y) = (form[i + 1, i], form[i + 2, i]);
        }
    }

    /// <summary>Rotates two rows and the same two columns so that (x, y) would become (r, 0).</summary>
    static void Rotate(Complex[,] form, Complex[,] turn, int one, int other, Complex x, Complex y, int from)
    {
        var length = double.Hypot(Complex.Abs(x), Complex.Abs(y));
        if (length == 0) return;
        var (c, s, side) = (x / length, y / length, form.GetLength(0));
        for (var k = from; k < side; k++)
            (form[one, k], form[other, k]) = ((Complex.Conjugate(c) * form[one, k]) + (Complex.Conjugate(s) * form[other, k]), (c * form[other, k]) - (s * form[one, k]));
        for (var k = 0; k < side; k++)
        {
            (form[k, one], form[k, other]) = ((c * form[k, one]) + (s * form[k, other]), (Complex.Conjugate(c) * form[k, other]) - (Complex.Conjugate(s) * form[k, one]));
            (turn[k, one], turn[k, other]) = ((c * turn[k, one]) + (s * turn[k, other]), (Complex.Conjugate(c) * turn[k, other]) - (Complex.Conjugate(s) * turn[k, one]));
        }
    }
}
