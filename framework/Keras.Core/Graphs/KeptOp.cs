namespace Keras.Graphs;

/// <summary>An operation on Keras' symbolic inputs outside layers: remembered as a whole under Keras' name, as model configs store it.</summary>
/// <param name="name">The function of <c>keras.ops</c>.</param>
sealed class KeptOp(string name)
{
    /// <summary>Remembers a function of <c>keras.ops</c> with its arguments in order, and returns its result; set by functional models, which are defined above this assembly.</summary>
    public static Func<string, object?[], object>? Keeper { get; set; }

    [ThreadStatic] static bool s_isInferring;

    /// <summary>Infers the shapes of one operation until disposed: its parts are not remembered, and parts on known values run at once.</summary>
    public static IDisposable Infer()
    {
        var suspended = Graph.Suspend();
        s_isInferring = true;
        return new Engines.Scope(() =>
        {
            s_isInferring = false;
            suspended.Dispose();
        });
    }

    /// <summary>Whether operations on a tensor are remembered here.</summary>
    public static bool Concerns(Tensor? tensor) => tensor is SymbolicTensor { Node.Graph.IsScratch: true } && Graph.Current is null && !s_isInferring && Keeper is not null;

    /// <summary>The operation to remember; null where it is computed at once, traced, or within a layer.</summary>
    public static KeptOp? Of(string name, Tensor? a, Tensor? b = null) => Concerns(a) || Concerns(b) ? new(name) : null;

    /// <summary>Remembers the operation.</summary>
    public T Run<T>(params object?[] arguments) => (T)Keeper!(name, arguments);

    /// <summary>A plain number that takes the dtype of the tensor beside it.</summary>
    public static object Number(Tensor beside, double value) => beside.dtype.IsFloating || value != Math.Truncate(value) || Math.Abs(value) > long.MaxValue / 2 ? (object)value : (object)(long)value;
}
