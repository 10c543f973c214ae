namespace Keras;

/// <summary>A function of a tensor that a layer applies to its result: one of Keras' by name, or any of your own.</summary>
public sealed class ActivationFunction
{
    readonly Func<Tensor, Tensor> _apply;

    /// <summary>An activation of your own.</summary>
    /// <param name="apply">The function.</param>
    /// <param name="name">Its name in configs; default the method's.</param>
    public ActivationFunction(Func<Tensor, Tensor> apply, string? name = null)
    {
        _apply = apply ?? throw new ArgumentNullException(nameof(apply));
        this.name = name ?? apply.Method.Name;
    }

    /// <summary>The name in configs.</summary>
    public string name { get; }

    /// <summary>Applies the function.</summary>
    /// <param name="x">Any shape, floating.</param>
    /// <returns>A tensor of the same shape, but for "glu".</returns>
    public Tensor Apply(Tensor x) => _apply(x);

    /// <summary>One of Keras' activations.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static implicit operator ActivationFunction(string name) => Api.keras.activations.get(name);

    /// <summary>An activation of your own.</summary>
    public static implicit operator ActivationFunction(Func<Tensor, Tensor> apply) => new(apply);

    /// <inheritdoc/>
    public override string ToString() => name;
}
