using System.Collections.Concurrent;

namespace Keras.Engines.Torch;

/// <summary>The threads that run programs: the first calling threads run their own; a few permanent threads run those of all others.</summary>
/// <remarks>OpenMP keeps a team of threads for each thread that ever called libtorch. A server whose requests come on many threads would have hundreds.</remarks>
static class Lanes
{
    /// <summary>The number of threads that run their own programs; usually one trains or predicts.</summary>
    public const int OwnThreads = 2;

    /// <summary>The number of threads that run programs for others.</summary>
    public static readonly int Count = Math.Clamp(Environment.ProcessorCount, 1, 4);

    static readonly Lazy<BlockingCollection<Task>> Waiting = new(Start);
    static int s_own;
    static int s_running;
    [ThreadStatic] static bool t_runsItsOwn;

    /// <summary>The number of programs that run now.</summary>
    public static int Running => Volatile.Read(ref s_running);

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="EngineException">An op failed.</exception>
    public static void Run(TorchProgram program, TorchValue[] inputs, TorchValue[] results)
    {
        if (t_runsItsOwn || Settle()) RunHere(program, inputs, results);
        else RunElsewhere(() => RunHere(program, inputs, results));
    }

    static void RunHere(TorchProgram program, TorchValue[] inputs, TorchValue[] results)
    {
        Workers.Prepare();
        using var turn = new Turn();
        program.Run(inputs, results);
    }

    /// <summary>Counts a program among those that run, until it is disposed.</summary>
    internal readonly struct Turn : IDisposable
    {
        public Turn() => Interlocked.Increment(ref s_running);

        public void Dispose() => Interlocked.Decrement(ref s_running);
    }

    static void RunElsewhere(Action run)
    {
        var task = new Task(run);
        Waiting.Value.Add(task);
        task.GetAwaiter().GetResult();
    }

    /// <summary>Lets the calling thread run its own programs from now on, if there is room for another.</summary>
    static bool Settle() => Volatile.Read(ref s_own) < OwnThreads && Interlocked.Increment(ref s_own) <= OwnThreads && (t_runsItsOwn = true);

    static BlockingCollection<Task> Start()
    {
        var waiting = new BlockingCollection<Task>();
        void RunAll()
        {
            t_runsItsOwn = true;
            foreach (var task in waiting.GetConsumingEnumerable()) task.RunSynchronously();
        }
        for (var i = 0; i < Count; i++) new Thread(RunAll) { IsBackground = true, Name = $"Torch program {i}" }.Start();
        return waiting;
    }
}
