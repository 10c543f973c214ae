using Keras.Engines.Torch.Threads;

namespace Keras.Engines.Torch;

/// <summary>Runs work on ranges on several threads, which take pieces as they become free.</summary>
static unsafe class Workers
{
    /// <summary>The work, in bytes moved or their equivalent, from which another thread pays off.</summary>
    const long WorthAThread = 192 << 10;

    /// <summary>The least cost of a piece, and the pieces per thread: a thread delayed by another program then holds back one piece, not its whole share.</summary>
    const long WorthAPiece = 48 << 10;
    const int PiecesOfThread = 8;

    /// <summary>Large pieces are multiples of this many items, for whole vectors.</summary>
    const int Even = 64;

    /// <summary>Runs a part of the work, from the first item to before the end.</summary>
    public delegate void Range(long begin, long end);

    [ThreadStatic] static int t_threads;

    /// <summary>The number of threads that one op may use; 0 for all.</summary>
    public static int Threads { get; set; }

    /// <summary>The number of threads that an op uses.</summary>
    public static int Count => Threads > 0 ? Threads : Environment.ProcessorCount;

    /// <summary>Tells libtorch on this thread how many threads it may use: OpenMP's setting belongs to the calling thread.</summary>
    public static void Prepare() => Prepare(Count);

    /// <summary>Sets the number of threads that libtorch uses for the calling thread.</summary>
    public static void Prepare(int threads)
    {
        if (t_threads == threads) return;
        TorchLibrary.SetThreads(threads);
        Aoti.SetGradMode(false);
        t_threads = threads;
    }

    /// <summary>Runs work on ranges that together cover 0 to <paramref name="items"/>.</summary>
    /// <param name="items">The number of items.</param>
    /// <param name="costPerItem">The cost of one item: the bytes it moves, or equivalent work.</param>
    /// <param name="body">The work.</param>
    public static void Run(long items, long costPerItem, Range body)
    {
        if (items <= 0) return;
        // Programs that run at once have a thread each already: what each of them hands over only moves the others aside.
        var (cost, count) = (Math.Max(costPerItem, 1), Count - Math.Max(0, Lanes.Running - 1));
        if (count <= 1 || items <= Math.Max(1, WorthAThread / cost))
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
