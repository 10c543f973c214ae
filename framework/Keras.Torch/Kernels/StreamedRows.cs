using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Keras.Engines.Torch;

/// <summary>Products of at most 16 rows, as each token of generated texts or a short text needs: the right operand is read once, in the order in which it lies, and widened from 16 bits on the way.</summary>
/// <remarks>For vectors of 512 bits. Beside oneDNN, on two threads, weights not in the cache, when it summed one vector at a time: 1.0 to 1.6 times as fast for 6 to 16 rows and weights (inner, columns), 0.9 to 1.7 for 4, 1.3 to 1.9 times for 1 to 8
/// rows where they lie transposed, as a vocabulary does. With one row a token of GPT-2 takes 0.85 to 0.88 times as long as with oneDNN on an Intel Xeon, 1.07 to 1.09 on an AMD EPYC.</remarks>
static unsafe class StreamedRows
{
    /// <summary>The most rows that this is for; fewer where a transposed right operand is read row by row.</summary>
    const int MostRows = 16, MostRowsTransposed = 8;

    /// <summary>The most columns of a piece, whose sums stay in the first cache. Narrow results have narrow pieces, so that there are some for each thread.</summary>
    const int WidePiece = 512, NarrowPiece = 192, WideResult = 2048;

    /// <summary>Rows of the right operand that are added at once, and how many rows ahead the memory is asked for what comes: it answers long after.</summary>
    const int Steps = 4, Ahead = 8;

    /// <summary>Columns of a piece where each lies without gaps, and how many are computed at once.</summary>
    const int PieceLines = 64, Lines = 4;

    /// <summary>Elements of a vector, and the columns of which sums stay in registers while four rows are added: with fewer, more is loaded than computed.</summary>
    const int Width = 16, Group = 4 * Width;

    /// <summary>A product: (rows, inner) of float32 times (inner, columns), or times the transposed (columns, inner), of any floating dtype that <see cref="Fits"/>; the result is float32.</summary>
    public readonly record struct Operands(nint A, nint B, DType Stored, bool Transposed, nint Result, long Rows, long Inner, long Columns)
    {
        public float* Row(long row) => (float*)A + (row * Inner);

        /// <summary>A stored row of the right operand.</summary>
        public T* StoredRow<T>(long row) where T : unmanaged => (T*)B + (row * (Transposed ? Inner : Columns));

        public float* ResultRow(long row) => (float*)Result + (row * Columns);
    }

    /// <summary>Whether this is the fast way.</summary>
    /// <param name="dtype">The dtype of the right operand.</param>
    /// <param name="rows">Rows of the left one.</param>
    /// <param name="inner">Elements that are added up.</param>
    /// <param name="transposed">Whether the right operand lies as (columns, inner).</param>
    public static bool Fits(DType dtype, long rows, long inner, bool transposed) => Vector512.IsHardwareAccelerated && Avx512F.IsSupported && inner > 0 && rows > 0
        && (dtype == DType.Float32 ? transposed ? rows <= MostRowsTransposed : rows <= MostRows : dtype.IsFloating && dtype.Size == 2 && rows <= MostRows);

    /// <summary>A product of 16-bit operands, summed in float32 and rounded once.</summary>
    public static void MultiplyHalves(TorchTensor a, TorchTensor b, bool transposed, TorchTensor result, long rows, long inner, long columns, Epilogue epilogue)
    {
        using var wide = HalfPrecision.Converted(a, DType.Float32);
        using var bias = epilogue.Bias is { } given ? HalfPrecision.Converted(given, DType.Float32) : null;
        using var sums = TorchTensor.Allocate(DType.Float32, result.Shape);
        Multiply(new((nint)wide.Data, (nint)b.Data, b.DType, transposed, (nint)sums.Data, rows, inner, columns), epilogue with { Bias = bias });
        Elementwise.Map(sums, result, Casts.Between(DType.Float32, result.DType));
    }

    /// <summary>Computes a product.</summary>
    public static void Multiply(Operands p, Epilogue epilogue)
    {
        if (p.Stored == DType.Float32) Multiply<Single32>(p, epilogue);
        else if (p.Stored == DType.BFloat16) Multiply<Brain16>(p, epilogue);
        else Multiply<Half16>(p, epilogue);
    }

    static void Multiply<T>(Operands p, Epilogue epilogue) where T : unmanaged, IStreamed<T>
    {
        if (p.Columns == 0) return;
        var columns = p.Transposed ? PieceLines : PieceOf(p.Columns);
        Workers.Run((p.Columns + columns - 1) / columns, columns * p.Inner * sizeof(T), (begin, end) =>
        {
            for (var piece = begin; piece < end; piece++)
            {
                var (first, width) = (piece * columns, (int)Math.Min(columns, p.Columns - (piece * columns)));
                if (p.Transposed) Dots<T>(p, first, width);
                else Sums<T>(p, first, width);
                for (var r = 0L; r < p.Rows; r++) epilogue.Run(p.ResultRow(r) + first, first, width);
            }
        });
    }

    /// <summary>Columns of a piece: an even number of pieces of one size, whole groups each.</summary>
    static long PieceOf(long columns)
    {
        var pair = 2L * (columns >= WideResult ? WidePiece : NarrowPiece);
        var pieces = 2 * ((columns + pair - 1) / pair);
        return (((columns + pieces - 1) / pieces) + Group - 1) & -Group;
    }

    /// <summary>Adds up rows of the right operand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Sums<T>(in Operands operands, long first, int width) where T : unmanaged, IStreamed<T>
    {
        var (rows, room) = ((int)operands.Rows, width + 15 & ~15);
        var space = stackalloc float[(rows * room) + 16];
        var sums = (float*)(((nint)space + 63) & ~63);
        new Span<float>(sums, rows * room).Clear();
        var factors = stackalloc float[MostRows * Steps];
        var k = 0L;
        for (; k + Steps <= operands.Inner; k += Steps)
        {
            for (var row = 0; row < rows; row++) Vector128.Load(operands.Row(row) + k).Store(factors + (row * Steps));
            T* b0 = operands.StoredRow<T>(k) + first, b1 = b0 + operands.Columns, b2 = b1 + operands.Columns, b3 = b2 + operands.Columns;
            var at = 0;
            var ahead = Ahead * operands.Columns;
            for (; at + Group <= width; at += Group)
            {
                Ask(b0 + ahead + at);
                Ask(b1 + ahead + at);
                Ask(b2 + ahead + at);
                Ask(b3 + ahead + at);
                Vector512<float> p0 = T.Load(b0 + at), q0 = T.Load(b0 + at + Width), r0 = T.Load(b0 + at + (2 * Width)), s0 = T.Load(b0 + at + (3 * Width));
                Vector512<float> p1 = T.Load(b1 + at), q1 = T.Load(b1 + at + Width), r1 = T.Load(b1 + at + (2 * Width)), s1 = T.Load(b1 + at + (3 * Width));
                Vector512<float> p2 = T.Load(b2 + at), q2 = T.Load(b2 + at + Width), r2 = T.Load(b2 + at + (2 * Width)), s2 = T.Load(b2 + at + (3 * Width));
                Vector512<float> p3 = T.Load(b3 + at), q3 = T.Load(b3 + at + Width), r3 = T.Load(b3 + at + (2 * Width)), s3 = T.Load(b3 + at + (3 * Width));
                for (float* sum = sums + at, factor = factors, end = sums + at + (rows * room); sum < end; sum += room, factor += Steps)
                {
                    var x = Vector512.Create(factor[0]);
                    var p = Vector512.FusedMultiplyAdd(x, p0, Vector512.Load(sum));
                    var q = Vector512.FusedMultiplyAdd(x, q0, Vector512.Load(sum + Width));
                    var r = Vector512.FusedMultiplyAdd(x, r0, Vector512.Load(sum + (2 * Width)));
                    var s = Vector512.FusedMultiplyAdd(x, s0, Vector512.Load(sum + (3 * Width)));
                    x = Vector512.Create(factor[1]);
                    p = Vector512.FusedMultiplyAdd(x, p1, p);
                    q = Vector512.FusedMultiplyAdd(x, q1, q);
                    r = Vector512.FusedMultiplyAdd(x, r1, r);
                    s = Vector512.FusedMultiplyAdd(x, s1, s);
                    x = Vector512.Create(factor[2]);
                    p = Vector512.FusedMultiplyAdd(x, p2, p);
                    q = Vector512.FusedMultiplyAdd(x, q2, q);
                    r = Vector512.FusedMultiplyAdd(x, r2, r);
                    s = Vector512.FusedMultiplyAdd(x, s2, s);
                    x = Vector512.Create(factor[3]);
                    Vector512.FusedMultiplyAdd(x, p3, p).Store(sum);
                    Vector512.FusedMultiplyAdd(x, q3, q).Store(sum + Width);
                    Vector512.FusedMultiplyAdd(x, r3, r).Store(sum + (2 * Width));
                    Vector512.FusedMultiplyAdd(x, s3, s).Store(sum + (3 * Width));
                }
            }
            for (; at + Width <= width; at += Width)
            {
                Sse.Prefetch0(b0 + ahead + at);
                Sse.Prefetch0(b1 + ahead + at);
                Sse.Prefetch0(b2 + ahead + at);
                Sse.Prefetch0(b3 + ahead + at);
                Vector512<float> v0 = T.Load(b0 + at), v1 = T.Load(b1 + at), v2 = T.Load(b2 + at), v3 = T.Load(b3 + at);
                for (float* sum = sums + at, factor = factors, end = sums + at + (rows * room); sum < end; sum += room, factor += Steps)
                {
                    var total = Vector512.FusedMultiplyAdd(Vector512.Create(factor[0]), v0, Vector512.Load(sum));
                    total = Vector512.FusedMultiplyAdd(Vector512.Create(factor[1]), v1, total);
                    total = Vector512.FusedMultiplyAdd(Vector512.Create(factor[2]), v2, total);
                    Vector512.FusedMultiplyAdd(Vector512.Create(factor[3]), v3, total).Store(sum);
                }
            }
            for (; at < width; at++)
                for (var row = 0; row < rows; row++)
                {
                    float* f = factors + (row * Steps), sum = sums + (row * room) + at;
                    *sum = MathF.FusedMultiplyAdd(f[3], T.Wide(b3[at]), MathF.FusedMultiplyAdd(f[2], T.Wide(b2[at]), MathF.FusedMultiplyAdd(f[1], T.Wide(b1[at]), MathF.FusedMultiplyAdd(f[0], T.Wide(b0[at]), *sum))));
                }
        }
        for (; k < operands.Inner; k++)
            for (var row = 0; row < rows; row++)
                for (var at = 0; at < width; at++) sums[(row * room) + at] = MathF.FusedMultiplyAdd(operands.Row(row)[k], T.Wide(operands.StoredRow<T>(k)[first + at]), sums[(row * room) + at]);
        for (var row = 0; row < rows; row++) new ReadOnlySpan<float>(sums + (row * room), width).CopyTo(new Span<float>(operands.ResultRow(row) + first, width));
    }

    /// <summary>Asks the memory for some columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Ask<T>(T* columns, int count = Group) where T : unmanaged
    {
        for (var at = 0; at < count; at += 64 / sizeof(T)) Sse.Prefetch0(columns + at);
    }

    /// <summary>Inner products of rows of both operands, four of the right one at a time.</summary>
    static void Dots<T>(in Operands p, long first, int width) where T : unmanaged, IStreamed<T>
    {
        // A processor asks by itself for what comes in a row, but not for the rows that follow.
        var ahead = Lines * p.Inner;
        for (var at = 0; at < width; at += Lines)
        {
            var last = Math.Min(Lines, width - at) - 1;
            T* b0 = p.StoredRow<T>(first + at), b1 = p.StoredRow<T>(first + at + Math.Min(1, last)), b2 = p.StoredRow<T>(first + at + Math.Min(2, last)), b3 = p.StoredRow<T>(first + at + last);
            for (var r = 0L; r < p.Rows; r++)
            {
                var sums = Dot4(p.Row(r), b0, b1, b2, b3, p.Inner, r == 0 ? ahead : 0);
                var result = p.ResultRow(r) + first + at;
                for (var i = 0; i <= last; i++) result[i] = sums[i];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static Vector128<float> Dot4<T>(float* a, T* b0, T* b1, T* b2, T* b3, long count, long ahead) where T : unmanaged, IStreamed<T>
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default, t0 = default, t1 = default, t2 = default, t3 = default;
        var k = 0L;
        for (; k + (2 * Width) <= count; k += 2 * Width)
        {
            if (ahead > 0)
            {
                Ask(b0 + ahead + k, 2 * Width);
                Ask(b1 + ahead + k, 2 * Width);
                Ask(b2 + ahead + k, 2 * Width);
                Ask(b3 + ahead + k, 2 * Width);
            }
            Vector512<float> x = Vector512.Load(a + k), y = Vector512.Load(a + k + Width);
            s0 = Vector512.FusedMultiplyAdd(x, T.Load(b0 + k), s0);
            s1 = Vector512.FusedMultiplyAdd(x, T.Load(b1 + k), s1);
            s2 = Vector512.FusedMultiplyAdd(x, T.Load(b2 + k), s2);
            s3 = Vector512.FusedMultiplyAdd(x, T.Load(b3 + k), s3);
            t0 = Vector512.FusedMultiplyAdd(y, T.Load(b0 + k + Width), t0);
            t1 = Vector512.FusedMultiplyAdd(y, T.Load(b1 + k + Width), t1);
            t2 = Vector512.FusedMultiplyAdd(y, T.Load(b2 + k + Width), t2);
            t3 = Vector512.FusedMultiplyAdd(y, T.Load(b3 + k + Width), t3);
        }
        float d0 = Vector512.Sum(s0 + t0), d1 = Vector512.Sum(s1 + t1), d2 = Vector512.Sum(s2 + t2), d3 = Vector512.Sum(s3 + t3);
        for (; k < count; k++)
        {
            d0 = MathF.FusedMultiplyAdd(a[k], T.Wide(b0[k]), d0);
            d1 = MathF.FusedMultiplyAdd(a[k], T.Wide(b1[k]), d1);
            d2 = MathF.FusedMultiplyAdd(a[k], T.Wide(b2[k]), d2);
            d3 = MathF.FusedMultiplyAdd(a[k], T.Wide(b3[k]), d3);
        }
        return Vector128.Create(d0, d1, d2, d3);
    }
}
