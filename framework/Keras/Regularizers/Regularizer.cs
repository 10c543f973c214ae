namespace Keras.Regularizers;

/// <summary>Penalizes large weights or outputs by an additional loss, against overfitting. A layer's argument takes one, or its name: <c>kernel_regularizer: "l2"</c>.</summary>
/// <remarks>Source: keras/src/regularizers/regularizers.py.</remarks>
public abstract class Regularizer
{
    /// <summary>Computes the loss of a weight or output: Keras' <c>regularizer(x)</c>.</summary>
    /// <param name="x">A weight or an output of any shape, floating.</param>
    /// <returns>A scalar of the same dtype.</returns>
    public abstract Tensor call(Tensor x);

    /// <summary>The arguments that recreate the object, under Keras' keys.</summary>
    public virtual Dictionary<string, object?> get_config() => [];

    /// <summary>A regularizer by its Keras name, with its default factor.</summary>
    /// <exception cref="ArgumentException">There is none with that name.</exception>
    public static implicit operator Regularizer(string identifier) => Api.keras.regularizers.get(identifier)!;

    /// <summary>Makes a regularizer from its serialized form in a config.</summary>
    internal static Regularizer FromConfig(IReadOnlyDictionary<string, object?> config) => Api.keras.regularizers.deserialize(config);

    /// <summary>Checks the factor of a penalty.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    private protected static double Factor(double value, string name) =>
        double.IsFinite(value) && value >= 0 ? value : throw new ArgumentOutOfRangeException(name, value, "The factor is out of range. Expected: a finite number of at least 0.");

    /// <inheritdoc/>
    public override string ToString() => $"<{GetType().Name}>";
}
