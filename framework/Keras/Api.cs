namespace Keras;

/// <summary>Keras' entry points: <c>using static Keras.Api;</c> gives <c>keras.layers.Dense(64)</c> and <c>ops.matmul(a, b)</c>.</summary>
public static class Api
{
    /// <summary>What Python's <c>keras</c> module holds.</summary>
    public static KerasApi keras { get; } = new();

    /// <summary>What Python's <c>keras.ops</c> holds.</summary>
    public static OpsApi ops => keras.ops;
}

/// <summary>The entry points of Keras, as in Python's <c>keras</c>.</summary>
public sealed partial class KerasApi
{
    internal KerasApi() { }

    /// <summary>Operations on tensors.</summary>
    public OpsApi ops { get; } = OpsApi.Instance;

    /// <summary>Settings: backend, floatx, epsilon, logger.</summary>
    public ConfigApi config { get; } = new();

    /// <summary>Helpers: <c>set_random_seed</c>.</summary>
    public UtilsApi utils { get; } = new();
}
