namespace Keras.Engines.Torch;

/// <summary>float32 products of matrices in pieces that threads take when they are free: who shares the machine delays a piece, not the product.</summary>
/// <remarks>A piece is a strip of columns for a block of rows. The strip is put in order in the cache of the core that uses it, a part of its depth at a time, while the memory is asked for the
/// next part. How an element is added up depends on the shapes alone, so values are the same for any number of threads.</remarks>
static unsafe class Gemm
{
    /// <summary>Columns of a strip, and the most of its depth that is put in order at once: 128 KB, in the second cache.</summary>
    const int StripColumns = 64, MostDepth = 512;

    /// <summary>Elements of a strip, and of the rows of one tile.</summary>
    const int StripSize = StripColumns * MostDepth, RowsSize = 8 * MostDepth;

    /// <summary>Pieces that are wanted; for so many there are blocks of rows, none of fewer than these.</summary>
    const int FewestPieces = 12, FewestRows = 256;

    /// <summary>Up to so many rows it does not pay to put the right operand in order.</summary>
    const int FewRowsOfBlock = 128;

    /// <summary>Rows that lie a multiple of so many elements apart share a few places of the first cache.</summary>
    const int Page = 1024;

    /// <summary>Elements of a line of the cache.</summary>
    public const int Line = 16;

    /// <summary>Whether this machine has what it takes.</summary>
    public static bool IsSupported => GemmTile.IsSupported;

    /// <summary>Elements that a thread needs beside the operands.</summary>
    public const int Scratch = StripSize + RowsSize;

    /// <summary>Computes a product by all threads.</summary>
    public static void Multiply(GemmProduct p)
    {
        if (FewRows.Fits(p))
        {
            FewRows.Multiply(p);
            return;
        }
        var pieces = Math.Max(FewestPieces, Workers.Count);
        // A narrow result has narrow strips: a strip that two blocks of rows use is put in order twice.
        var stripColumns = p.Columns >= pieces * StripColumns ? StripColumns : StripColumns / 2;
        var strips = (p.Columns + stripColumns - 1) / stripColumns;
        var blocks = Math.Clamp((pieces + strips - 1) / strips, 1, Math.Max(1, p.Rows / FewestRows));
        var rowsOfBlock = (((p.Rows + blocks - 1) / blocks) + GemmTile.Rows - 1) / GemmTile.Rows * GemmTile.Rows;
        blocks = (p.Rows + rowsOfBlock - 1) / rowsOfBlock;
        Workers.Run(strips * blocks, stripColumns * p.Inner * (4 + (Math.Min(rowsOfBlock, p.Rows) / 4)), (begin, end) =>
        {
            var scratch = (float*)BlockPool.Take(Scratch * sizeof(float), out var size);
            for (var i = begin; i < end; i++) Piece(p, i % strips * stripColumns, stripColumns, i / strips * rowsOfBlock, rowsOfBlock, scratch);
            BlockPool.Return((byte*)scratch, size);
        });
    }

    /// <summary>Computes a small product by the calling thread alone.</summary>
    /// <param name="p">The product.</param>
    /// <param name="scratch">Room for <see cref="Scratch"/> elements.</param>
    public static void Alone(in GemmProduct p, float* scratch)
    {
        for (var column = 0L; column < p.Columns; column += StripColumns) Piece(p, column, StripColumns, 0, p.Rows, scratch);
    }

    /// <summary>Computes many products of one size, whose matrices lie one after the other.</summary>
    public static void Many(GemmMatrix a, GemmMatrix b, GemmMatrix result, long batch, long rows, long inner, long columns)
    {
        if (rows == 0 || columns == 0) return;
        if (batch == 1)
        {
            Multiply(new(a, b, result, rows, inner, columns));
            return;
        }
        GemmMatrix At(GemmMatrix first, long index, long size) => first with { Data = first.Data + (nint)(index * size * sizeof(float)) };
        var blocks = (rows + RowsOfMany - 1) / RowsOfMany;
        Workers.Run(batch * blocks, Math.Min(rows, RowsOfMany) * inner * columns / 4, (begin, end) =>
        {
            var scratch = (float*)BlockPool.Take(Scratch * sizeof(float), out var size);
            for (var i = begin; i < end; i++)
            {
                var (index, block) = (i / blocks, i % blocks);
                var p = new GemmProduct(At(a, index, rows * inner), At(b, index, inner * columns), At(result, index, rows * columns), rows, inner, columns);
                for (var column = 0L; column < columns; column += StripColumns) Piece(p, column, StripColumns, block * RowsOfMany, RowsOfMany, scratch);
            }
            BlockPool.Return((byte*)scratch, size);
        });
    }

    /// <summary>Rows of a piece where there are many products: whole tiles of either width.</summary>
    const long RowsOfMany = 96;

    /// <summary>Parts of the depth are of one size, as far as that goes.</summary>
    static int DepthOf(long inner) => (int)((inner + Parts(inner) - 1) / Parts(inner));

    static long Parts(long inner) => (inner + MostDepth - 1) / MostDepth;

    static void Piece(in GemmProduct p, long firstColumn, long mostColumns, long firstRow, long mostRows, float* scratch)
    {
        int tileRows = GemmTile.Rows, tileColumns = GemmTile.Columns;
        float* strip = scratch, turned = scratch + StripSize;
        var rows = Math.Min(mostRows, p.Rows - firstRow);
        var width = (int)Math.Min(mostColumns, p.Columns - firstColumn);
        var result = p.Result.Row(firstRow) + firstColumn;
        var edge = stackalloc float[tileRows * tileColumns];
        var partDepth = DepthOf(p.Inner);
        for (var from = 0L; from < p.Inner; from += partDepth)
        {
            var depth = (int)Math.Min(partDepth, p.Inner - from);
            // For few rows the right operand is read where it lies.
            var direct = !p.B.IsTurned && rows <= FewRowsOfBlock && width % tileColumns == 0 && p.B.Stride % Page != 0;
            if (!direct) PackColumns(p, from, depth, firstColumn, width, strip);
            var next = direct ? p.B.Stride : tileColumns;
            var coming = Coming(p, from + depth, firstColumn, mostColumns);
            var line = 0L;
            for (var row = 0L; row < rows; row += tileRows)
            {
                var height = (int)Math.Min(tileRows, rows - row);
                var a = RowsOf(p, firstRow + row, height, from, depth, turned);
                for (var column = 0; column < width; column += tileColumns)
                {
                    var breadth = Math.Min(tileColumns, width - column);
                    float* panel = direct ? p.B.Row(from) + firstColumn + column : strip + ((long)column * depth), target = result + (row * p.Result.Stride) + column;
                    // Each of the first tiles asks for one line of each row of what comes.
                    var asks = coming != null && line < mostColumns;
                    float* asked = asks ? coming + line : panel;
                    var askedNext = asks ? p.B.Stride : next;
                    line += Line;
                    if (height == tileRows && breadth == tileColumns) GemmTile.Run(a, panel, next, depth, target, p.Result.Stride, from > 0, asked, askedNext);
                    else Edge(a, panel, next, depth, target, p.Result.Stride, height, breadth, from > 0, edge);
                }
            }
        }
        for (var row = 0L; row < rows; row++) p.Epilogue.Run(result + (row * p.Result.Stride), firstColumn, width);
    }

    /// <summary>The rows of a tile: where they lie if there are enough of them, else in order in memory of their own.</summary>
    static GemmRows RowsOf(in GemmProduct p, long first, int count, long from, int depth, float* turned)
    {
        var width = GemmTile.Rows;
        if (!p.A.IsTurned && count == width) return new((nint)(p.A.Row(first) + from), p.A.Stride, 1);
        if (p.A.IsTurned && count == width) return new((nint)(p.A.Line(from) + first), 1, p.A.Stride);
        if (p.A.IsTurned) Packing.Along(p.A.Line(from) + first, p.A.Stride, count, depth, turned, width);
        else Packing.Across(p.A.Row(first) + from, p.A.Stride, count, depth, turned, width);
        return new((nint)turned, 1, width);
    }

    /// <summary>A tile that the result holds in part.</summary>
    static void Edge(in GemmRows a, float* b, long next, int depth, float* result, long stride, int height, int breadth, bool add, float* edge)
    {
        GemmTile.Run(a, b, next, depth, edge, GemmTile.Columns, add: false, b, next);
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

    /// <summary>Where the part of a strip begins that is used next: at a greater depth, or the beginning of the next strip; null if there is none.</summary>
    static float* Coming(in GemmProduct p, long from, long firstColumn, long width)
    {
        if (from >= p.Inner) (from, firstColumn) = (0, firstColumn + width);
        // Of the turned operand whole lines are read one after the other, which the processor sees by itself.
        return p.B.IsTurned || firstColumn >= p.Columns ? null : p.B.Row(from) + firstColumn;
    }
}
