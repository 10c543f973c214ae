namespace Keras;

/// <summary>Splits work that is bound by memory over the cores; small work stays on the calling thread.</summary>
static class ParallelRanges
{
    /// <summary>Below this waking another thread costs more than it brings.</summary>
    const long BytesWorthAThread = 1 << 19;

    /// <summary>Runs <paramref name="part"/> on ranges that together are 0 to <paramref name="items"/>.</summary>
    /// <param name="items">How many there are.</param>
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
