using System.Runtime.CompilerServices;
using Keras.Constraints;
using Keras.Initializers;
using Keras.Regularizers;

namespace Keras.Layers;

public sealed partial class LayersApi
{
    /// <inheritdoc cref="Layers.Dense(int, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, int?, double?, string, DTypePolicy, bool)"/>
    public Dense Dense(int units, ActivationFunction? activation = null, bool use_bias = true, Initializer? kernel_initializer = null, Initializer? bias_initializer = null,
        Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? bias_constraint = null, int? lora_rank = null, double? lora_alpha = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(units, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint,
            bias_constraint, lora_rank, lora_alpha, name, dtype, trainable);

    /// <inheritdoc cref="Layers.Dense(int, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, int?, double?, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Dense Dense(int units, ActivationFunction? activation = null, bool use_bias = true, Func<Shape, DType, Tensor>? kernel_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null,
        Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? bias_constraint = null, int? lora_rank = null,
        double? lora_alpha = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(units, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint,
            bias_constraint, lora_rank, lora_alpha, name, dtype, trainable);

    /// <inheritdoc cref="Layers.Dense(int, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, int?, double?, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Dense Dense(int units, Func<Tensor, Tensor>? activation = null, bool use_bias = true, Initializer? kernel_initializer = null, Initializer? bias_initializer = null,
        Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? bias_constraint = null, int? lora_rank = null, double? lora_alpha = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(units, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint,
            bias_constraint, lora_rank, lora_alpha, name, dtype, trainable);

    /// <inheritdoc cref="Layers.Dense(int, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, int?, double?, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Dense Dense(int units, ActivationFunction? activation = null, bool use_bias = true, Initializer? kernel_initializer = null, Initializer? bias_initializer = null,
        Func<Tensor, Tensor>? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? bias_constraint = null, int? lora_rank = null, double? lora_alpha = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(units, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint,
            bias_constraint, lora_rank, lora_alpha, name, dtype, trainable);

    /// <inheritdoc cref="Layers.EinsumDense(string, Shape, ActivationFunction, string, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    public EinsumDense EinsumDense(string equation, Shape output_shape, ActivationFunction? activation = null, string? bias_axes = null, Initializer? kernel_initializer = null,
        Initializer? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null,
        Constraint? kernel_constraint = null, Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(equation, output_shape, activation, bias_axes, kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer,
            kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Layers.EinsumDense(string, Shape, ActivationFunction, string, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public EinsumDense EinsumDense(string equation, Shape output_shape, ActivationFunction? activation = null, string? bias_axes = null,
        Func<Shape, DType, Tensor>? kernel_initializer = null, Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? kernel_regularizer = null,
        Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? bias_constraint = null,
        string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(equation, output_shape, activation, bias_axes, kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer,
            kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Layers.EinsumDense(string, Shape, ActivationFunction, string, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public EinsumDense EinsumDense(string equation, Shape output_shape, Func<Tensor, Tensor>? activation = null, string? bias_axes = null, Initializer? kernel_initializer = null,
        Initializer? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null,
        Constraint? kernel_constraint = null, Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(equation, output_shape, activation, bias_axes, kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer,
            kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Layers.Embedding(int, int, Initializer, Regularizer, Constraint, bool, string, DTypePolicy, bool, Regularizer)"/>
    public Embedding Embedding(int input_dim, int output_dim, Initializer? embeddings_initializer = null, Regularizer? embeddings_regularizer = null,
        Constraint? embeddings_constraint = null, bool mask_zero = false, string? name = null, DTypePolicy? dtype = null, bool trainable = true,
        Regularizer? activity_regularizer = null) =>
        new(input_dim, output_dim, embeddings_initializer, embeddings_regularizer, embeddings_constraint, mask_zero, name, dtype, trainable, activity_regularizer);

    /// <inheritdoc cref="Layers.Embedding(int, int, Initializer, Regularizer, Constraint, bool, string, DTypePolicy, bool, Regularizer)"/>
    [OverloadResolutionPriority(-1)]
    public Embedding Embedding(int input_dim, int output_dim, Func<Shape, DType, Tensor>? embeddings_initializer = null, Regularizer? embeddings_regularizer = null,
        Constraint? embeddings_constraint = null, bool mask_zero = false, string? name = null, DTypePolicy? dtype = null, bool trainable = true,
        Regularizer? activity_regularizer = null) =>
        new(input_dim, output_dim, embeddings_initializer, embeddings_regularizer, embeddings_constraint, mask_zero, name, dtype, trainable, activity_regularizer);

    /// <inheritdoc cref="Layers.Identity(string, DTypePolicy)"/>
    public Identity Identity(string? name = null, DTypePolicy? dtype = null) => new(name, dtype);

    /// <inheritdoc cref="Layers.InputLayer(Shape, int?, DType, Shape, bool, string)"/>
    public InputLayer InputLayer(Shape? shape = null, int? batch_size = null, DType? dtype = null, Shape? batch_shape = null, bool optional = false, string? name = null) =>
        new(shape, batch_size, dtype, batch_shape, optional, name);

    /// <inheritdoc cref="Layers.Lambda(Func{Tensors, Tensors}, Shape, Func{Tensors, Tensor, Tensor}, string, DTypePolicy)"/>
    public Lambda Lambda(Func<Tensors, Tensors> function, Shape? output_shape = null, Func<Tensors, Tensor?, Tensor?>? mask = null, string? name = null,
        DTypePolicy? dtype = null) =>
        new(function, output_shape, mask, name, dtype);

    /// <inheritdoc cref="Layers.Masking(double, string, DTypePolicy)"/>
    public Masking Masking(double mask_value = 0, string? name = null, DTypePolicy? dtype = null) => new(mask_value, name, dtype);

    /// <inheritdoc cref="Layers.ReversibleEmbedding(int, int, bool, Initializer, Regularizer, Constraint, bool, string, double?, string, DTypePolicy, bool, Regularizer)"/>
    public ReversibleEmbedding ReversibleEmbedding(int input_dim, int output_dim, bool tie_weights = true, Initializer? embeddings_initializer = null,
        Regularizer? embeddings_regularizer = null, Constraint? embeddings_constraint = null, bool mask_zero = false, string? reverse_dtype = null, double? logit_soft_cap = null,
        string? name = null, DTypePolicy? dtype = null, bool trainable = true, Regularizer? activity_regularizer = null) =>
        new(input_dim, output_dim, tie_weights, embeddings_initializer, embeddings_regularizer, embeddings_constraint, mask_zero, reverse_dtype, logit_soft_cap, name, dtype,
            trainable, activity_regularizer);

    /// <inheritdoc cref="Layers.ReversibleEmbedding(int, int, bool, Initializer, Regularizer, Constraint, bool, string, double?, string, DTypePolicy, bool, Regularizer)"/>
    [OverloadResolutionPriority(-1)]
    public ReversibleEmbedding ReversibleEmbedding(int input_dim, int output_dim, bool tie_weights = true, Func<Shape, DType, Tensor>? embeddings_initializer = null,
        Regularizer? embeddings_regularizer = null, Constraint? embeddings_constraint = null, bool mask_zero = false, string? reverse_dtype = null,
        double? logit_soft_cap = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true, Regularizer? activity_regularizer = null) =>
        new(input_dim, output_dim, tie_weights, embeddings_initializer, embeddings_regularizer, embeddings_constraint, mask_zero, reverse_dtype, logit_soft_cap, name,
            dtype, trainable, activity_regularizer);

    /// <inheritdoc cref="Layers.TFSMLayer(string, string, string, bool)"/>
    public TFSMLayer TFSMLayer(string filepath, string call_endpoint = "serving_default", string? name = null, bool allow_file_ops = false) => new(filepath, call_endpoint, name, allow_file_ops);
}
