namespace Keras.Engines.Torch;

/// <summary>A matrix in memory, of float32 where nothing else is said.</summary>
/// <param name="Data">Its first element.</param>
/// <param name="Stride">From a stored row to the next, in elements.</param>
/// <param name="IsTransposed">Whether what is stored is the transposed matrix.</param>
readonly unsafe record struct GemmMatrix(nint Data, long Stride, bool IsTransposed = false)
{
    /// <summary>Matrix <c>(rows, columns)</c> without gaps, or stored transposed.</summary>
    public static GemmMatrix Of(byte* data, bool transposed, long rows, long columns) => new((nint)data, transposed ? rows : columns, transposed);

    /// <summary>A row of one that is not transposed, of elements of another size.</summary>
    public T* Row<T>(long row) where T : unmanaged => (T*)Data + (row * Stride);

    /// <summary>A column of one that is transposed, of elements of another size.</summary>
    public T* Line<T>(long column) where T : unmanaged => (T*)Data + (column * Stride);

    /// <summary>A row of one that is not transposed.</summary>
    public float* Row(long row) => Row<float>(row);

    /// <summary>A column of one that is transposed.</summary>
    public float* Line(long column) => Line<float>(column);
}

/// <summary>What a product of float32 is made of.</summary>
/// <param name="A">(rows, inner).</param>
/// <param name="B">(inner, columns).</param>
/// <param name="Result">(rows, columns), not transposed.</param>
/// <param name="Rows">Rows of the result, at least 1.</param>
/// <param name="Inner">Products that each element adds up, at least 1.</param>
/// <param name="Columns">Columns of the result, at least 1.</param>
readonly record struct GemmProduct(GemmMatrix A, GemmMatrix B, GemmMatrix Result, long Rows, long Inner, long Columns)
{
    /// <summary>A product of matrices without gaps, of which the operands may be stored transposed.</summary>
    public static unsafe GemmProduct Of(byte* a, bool ta, byte* b, bool tb, byte* result, long rows, long inner, long columns) =>
        new(GemmMatrix.Of(a, ta, rows, inner), GemmMatrix.Of(b, tb, inner, columns), GemmMatrix.Of(result, false, rows, columns), rows, inner, columns);

    /// <summary>Whether the result's memory has room for whole tiles, so that what lies behind its rows and columns may be overwritten.</summary>
    public bool HasRoom { get; init; }

    /// <summary>What follows while the result is in the cache.</summary>
    public Epilogue Epilogue { get; init; }
}

/// <summary>The rows of the left operand that a tile reads.</summary>
/// <param name="Data">The first element of the first row.</param>
/// <param name="Row">From a row to the next, in elements.</param>
/// <param name="Step">From an element of a row to the next.</param>
readonly unsafe record struct GemmRows(nint Data, long Row, long Step)
{
    /// <summary>The first element of the first row. A property would be printed, which native compilation cannot do with a pointer.</summary>
    public float* First() => (float*)Data;
}
