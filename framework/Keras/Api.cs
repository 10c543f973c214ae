namespace Keras;

/// <summary>Keras' entry points: <c>using static Keras.Api;</c> gives <c>keras.layers.Dense(64)</c> and <c>ops.matmul(a, b)</c>.</summary>
public static class Api
{
    /// <summary>The entry point to layers, models, losses and everything else in Python's <c>keras</c> module.</summary>
    public static KerasApi keras { get; } = new();

    /// <summary>The operations on tensors of Python's <c>keras.ops</c>.</summary>
    public static OpsApi ops => keras.ops;
}

/// <summary>The entry points of Keras, as in Python's <c>keras</c>.</summary>
public sealed partial class KerasApi
{
    internal KerasApi() { }

    /// <summary>Operations on tensors: mathematics, linear algebra, indexing, neural networks.</summary>
    public OpsApi ops { get; } = OpsApi.Instance;

    /// <summary>Settings: backend, floatx, epsilon, logger.</summary>
    public ConfigApi config { get; } = new();

    /// <summary>Utilities: random seeds, one-hot labels, padding, folders of files as data, pictures of models.</summary>
    public UtilsApi utils { get; } = new();
}
