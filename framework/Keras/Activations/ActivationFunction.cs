using System.Diagnostics.CodeAnalysis;

namespace Keras;

/// <summary>The activation function that a layer applies to its result: one of Keras' by name, or your own.</summary>
/// <remarks>Keras' own functions (<c>keras.activations.relu</c>, <c>ops.tanh</c>) are known by their names, so a config can hold them.</remarks>
public sealed class ActivationFunction
{
    readonly Func<Tensor, Tensor> _apply;
    readonly bool _known;

    /// <summary>Makes an activation from your own function.</summary>
    /// <param name="apply">The function.</param>
    /// <param name="name">Its name in messages and summaries; default the method's.</param>
    public ActivationFunction(Func<Tensor, Tensor> apply, string? name = null)
    {
        _apply = apply ?? throw new ArgumentNullException(nameof(apply));
        this.name = name ?? FunctionNames.Of(apply);
        _known = IsKnown(apply);
    }

    internal ActivationFunction(string name, Func<Tensor, Tensor> apply) => (this.name, _apply, _known) = (name, apply, true);

    /// <summary>Whether Keras knows the function; the operation gelu has another default than the activation, so it is not the same.</summary>
    static bool IsKnown(Delegate apply) => FunctionNames.Known(apply, Api.keras.activations.Has) is { } known && (known != nameof(OpsApi.gelu) || apply.Method.DeclaringType != typeof(OpsApi));

    /// <summary>The name of Keras' function, or of your own.</summary>
    public string name { get; }

    /// <summary>The name in a config.</summary>
    /// <exception cref="UnsupportedException">The function is a user's own, so that a config cannot hold it.</exception>
    internal string ConfigName => _known ? name
        : throw new UnsupportedException("An activation function of your own cannot be written into a config", name, "one of keras.activations", $"the function '{name}'",
            "Make it a layer that derives from Layer, and give that layer's type to custom_objects when loading; or save the weights alone with save_weights, or the model for inference with export.");

    /// <summary>Applies the function to a tensor.</summary>
    /// <param name="x">Any shape, floating.</param>
    /// <returns>A tensor of the same shape, but for "glu".</returns>
    public Tensor Apply(Tensor x) => _apply(x);

    /// <summary>One of Keras' activations, by its name.</summary>
    /// <exception cref="ArgumentException">There is none with that name.</exception>
    public static implicit operator ActivationFunction(string name) => Api.keras.activations.get(name);

    /// <summary>Your own function as an activation; null for null.</summary>
    [return: NotNullIfNotNull(nameof(apply))]
    public static implicit operator ActivationFunction?(Func<Tensor, Tensor>? apply) => apply is null ? null : new(apply);

    /// <inheritdoc/>
    public override string ToString() => name;
}
