using Keras.SavedModelProtos;

namespace Keras.Engines.TensorFlow;

/// <summary>Settings of the TensorFlow engine.</summary>
/// <param name="IntraOpThreads">Threads that one op may use; 0 lets TensorFlow take all cores.</param>
/// <param name="InterOpThreads">Ops of one graph that may run at once; 0 lets TensorFlow choose.</param>
sealed record TensorFlowOptions(int IntraOpThreads = 0, int InterOpThreads = 0)
{
    internal ConfigProto ToProto() => new()
    {
        IntraOpParallelismThreads = IntraOpThreads,
        InterOpParallelismThreads = InterOpThreads,
        AllowSoftPlacement = true,
        GraphOptions = new GraphOptions { RewriteOptions = new RewriterConfig() },
    };
}
