using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Keras.Engines.Torch;

/// <summary>Computes columns of a product of few rows.</summary>
/// <typeparam name="TLanes">The vectors that are computed with.</typeparam>
/// <typeparam name="TStored">An element of the right operand.</typeparam>
static unsafe class FewRows<TLanes, TStored> where TLanes : struct, IFloatLanes<TLanes> where TStored : unmanaged, IStored<TStored>
{
    /// <summary>Rows of the right operand that are added at once, and how many rows ahead the memory is asked for what comes: it answers long after.</summary>
    const int Steps = 4, Ahead = 8;

    /// <summary>Stored rows of which inner products are computed at once.</summary>
    const int Lines = 4;

    /// <summary>Elements of the widest vector, and the columns of which sums stay in registers while four rows are added: with fewer, more is loaded than computed. That takes the 32 registers of that width.</summary>
    const int Widest = 16, Group = 4 * Widest;

    /// <summary>Computes some columns of the result.</summary>
    public static void Run(in GemmProduct p, long first, int width)
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
        var factors = stackalloc float[rows * Steps];
        var k = 0L;
        for (; k + Steps <= p.Inner; k += Steps)
        {
            for (var row = 0; row < rows; row++) Vector128.Load(p.A.Row(row) + k).Store(factors + (row * Steps));
            TStored* b0 = p.B.Row<TStored>(k) + first, b1 = b0 + p.B.Stride, b2 = b1 + p.B.Stride, b3 = b2 + p.B.Stride;
            var at = 0;
            var ahead = Ahead * p.B.Stride;
            for (; TLanes.Count == Widest && at + Group <= width; at += Group)
            {
                Ask(b0 + ahead + at, Group);
                Ask(b1 + ahead + at, Group);
                Ask(b2 + ahead + at, Group);
                Ask(b3 + ahead + at, Group);
                TLanes t0 = Load(b0 + at), u0 = Load(b0 + at + Widest), v0 = Load(b0 + at + (2 * Widest)), w0 = Load(b0 + at + (3 * Widest));
                TLanes t1 = Load(b1 + at), u1 = Load(b1 + at + Widest), v1 = Load(b1 + at + (2 * Widest)), w1 = Load(b1 + at + (3 * Widest));
                TLanes t2 = Load(b2 + at), u2 = Load(b2 + at + Widest), v2 = Load(b2 + at + (2 * Widest)), w2 = Load(b2 + at + (3 * Widest));
                TLanes t3 = Load(b3 + at), u3 = Load(b3 + at + Widest), v3 = Load(b3 + at + (2 * Widest)), w3 = Load(b3 + at + (3 * Widest));
                for (float* sum = sums + at, factor = factors, end = sums + at + (rows * room); sum < end; sum += room, factor += Steps)
                {
                    var x = TLanes.All(factor[0]);
                    var t = TLanes.Fused(x, t0, TLanes.Load(sum));
                    var u = TLanes.Fused(x, u0, TLanes.Load(sum + Widest));
                    var v = TLanes.Fused(x, v0, TLanes.Load(sum + (2 * Widest)));
                    var w = TLanes.Fused(x, w0, TLanes.Load(sum + (3 * Widest)));
                    x = TLanes.All(factor[1]);
                    t = TLanes.Fused(x, t1, t);
                    u = TLanes.Fused(x, u1, u);
                    v = TLanes.Fused(x, v1, v);
                    w = TLanes.Fused(x, w1, w);
                    x = TLanes.All(factor[2]);
                    t = TLanes.Fused(x, t2, t);
                    u = TLanes.Fused(x, u2, u);
                    v = TLanes.Fused(x, v2, v);
                    w = TLanes.Fused(x, w2, w);
                    x = TLanes.All(factor[3]);
                    TLanes.Fused(x, t3, t).Store(sum);
                    TLanes.Fused(x, u3, u).Store(sum + Widest);
                    TLanes.Fused(x, v3, v).Store(sum + (2 * Widest));
                    TLanes.Fused(x, w3, w).Store(sum + (3 * Widest));
                }
            }
            for (; at + TLanes.Count <= width; at += TLanes.Count)
            {
                Sse.Prefetch0(b0 + ahead + at);
                Sse.Prefetch0(b1 + ahead + at);
                Sse.Prefetch0(b2 + ahead + at);
                Sse.Prefetch0(b3 + ahead + at);
                TLanes v0 = Load(b0 + at), v1 = Load(b1 + at), v2 = Load(b2 + at), v3 = Load(b3 + at);
                for (float* sum = sums + at, factor = factors, end = sums + at + (rows * room); sum < end; sum += room, factor += Steps)
                {
                    var total = TLanes.Fused(TLanes.All(factor[0]), v0, TLanes.Load(sum));
                    total = TLanes.Fused(TLanes.All(factor[1]), v1, total);
                    total = TLanes.Fused(TLanes.All(factor[2]), v2, total);
                    TLanes.Fused(TLanes.All(factor[3]), v3, total).Store(sum);
                }
            }
            for (; at < width; at++)
                for (var row = 0; row < rows; row++)
                {
                    float* f = factors + (row * Steps), sum = sums + (row * room) + at;
                    *sum = MathF.FusedMultiplyAdd(f[3], TStored.Wide(b3[at]), MathF.FusedMultiplyAdd(f[2], TStored.Wide(b2[at]), MathF.FusedMultiplyAdd(f[1], TStored.Wide(b1[at]), MathF.FusedMultiplyAdd(f[0], TStored.Wide(b0[at]), *sum))));
                }
        }
        for (; k < p.Inner; k++)
            for (var row = 0; row < rows; row++)
                for (var at = 0; at < width; at++) sums[(row * room) + at] = MathF.FusedMultiplyAdd(p.A.Row(row)[k], TStored.Wide(p.B.Row<TStored>(k)[first + at]), sums[(row * room) + at]);
        for (var row = 0; row < rows; row++) new ReadOnlySpan<float>(sums + (row * room), width).CopyTo(new Span<float>(p.Result.Row(row) + first, width));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TLanes Load(TStored* source) => TStored.Load<TLanes>(source);

    /// <summary>Asks the memory for some columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Ask(TStored* columns, int count)
    {
        for (var at = 0; at < count; at += 64 / sizeof(TStored)) Sse.Prefetch0(columns + at);
    }

    /// <summary>Inner products of rows of both operands, four of the right one at a time.</summary>
    static void Dots(in GemmProduct p, long first, int width)
    {
        var sums = stackalloc float[Lines];
        for (var at = 0; at < width; at += Lines)
        {
            var last = Math.Min(Lines, width - at) - 1;
            TStored* b0 = p.B.Line<TStored>(first + at), b1 = p.B.Line<TStored>(first + at + Math.Min(1, last)), b2 = p.B.Line<TStored>(first + at + Math.Min(2, last)), b3 = p.B.Line<TStored>(first + at + last);
            for (var r = 0L; r < p.Rows; r++)
            {
                // A processor asks by itself for what comes in a row, but not for the rows that follow.
                Dots(p.A.Row(r), b0, b1, b2, b3, p.Inner, r == 0 ? Lines * p.B.Stride : 0, sums);
                new ReadOnlySpan<float>(sums, last + 1).CopyTo(new Span<float>(p.Result.Row(r) + first + at, last + 1));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Dots(float* a, TStored* b0, TStored* b1, TStored* b2, TStored* b3, long count, long ahead, float* sums)
    {
        TLanes s0 = TLanes.All(0), s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
        var k = 0L;
        for (; k + (2 * TLanes.Count) <= count; k += 2 * TLanes.Count)
        {
            if (ahead > 0)
            {
                Ask(b0 + ahead + k, 2 * TLanes.Count);
                Ask(b1 + ahead + k, 2 * TLanes.Count);
                Ask(b2 + ahead + k, 2 * TLanes.Count);
                Ask(b3 + ahead + k, 2 * TLanes.Count);
            }
            TLanes x = TLanes.Load(a + k), y = TLanes.Load(a + k + TLanes.Count);
            s0 = TLanes.Fused(x, Load(b0 + k), s0);
            s1 = TLanes.Fused(x, Load(b1 + k), s1);
            s2 = TLanes.Fused(x, Load(b2 + k), s2);
            s3 = TLanes.Fused(x, Load(b3 + k), s3);
            t0 = TLanes.Fused(y, Load(b0 + k + TLanes.Count), t0);
            t1 = TLanes.Fused(y, Load(b1 + k + TLanes.Count), t1);
            t2 = TLanes.Fused(y, Load(b2 + k + TLanes.Count), t2);
            t3 = TLanes.Fused(y, Load(b3 + k + TLanes.Count), t3);
        }
        (sums[0], sums[1], sums[2], sums[3]) = (TLanes.Sum(s0 + t0), TLanes.Sum(s1 + t1), TLanes.Sum(s2 + t2), TLanes.Sum(s3 + t3));
        for (; k < count; k++)
        {
            sums[0] = MathF.FusedMultiplyAdd(a[k], TStored.Wide(b0[k]), sums[0]);
            sums[1] = MathF.FusedMultiplyAdd(a[k], TStored.Wide(b1[k]), sums[1]);
            sums[2] = MathF.FusedMultiplyAdd(a[k], TStored.Wide(b2[k]), sums[2]);
            sums[3] = MathF.FusedMultiplyAdd(a[k], TStored.Wide(b3[k]), sums[3]);
        }
    }
}
