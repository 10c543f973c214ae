using System.Numerics;

namespace Keras.Engines.Torch;

/// <summary>Tridiagonal matrices: products and linear systems.</summary>
static unsafe class Bands
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["TridiagonalMatMul"] = Multiply,
        ["TridiagonalSolve"] = Solve,
    };

    /// <summary>Reads an element of any numeric dtype.</summary>
    internal static Complex Read(TorchTensor x, long index) => x.DType == DType.Complex64 ? Rows.Load(x.Data, index) : x.DType == DType.Complex128 ? ((Complex*)x.Data)[index] : Numbers.Read(x, index);

    internal static void Write(TorchTensor x, long index, Complex value)
    {
        if (x.DType == DType.Complex64) Rows.Store(x.Data, index, value);
        else if (x.DType == DType.Complex128) ((Complex*)x.Data)[index] = value;
        else SparseInput.Write(x, index, value.Real);
    }

    static void Multiply(KernelCall c)
    {
        var (rhs, shape) = (c.Tensor(3), c.ShapeOf(3));
        for (var i = 0; i < 3; i++)
            if (shape.Rank < 2 || c.ShapeOf(i) != shape[..^2].Concat(new Shape(1, shape[-2]))) throw c.Fail($"diagonals (..., 1, M) for a right-hand side {shape}", c.ShapeOf(i).ToString());
        var (result, rows, columns) = (c.Result(0, shape), shape[-2], shape[-1]);
        for (var at = 0L; at < rhs.Count; at++)
        {
            var row = at / columns % rows;
            var value = Read(c.Tensor(1), at / columns) * Read(rhs, at);
            if (row + 1 < rows) value += Read(c.Tensor(0), at / columns) * Read(rhs, at + columns);
            if (row > 0) value += Read(c.Tensor(2), at / columns) * Read(rhs, at - columns);
            Write(result, at, value);
        }
    }

    /// <summary>Solves by elimination, optionally with pivoting between neighbouring rows, which fills a second diagonal above.</summary>
    static void Solve(KernelCall c)
    {
        var (diagonals, rhs, shape) = (c.Tensor(0), c.Tensor(1), c.ShapeOf(1));
        if (shape.Rank < 2 || c.ShapeOf(0) != shape[..^2].Concat(new Shape(3, shape[-2]))) throw c.Fail($"diagonals (..., 3, M) for right-hand sides {shape}", c.ShapeOf(0).ToString());
        if (c.Flag("perturb_singular")) throw new UnsupportedException("Singular matrices are not perturbed on this engine", c.Where, "perturb_singular: false", "true");
        var (result, rows, columns, pivots) = (c.Result(0, shape), checked((int)shape[-2]), checked((int)shape[-1]), c.Flag("partial_pivoting"));
        if (rhs.Count == 0) return;
        for (var batch = 0L; batch < rhs.Count / ((long)rows * columns); batch++)
        {
            Complex At(int diagonal, int row) => Read(diagonals, (((batch * 3) + diagonal) * rows) + row);
            Complex[] second = new Complex[rows], above = [.. Enumerable.Range(0, rows).Select(i => i + 1 < rows ? At(0, i) : 0)], main = [.. Enumerable.Range(0, rows).Select(i => At(1, i))];
            var (values, isSingular) = (new Complex[rows][], false);
            for (var i = 0; i < rows; i++) values[i] = [.. Enumerable.Range(0, columns).Select(k => Read(rhs, (((batch * rows) + i) * columns) + k))];
            for (var i = 0; i + 1 < rows; i++)
            {
                var below = At(2, i + 1);
                if (pivots && Complex.Abs(below) > Complex.Abs(main[i]))
                {
                    (main[i], below) = (below, main[i]);
                    (above[i], main[i + 1]) = (main[i + 1], above[i]);
                    if (i + 2 < rows) (second[i], above[i + 1]) = (above[i + 1], 0);
                    (values[i], values[i + 1]) = (values[i + 1], values[i]);
                }
                isSingular |= main[i] == Complex.Zero;
                var factor = below / main[i];
                main[i + 1] -= factor * above[i];
                if (i + 2 < rows) above[i + 1] -= factor * second[i];
                for (var k = 0; k < columns; k++) values[i + 1][k] -= factor * values[i][k];
            }
            // As in TensorFlow, a singular matrix gives NaN.
            isSingular |= main[^1] == Complex.Zero;
            for (var i = rows - 1; i >= 0; i--)
                for (var k = 0; k < columns; k++)
                {
                    var value = values[i][k];
                    if (i + 1 < rows) value -= above[i] * values[i + 1][k];
                    if (i + 2 < rows) value -= second[i] * values[i + 2][k];
                    values[i][k] = value / main[i];
                    Write(result, (((batch * rows) + i) * columns) + k, isSingular ? double.NaN : values[i][k]);
                }
        }
    }
}
