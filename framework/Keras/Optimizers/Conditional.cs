using Keras.Graphs;

namespace Keras.Optimizers;

/// <summary>Runs updates that depend on a value: by a branch in a traced step, otherwise by a decision on the host.</summary>
static class Conditional
{
    public static void Run(Tensor predicate, Action then, Action otherwise) => ControlFlow.If(predicate, Branch(then), Branch(otherwise));

    static Func<Tensor[]> Branch(Action action) => () =>
    {
        action();
        return [];
    };
}
