namespace Keras;

/// <summary>keras.dtype_policies: finds dtype policies by name and serializes them.</summary>
public sealed class DTypePoliciesApi
{
    internal DTypePoliciesApi() { }

    /// <summary>A policy by its name; the global one for null.</summary>
    /// <exception cref="ArgumentException">There is none with that name.</exception>
    public DTypePolicy get(string? identifier) => identifier is null ? DTypePolicy.Global : new(identifier);

    /// <summary>Returns the policy unchanged; the global one for null.</summary>
    public DTypePolicy get(DTypePolicy? identifier) => identifier ?? DTypePolicy.Global;

    /// <summary>Makes a policy from its serialized form.</summary>
    /// <exception cref="ArgumentException">The form has no name of a policy.</exception>
    public DTypePolicy deserialize(IReadOnlyDictionary<string, object?> config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return DTypePolicy.FromConfig(config);
    }

    /// <summary>The serialized form of a policy.</summary>
    public Dictionary<string, object?> serialize(DTypePolicy dtype_policy) => (dtype_policy ?? throw new ArgumentNullException(nameof(dtype_policy))).ToConfig();
}

/// <summary>keras.mixed_precision: the dtype policy of new layers, as in <c>keras.config</c>.</summary>
public sealed class MixedPrecisionApi
{
    internal MixedPrecisionApi() { }

    /// <summary>The dtype policy of layers that are not given one: "float32" by default.</summary>
    public DTypePolicy dtype_policy() => Keras.DTypePolicy.Global;

    /// <inheritdoc cref="dtype_policy"/>
    public DTypePolicy global_policy() => Keras.DTypePolicy.Global;

    /// <summary>Sets the dtype policy of layers that are not given one.</summary>
    public void set_dtype_policy(DTypePolicy policy) => Api.keras.config.set_dtype_policy(policy);

    /// <inheritdoc cref="set_dtype_policy"/>
    public void set_global_policy(DTypePolicy policy) => Api.keras.config.set_dtype_policy(policy);

    /// <inheritdoc cref="DTypePolicy(string)"/>
    public DTypePolicy DTypePolicy(string name) => new(name);

    /// <inheritdoc cref="DTypePolicy(string)"/>
    public DTypePolicy Policy(string name) => new(name);

    /// <inheritdoc cref="Optimizers.LossScaleOptimizer(Optimizers.Optimizer, double, int, string)"/>
    public Optimizers.LossScaleOptimizer LossScaleOptimizer(Optimizers.Optimizer inner_optimizer, double initial_scale = 32768, int dynamic_growth_steps = 2000, string? name = null) =>
        new(inner_optimizer, initial_scale, dynamic_growth_steps, name);
}
