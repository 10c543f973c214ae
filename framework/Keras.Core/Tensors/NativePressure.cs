namespace Keras;

/// <summary>Native memory that tensors of callers hold: the collector runs before forgotten tensors pile up.</summary>
/// <remarks>
/// <see cref="GC.AddMemoryPressure"/> alone is a hint: a loop that forgets its tensors can outrun it on a busy machine. Here the thread that allocates waits for the
/// collector once memory has grown by half, and by <see cref="Slack"/> at least, since the last collection.
/// </remarks>
static class NativePressure
{
    /// <summary>Smaller tensors are not counted.</summary>
    public const long Least = 64 << 10;

    /// <summary>What may be added before anybody looks.</summary>
    const long Slack = 192L << 20;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    static readonly Lock Collecting = new();
    static long s_live;
    static long s_limit = Slack;

    /// <summary>Bytes that are held now.</summary>
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

    /// <summary>Gives back what is forgotten, and sets from when on to look again.</summary>
    /// <remarks>Young objects first: most forgotten tensors are. The wait for their finalizers is bounded, since one of them may want a lock that this thread holds.</remarks>
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

    /// <summary>Waits until the finalizers have run, however busy the machine is; at once where none is due.</summary>
    static void AwaitFinalizers()
    {
        var waiting = new Thread(GC.WaitForPendingFinalizers) { IsBackground = true, Name = "keras finalizers" };
        waiting.Start();
        waiting.Join(Patience);
    }
}
