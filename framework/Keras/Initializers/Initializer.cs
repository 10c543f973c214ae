using System.Diagnostics.CodeAnalysis;

namespace Keras.Initializers;

/// <summary>Makes the initial value of a weight. A layer's argument takes one, or its name: <c>kernel_initializer: "he_normal"</c>.</summary>
public abstract class Initializer
{
    /// <summary>Makes a value of a shape and dtype: Keras' <c>initializer(shape, dtype)</c>.</summary>
    /// <param name="shape">The weight's shape.</param>
    /// <param name="dtype">The weight's dtype.</param>
    public abstract Tensor call(Shape shape, DType dtype);

    /// <summary>The arguments that recreate the object, under Keras' keys.</summary>
    public virtual Dictionary<string, object?> get_config() => [];

    /// <summary>An initializer by its Keras name.</summary>
    /// <exception cref="ArgumentException">There is none with that name.</exception>
    public static implicit operator Initializer(string identifier) => Api.keras.initializers.get(identifier)!;

    /// <summary>Makes an initializer from your own function; a config cannot hold it. Null for null.</summary>
    /// <remarks>C# converts no lambda by an operator, so layers have a form of their own in which every initializer is a function. Beside a name or a class write
    /// <c>keras.initializers.get((shape, dtype) => ...)</c>.</remarks>
    [return: NotNullIfNotNull(nameof(function))]
    public static implicit operator Initializer?(Func<Shape, DType, Tensor>? function) => function is null ? null : new FunctionInitializer(function);

    /// <summary>Makes an initializer from its serialized form in a config.</summary>
    internal static Initializer FromConfig(IReadOnlyDictionary<string, object?> config) => Api.keras.initializers.deserialize(config);

    /// <inheritdoc/>
    public override string ToString() => $"<{GetType().Name}>";
}
