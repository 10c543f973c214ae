namespace Keras.Optimizers;

/// <summary>Updates that depend on a value: a branch of a traced step, or a decision on the host.</summary>
static class Conditional
{
    public static void Run(Tensor predicate, Action then, Action otherwise)
    {
        if (predicate is EagerTensor eager)
        {
            if (eager.ToScalar<bool>()) then();
            else otherwise();
            return;
        }
        throw new UnsupportedException("Conditional updates need control flow in traced steps");
    }
}
