using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Keras;

/// <summary>A small matrix that is transposed in registers; strides count elements.</summary>
unsafe interface ITransposeTile<T> where T : unmanaged
{
    /// <summary>Rows of the source.</summary>
    static abstract int Rows { get; }

    /// <summary>Columns of the source.</summary>
    static abstract int Columns { get; }

    static abstract void Run(T* source, nint sourceStride, T* target, nint targetStride);
}

/// <summary>Transposes element by element: edges, and elements of 1, 8 and 16 bytes.</summary>
readonly unsafe struct OneByOne<T> : ITransposeTile<T> where T : unmanaged
{
    public static int Rows => 1;

    public static int Columns => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(T* source, nint sourceStride, T* target, nint targetStride) => *target = *source;
}

/// <summary>4-byte elements, two squares of 8: a whole cache line of each target row.</summary>
readonly unsafe struct Avx4Bytes : ITransposeTile<uint>
{
    public static int Rows => 16;

    public static int Columns => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(uint* source, nint sourceStride, uint* target, nint targetStride)
    {
        Square(source, sourceStride, target, targetStride);
        Square(source + 8 * sourceStride, sourceStride, target + 8, targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Square(uint* source, nint stride, uint* target, nint targetStride)
    {
        var a0 = Zip(source, stride, 0, out var a1);
        var a2 = Zip(source, stride, 2, out var a3);
        var a4 = Zip(source, stride, 4, out var a5);
        var a6 = Zip(source, stride, 6, out var a7);
        var b0 = ZipPairs(a0, a2, out var b1);
        var b2 = ZipPairs(a1, a3, out var b3);
        var b4 = ZipPairs(a4, a6, out var b5);
        var b6 = ZipPairs(a5, a7, out var b7);
        StoreHalves(b0, b4, target, 0, targetStride);
        StoreHalves(b1, b5, target, 1, targetStride);
        StoreHalves(b2, b6, target, 2, targetStride);
        StoreHalves(b3, b7, target, 3, targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<uint> Zip(uint* source, nint stride, int row, out Vector256<uint> high)
    {
        var (first, second) = (Vector256.Load(source + row * stride), Vector256.Load(source + (row + 1) * stride));
        high = Avx2.UnpackHigh(first, second);
        return Avx2.UnpackLow(first, second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<ulong> ZipPairs(Vector256<uint> first, Vector256<uint> second, out Vector256<ulong> high)
    {
        high = Avx2.UnpackHigh(first.AsUInt64(), second.AsUInt64());
        return Avx2.UnpackLow(first.AsUInt64(), second.AsUInt64());
    }

    /// <summary>Stores the lower halves as a row of the target, the upper halves as the fourth row after it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void StoreHalves(Vector256<ulong> first, Vector256<ulong> second, uint* target, int row, nint stride)
    {
        Avx2.Permute2x128(first, second, 0x20).AsUInt32().Store(target + row * stride);
        Avx2.Permute2x128(first, second, 0x31).AsUInt32().Store(target + (row + 4) * stride);
    }
}

/// <summary>Registers of eight rows of 2-byte elements, each with eight columns of one square or two.</summary>
unsafe interface IEightRows<TRegister>
{
    static abstract TRegister Load(ushort* source, nint stride, int row);

    /// <summary>Leaves the lower halves of both, element by element in turn, in the first and the upper halves in the second.</summary>
    static abstract void Zip(ref TRegister a, ref TRegister b);

    static abstract void Store(TRegister row, ushort* target);
}

/// <summary>Transposes eight registers in three rounds.</summary>
static unsafe class EightRows
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TTile, TRegister>(ushort* source, nint sourceStride, ushort* target, nint targetStride) where TTile : IEightRows<TRegister>
    {
        var (r0, r1, r2, r3) = (TTile.Load(source, sourceStride, 0), TTile.Load(source, sourceStride, 1), TTile.Load(source, sourceStride, 2), TTile.Load(source, sourceStride, 3));
        var (r4, r5, r6, r7) = (TTile.Load(source, sourceStride, 4), TTile.Load(source, sourceStride, 5), TTile.Load(source, sourceStride, 6), TTile.Load(source, sourceStride, 7));
        TTile.Zip(ref r0, ref r4);
        TTile.Zip(ref r1, ref r5);
        TTile.Zip(ref r2, ref r6);
        TTile.Zip(ref r3, ref r7);
        TTile.Zip(ref r0, ref r2);
        TTile.Zip(ref r1, ref r3);
        TTile.Zip(ref r4, ref r6);
        TTile.Zip(ref r5, ref r7);
        TTile.Zip(ref r0, ref r1);
        TTile.Zip(ref r2, ref r3);
        TTile.Zip(ref r4, ref r5);
        TTile.Zip(ref r6, ref r7);
        TTile.Store(r0, target);
        TTile.Store(r1, target + targetStride);
        TTile.Store(r2, target + 2 * targetStride);
        TTile.Store(r3, target + 3 * targetStride);
        TTile.Store(r4, target + 4 * targetStride);
        TTile.Store(r5, target + 5 * targetStride);
        TTile.Store(r6, target + 6 * targetStride);
        TTile.Store(r7, target + 7 * targetStride);
    }
}

/// <summary>2-byte elements, two squares of 8 in the halves of each register.</summary>
readonly unsafe struct Avx2Bytes : ITransposeTile<ushort>, IEightRows<Vector256<ushort>>
{
    public static int Rows => 16;

    public static int Columns => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(ushort* source, nint sourceStride, ushort* target, nint targetStride) => EightRows.Run<Avx2Bytes, Vector256<ushort>>(source, sourceStride, target, targetStride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> Load(ushort* source, nint stride, int row) =>
        Vector256.Create(Vector128.Load(source + row * stride), Vector128.Load(source + (row + 8) * stride));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Zip(ref Vector256<ushort> a, ref Vector256<ushort> b) => (a, b) = (Avx2.UnpackLow(a, b), Avx2.UnpackHigh(a, b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<ushort> row, ushort* target) => row.Store(target);
}

/// <summary>4-byte elements in registers of 16 bytes, for SSE2 and Arm.</summary>
readonly unsafe struct Zip4Bytes : ITransposeTile<uint>
{
    public static int Rows => 4;

    public static int Columns => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(uint* source, nint sourceStride, uint* target, nint targetStride)
    {
        var (r0, r1) = (Vector128.Load(source), Vector128.Load(source + sourceStride));
        var (r2, r3) = (Vector128.Load(source + 2 * sourceStride), Vector128.Load(source + 3 * sourceStride));
        Zip(ref r0, ref r2);
        Zip(ref r1, ref r3);
        Zip(ref r0, ref r1);
        Zip(ref r2, ref r3);
        r0.Store(target);
        r1.Store(target + targetStride);
        r2.Store(target + 2 * targetStride);
        r3.Store(target + 3 * targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Zip(ref Vector128<uint> a, ref Vector128<uint> b) => (a, b) = Sse2.IsSupported
        ? (Sse2.UnpackLow(a, b), Sse2.UnpackHigh(a, b))
        : (AdvSimd.Arm64.ZipLow(a, b), AdvSimd.Arm64.ZipHigh(a, b));
}

/// <summary>2-byte elements in registers of 16 bytes, for SSE2 and Arm.</summary>
readonly unsafe struct Zip2Bytes : ITransposeTile<ushort>, IEightRows<Vector128<ushort>>
{
    public static int Rows => 8;

    public static int Columns => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(ushort* source, nint sourceStride, ushort* target, nint targetStride) => EightRows.Run<Zip2Bytes, Vector128<ushort>>(source, sourceStride, target, targetStride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> Load(ushort* source, nint stride, int row) => Vector128.Load(source + row * stride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Zip(ref Vector128<ushort> a, ref Vector128<ushort> b) => (a, b) = Sse2.IsSupported
        ? (Sse2.UnpackLow(a, b), Sse2.UnpackHigh(a, b))
        : (AdvSimd.Arm64.ZipLow(a, b), AdvSimd.Arm64.ZipHigh(a, b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<ushort> row, ushort* target) => row.Store(target);
}
