using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Keras.Engines.Torch;

/// <summary>Products of at most 16 rows, as each token of a generated text or one short text needs: the right operand is read once, in the order in which it lies, as fast as the memory gives it.</summary>
/// <remarks>With vectors of 256 bits. Where there are those of 512, <see cref="StreamedRows"/> computes the products of weights, and this one attention of few queries.</remarks>
static unsafe class FewRows
{
    /// <summary>The most rows that this is for; fewer where a transposed right operand is read row by row, and where it is in the cache.</summary>
    const int MostRows = 16, MostRowsTransposed = 8, MostRowsAlone = 4;

    /// <summary>Columns of a piece, whose sums stay in the first cache. Narrow results have narrow pieces, so that there are some for each thread.</summary>
    const int WidePiece = 512, NarrowPiece = 192, WideResult = 2048;

    /// <summary>Rows of the right operand that are added at once, and how many rows ahead the memory is asked for what comes: it answers long after.</summary>
    const int Steps = 4, Ahead = 8;

    /// <summary>Columns of a piece where they lie one after the other, and how many are computed at once.</summary>
    const int PieceLines = 64, Lines = 4;

    /// <summary>Elements of a vector.</summary>
    const int Width = 8;

    /// <summary>Whether this is the fast way.</summary>
    public static bool Fits(in GemmProduct p) => Vector256.IsHardwareAccelerated && Fma.IsSupported && !p.A.IsTransposed && p.Rows <= (p.B.IsTransposed ? MostRowsTransposed : MostRows);

    /// <summary>Whether this is the fast way for a product of one thread whose operands are in the cache: as for one query of attention, where putting keys in order would be most of the work.</summary>
    public static bool FitsAlone(in GemmProduct p) => p.Rows <= MostRowsAlone && (p.B.IsTransposed || p.Columns <= WidePiece) && Fits(p);

    /// <summary>Computes a product by the calling thread alone.</summary>
    public static void Alone(in GemmProduct p) => Piece(p, 0, (int)p.Columns);

    /// <summary>Computes a product.</summary>
    public static void Multiply(GemmProduct p)
    {
        var columns = p.B.IsTransposed ? PieceLines : p.Columns >= WideResult ? WidePiece : NarrowPiece;
        var pieces = (p.Columns + columns - 1) / columns;
        Workers.Run(pieces, columns * p.Inner * sizeof(float), (begin, end) =>
        {
            for (var piece = begin; piece < end; piece++) Piece(p, piece * columns, (int)Math.Min(columns, p.Columns - (piece * columns)));
        });
    }

    static void Piece(in GemmProduct p, long first, int width)
    {
        if (p.B.IsTransposed) Dots(p, first, width);
        else Sums(p, first, width);
        for (var r = 0L; r < p.Rows; r++) p.Epilogue.Run(p.Result.Row(r) + first, first, width);
    }

    /// <summary>Adds up rows of the right operand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Sums(in GemmProduct p, long first, int width)
    {
        var (rows, room) = ((int)p.Rows, width + 15 & ~15);
        var space = stackalloc float[(rows * room) + 16];
        var sums = (float*)(((nint)space + 63) & ~63);
        new Span<float>(sums, rows * room).Clear();
        var factors = stackalloc float[MostRows * Steps];
        var k = 0L;
        for (; k + Steps <= p.Inner; k += Steps)
        {
            for (var r = 0; r < rows; r++) Vector128.Load(p.A.Row(r) + k).Store(factors + (r * Steps));
            float* b0 = p.B.Row(k) + first, b1 = b0 + p.B.Stride, b2 = b1 + p.B.Stride, b3 = b2 + p.B.Stride;
            var at = 0;
            var ahead = Ahead * p.B.Stride;
            for (; at + Width <= width; at += Width)
            {
                Sse.Prefetch0(b0 + ahead + at);
                Sse.Prefetch0(b1 + ahead + at);
                Sse.Prefetch0(b2 + ahead + at);
                Sse.Prefetch0(b3 + ahead + at);
                Vector256<float> v0 = Vector256.Load(b0 + at), v1 = Vector256.Load(b1 + at), v2 = Vector256.Load(b2 + at), v3 = Vector256.Load(b3 + at);
                for (float* sum = sums + at, factor = factors, end = sums + at + (rows * room); sum < end; sum += room, factor += Steps)
                {
                    var total = Fma.MultiplyAdd(Vector256.Create(factor[0]), v0, Vector256.Load(sum));
                    total = Fma.MultiplyAdd(Vector256.Create(factor[1]), v1, total);
                    total = Fma.MultiplyAdd(Vector256.Create(factor[2]), v2, total);
                    Fma.MultiplyAdd(Vector256.Create(factor[3]), v3, total).Store(sum);
                }
            }
            for (; at < width; at++)
                for (var r = 0; r < rows; r++)
                {
                    float* f = factors + (r * Steps), sum = sums + (r * room) + at;
                    *sum = MathF.FusedMultiplyAdd(f[3], b3[at], MathF.FusedMultiplyAdd(f[2], b2[at], MathF.FusedMultiplyAdd(f[1], b1[at], MathF.FusedMultiplyAdd(f[0], b0[at], *sum))));
                }
        }
        for (; k < p.Inner; k++)
            for (var r = 0; r < rows; r++)
                for (var at = 0; at < width; at++) sums[(r * room) + at] = MathF.FusedMultiplyAdd(p.A.Row(r)[k], p.B.Row(k)[first + at], sums[(r * room) + at]);
        for (var r = 0; r < rows; r++) new ReadOnlySpan<float>(sums + (r * room), width).CopyTo(new Span<float>(p.Result.Row(r) + first, width));
    }

    /// <summary>Inner products of rows of both operands, four of the right one at a time.</summary>
    static void Dots(in GemmProduct p, long first, int width)
    {
        for (var at = 0; at < width; at += Lines)
        {
            var last = Math.Min(Lines, width - at) - 1;
            float* b0 = p.B.Line(first + at), b1 = p.B.Line(first + at + Math.Min(1, last)), b2 = p.B.Line(first + at + Math.Min(2, last)), b3 = p.B.Line(first + at + last);
            for (var r = 0L; r < p.Rows; r++)
            {
                var sums = Dot4(p.A.Row(r), b0, b1, b2, b3, p.Inner);
                var result = p.Result.Row(r) + first + at;
                for (var i = 0; i <= last; i++) result[i] = sums[i];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static Vector128<float> Dot4(float* a, float* b0, float* b1, float* b2, float* b3, long count)
    {
        Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default, t0 = default, t1 = default, t2 = default, t3 = default;
        var k = 0L;
        for (; k + (2 * Width) <= count; k += 2 * Width)
        {
            Vector256<float> x = Vector256.Load(a + k), y = Vector256.Load(a + k + Width);
            s0 = Fma.MultiplyAdd(x, Vector256.Load(b0 + k), s0);
            s1 = Fma.MultiplyAdd(x, Vector256.Load(b1 + k), s1);
            s2 = Fma.MultiplyAdd(x, Vector256.Load(b2 + k), s2);
            s3 = Fma.MultiplyAdd(x, Vector256.Load(b3 + k), s3);
            t0 = Fma.MultiplyAdd(y, Vector256.Load(b0 + k + Width), t0);
            t1 = Fma.MultiplyAdd(y, Vector256.Load(b1 + k + Width), t1);
            t2 = Fma.MultiplyAdd(y, Vector256.Load(b2 + k + Width), t2);
            t3 = Fma.MultiplyAdd(y, Vector256.Load(b3 + k + Width), t3);
        }
        float d0 = Vector256.Sum(s0 + t0), d1 = Vector256.Sum(s1 + t1), d2 = Vector256.Sum(s2 + t2), d3 = Vector256.Sum(s3 + t3);
        for (; k < count; k++)
        {
            d0 = MathF.FusedMultiplyAdd(a[k], b0[k], d0);
            d1 = MathF.FusedMultiplyAdd(a[k], b1[k], d1);
            d2 = MathF.FusedMultiplyAdd(a[k], b2[k], d2);
            d3 = MathF.FusedMultiplyAdd(a[k], b3[k], d3);
        }
        return Vector128.Create(d0, d1, d2, d3);
    }
}
