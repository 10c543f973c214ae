using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Keras.Engines.Torch;

/// <summary>Work on ranges by libtorch's own threads, so that its kernels and ours do not fight for the cores.</summary>
static unsafe class Workers
{
    /// <summary>Below so much work (in bytes that are moved, or their worth) waking another thread costs more than it brings.</summary>
    const long WorthAThread = 192 << 10;

    /// <summary>A part of the work: the first item and the one after the last.</summary>
    public delegate void Range(long begin, long end);

    [ThreadStatic] static int t_threads;

    /// <summary>Threads that one op may use; 0 takes all cores.</summary>
    public static int Threads { get; set; }

    static int Count => Threads > 0 ? Threads : Environment.ProcessorCount;

    /// <summary>Tells libtorch on this thread how many threads it may use: OpenMP's setting belongs to the calling thread.</summary>
    public static void Prepare()
    {
        if (t_threads == Count) return;
        TorchLibrary.SetThreads(Count);
        Aoti.SetGradMode(false);
        t_threads = Count;
    }

    /// <summary>Runs work on ranges that together are 0 to <paramref name="items"/>.</summary>
    /// <param name="items">How many there are.</param>
    /// <param name="costPerItem">What one costs: the bytes that it moves, or as much work.</param>
    /// <param name="body">The work.</param>
    public static void Run(long items, long costPerItem, Range body)
    {
        if (items <= 0) return;
        var grain = Math.Max(1, WorthAThread / Math.Max(costPerItem, 1));
        if (items <= grain || Count == 1)
        {
            body(0, items);
            return;
        }
        var job = new Job(body);
        var keeper = GCHandle.Alloc(job);
        try
        {
            Aten.Check(Aoti.ParallelFor(0, items, grain, &RunPart, (void*)GCHandle.ToIntPtr(keeper)), "parallel_for");
        }
        finally
        {
            keeper.Free();
        }
        job.Failure?.Throw();
    }

    /// <summary>Copies bytes on all cores.</summary>
    public static void Copy(byte* source, byte* target, long length) => Run(length, 2, (begin, end) =>
        Buffer.MemoryCopy(source + begin, target + begin, end - begin, end - begin));

    sealed class Job(Range body)
    {
        public ExceptionDispatchInfo? Failure;

        public void Run(long begin, long end)
        {
            try
            {
                body(begin, end);
            }
            catch (Exception e)
            {
                // No exception may leave managed code on a native thread.
                Failure = ExceptionDispatchInfo.Capture(e);
            }
        }
    }

    [UnmanagedCallersOnly]
    static void RunPart(long begin, long end, void* context) => ((Job)GCHandle.FromIntPtr((nint)context).Target!).Run(begin, end);
}
