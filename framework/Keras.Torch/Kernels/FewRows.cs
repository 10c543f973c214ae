using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Keras.Engines.Torch;

/// <summary>float32 products of few rows with a matrix that lies row by row, as in inference: each strip of columns is packed in the cache where it is used.</summary>
/// <remarks>oneDNN and MKL first put the whole matrix in their own order, which pays with many rows only.</remarks>
static unsafe class FewRows
{
    const int TileRows = 6, TileColumns = 16;

    /// <summary>Columns of a strip, rows of a strip that are packed at once: 64 KB, in the second cache.</summary>
    const int StripColumns = 64, Depth = 256;

    const int MinRows = 16, MaxRows = 256;

    /// <summary>Whether this way is the fast one: for wide results, where reordering costs most. Vectors of 512 bits are oneDNN's domain.</summary>
    public static bool Fits(long rows, long inner, long columns) =>
        Fma.IsSupported && !Vector512.IsHardwareAccelerated && rows is >= MinRows and <= MaxRows && inner >= StripColumns && columns >= 2 * inner;

    /// <summary>(rows, inner) times (inner, columns).</summary>
    public static void Multiply(float* a, float* b, float* result, long rows, long inner, long columns, Epilogue epilogue)
    {
        var tiles = (rows + TileRows - 1) / TileRows;
        var packed = (float*)BlockPool.Take(tiles * TileRows * inner * sizeof(float), out var capacity);
        try
        {
            Workers.Run(tiles, TileRows * inner * 2 * sizeof(float), (begin, end) =>
            {
                for (var t = begin; t < end; t++) PackRows(a + (t * TileRows * inner), (int)Math.Min(TileRows, rows - (t * TileRows)), inner, packed + (t * TileRows * inner));
            });
            var strips = (columns + StripColumns - 1) / StripColumns;
            Workers.Run(strips, StripColumns * inner * (4 + (rows / 4)), (begin, end) =>
            {
                var strip = (float*)BlockPool.Take(StripColumns * Depth * sizeof(float), out var size);
                for (var s = begin; s < end; s++)
                    Strip(packed, b + (s * StripColumns), result + (s * StripColumns), (int)rows, inner, columns, (int)Math.Min(StripColumns, columns - (s * StripColumns)), strip,
                        epilogue, s * StripColumns);
                BlockPool.Return((byte*)strip, size);
            });
        }
        finally
        {
            BlockPool.Return((byte*)packed, capacity);
        }
    }

    /// <summary>Rows of a tile side by side, element by element; those that are missing are 0.</summary>
    static void PackRows(float* a, int rows, long inner, float* packed)
    {
        for (var k = 0L; k < inner; k++)
            for (var r = 0; r < TileRows; r++) packed[(k * TileRows) + r] = r < rows ? a[(r * inner) + k] : 0;
    }

    static void Strip(float* a, float* b, float* result, int rows, long inner, long columns, int width, float* strip, Epilogue epilogue, long firstColumn)
    {
        var edge = stackalloc float[TileRows * TileColumns];
        for (var from = 0L; from < inner; from += Depth)
        {
            var depth = (int)Math.Min(Depth, inner - from);
            PackColumns(b + (from * columns), columns, depth, width, strip);
            for (var column = 0; column < width; column += TileColumns)
                for (var row = 0; row < rows; row += TileRows)
                {
                    float* tile = a + (row * inner) + (from * TileRows), panel = strip + (column * Depth), target = result + (row * columns) + column;
                    var (height, breadth) = (Math.Min(TileRows, rows - row), Math.Min(TileColumns, width - column));
                    if (height == TileRows && breadth == TileColumns)
                    {
                        Tile(tile, panel, depth, target, columns, from > 0);
                        continue;
                    }
                    Tile(tile, panel, depth, edge, TileColumns, add: false);
                    for (var i = 0; i < height; i++)
                        for (var j = 0; j < breadth; j++) target[(i * columns) + j] = edge[(i * TileColumns) + j] + (from > 0 ? target[(i * columns) + j] : 0);
                }
        }
        for (var row = 0; row < rows; row++) epilogue.Run(result + (row * columns), firstColumn, width);
    }

    /// <summary>Panels of as many columns as a tile has, one after the other; columns that are missing are 0.</summary>
    static void PackColumns(float* b, long columns, int depth, int width, float* strip)
    {
        for (var k = 0; k < depth; k++)
        {
            var row = b + (k * columns);
            for (var column = 0; column < width; column += TileColumns)
            {
                var target = strip + (column * Depth) + (k * TileColumns);
                if (width - column >= TileColumns)
                {
                    Vector256.Load(row + column).Store(target);
                    Vector256.Load(row + column + 8).Store(target + 8);
                }
                else
                {
                    for (var j = 0; j < TileColumns; j++) target[j] = column + j < width ? row[column + j] : 0;
                }
            }
        }
    }

    /// <summary>A tile of the result: six rows of two vectors, which stay in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile(float* a, float* b, int depth, float* result, long stride, bool add)
    {
        Vector256<float> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default;
        Vector256<float> c30 = default, c31 = default, c40 = default, c41 = default, c50 = default, c51 = default;
        for (var end = b + (depth * TileColumns); b < end; a += TileRows, b += TileColumns)
        {
            Vector256<float> left = Vector256.Load(b), right = Vector256.Load(b + 8);
            var x = Vector256.Create(a[0]);
            c00 = Fma.MultiplyAdd(x, left, c00);
            c01 = Fma.MultiplyAdd(x, right, c01);
            x = Vector256.Create(a[1]);
            c10 = Fma.MultiplyAdd(x, left, c10);
            c11 = Fma.MultiplyAdd(x, right, c11);
            x = Vector256.Create(a[2]);
            c20 = Fma.MultiplyAdd(x, left, c20);
            c21 = Fma.MultiplyAdd(x, right, c21);
            x = Vector256.Create(a[3]);
            c30 = Fma.MultiplyAdd(x, left, c30);
            c31 = Fma.MultiplyAdd(x, right, c31);
            x = Vector256.Create(a[4]);
            c40 = Fma.MultiplyAdd(x, left, c40);
            c41 = Fma.MultiplyAdd(x, right, c41);
            x = Vector256.Create(a[5]);
            c50 = Fma.MultiplyAdd(x, left, c50);
            c51 = Fma.MultiplyAdd(x, right, c51);
        }
        Put(result, c00, c01, add);
        Put(result + stride, c10, c11, add);
        Put(result + (2 * stride), c20, c21, add);
        Put(result + (3 * stride), c30, c31, add);
        Put(result + (4 * stride), c40, c41, add);
        Put(result + (5 * stride), c50, c51, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Put(float* result, Vector256<float> left, Vector256<float> right, bool add)
    {
        (add ? left + Vector256.Load(result) : left).Store(result);
        (add ? right + Vector256.Load(result + 8) : right).Store(result + 8);
    }
}
