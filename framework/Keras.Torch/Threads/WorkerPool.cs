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

    [ThreadStatic] static bool t_isHelping;

    /// <summary>Runs a job with at most so many helpers and returns when it is done.</summary>
    public static void Run(WorkerJob job, int helpers)
    {
        var began = Stopwatch.GetTimestamp();
        var place = t_isHelping || !Help.IsWorthIt(began) ? -1 : Open(job);
        if (place < 0)
        {
            job.Help();
            job.Wait(0);
            return;
        }
        if (s_helpers < helpers) Start(helpers);
        if (Volatile.Read(ref s_sleeping) > 0) WakeOne();
        try
        {
            job.Help();
        }
        finally
        {
            Volatile.Write(ref Jobs[place], null);
        }
        var waited = Stopwatch.GetTimestamp();
        job.Wait(CallerTurns);
        Help.Learn(began, waited, Stopwatch.GetTimestamp());
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
            if (Volatile.Read(ref Jobs[i]) is { HasWork: true } job) return job;
        return null;
    }

    static void Start(int helpers)
    {
        lock (Starting)
            while (s_helpers < helpers)
            {
                s_helpers++;
                new Thread(Serve) { IsBackground = true, Name = $"Torch helper {s_helpers}" }.Start();
            }
    }

    static void Serve()
    {
        t_isHelping = true;
        Workers.Prepare(1);
        while (true)
        {
            if (Look() is { } job) job.Help();
            else Sleep();
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
        if (TryRise()) Wake.Release();
    }

    static bool TryRise()
    {
        while (Volatile.Read(ref s_sleeping) is > 0 and var sleeping)
            if (Interlocked.CompareExchange(ref s_sleeping, sleeping - 1, sleeping) == sleeping) return true;
        return false;
    }
}
