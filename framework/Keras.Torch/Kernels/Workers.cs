using Keras.Engines.Torch.Threads;

namespace Keras.Engines.Torch;

/// <summary>Work on ranges by several threads, in pieces that each takes when it is free.</summary>
static unsafe class Workers
{
    /// <summary>Below so much work (in bytes that are moved, or their worth) another thread brings nothing.</summary>
    const long WorthAThread = 192 << 10;

    /// <summary>What a piece should cost at least, and how many there should be for each thread: a thread that another program holds up keeps one piece from the others, not its share.</summary>
    const long WorthAPiece = 48 << 10;
    const int PiecesOfThread = 8;

    /// <summary>Pieces of many items have a multiple of so many: whole vectors.</summary>
    const int Even = 64;

    /// <summary>A part of the work: the first item and the one after the last.</summary>
    public delegate void Range(long begin, long end);

    [ThreadStatic] static int t_threads;

    /// <summary>Threads that one op may use; 0 takes all threads.</summary>
    public static int Threads { get; set; }

    /// <summary>Threads that an op uses.</summary>
    public static int Count => Threads > 0 ? Threads : Environment.ProcessorCount;

    /// <summary>Tells libtorch on this thread how many threads it may use: OpenMP's setting belongs to the calling thread.</summary>
    public static void Prepare() => Prepare(Count);

    /// <summary>Tells libtorch on this thread to use so many threads.</summary>
    public static void Prepare(int threads)
    {
        if (t_threads == threads) return;
        TorchLibrary.SetThreads(threads);
        Aoti.SetGradMode(false);
        t_threads = threads;
    }

    /// <summary>Runs work on ranges that together are 0 to <paramref name="items"/>.</summary>
    /// <param name="items">How many there are.</param>
    /// <param name="costPerItem">What one costs: the bytes that it moves, or as much work.</param>
    /// <param name="body">The work.</param>
    public static void Run(long items, long costPerItem, Range body)
    {
        if (items <= 0) return;
        var (cost, count) = (Math.Max(costPerItem, 1), Count);
        if (count == 1 || items <= Math.Max(1, WorthAThread / cost))
        {
            body(0, items);
            return;
        }
        var most = (long)count * PiecesOfThread;
        var piece = Math.Max((items + most - 1) / most, WorthAPiece / cost);
        if (piece > Even) piece = (piece + Even - 1) / Even * Even;
        WorkerPool.Run(new(items, piece, count - 1, body));
    }

    /// <summary>Copies bytes on all cores.</summary>
    public static void Copy(byte* source, byte* target, long length) => Run(length, 2, (begin, end) =>
        Buffer.MemoryCopy(source + begin, target + begin, end - begin, end - begin));
}
