namespace Keras.Constraints;

/// <summary>Keeps a weight within bounds: optimizers apply it after each step. A layer's argument takes one, or its name: <c>kernel_constraint: "non_neg"</c>.</summary>
/// <remarks>Source: keras/src/constraints/constraints.py.</remarks>
public abstract class Constraint
{
    /// <summary>Returns the weight brought within bounds: Keras' <c>constraint(w)</c>.</summary>
    /// <param name="w">A weight of any shape, floating.</param>
    /// <returns>A tensor of the same shape and dtype.</returns>
    public abstract Tensor call(Tensor w);

    /// <summary>The arguments that recreate the object, under Keras' keys.</summary>
    public virtual Dictionary<string, object?> get_config() => [];

    /// <summary>A constraint by its Keras name, with default options.</summary>
    /// <exception cref="ArgumentException">There is none with that name.</exception>
    public static implicit operator Constraint(string identifier) => Api.keras.constraints.get(identifier)!;

    /// <summary>Makes a constraint from its serialized form in a config.</summary>
    internal static Constraint FromConfig(IReadOnlyDictionary<string, object?> config) => Api.keras.constraints.deserialize(config);

    /// <inheritdoc/>
    public override string ToString() => $"<{GetType().Name}>";
}
