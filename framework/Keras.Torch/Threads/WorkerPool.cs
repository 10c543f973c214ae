using System.Diagnostics;

namespace Keras.Engines.Torch.Threads;

/// <summary>The threads that help whoever runs an op. They look for work while a program runs and sleep otherwise.</summary>
static class WorkerPool
{
    /// <summary>Ops of so many threads are open to helpers at once; those of more run alone.</summary>
    const int Places = 16;

    /// <summary>How often a helper looks for work before it sleeps, and a thread for pieces that helpers have.</summary>
    const int HelperTurns = 4000, CallerTurns = 1000;

    static readonly WorkerJob?[] Jobs = new WorkerJob?[Places];
    static readonly HelpFromOthers Help = new();
    static readonly Lock Starting = new();
    static readonly SemaphoreSlim Wake = new(0);
    static volatile int s_helpers;
    static int s_sleeping;

    /// <summary>The number of a helper, from 1; 0 for all other threads.</summary>
    [ThreadStatic] static int t_number;

    /// <summary>Runs a job with its helpers and returns when it is done.</summary>
    public static void Run(WorkerJob job)
    {
        var began = Stopwatch.GetTimestamp();
        var place = t_number > 0 || !Help.IsWorthIt(began) ? -1 : Open(job);
        if (place < 0)
        {
            job.Help();
            job.Wait(0);
            return;
        }
        var own = 0L;
        try
        {
            if (s_helpers < job.Helpers) Start(job.Helpers);
            WakeOne();
            own = job.Help();
        }
        finally
        {
            Volatile.Write(ref Jobs[place], null);
        }
        var waited = Stopwatch.GetTimestamp();
        job.Wait(CallerTurns);
        Help.Learn(began, waited, Stopwatch.GetTimestamp(), own);
    }

    static int Open(WorkerJob job)
    {
        for (var i = 0; i < Places; i++)
            if (Jobs[i] is null && Interlocked.CompareExchange(ref Jobs[i], job, null) is null) return i;
        return -1;
    }

    static WorkerJob? Find()
    {
        for (var i = 0; i < Places; i++)
            if (Volatile.Read(ref Jobs[i]) is { HasWork: true } job && job.Helpers >= t_number) return job;
        return null;
    }

    static void Start(int helpers)
    {
        lock (Starting)
        {
            try
            {
                for (; s_helpers < helpers; s_helpers++)
                {
                    var number = s_helpers + 1;
                    new Thread(() => Serve(number)) { IsBackground = true, Name = $"Torch helper {number}" }.UnsafeStart();
                }
            }
            catch (OutOfMemoryException)
            {
                // The system allows no more threads: those that are there do the work.
            }
        }
    }

    static void Serve(int number)
    {
        t_number = number;
        Workers.Prepare(1);
        while (true)
        {
            if (Look() is not { } job)
            {
                Sleep();
                continue;
            }
            // Each wakes the next, so that nobody wakes all of them.
            WakeOne();
            job.Help();
        }
    }

    static WorkerJob? Look()
    {
        for (var i = 0; i < HelperTurns; i++)
        {
            if (Find() is { } job) return job;
            Thread.SpinWait(1);
        }
        return null;
    }

    static void Sleep()
    {
        Interlocked.Increment(ref s_sleeping);
        // Whoever opened a job since the last look may have seen nobody asleep.
        if (Find() is not null && TryRise()) return;
        Wake.Wait();
    }

    static void WakeOne()
    {
        if (Volatile.Read(ref s_sleeping) > 0 && TryRise()) Wake.Release();
    }

    static bool TryRise()
    {
        while (Volatile.Read(ref s_sleeping) is > 0 and var sleeping)
            if (Interlocked.CompareExchange(ref s_sleeping, sleeping - 1, sleeping) == sleeping) return true;
        return false;
    }
}
