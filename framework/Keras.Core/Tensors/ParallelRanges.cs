namespace Keras;

/// <summary>Splits memory-bound work over the cores; small work stays on the calling thread.</summary>
static class ParallelRanges
{
    /// <summary>The bytes for which waking another thread pays off.</summary>
    const long BytesWorthAThread = 1 << 19;

    /// <summary>Runs <paramref name="part"/> on ranges that together cover 0 to <paramref name="items"/>.</summary>
    /// <param name="items">The number of items.</param>
    /// <param name="bytesPerItem">Bytes that one item reads and writes.</param>
    /// <param name="part">Gets the first item and the number of items.</param>
    public static void Run(long items, long bytesPerItem, Action<long, long> part)
    {
        var parts = Math.Clamp(items * bytesPerItem / BytesWorthAThread, 1, Environment.ProcessorCount);
        if (parts == 1)
        {
            part(0, items);
            return;
        }
        Parallel.For(0, parts, i =>
        {
            var (start, end) = (items * i / parts, items * (i + 1) / parts);
            part(start, end - start);
        });
    }
}
