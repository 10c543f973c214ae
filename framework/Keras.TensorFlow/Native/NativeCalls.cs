namespace Keras.Engines.TensorFlow;

/// <summary>Ends the process cleanly: TensorFlow's static objects are destroyed at exit, and a thread that still runs in the library would crash then.</summary>
/// <remarks>At exit running calls are waited for, new ones of other threads wait forever, and handles are no longer deleted.</remarks>
static class NativeCalls
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    static int s_running;
    static volatile int s_closedBy;

    static NativeCalls() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Close();

    /// <summary>Whether the process is ending.</summary>
    public static bool AreClosed => s_closedBy != 0;

    /// <summary>Begins a call that lasts until the result is disposed.</summary>
    public static Call Enter()
    {
        Interlocked.Increment(ref s_running);
        if (s_closedBy != 0 && s_closedBy != Environment.CurrentManagedThreadId) WaitForTheEnd();
        return default;
    }

    /// <summary>A call that is under way, until it is disposed.</summary>
    public readonly ref struct Call : IDisposable
    {
        /// <summary>Ends the call.</summary>
        public void Dispose() => Interlocked.Decrement(ref s_running);
    }

    static void WaitForTheEnd()
    {
        Interlocked.Decrement(ref s_running);
        Thread.Sleep(Timeout.Infinite);
    }

    static void Close()
    {
        s_closedBy = Environment.CurrentManagedThreadId;
        var until = DateTime.UtcNow + Patience;
        do Thread.Sleep(1);
        while (Interlocked.CompareExchange(ref s_running, 0, 0) > 0 && DateTime.UtcNow < until);
    }
}
