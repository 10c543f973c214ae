namespace Keras.Engines.Torch;

/// <summary>float32 products of matrices in pieces that threads take when they are free: who shares the machine delays a piece, not the product.</summary>
/// <remarks>A piece is a strip of columns for a block of rows. The strip is put in order in the cache of the core that uses it, a part of its depth at a time. How an element is added up
/// depends on the shapes alone, so values are the same for any number of threads.</remarks>
static unsafe class Gemm
{
    /// <summary>Columns of a strip, and its depth that is put in order at once, in the second cache. Of few rows most time goes to reading the strip, so it is wide: memory gives long runs
    /// faster. Narrow results have narrow strips, so that there are some for each thread.</summary>
    static (int Columns, int Depth) StripOf(long rows, long columns) => rows <= 32 ? (192, 96) : (SC, SD);
    static readonly int SC = int.Parse(Environment.GetEnvironmentVariable("SC") ?? "64"), SD=int.Parse(Environment.GetEnvironmentVariable("SD") ?? "256");

    /// <summary>Elements of a strip.</summary>
    const int StripSize = 192 * 512;

    /// <summary>Pieces that are wanted; for so many there are blocks of rows, none of fewer than these.</summary>
    const int Pieces = 12, FewestRows = 64;

    /// <summary>Whether this machine has what it takes.</summary>
    public static bool IsSupported => GemmTile.IsSupported;

    /// <summary>Computes a product by all threads.</summary>
    public static void Multiply(GemmProduct p)
    {
        if (FewRows.Fits(p))
        {
            FewRows.Multiply(p);
            return;
        }
        int tileRows = GemmTile.Rows;
        var tiles = (p.Rows + tileRows - 1) / tileRows;
        var packed = (float*)BlockPool.Take(tiles * tileRows * p.Inner * sizeof(float), out var capacity);
        try
        {
            Workers.Run(tiles, tileRows * p.Inner * 2 * sizeof(float), (begin, end) =>
            {
                for (var t = begin; t < end; t++) PackRows(p, t, tiles, packed);
            });
            var width = StripOf(p.Rows, p.Columns).Columns;
            var strips = (p.Columns + width - 1) / width;
            var blocks = Math.Clamp((Pieces + strips - 1) / strips, 1, Math.Max(1, p.Rows / FewestRows));
            var rowsOfBlock = (tiles + blocks - 1) / blocks * tileRows;
            blocks = (p.Rows + rowsOfBlock - 1) / rowsOfBlock;
            Workers.Run(strips * blocks, width * p.Inner * (4 + (Math.Min(rowsOfBlock, p.Rows) / 4)), (begin, end) =>
            {
                var strip = (float*)BlockPool.Take(StripSize * sizeof(float), out var size);
                for (var i = begin; i < end; i++) Piece(p, packed, i % strips * width, i / strips * rowsOfBlock, rowsOfBlock, strip);
                BlockPool.Return((byte*)strip, size);
            });
        }
        finally
        {
            BlockPool.Return((byte*)packed, capacity);
        }
    }

    /// <summary>Computes a small product by the calling thread alone.</summary>
    /// <param name="p">The product.</param>
    /// <param name="scratch">Room for <see cref="ScratchOf"/> elements.</param>
    public static void Alone(in GemmProduct p, float* scratch)
    {
        int tileRows = GemmTile.Rows;
        var tiles = (p.Rows + tileRows - 1) / tileRows;
        float* strip = scratch, packed = scratch + StripSize;
        for (var t = 0L; t < tiles; t++) PackRows(p, t, tiles, packed);
        var width = StripOf(p.Rows, p.Columns).Columns;
        for (var column = 0L; column < p.Columns; column += width) Piece(p, packed, column, 0, tiles * tileRows, strip);
    }

    /// <summary>Elements that a product needs beside its operands when one thread computes it.</summary>
    public static long ScratchOf(long rows, long inner) => StripSize + ((rows + GemmTile.Rows - 1) / GemmTile.Rows * GemmTile.Rows * inner);

    /// <summary>The rows of a tile side by side. What is used at one depth of a strip lies together, tile after tile.</summary>
    static void PackRows(in GemmProduct p, long tile, long tiles, float* packed)
    {
        var (first, width, stripDepth) = (tile * GemmTile.Rows, GemmTile.Rows, StripOf(p.Rows, p.Columns).Depth);
        var count = (int)Math.Min(width, p.Rows - first);
        for (var from = 0L; from < p.Inner; from += stripDepth)
        {
            var depth = (int)Math.Min(stripDepth, p.Inner - from);
            var target = packed + (((from * tiles) + (tile * depth)) * width);
            if (p.A.IsTurned) Packing.Along(p.A.Line(from) + first, p.A.Stride, count, depth, target, width);
            else Packing.Across(p.A.Row(first) + from, p.A.Stride, count, depth, target, width);
        }
    }

    static void Piece(in GemmProduct p, float* packed, long firstColumn, long firstRow, long mostRows, float* strip)
    {
        int tileRows = GemmTile.Rows, tileColumns = GemmTile.Columns;
        var (stripColumns, stripDepth) = StripOf(p.Rows, p.Columns);
        var rows = Math.Min(mostRows, p.Rows - firstRow);
        var width = (int)Math.Min(stripColumns, p.Columns - firstColumn);
        var tiles = (p.Rows + tileRows - 1) / tileRows;
        var result = p.Result.Row(firstRow) + firstColumn;
        var edge = stackalloc float[tileRows * tileColumns];
        for (var from = 0L; from < p.Inner; from += stripDepth)
        {
            var depth = (int)Math.Min(stripDepth, p.Inner - from);
            PackColumns(p, from, depth, firstColumn, width, strip);
            var a = packed + (from * tiles * tileRows) + (firstRow * depth);
            for (var column = 0; column < width; column += tileColumns)
            {
                var breadth = Math.Min(tileColumns, width - column);
                for (var row = 0L; row < rows; row += tileRows)
                {
                    float* tile = a + (row * depth), panel = strip + ((long)column * depth), target = result + (row * p.Result.Stride) + column;
                    var height = (int)Math.Min(tileRows, rows - row);
                    if (height == tileRows && breadth == tileColumns) GemmTile.Run(tile, panel, depth, target, p.Result.Stride, from > 0);
                    else Edge(tile, panel, depth, target, p.Result.Stride, height, breadth, from > 0, edge);
                }
            }
        }
        for (var row = 0L; row < rows; row++) p.Epilogue.Run(result + (row * p.Result.Stride), firstColumn, width);
    }

    /// <summary>A tile that the result holds in part.</summary>
    static void Edge(float* a, float* b, int depth, float* result, long stride, int height, int breadth, bool add, float* edge)
    {
        GemmTile.Run(a, b, depth, edge, GemmTile.Columns, add: false);
        for (var i = 0; i < height; i++)
            for (var j = 0; j < breadth; j++) result[(i * stride) + j] = edge[(i * GemmTile.Columns) + j] + (add ? result[(i * stride) + j] : 0);
    }

    /// <summary>Panels of as many columns as a tile has, one after the other.</summary>
    static void PackColumns(in GemmProduct p, long from, int depth, long first, int width, float* strip)
    {
        var tile = GemmTile.Columns;
        if (p.B.IsTurned)
            for (var column = 0; column < width; column += tile)
                Packing.Across(p.B.Line(first + column) + from, p.B.Stride, Math.Min(tile, width - column), depth, strip + ((long)column * depth), tile);
        else Packing.Panels(p.B.Row(from) + first, p.B.Stride, width, depth, strip, tile);
    }
}
