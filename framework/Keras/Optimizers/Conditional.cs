using Keras.Graphs;

namespace Keras.Optimizers;

/// <summary>Updates that depend on a value: a branch of a traced step, or a decision on the host.</summary>
static class Conditional
{
    public static void Run(Tensor predicate, Action then, Action otherwise) => ControlFlow.If(predicate, Branch(then), Branch(otherwise));

    static Func<Tensor[]> Branch(Action action) => () =>
    {
        action();
        return [];
    };
}
