namespace Keras;

/// <summary>Counts the native memory that callers' tensors hold, and runs the garbage collector before forgotten tensors pile up.</summary>
/// <remarks>
/// <see cref="GC.AddMemoryPressure"/> alone is a hint: a loop that forgets its tensors can outrun it on a busy machine. Here the allocating thread waits for the
/// collector once memory has grown by half, and by <see cref="Slack"/> at least, since the last collection.
/// </remarks>
static class NativePressure
{
    /// <summary>The least size of a tensor that is counted.</summary>
    public const long Least = 64 << 10;

    /// <summary>The least memory that may be allocated between two collections.</summary>
    const long Slack = 192L << 20;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    static readonly Lock Collecting = new();
    static long s_live;
    static long s_limit = Slack;

    /// <summary>The bytes held now.</summary>
    public static long Live => Interlocked.Read(ref s_live);

    /// <summary>Counts memory that a caller holds from now on.</summary>
    public static void Add(long bytes)
    {
        GC.AddMemoryPressure(bytes);
        if (Interlocked.Add(ref s_live, bytes) > Interlocked.Read(ref s_limit)) Collect();
    }

    /// <summary>Counts memory that nobody holds any more.</summary>
    public static void Remove(long bytes)
    {
        GC.RemoveMemoryPressure(bytes);
        Interlocked.Add(ref s_live, -bytes);
    }

    /// <summary>Frees forgotten tensors, and sets the threshold for the next collection.</summary>
    /// <remarks>Young objects come first, since most forgotten tensors are young. The wait for finalizers is bounded: one of them may need a lock that this thread holds.</remarks>
    public static void Collect()
    {
        if (!Collecting.TryEnter()) return;
        try
        {
            foreach (var generation in (ReadOnlySpan<int>)[1, 2])
            {
                GC.Collect(generation, GCCollectionMode.Forced, blocking: true);
                AwaitFinalizers();
                if (Live <= Interlocked.Read(ref s_limit) / 2) break;
            }
            var live = Live;
            Interlocked.Exchange(ref s_limit, live + Math.Max(Slack, live / 2));
        }
        finally
        {
            Collecting.Exit();
        }
    }

    /// <summary>Waits until the finalizers have run, however busy the machine is; returns at once if none is due.</summary>
    static void AwaitFinalizers()
    {
        var waiting = new Thread(GC.WaitForPendingFinalizers) { IsBackground = true, Name = "keras finalizers" };
        waiting.Start();
        waiting.Join(Patience);
    }
}
