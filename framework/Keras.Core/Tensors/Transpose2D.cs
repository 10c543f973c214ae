using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Keras;

/// <summary>Transposes a dense row-major matrix on all cores, blocked for the caches, in vector registers for elements of 2 and 4 bytes.</summary>
static unsafe class Transpose2D
{
    /// <summary>The columns of a block, which becomes rows of the target, and its rows where the target is small.</summary>
    const int Block = 64;

    /// <summary>Targets from this size on are written in runs of <see cref="RunBytes"/>: a block of them is 64 KB.</summary>
    const long BufferedBytes = 1 << 20;
    const int RunBytes = 1024;

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
        T* from = (T*)source, to = (T*)target;
        var direct = rows * columns * sizeof(T) < BufferedBytes;
        ParallelRanges.Run((columns + Block - 1) / Block, Block * rows * sizeof(T) * 2, (first, count) =>
        {
            var (begin, end) = (first * Block, Math.Min((first + count) * Block, columns));
            if (direct) RunDirect<TTile, T>(from, to, rows, columns, begin, end);
            else RunBuffered<TTile, T>(from, to, rows, columns, begin, end);
        });
    }

    static void RunDirect<TTile, T>(T* source, T* target, long rows, long columns, long begin, long end) where TTile : ITransposeTile<T> where T : unmanaged
    {
        for (var column = begin; column < end; column += Block)
            for (var row = 0L; row < rows; row += Block)
                RunBlock<TTile, T>(source + (row * columns) + column, columns, target + (column * rows) + row, rows, Math.Min(Block, rows - row), Math.Min(Block, end - column));
    }

    /// <summary>Puts each block together in the cache, and copies it to the target in long runs: writes of single lines to many pages take three times as long.</summary>
    static void RunBuffered<TTile, T>(T* source, T* target, long rows, long columns, long begin, long end) where TTile : ITransposeTile<T> where T : unmanaged
    {
        var run = RunBytes / sizeof(T);
        var buffer = (T*)NativeMemory.AlignedAlloc(Block * RunBytes, RunBytes);
        try
        {
            for (var column = begin; column < end; column += Block)
                for (var row = 0L; row < rows; row += run)
                {
                    var (height, width) = (Math.Min(run, rows - row), Math.Min(Block, end - column));
                    RunBlock<TTile, T>(source + (row * columns) + column, columns, buffer, run, height, width);
                    for (var i = 0L; i < width; i++) Copy((byte*)(buffer + (i * run)), (byte*)(target + ((column + i) * rows) + row), height * sizeof(T));
                }
        }
        finally
        {
            NativeMemory.AlignedFree(buffer);
        }
        // Writes that bypassed the caches must be visible before the work counts as done.
        if (Sse.IsSupported) Sse.StoreFence();
    }

    /// <summary>Copies past the caches, since a large target would evict everything else.</summary>
    static void Copy(byte* source, byte* target, long length)
    {
        if ((nint)target % Vector256<byte>.Count != 0 || length % Vector256<byte>.Count != 0)
        {
            Buffer.MemoryCopy(source, target, length, length);
            return;
        }
        for (var end = source + length; source < end; source += Vector256<byte>.Count, target += Vector256<byte>.Count) Vector256.Load(source).StoreAlignedNonTemporal(target);
    }

    static void RunBlock<TTile, T>(T* source, long sourceStride, T* target, long targetStride, long rows, long columns) where TTile : ITransposeTile<T> where T : unmanaged
    {
        var (tiledRows, tiledColumns) = (rows - (rows % TTile.Rows), columns - (columns % TTile.Columns));
        for (var column = 0L; column < tiledColumns; column += TTile.Columns)
            for (var row = 0L; row < tiledRows; row += TTile.Rows)
                TTile.Run(source + (row * sourceStride) + column, (nint)sourceStride, target + (column * targetStride) + row, (nint)targetStride);

        for (var column = 0L; column < columns; column++)
            for (var row = column < tiledColumns ? tiledRows : 0; row < rows; row++)
                target[(column * targetStride) + row] = source[(row * sourceStride) + column];
    }
}
