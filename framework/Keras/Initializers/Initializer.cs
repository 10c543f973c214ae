using Keras.Graphs;

namespace Keras.Initializers;

/// <summary>Makes the first value of a weight.</summary>
public abstract class Initializer
{
    /// <summary>A value: Keras' <c>initializer(shape, dtype)</c>.</summary>
    /// <param name="shape">The weight's shape.</param>
    /// <param name="dtype">The weight's dtype.</param>
    public abstract Tensor call(Shape shape, DType dtype);

    /// <summary>What a class needs to be made again, under Keras' keys.</summary>
    public virtual Dictionary<string, object?> get_config() => [];
}

/// <summary>All zeros.</summary>
public sealed class Zeros : Initializer
{
    /// <inheritdoc/>
    public override Tensor call(Shape shape, DType dtype) => Tf.Zeros(shape, dtype);
}

/// <summary>All ones.</summary>
public sealed class Ones : Initializer
{
    /// <inheritdoc/>
    public override Tensor call(Shape shape, DType dtype) => Tf.Full(shape, 1, dtype);
}
