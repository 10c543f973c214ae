using System.Runtime.CompilerServices;
using Keras.Constraints;
using Keras.Initializers;
using Keras.Regularizers;

namespace Keras.Layers;

public sealed partial class LayersApi
{
    /// <inheritdoc cref="Layers.Activation(ActivationFunction, string, DTypePolicy)"/>
    public Activation Activation(ActivationFunction activation, string? name = null, DTypePolicy? dtype = null) => new(activation, name, dtype);

    /// <inheritdoc cref="Layers.Activation(Func{Tensor, Tensor}, string, DTypePolicy)"/>
    public Activation Activation(Func<Tensor, Tensor> activation, string? name = null, DTypePolicy? dtype = null) => new(activation, name, dtype);

    /// <inheritdoc cref="Layers.ELU(double, string, DTypePolicy)"/>
    public ELU ELU(double alpha = 1, string? name = null, DTypePolicy? dtype = null) => new(alpha, name, dtype);

    /// <inheritdoc cref="Layers.LeakyReLU(double, string, DTypePolicy)"/>
    public LeakyReLU LeakyReLU(double negative_slope = 0.3, string? name = null, DTypePolicy? dtype = null) => new(negative_slope, name, dtype);

    /// <inheritdoc cref="Layers.PReLU(Initializer, Regularizer, Constraint, Axes, string, DTypePolicy, bool)"/>
    public PReLU PReLU(Initializer? alpha_initializer = null, Regularizer? alpha_regularizer = null, Constraint? alpha_constraint = null, Axes? shared_axes = null,
        string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(alpha_initializer, alpha_regularizer, alpha_constraint, shared_axes, name, dtype, trainable);

    /// <inheritdoc cref="Layers.PReLU(Initializer, Regularizer, Constraint, Axes, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public PReLU PReLU(Func<Shape, DType, Tensor>? alpha_initializer = null, Regularizer? alpha_regularizer = null, Constraint? alpha_constraint = null,
        Axes? shared_axes = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(alpha_initializer, alpha_regularizer, alpha_constraint, shared_axes, name, dtype, trainable);

    /// <inheritdoc cref="Layers.ReLU(double?, double, double, string, DTypePolicy)"/>
    public ReLU ReLU(double? max_value = null, double negative_slope = 0, double threshold = 0, string? name = null, DTypePolicy? dtype = null) =>
        new(max_value, negative_slope, threshold, name, dtype);

    /// <inheritdoc cref="Layers.Softmax(Axes, string, DTypePolicy)"/>
    public Softmax Softmax(Axes? axis = null, string? name = null, DTypePolicy? dtype = null) => new(axis, name, dtype);
}
