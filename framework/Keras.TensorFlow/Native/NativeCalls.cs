namespace Keras.Engines.TensorFlow;

/// <summary>Lets the process end cleanly: TensorFlow's static objects are destroyed at exit, when a thread still in the library would crash.</summary>
/// <remarks>At exit it waits for running calls, blocks new ones of other threads forever, and no longer deletes handles.</remarks>
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

    /// <summary>A call in progress, until disposed.</summary>
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
