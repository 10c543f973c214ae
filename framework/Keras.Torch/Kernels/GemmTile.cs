using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Keras.Engines.Torch;

/// <summary>The innermost part of a product: a tile of the result that stays in registers.</summary>
/// <remarks>8 rows of two vectors of 512 bits, or 6 rows of two of 256.</remarks>
static unsafe class GemmTile
{
    static bool Wide => Vector512.IsHardwareAccelerated;

    /// <summary>Whether the processor has what a tile needs, and this program was compiled for it: a native one for any processor has no vectors of 256 bits, and libtorch is faster there.</summary>
    public static bool IsSupported => Wide || Vector256.IsHardwareAccelerated && Fma.IsSupported;

    public static int Rows => Wide ? 8 : 6;

    public static int Columns => Wide ? 32 : 16;

    /// <summary>How many steps ahead the right operand is asked for: it comes from the second cache, or from further away where it is kept.</summary>
    const int Ahead = 8, AheadOfKept = 24;

    /// <summary>Adds up <paramref name="depth"/> steps, each of a column of <paramref name="a"/> and a row of <paramref name="b"/>.</summary>
    /// <param name="a">Elements of the left operand.</param>
    /// <param name="b">Elements of the right operand, the columns of a step side by side.</param>
    /// <param name="next">From the columns of a step to those of the next, in elements.</param>
    /// <param name="depth">Steps.</param>
    /// <param name="start">What each row of the tile begins with.</param>
    /// <param name="result">The first element of the tile.</param>
    /// <param name="stride">From a row of the result to the next, in elements.</param>
    /// <param name="add">Whether what is there is added.</param>
    /// <param name="kept">Where what is read of the right operand is put, the columns of a step side by side; null if it need not be.</param>
    public static void Run(in GemmRows a, float* b, long next, int depth, float* start, float* result, long stride, bool add, float* kept)
    {
        if (Wide && kept != null) Tile512<Keeps>(a, b, next, depth, start, result, stride, add, kept);
        else if (Wide) Tile512<Reads>(a, b, next, depth, start, result, stride, add, kept);
        else if (kept != null) Tile256<Keeps>(a, b, next, depth, start, result, stride, add, kept);
        else Tile256<Reads>(a, b, next, depth, start, result, stride, add, kept);
    }

    /// <summary>Whether a tile keeps what it reads: the compiler makes a method of its own for each.</summary>
    readonly struct Keeps;

    readonly struct Reads;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile512<T>(in GemmRows a, float* b, long next, int depth, float* start, float* result, long stride, bool add, float* kept) where T : struct
    {
        Vector512<float> c00 = Vector512.Load(start), c01 = Vector512.Load(start + 16), c10 = c00, c11 = c01, c20 = c00, c21 = c01, c30 = c00, c31 = c01;
        Vector512<float> c40 = c00, c41 = c01, c50 = c00, c51 = c01, c60 = c00, c61 = c01, c70 = c00, c71 = c01;
        float* upper = a.First(), lower = upper + (4 * a.Row);
        var (row, twice, thrice, step) = (a.Row, 2 * a.Row, 3 * a.Row, a.Step);
        var ahead = (typeof(T) == typeof(Keeps) ? AheadOfKept : Ahead) * next;
        for (var end = b + (depth * next); b < end; upper += step, lower += step, b += next)
        {
            Sse.Prefetch0(b + ahead);
            Sse.Prefetch0(b + ahead + 16);
            // Rows in the caller's memory need not begin with a cache line: then there is one line more.
            if (typeof(T) == typeof(Keeps)) Sse.Prefetch0(b + ahead + 31);
            Vector512<float> left = Vector512.Load(b), right = Vector512.Load(b + 16);
            if (typeof(T) == typeof(Keeps))
            {
                left.Store(kept);
                right.Store(kept + 16);
                kept += 32;
            }
            var x = Vector512.Create(upper[0]);
            c00 = Vector512.FusedMultiplyAdd(x, left, c00);
            c01 = Vector512.FusedMultiplyAdd(x, right, c01);
            x = Vector512.Create(upper[row]);
            c10 = Vector512.FusedMultiplyAdd(x, left, c10);
            c11 = Vector512.FusedMultiplyAdd(x, right, c11);
            x = Vector512.Create(upper[twice]);
            c20 = Vector512.FusedMultiplyAdd(x, left, c20);
            c21 = Vector512.FusedMultiplyAdd(x, right, c21);
            x = Vector512.Create(upper[thrice]);
            c30 = Vector512.FusedMultiplyAdd(x, left, c30);
            c31 = Vector512.FusedMultiplyAdd(x, right, c31);
            x = Vector512.Create(lower[0]);
            c40 = Vector512.FusedMultiplyAdd(x, left, c40);
            c41 = Vector512.FusedMultiplyAdd(x, right, c41);
            x = Vector512.Create(lower[row]);
            c50 = Vector512.FusedMultiplyAdd(x, left, c50);
            c51 = Vector512.FusedMultiplyAdd(x, right, c51);
            x = Vector512.Create(lower[twice]);
            c60 = Vector512.FusedMultiplyAdd(x, left, c60);
            c61 = Vector512.FusedMultiplyAdd(x, right, c61);
            x = Vector512.Create(lower[thrice]);
            c70 = Vector512.FusedMultiplyAdd(x, left, c70);
            c71 = Vector512.FusedMultiplyAdd(x, right, c71);
        }
        Put(result, c00, c01, add);
        Put(result + stride, c10, c11, add);
        Put(result + (2 * stride), c20, c21, add);
        Put(result + (3 * stride), c30, c31, add);
        Put(result + (4 * stride), c40, c41, add);
        Put(result + (5 * stride), c50, c51, add);
        Put(result + (6 * stride), c60, c61, add);
        Put(result + (7 * stride), c70, c71, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile256<T>(in GemmRows a, float* b, long next, int depth, float* start, float* result, long stride, bool add, float* kept) where T : struct
    {
        Vector256<float> c00 = Vector256.Load(start), c01 = Vector256.Load(start + 8), c10 = c00, c11 = c01, c20 = c00, c21 = c01;
        Vector256<float> c30 = c00, c31 = c01, c40 = c00, c41 = c01, c50 = c00, c51 = c01;
        float* upper = a.First(), lower = upper + (3 * a.Row);
        var (row, twice, step) = (a.Row, 2 * a.Row, a.Step);
        var ahead = (typeof(T) == typeof(Keeps) ? AheadOfKept : Ahead) * next;
        for (var end = b + (depth * next); b < end; upper += step, lower += step, b += next)
        {
            Sse.Prefetch0(b + ahead);
            if (typeof(T) == typeof(Keeps)) Sse.Prefetch0(b + ahead + 15);
            Vector256<float> left = Vector256.Load(b), right = Vector256.Load(b + 8);
            if (typeof(T) == typeof(Keeps))
            {
                left.Store(kept);
                right.Store(kept + 8);
                kept += 16;
            }
            var x = Vector256.Create(upper[0]);
            c00 = Fma.MultiplyAdd(x, left, c00);
            c01 = Fma.MultiplyAdd(x, right, c01);
            x = Vector256.Create(upper[row]);
            c10 = Fma.MultiplyAdd(x, left, c10);
            c11 = Fma.MultiplyAdd(x, right, c11);
            x = Vector256.Create(upper[twice]);
            c20 = Fma.MultiplyAdd(x, left, c20);
            c21 = Fma.MultiplyAdd(x, right, c21);
            x = Vector256.Create(lower[0]);
            c30 = Fma.MultiplyAdd(x, left, c30);
            c31 = Fma.MultiplyAdd(x, right, c31);
            x = Vector256.Create(lower[row]);
            c40 = Fma.MultiplyAdd(x, left, c40);
            c41 = Fma.MultiplyAdd(x, right, c41);
            x = Vector256.Create(lower[twice]);
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
    static void Put(float* result, Vector512<float> left, Vector512<float> right, bool add)
    {
        (add ? left + Vector512.Load(result) : left).Store(result);
        (add ? right + Vector512.Load(result + 16) : right).Store(result + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Put(float* result, Vector256<float> left, Vector256<float> right, bool add)
    {
        (add ? left + Vector256.Load(result) : left).Store(result);
        (add ? right + Vector256.Load(result + 8) : right).Store(result + 8);
    }
}
