namespace Keras.Engines.TensorFlow;

/// <summary>The kinds of native objects that are counted.</summary>
enum HandleKind
{
    Status,
    Tensor,
    Buffer,
    Context,
    EagerTensor,
    Op,
    Function,
    Graph,
    Session,
    HostMemory,
}

/// <summary>Counts native handles, created minus released, so that tests can check for leaks.</summary>
static class LiveHandles
{
    static readonly long[] Counts = new long[Enum.GetValues<HandleKind>().Length];

    /// <summary>The number of live handles of this kind.</summary>
    public static long Of(HandleKind kind) => Interlocked.Read(ref Counts[(int)kind]);

    internal static void Created(HandleKind kind) => Interlocked.Increment(ref Counts[(int)kind]);

    internal static void Released(HandleKind kind) => Interlocked.Decrement(ref Counts[(int)kind]);
}
