using System.Runtime.Intrinsics.X86;

namespace Keras.Engines.Torch;

/// <summary>Products of float32 matrices in pieces that threads take when they are free: another program on a core delays a piece, not the product.</summary>
/// <remarks>A piece is some columns of a block of rows. Its columns are computed strip by strip, and the depth in parts: a strip and the rows that it is multiplied by stay in the second-level cache of
/// the core while the next strip is prefetched. Rows that are stored transposed are put in order first, once for all strips: where they lie, the elements of a tile are a row of the matrix apart and
/// displace each other from the cache. How an element is added up depends on the shapes alone, so values are the same for any number of threads.</remarks>
static unsafe class Gemm
{
    /// <summary>Columns of a strip, and the most of its depth that is computed at once: 128 KB.</summary>
    const int StripColumns = 64, MostDepth = 512;

    /// <summary>Rows of a block, of which a part of the depth is at most 512 KB.</summary>
    const int BlockRows = 256;

    /// <summary>Pieces that are wanted, and the most columns of one.</summary>
    const int FewestPieces = 12, MostColumns = 1024;

    /// <summary>Elements of a strip, and of the rows of one tile.</summary>
    const int StripSize = StripColumns * MostDepth, RowsSize = 8 * MostDepth;

    /// <summary>Elements of a cache line.</summary>
    public const int Line = 16;

    /// <summary>Whether this processor has the instructions.</summary>
    public static bool IsSupported => GemmTile.IsSupported;

    /// <summary>Elements that a thread needs beside the operands.</summary>
    public const int Scratch = StripSize + RowsSize;

    /// <summary>Computes a product by all threads.</summary>
    public static void Multiply(GemmProduct p)
    {
        if (FewRows.Fits(p))
        {
            FewRows.Multiply(p, DType.Float32);
            return;
        }
        var rows = RoundUp(Parts(p.Rows, Parts(p.Rows, BlockRows)), GemmTile.Rows);
        var blocks = Parts(p.Rows, rows);
        var columns = RoundUp(Parts(p.Columns, Math.Max(Parts(Math.Max(FewestPieces, Workers.Count), blocks), Parts(p.Columns, MostColumns))), GemmTile.Columns);
        var groups = Parts(p.Columns, columns);
        var ordered = OrderedSize(p.A, Math.Min(columns, p.Columns), rows);
        Workers.Run(groups * blocks, columns * p.Inner * (4 + (Math.Min(rows, p.Rows) / 4)), (begin, end) =>
        {
            var scratch = (float*)BlockPool.Take((Scratch + ordered) * sizeof(float), out var size);
            for (var i = begin; i < end; i++)
            {
                // After its last piece a thread is likely to take those behind the pieces that the others have.
                var next = i + 1 < end ? i + 1 : end + ((Workers.Count - 1) * (end - begin));
                Piece(p, new(i % groups * columns, columns), next < groups * blocks ? next % groups * columns : p.Columns, new(i / groups * rows, rows), scratch, ordered > 0 ? scratch + Scratch : null);
            }
            BlockPool.Return((byte*)scratch, size);
        });
    }

    /// <summary>Elements of a piece's rows that are put in order, because several strips read them; 0 where they are read where they lie.</summary>
    static long OrderedSize(GemmMatrix a, long columns, long rows) => a.IsTransposed && columns > StripColumns ? rows * MostDepth : 0;

    /// <summary>A division that rounds up.</summary>
    static long Parts(long count, long size) => (count + size - 1) / size;

    /// <summary>The next multiple.</summary>
    public static long RoundUp(long count, int multiple) => Parts(count, multiple) * multiple;

    /// <summary>Rows or columns of a product; at its end there may be fewer.</summary>
    readonly record struct Part(long First, long Most)
    {
        public long Count(long all) => Math.Min(Most, all - First);
    }

    /// <summary>Computes a small product by the calling thread alone.</summary>
    /// <param name="p">The product.</param>
    /// <param name="scratch">Room for <see cref="Scratch"/> elements.</param>
    public static void Alone(in GemmProduct p, float* scratch)
    {
        if (FewRows.FitsAlone(p)) FewRows.Alone(p);
        else Piece(p, new(0, p.Columns), p.Columns, new(0, p.Rows), scratch, ordered: null);
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
        var blocks = Parts(rows, RowsOfMany);
        var ordered = OrderedSize(a, columns, RowsOfMany);
        Workers.Run(batch * blocks, Math.Min(rows, RowsOfMany) * inner * columns / 4, (begin, end) =>
        {
            var scratch = (float*)BlockPool.Take((Scratch + ordered) * sizeof(float), out var size);
            for (var i = begin; i < end; i++)
            {
                var (index, block) = (i / blocks, i % blocks);
                var p = new GemmProduct(At(a, index, rows * inner), At(b, index, inner * columns), At(result, index, rows * columns), rows, inner, columns);
                Piece(p, new(0, columns), columns, new(block * RowsOfMany, RowsOfMany), scratch, ordered > 0 ? scratch + Scratch : null);
            }
            BlockPool.Return((byte*)scratch, size);
        });
    }

    /// <summary>Rows of a piece where there are many products: whole tiles of either width.</summary>
    const long RowsOfMany = 96;

    /// <summary>Parts of the depth are of one size, as far as that goes.</summary>
    static int DepthOf(long inner) => (int)Parts(inner, Parts(inner, MostDepth));

    static void Piece(in GemmProduct p, Part columns, long nextColumn, Part rows, float* scratch, float* ordered)
    {
        var end = columns.First + columns.Count(p.Columns);
        var partDepth = DepthOf(p.Inner);
        for (var from = 0L; from < p.Inner; from += partDepth)
        {
            var depth = (int)Math.Min(partDepth, p.Inner - from);
            if (ordered != null) Packing.Tiles(p.A.Line(from) + rows.First, p.A.Stride, rows.Count(p.Rows), depth, ordered, GemmTile.Rows);
            for (var column = columns.First; column < end; column += StripColumns)
            {
                var width = (int)Math.Min(StripColumns, end - column);
                var coming = column + width < end ? Coming(p, from, column + width) : from + depth < p.Inner ? Coming(p, from + depth, columns.First) : Coming(p, 0, nextColumn);
                Strip(p, new(column, width), from, depth, rows, coming, ordered, scratch);
                if (from + depth < p.Inner) continue;
                if (p.Epilogue.Activation is not { } activation) continue;
                for (var row = 0L; row < rows.Count(p.Rows); row++)
                {
                    var sums = (byte*)(p.Result.Row(rows.First + row) + column);
                    activation(sums, sums, width);
                }
            }
        }
    }

    /// <summary>Adds a part of the depth to a strip of the result.</summary>
    static void Strip(in GemmProduct p, Part columns, long from, int depth, Part rows, float* coming, float* ordered, float* scratch)
    {
        int tileRows = GemmTile.Rows, tileColumns = GemmTile.Columns, width = (int)columns.Most;
        float* strip = scratch;
        var (firstColumn, count) = (columns.First, rows.Count(p.Rows));
        var result = p.Result.Row(rows.First) + firstColumn;
        float* edge = stackalloc float[tileRows * tileColumns], start = stackalloc float[StripColumns];
        if (from == 0) p.Epilogue.BiasOf(firstColumn, width).CopyTo(new Span<float>(start, width));
        // The first rows of tiles copy each panel in order while they read it.
        var keeps = !p.B.IsTransposed;
        if (!keeps) PackColumns(p, from, depth, firstColumn, width, strip);
        else if (width % tileColumns is > 0 and var rest) Packing.Along(p.B.Row(from) + firstColumn + width - rest, p.B.Stride, rest, depth, strip + ((long)(width - rest) * depth), tileColumns);
        var prefetch = new Prefetch(coming, p.B.Stride, width, depth, Parts(count, tileRows) * Parts(width, tileColumns));
        for (var row = 0L; row < count; row += tileRows)
        {
            var height = (int)Math.Min(tileRows, count - row);
            var a = ordered != null ? new((nint)(ordered + (row * depth)), 1, tileRows) : RowsOf(p, rows.First + row, height, from, depth, scratch + StripSize);
            for (var column = 0; column < width; column += tileColumns)
            {
                var breadth = Math.Min(tileColumns, width - column);
                float* panel = strip + ((long)column * depth), target = result + (row * p.Result.Stride) + column, kept = keeps && row == 0 && breadth == tileColumns ? panel : null;
                var next = kept != null ? p.B.Stride : tileColumns;
                if (kept != null) panel = p.B.Row(from) + firstColumn + column;
                prefetch.Next();
                if (p.HasRoom || height == tileRows && breadth == tileColumns) GemmTile.Run(a, panel, next, depth, start + column, target, p.Result.Stride, from > 0, kept);
                else Edge(a, panel, next, depth, start + column, target, p.Result.Stride, height, breadth, from > 0, edge, kept);
            }
        }
    }

    /// <summary>Brings the next strip into the second-level cache, a few of its rows before each tile, so that it arrives while tiles are computed.</summary>
    struct Prefetch(float* coming, long stride, int width, int depth, long times)
    {
        readonly long _rowsOfTile = coming == null ? 0 : Parts(depth, times);
        long _row;

        public void Next()
        {
            for (var end = Math.Min(_row + _rowsOfTile, depth); _row < end; _row++)
            {
                var row = coming + (_row * stride);
                for (var at = 0; at < width; at += Line) Sse.Prefetch1(row + at);
                // Rows need not begin with a cache line: then there is one line more.
                Sse.Prefetch1(row + width - 1);
            }
        }
    }

    /// <summary>The rows of a tile: where they lie if there are enough of them, otherwise copied in order.</summary>
    static GemmRows RowsOf(in GemmProduct p, long first, int count, long from, int depth, float* ordered)
    {
        var width = GemmTile.Rows;
        if (!p.A.IsTransposed && count == width) return new((nint)(p.A.Row(first) + from), p.A.Stride, 1);
        if (p.A.IsTransposed && count == width) return new((nint)(p.A.Line(from) + first), 1, p.A.Stride);
        if (p.A.IsTransposed) Packing.Along(p.A.Line(from) + first, p.A.Stride, count, depth, ordered, width);
        else Packing.Across(p.A.Row(first) + from, p.A.Stride, count, depth, ordered, width);
        return new((nint)ordered, 1, width);
    }

    /// <summary>A tile of which only a part belongs to the result.</summary>
    static void Edge(in GemmRows a, float* b, long next, int depth, float* start, float* result, long stride, int height, int breadth, bool add, float* edge, float* kept)
    {
        GemmTile.Run(a, b, next, depth, start, edge, GemmTile.Columns, add: false, kept);
        for (var i = 0; i < height; i++)
            for (var j = 0; j < breadth; j++) result[(i * stride) + j] = edge[(i * GemmTile.Columns) + j] + (add ? result[(i * stride) + j] : 0);
    }

    /// <summary>Panels of as many columns as a tile has, one after the other, of a transposed operand.</summary>
    static void PackColumns(in GemmProduct p, long from, int depth, long first, int width, float* strip)
    {
        var tile = GemmTile.Columns;
        for (var column = 0; column < width; column += tile)
            Packing.Across(p.B.Line(first + column) + from, p.B.Stride, Math.Min(tile, width - column), depth, strip + ((long)column * depth), tile);
    }

    /// <summary>Where a part of a strip begins; null at the end, and for a transposed operand, whose lines are read in full, so that the processor prefetches them itself.</summary>
    static float* Coming(in GemmProduct p, long from, long column) => p.B.IsTransposed || column >= p.Columns ? null : p.B.Row(from) + column;
}
