namespace Keras.Graphs;

/// <summary>Diagonals and triangles of the last two axes.</summary>
static partial class Tf
{
    static readonly OpDefinition MatrixBandPartOp = Define("MatrixBandPart(input: T, num_lower: Tindex, num_upper: Tindex) -> (band: T)", c =>
    {
        if (!c[0].HasRank) return [c[0]];
        var matrix = c.Ranked(0, 2)[^2..];
        for (var i = 0; i < 2; i++)
            if (c.Known(i + 1) is [var kept] && matrix[i] >= 0 && kept > matrix[i]) throw c.Fail($"'{c.Op.Inputs[i + 1].Name}' up to {matrix[i]}", $"{kept}");
        return [c[0]];
    }, c => [Run(MatrixBandPartOp!, c.Gradient, c.Inputs[1], c.Inputs[2]), null, null]);

    static readonly OpDefinition MatrixDiagOp = Define(
        "MatrixDiagV3(diagonal: T, k: int32, num_rows: int32, num_cols: int32, padding_value: T) -> (output: T) { align: string = 'RIGHT_LEFT' }",
            DiagonalMatrixShape,
        c => [Run(MatrixDiagPartOp!, [c.Gradient, c.Inputs[1], Constant(0, c.Gradient.dtype)], ("align", c.Get<string>("align"))), null, null, null, null]);

    static readonly OpDefinition MatrixDiagPartOp = Define("MatrixDiagPartV3(input: T, k: int32, padding_value: T) -> (diagonal: T) { align: string = 'RIGHT_LEFT' }", c =>
    {
        if (!c[0].HasRank) return [Shape.Unknown];
        var shape = c.Ranked(0, 2);
        return [Diagonals(c, 1) is { } k ? DiagonalsShape(c, shape, k) : Shape.Unknown];
    }, c => [Run(MatrixSetDiagOp!, [ZerosLike(c.Inputs[0]), c.Gradient, c.Inputs[1]], ("align", c.Get<string>("align"))), null, null], checksFirst: true);

    static readonly OpDefinition MatrixSetDiagOp = Define("MatrixSetDiagV3(input: T, diagonal: T, k: int32) -> (output: T) { align: string = 'RIGHT_LEFT' }", c =>
    {
        if (!c[0].HasRank || Diagonals(c, 2) is not { } k) return [c[0]];
        var diagonals = DiagonalsShape(c, c.Ranked(0, 2), k);
        return diagonals.IsCompatibleWith(c[1]) ? [c[0]] : throw c.Fail($"'diagonal' of shape {diagonals}", c[1].ToString());
    }, c =>
    {
        var align = ("align", (object)c.Get<string>("align"));
        return [Run(MatrixSetDiagOp!, [c.Gradient, ZerosLike(c.Inputs[1]), c.Inputs[2]], align),
            Run(MatrixDiagPartOp, [c.Gradient, c.Inputs[2], Constant(0, c.Gradient.dtype)], align), null];
    });

    /// <summary>The shape of some diagonals of matrices.</summary>
    static Shape DiagonalsShape(ShapeContext c, Shape matrices, (long Lower, long Upper, long Count) k)
    {
        var (rows, columns) = (matrices[-2], matrices[-1]);
        foreach (var one in new[] { k.Lower, k.Upper })
            if (one != 0 && ((rows >= 0 && one <= -rows) || (columns >= 0 && one >= columns))) throw c.Fail($"diagonals of matrices {matrices}", $"{one}");
        var longest = rows < 0 || columns < 0 ? -1 : Math.Min(rows + Math.Min(k.Upper, 0), columns - Math.Max(k.Lower, 0));
        return matrices[..^2].Concat(k.Count > 1 ? Shape.OfSymbolic(k.Count, longest) : Shape.OfSymbolic(longest));
    }

    /// <summary>Which diagonals an input names: one, or the lowest and highest; 0 is the main one, positive are above it.</summary>
    static (long Lower, long Upper, long Count)? Diagonals(ShapeContext c, int input) => c.Known(input) switch
    {
        [var k] => (k, k, 1),
        [var lower, var upper] => (lower, upper, upper - lower + 1),
        _ => null,
    };

    static Shape[] DiagonalMatrixShape(ShapeContext c)
    {
        if (!c[0].HasRank || Diagonals(c, 1) is not { } k) return [Shape.Unknown];
        var batch = c.Ranked(0, k.Count > 1 ? 2 : 1)[..(k.Count > 1 ? ^2 : ^1)];
        if (k.Count > 1 && c[0][-2] is >= 0 and var given && given != k.Count) throw c.Fail($"{k.Count} diagonals", c[0].ToString());
        if (c.Known(2) is not [var rows] || c.Known(3) is not [var columns]) return [batch.Concat(Shape.OfRank(2))];
        var longest = c[0][-1];
        if (longest < 0) return [batch.Concat(Shape.OfSymbolic(rows < 0 ? -1 : rows, columns < 0 ? -1 : columns))];
        var (leastRows, leastColumns) = (longest - Math.Min(k.Upper, 0), longest + Math.Max(k.Lower, 0));
        if ((rows >= 0 && rows < leastRows) || (columns >= 0 && columns < leastColumns) || (rows > leastRows && columns > leastColumns))
            throw c.Fail($"a matrix of {leastRows} rows or {leastColumns} columns", $"{rows} and {columns}");
        if (rows < 0 && columns < 0) rows = columns = Math.Max(leastRows, leastColumns);
        return [batch.Concat(Shape.OfSymbolic(rows < 0 ? leastRows : rows, columns < 0 ? leastColumns : columns))];
    }

    /// <summary>Keeps some diagonals below and above the main one; a negative number keeps all.</summary>
    public static Tensor MatrixBandPart(Tensor x, int lower, int upper) => Run(MatrixBandPartOp, x, Int32Scalar(lower), Int32Scalar(upper));
    /// <summary>A matrix with these elements on diagonal <paramref name="k"/> and zeros elsewhere, just large enough.</summary>
    public static Tensor MatrixDiag(Tensor diagonal, int k = 0) =>
        Run(MatrixDiagOp, diagonal, Int32Scalar(k), Int32Scalar(-1), Int32Scalar(-1), ZeroOf(diagonal.dtype));
    public static Tensor MatrixDiagPart(Tensor x, int k = 0) => Run(MatrixDiagPartOp, x, Int32Scalar(k), ZeroOf(x.dtype));
    public static Tensor MatrixSetDiag(Tensor x, Tensor diagonal, int k = 0) => Run(MatrixSetDiagOp, x, diagonal, Int32Scalar(k));
}
