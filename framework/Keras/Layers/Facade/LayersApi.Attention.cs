using System.Runtime.CompilerServices;
using Keras.Constraints;
using Keras.Initializers;
using Keras.Regularizers;

namespace Keras.Layers;

public sealed partial class LayersApi
{
    /// <inheritdoc cref="Layers.AdditiveAttention(bool, double, long?, string, DTypePolicy)"/>
    public AdditiveAttention AdditiveAttention(bool use_scale = true, double dropout = 0, long? seed = null, string? name = null, DTypePolicy? dtype = null) =>
        new(use_scale, dropout, seed, name, dtype);

    /// <inheritdoc cref="Layers.Attention(bool, string, double, long?, string, DTypePolicy)"/>
    public Attention Attention(bool use_scale = false, string score_mode = "dot", double dropout = 0, long? seed = null, string? name = null, DTypePolicy? dtype = null) =>
        new(use_scale, score_mode, dropout, seed, name, dtype);

    /// <inheritdoc cref="Layers.GroupQueryAttention(int, int, int, double, bool, int?, bool?, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, bool, long?, string, DTypePolicy, bool)"/>
    public GroupQueryAttention GroupQueryAttention(int head_dim, int num_query_heads, int num_key_value_heads, double dropout = 0, bool use_bias = true,
        int? sliding_window = null, bool? flash_attention = null, Initializer? kernel_initializer = null, Initializer? bias_initializer = null,
        Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? bias_constraint = null, bool use_gate = false, long? seed = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(head_dim, num_query_heads, num_key_value_heads, dropout, use_bias, sliding_window, flash_attention, kernel_initializer, bias_initializer, kernel_regularizer,
            bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, use_gate, seed, name, dtype, trainable);

    /// <inheritdoc cref="Layers.GroupQueryAttention(int, int, int, double, bool, int?, bool?, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, bool, long?, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public GroupQueryAttention GroupQueryAttention(int head_dim, int num_query_heads, int num_key_value_heads, double dropout = 0, bool use_bias = true,
        int? sliding_window = null, bool? flash_attention = null, Func<Shape, DType, Tensor>? kernel_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null,
        Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? bias_constraint = null, bool use_gate = false, long? seed = null,
        string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(head_dim, num_query_heads, num_key_value_heads, dropout, use_bias, sliding_window, flash_attention, kernel_initializer, bias_initializer, kernel_regularizer,
            bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, use_gate, seed, name, dtype, trainable);

    /// <inheritdoc cref="Layers.MultiHeadAttention(int, int, int?, double, bool, Shape, Axes, int?, bool?, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, bool, long?, string, DTypePolicy, bool)"/>
    public MultiHeadAttention MultiHeadAttention(int num_heads, int key_dim, int? value_dim = null, double dropout = 0, bool use_bias = true, Shape? output_shape = null,
        Axes? attention_axes = null, int? sliding_window = null, bool? flash_attention = null, Initializer? kernel_initializer = null, Initializer? bias_initializer = null,
        Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? bias_constraint = null, bool use_gate = false, long? seed = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(num_heads, key_dim, value_dim, dropout, use_bias, output_shape, attention_axes, sliding_window, flash_attention, kernel_initializer, bias_initializer,
            kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, use_gate, seed, name, dtype, trainable);

    /// <inheritdoc cref="Layers.MultiHeadAttention(int, int, int?, double, bool, Shape, Axes, int?, bool?, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, bool, long?, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public MultiHeadAttention MultiHeadAttention(int num_heads, int key_dim, int? value_dim = null, double dropout = 0, bool use_bias = true, Shape? output_shape = null,
        Axes? attention_axes = null, int? sliding_window = null, bool? flash_attention = null, Func<Shape, DType, Tensor>? kernel_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null,
        Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? bias_constraint = null, bool use_gate = false, long? seed = null,
        string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(num_heads, key_dim, value_dim, dropout, use_bias, output_shape, attention_axes, sliding_window, flash_attention, kernel_initializer, bias_initializer,
            kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, use_gate, seed, name, dtype, trainable);
}
