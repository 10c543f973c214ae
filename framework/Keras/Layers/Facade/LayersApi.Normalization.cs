using System.Runtime.CompilerServices;
using Keras.Constraints;
using Keras.Initializers;
using Keras.Regularizers;

namespace Keras.Layers;

public sealed partial class LayersApi
{
    /// <inheritdoc cref="Layers.BatchNormalization(int, double, double, bool, bool, Initializer, Initializer, Initializer, Initializer, Regularizer, Regularizer, Constraint, Constraint, bool, bool, Dictionary{string, double}, double, string, DTypePolicy, bool)"/>
    public BatchNormalization BatchNormalization(int axis = -1, double momentum = 0.99, double epsilon = 1e-3, bool center = true, bool scale = true,
        Initializer? beta_initializer = null, Initializer? gamma_initializer = null, Initializer? moving_mean_initializer = null, Initializer? moving_variance_initializer = null,
        Regularizer? beta_regularizer = null, Regularizer? gamma_regularizer = null, Constraint? beta_constraint = null, Constraint? gamma_constraint = null,
        bool synchronized = false, bool renorm = false, Dictionary<string, double>? renorm_clipping = null, double renorm_momentum = 0.99, string? name = null,
        DTypePolicy? dtype = null, bool trainable = true) =>
        new(axis, momentum, epsilon, center, scale, beta_initializer, gamma_initializer, moving_mean_initializer, moving_variance_initializer, beta_regularizer,
            gamma_regularizer, beta_constraint, gamma_constraint, synchronized, renorm, renorm_clipping, renorm_momentum, name, dtype, trainable);

    /// <inheritdoc cref="Layers.BatchNormalization(int, double, double, bool, bool, Initializer, Initializer, Initializer, Initializer, Regularizer, Regularizer, Constraint, Constraint, bool, bool, Dictionary{string, double}, double, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public BatchNormalization BatchNormalization(int axis = -1, double momentum = 0.99, double epsilon = 1e-3, bool center = true, bool scale = true,
        Func<Shape, DType, Tensor>? beta_initializer = null, Func<Shape, DType, Tensor>? gamma_initializer = null,
        Func<Shape, DType, Tensor>? moving_mean_initializer = null, Func<Shape, DType, Tensor>? moving_variance_initializer = null, Regularizer? beta_regularizer = null,
        Regularizer? gamma_regularizer = null, Constraint? beta_constraint = null, Constraint? gamma_constraint = null, bool synchronized = false, bool renorm = false,
        Dictionary<string, double>? renorm_clipping = null, double renorm_momentum = 0.99, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(axis, momentum, epsilon, center, scale, beta_initializer, gamma_initializer, moving_mean_initializer, moving_variance_initializer, beta_regularizer,
            gamma_regularizer, beta_constraint, gamma_constraint, synchronized, renorm, renorm_clipping, renorm_momentum, name, dtype, trainable);

    /// <inheritdoc cref="Layers.GroupNormalization(int, int, double, bool, bool, Initializer, Initializer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    public GroupNormalization GroupNormalization(int groups = 32, int axis = -1, double epsilon = 1e-3, bool center = true, bool scale = true,
        Initializer? beta_initializer = null, Initializer? gamma_initializer = null, Regularizer? beta_regularizer = null, Regularizer? gamma_regularizer = null,
        Constraint? beta_constraint = null, Constraint? gamma_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(groups, axis, epsilon, center, scale, beta_initializer, gamma_initializer, beta_regularizer, gamma_regularizer, beta_constraint, gamma_constraint, name, dtype,
            trainable);

    /// <inheritdoc cref="Layers.GroupNormalization(int, int, double, bool, bool, Initializer, Initializer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public GroupNormalization GroupNormalization(int groups = 32, int axis = -1, double epsilon = 1e-3, bool center = true, bool scale = true,
        Func<Shape, DType, Tensor>? beta_initializer = null, Func<Shape, DType, Tensor>? gamma_initializer = null, Regularizer? beta_regularizer = null,
        Regularizer? gamma_regularizer = null, Constraint? beta_constraint = null, Constraint? gamma_constraint = null, string? name = null, DTypePolicy? dtype = null,
        bool trainable = true) =>
        new(groups, axis, epsilon, center, scale, beta_initializer, gamma_initializer, beta_regularizer, gamma_regularizer, beta_constraint, gamma_constraint, name,
            dtype, trainable);

    /// <inheritdoc cref="Layers.LayerNormalization(Axes, double, bool, bool, bool, Initializer, Initializer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    public LayerNormalization LayerNormalization(Axes? axis = null, double epsilon = 1e-3, bool center = true, bool scale = true, bool rms_scaling = false,
        Initializer? beta_initializer = null, Initializer? gamma_initializer = null, Regularizer? beta_regularizer = null, Regularizer? gamma_regularizer = null,
        Constraint? beta_constraint = null, Constraint? gamma_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(axis, epsilon, center, scale, rms_scaling, beta_initializer, gamma_initializer, beta_regularizer, gamma_regularizer, beta_constraint, gamma_constraint, name,
            dtype, trainable);

    /// <inheritdoc cref="Layers.LayerNormalization(Axes, double, bool, bool, bool, Initializer, Initializer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public LayerNormalization LayerNormalization(Axes? axis = null, double epsilon = 1e-3, bool center = true, bool scale = true, bool rms_scaling = false,
        Func<Shape, DType, Tensor>? beta_initializer = null, Func<Shape, DType, Tensor>? gamma_initializer = null, Regularizer? beta_regularizer = null,
        Regularizer? gamma_regularizer = null, Constraint? beta_constraint = null, Constraint? gamma_constraint = null, string? name = null, DTypePolicy? dtype = null,
        bool trainable = true) =>
        new(axis, epsilon, center, scale, rms_scaling, beta_initializer, gamma_initializer, beta_regularizer, gamma_regularizer, beta_constraint, gamma_constraint, name,
            dtype, trainable);

    /// <inheritdoc cref="Layers.RMSNormalization(Axes, double, string, DTypePolicy, bool)"/>
    public RMSNormalization RMSNormalization(Axes? axis = null, double epsilon = 1e-6, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(axis, epsilon, name, dtype, trainable);

    /// <inheritdoc cref="Layers.SpectralNormalization(Layer, int, string, DTypePolicy)"/>
    public SpectralNormalization SpectralNormalization(Layer layer, int power_iterations = 1, string? name = null, DTypePolicy? dtype = null) =>
        new(layer, power_iterations, name, dtype);

    /// <inheritdoc cref="Layers.UnitNormalization(Axes, string, DTypePolicy)"/>
    public UnitNormalization UnitNormalization(Axes? axis = null, string? name = null, DTypePolicy? dtype = null) => new(axis, name, dtype);
}
