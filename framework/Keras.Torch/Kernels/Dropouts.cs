using System.Runtime.Intrinsics;

namespace Keras.Engines.Torch;

/// <summary>The composite dropout, mask and product in one pass.</summary>
static unsafe class Dropouts
{
    public static readonly Dictionary<string, Kernel> Kernels = new() { ["dropout"] = Dropout };

    /// <summary>The groups of random bits made at a time, few enough that their decisions stay in the L1 cache.</summary>
    const int Groups = 64;

    const int ChunkSize = Groups * Philox.Decisions;

    /// <summary>Drops or scales each element by its decision.</summary>
    delegate void Row(nint x, nint result, ushort* decisions, int count);

    /// <summary>Runs dropout: a decision below rate · 65536 drops its element.</summary>
    static void Dropout(KernelCall c)
    {
        var x = c.Tensor(0);
        var rate = c.Get<float>("rate");
        var threshold = (int)Math.Round(rate * 65536.0);
        var result = c.ResultInPlaceOf(0);
        if (threshold == 65536)
        {
            Structure.Clear(result);
            return;
        }
        var scale = 1 / (1.0 - rate);
        Row row = x.DType == DType.Float32 ? (p, d, decisions, n) => Singles((float*)p, (float*)d, decisions, n, threshold, (float)scale)
            : x.DType == DType.Float64 ? (p, d, decisions, n) => { for (var i = 0; i < n; i++) ((double*)d)[i] = decisions[i] >= threshold ? ((double*)p)[i] * scale : 0; }
        : x.DType == DType.Float16 ? (p, d, decisions, n) => { for (var i = 0; i < n; i++) ((Half*)d)[i] = decisions[i] >= threshold ? ((Half*)p)[i] * (Half)scale : Half.Zero; }
        : x.DType == DType.BFloat16 ? (p, d, decisions, n) => { for (var i = 0; i < n; i++) ((BFloat16*)d)[i] = (BFloat16)(decisions[i] >= threshold ? ((BFloat16*)p)[i] * (float)(BFloat16)(float)scale : 0f); }
        : throw c.NotFor(x.DType);
        Run(Philox.Of(c.Tensor(1), c.Tensor(2)), x, result, row);
    }

    static void Run(Philox philox, TorchTensor x, TorchTensor result, Row row)
    {
        byte* px = x.Data, pd = result.Data;
        var (count, size) = (x.Count, x.DType.Size);
        Workers.Run((count + ChunkSize - 1) / ChunkSize, ChunkSize * 12, (begin, end) =>
        {
            var decisions = stackalloc ushort[ChunkSize];
            for (var chunk = begin; chunk < end; chunk++)
            {
                var at = chunk * ChunkSize;
                var n = (int)Math.Min(ChunkSize, count - at);
                philox.Fill((ulong)(chunk * Groups), (n + Philox.Decisions - 1) / Philox.Decisions, (uint*)decisions);
                row((nint)(px + (at * size)), (nint)(pd + (at * size)), decisions, n);
            }
        });
    }

    static void Singles(float* x, float* result, ushort* decisions, int count, int threshold, float scale)
    {
        var i = 0;
        var limit = Vector256.Create(threshold - 1);
        for (; i <= count - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
        {
            var (front, back) = Vector256.Widen(Vector256.Load(decisions + i));
            ((Vector256.Load(x + i) * scale) & Vector256.GreaterThan(front.AsInt32(), limit).AsSingle()).Store(result + i);
            ((Vector256.Load(x + i + 8) * scale) & Vector256.GreaterThan(back.AsInt32(), limit).AsSingle()).Store(result + i + 8);
        }
        for (; i < count; i++) result[i] = decisions[i] >= threshold ? x[i] * scale : 0;
    }
}
