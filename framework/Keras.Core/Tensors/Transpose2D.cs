using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Keras;

/// <summary>Transposes a dense row-major matrix on all cores, blocked for the caches, in vector registers for elements of 2 and 4 bytes.</summary>
static unsafe class Transpose2D
{
    /// <summary>The rows and columns of a block that stays in the L1 cache.</summary>
    const int Block = 64;

    /// <summary>Targets from this size on bypass the caches, since they would evict everything else.</summary>
    const long StreamingBytes = 1 << 20;

    /// <summary>Writes <c>target[column, row] = source[row, column]</c>.</summary>
    /// <param name="source">The matrix (rows, columns).</param>
    /// <param name="target">Its transpose (columns, rows); must not overlap the source.</param>
    /// <param name="rows">Rows of the source.</param>
    /// <param name="columns">Columns of the source.</param>
    /// <exception cref="ArgumentException">A span does not hold rows x columns elements.</exception>
    public static void Run<T>(ReadOnlySpan<T> source, Span<T> target, int rows, int columns) where T : unmanaged
    {
        var count = checked((long)rows * columns);
        if (source.Length != count || target.Length != count)
            throw new ArgumentException($"The matrices do not have the given size. Expected: two matrices of {rows} x {columns} elements. Received: {source.Length} and {target.Length} elements.");
        fixed (T* from = source)
        fixed (T* to = target)
            Run((byte*)from, (byte*)to, rows, columns, sizeof(T));
    }

    /// <summary>Transposes a matrix that may be larger than a span.</summary>
    /// <param name="source">The matrix (rows, columns); need not be aligned.</param>
    /// <param name="target">Its transpose (columns, rows); fastest when aligned to 32 bytes.</param>
    /// <param name="rows">Rows of the source.</param>
    /// <param name="columns">Columns of the source.</param>
    /// <param name="elementSize">Bytes of an element: 1, 2, 4, 8 or 16.</param>
    public static void Run(byte* source, byte* target, long rows, long columns, int elementSize)
    {
        if (elementSize is 4 && Avx2.IsSupported) RunIn<Avx4Bytes, uint>(source, target, rows, columns);
        else if (elementSize is 2 && Avx2.IsSupported) RunIn<Avx2Bytes, ushort>(source, target, rows, columns);
        else if (elementSize is 4 && CanZip) RunIn<Zip4Bytes, uint>(source, target, rows, columns);
        else if (elementSize is 2 && CanZip) RunIn<Zip2Bytes, ushort>(source, target, rows, columns);
        else RunOneByOne(source, target, rows, columns, elementSize);
    }

    internal static bool CanZip => Sse2.IsSupported || AdvSimd.Arm64.IsSupported;

    internal static void RunOneByOne(byte* source, byte* target, long rows, long columns, int elementSize)
    {
        switch (elementSize)
        {
            case 1: RunIn<OneByOne<byte>, byte>(source, target, rows, columns); break;
            case 2: RunIn<OneByOne<ushort>, ushort>(source, target, rows, columns); break;
            case 4: RunIn<OneByOne<uint>, uint>(source, target, rows, columns); break;
            case 8: RunIn<OneByOne<ulong>, ulong>(source, target, rows, columns); break;
            case 16: RunIn<OneByOne<UInt128>, UInt128>(source, target, rows, columns); break;
            default: throw new ArgumentOutOfRangeException(nameof(elementSize), $"The size of an element is not supported. Expected: 1, 2, 4, 8 or 16 bytes. Received: {elementSize}.");
        }
    }

    internal static void RunIn<TTile, T>(byte* source, byte* target, long rows, long columns) where TTile : ITransposeTile<T> where T : unmanaged
    {
        var streaming = rows * columns * sizeof(T) >= StreamingBytes && (nint)target % 32 == 0 && rows * sizeof(T) % 32 == 0;
        var bands = (columns + Block - 1) / Block;
        ParallelRanges.Run(bands, Block * rows * sizeof(T) * 2, (first, count) =>
        {
            var end = Math.Min((first + count) * Block, columns);
            for (var column = first * Block; column < end; column += Block)
                for (var row = 0L; row < rows; row += Block)
                    RunBlock<TTile, T>((T*)source, (T*)target, rows, columns, new(row, Math.Min(row + Block, rows)), new(column, Math.Min(column + Block, end)), streaming);
            // Writes that bypassed the caches must be visible before the work counts as done.
            if (streaming && Sse.IsSupported) Sse.StoreFence();
        });
    }

    readonly record struct Extent(long Start, long End)
    {
        /// <summary>The end of the last whole tile.</summary>
        public long TiledEnd(int tile) => End - (End - Start) % tile;
    }

    static void RunBlock<TTile, T>(T* source, T* target, long rows, long columns, Extent inRows, Extent inColumns, bool streaming)
        where TTile : ITransposeTile<T> where T : unmanaged
    {
        var (tiledRows, tiledColumns) = (inRows.TiledEnd(TTile.Rows), inColumns.TiledEnd(TTile.Columns));
        for (var column = inColumns.Start; column < tiledColumns; column += TTile.Columns)
            for (var row = inRows.Start; row < tiledRows; row += TTile.Rows)
                TTile.Run(source + row * columns + column, (nint)columns, target + column * rows + row, (nint)rows, streaming);

        for (var column = inColumns.Start; column < inColumns.End; column++)
            for (var row = column < tiledColumns ? tiledRows : inRows.Start; row < inRows.End; row++)
                target[column * rows + row] = source[row * columns + column];
    }
}
