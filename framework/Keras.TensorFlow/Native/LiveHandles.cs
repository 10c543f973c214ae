namespace Keras.Engines.TensorFlow;

/// <summary>The kinds of objects that native handles stand for.</summary>
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

/// <summary>Counts native handles, created minus released, so that tests can prove that nothing leaks.</summary>
static class LiveHandles
{
    static readonly long[] Counts = new long[Enum.GetValues<HandleKind>().Length];

    /// <summary>Handles of this kind that are alive now.</summary>
    public static long Of(HandleKind kind) => Interlocked.Read(ref Counts[(int)kind]);

    internal static void Created(HandleKind kind) => Interlocked.Increment(ref Counts[(int)kind]);

    internal static void Released(HandleKind kind) => Interlocked.Decrement(ref Counts[(int)kind]);
}
