using System.Runtime.CompilerServices;
using Keras.Constraints;
using Keras.Initializers;
using Keras.Regularizers;

namespace Keras.Layers;

// Recurrent convolutions.
public sealed partial class LayersApi
{
    /// <inheritdoc cref="Layers.ConvLSTM1D(int, Axes, Axes, string, string, Axes, ActivationFunction, ActivationFunction, bool, Initializer, Initializer, Initializer, bool, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, long?, bool, bool, bool, bool, bool, bool, string, DTypePolicy, bool)"/>
    public ConvLSTM1D ConvLSTM1D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null,
        ActivationFunction? activation = null, ActivationFunction? recurrent_activation = null, bool use_bias = true, Initializer? kernel_initializer = null,
        Initializer? recurrent_initializer = null, Initializer? bias_initializer = null, bool unit_forget_bias = true, Regularizer? kernel_regularizer = null,
        Regularizer? recurrent_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? recurrent_constraint = null, Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0, long? seed = null,
        bool return_sequences = false, bool return_state = false, bool go_backwards = false, bool stateful = false, bool unroll = false,
        bool zero_output_for_mask = false, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(filters, kernel_size, strides, padding, data_format, dilation_rate, activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer,
            bias_initializer, unit_forget_bias, kernel_regularizer, recurrent_regularizer, bias_regularizer, activity_regularizer, kernel_constraint,
            recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed, return_sequences, return_state, go_backwards, stateful, unroll,
            zero_output_for_mask, name, dtype, trainable);

    /// <inheritdoc cref="Layers.ConvLSTM1D(int, Axes, Axes, string, string, Axes, ActivationFunction, ActivationFunction, bool, Initializer, Initializer, Initializer, bool, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, long?, bool, bool, bool, bool, bool, bool, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public ConvLSTM1D ConvLSTM1D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null,
        ActivationFunction? activation = null, ActivationFunction? recurrent_activation = null, bool use_bias = true,
        Func<Shape, DType, Tensor>? kernel_initializer = null, Func<Shape, DType, Tensor>? recurrent_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, bool unit_forget_bias = true, Regularizer? kernel_regularizer = null,
        Regularizer? recurrent_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? recurrent_constraint = null, Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0, long? seed = null,
        bool return_sequences = false, bool return_state = false, bool go_backwards = false, bool stateful = false, bool unroll = false,
        bool zero_output_for_mask = false, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(filters, kernel_size, strides, padding, data_format, dilation_rate, activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer,
            bias_initializer, unit_forget_bias, kernel_regularizer, recurrent_regularizer, bias_regularizer, activity_regularizer, kernel_constraint,
            recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed, return_sequences, return_state, go_backwards, stateful, unroll,
            zero_output_for_mask, name, dtype, trainable);

    /// <inheritdoc cref="Layers.ConvLSTM1D(int, Axes, Axes, string, string, Axes, ActivationFunction, ActivationFunction, bool, Initializer, Initializer, Initializer, bool, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, long?, bool, bool, bool, bool, bool, bool, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public ConvLSTM1D ConvLSTM1D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null,
        Func<Tensor, Tensor>? activation = null, ActivationFunction? recurrent_activation = null, bool use_bias = true, Initializer? kernel_initializer = null,
        Initializer? recurrent_initializer = null, Initializer? bias_initializer = null, bool unit_forget_bias = true, Regularizer? kernel_regularizer = null,
        Regularizer? recurrent_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? recurrent_constraint = null, Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0, long? seed = null,
        bool return_sequences = false, bool return_state = false, bool go_backwards = false, bool stateful = false, bool unroll = false,
        bool zero_output_for_mask = false, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(filters, kernel_size, strides, padding, data_format, dilation_rate, activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer,
            bias_initializer, unit_forget_bias, kernel_regularizer, recurrent_regularizer, bias_regularizer, activity_regularizer, kernel_constraint,
            recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed, return_sequences, return_state, go_backwards, stateful, unroll,
            zero_output_for_mask, name, dtype, trainable);

    /// <inheritdoc cref="Layers.ConvLSTM2D(int, Axes, Axes, string, string, Axes, ActivationFunction, ActivationFunction, bool, Initializer, Initializer, Initializer, bool, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, long?, bool, bool, bool, bool, bool, bool, string, DTypePolicy, bool)"/>
    public ConvLSTM2D ConvLSTM2D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null,
        ActivationFunction? activation = null, ActivationFunction? recurrent_activation = null, bool use_bias = true, Initializer? kernel_initializer = null,
        Initializer? recurrent_initializer = null, Initializer? bias_initializer = null, bool unit_forget_bias = true, Regularizer? kernel_regularizer = null,
        Regularizer? recurrent_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? recurrent_constraint = null, Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0, long? seed = null,
        bool return_sequences = false, bool return_state = false, bool go_backwards = false, bool stateful = false, bool unroll = false,
        bool zero_output_for_mask = false, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(filters, kernel_size, strides, padding, data_format, dilation_rate, activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer,
            bias_initializer, unit_forget_bias, kernel_regularizer, recurrent_regularizer, bias_regularizer, activity_regularizer, kernel_constraint,
            recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed, return_sequences, return_state, go_backwards, stateful, unroll,
            zero_output_for_mask, name, dtype, trainable);

    /// <inheritdoc cref="Layers.ConvLSTM2D(int, Axes, Axes, string, string, Axes, ActivationFunction, ActivationFunction, bool, Initializer, Initializer, Initializer, bool, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, long?, bool, bool, bool, bool, bool, bool, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public ConvLSTM2D ConvLSTM2D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null,
        ActivationFunction? activation = null, ActivationFunction? recurrent_activation = null, bool use_bias = true,
        Func<Shape, DType, Tensor>? kernel_initializer = null, Func<Shape, DType, Tensor>? recurrent_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, bool unit_forget_bias = true, Regularizer? kernel_regularizer = null,
        Regularizer? recurrent_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? recurrent_constraint = null, Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0, long? seed = null,
        bool return_sequences = false, bool return_state = false, bool go_backwards = false, bool stateful = false, bool unroll = false,
        bool zero_output_for_mask = false, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(filters, kernel_size, strides, padding, data_format, dilation_rate, activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer,
            bias_initializer, unit_forget_bias, kernel_regularizer, recurrent_regularizer, bias_regularizer, activity_regularizer, kernel_constraint,
            recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed, return_sequences, return_state, go_backwards, stateful, unroll,
            zero_output_for_mask, name, dtype, trainable);

    /// <inheritdoc cref="Layers.ConvLSTM2D(int, Axes, Axes, string, string, Axes, ActivationFunction, ActivationFunction, bool, Initializer, Initializer, Initializer, bool, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, long?, bool, bool, bool, bool, bool, bool, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public ConvLSTM2D ConvLSTM2D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null,
        Func<Tensor, Tensor>? activation = null, ActivationFunction? recurrent_activation = null, bool use_bias = true, Initializer? kernel_initializer = null,
        Initializer? recurrent_initializer = null, Initializer? bias_initializer = null, bool unit_forget_bias = true, Regularizer? kernel_regularizer = null,
        Regularizer? recurrent_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? recurrent_constraint = null, Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0, long? seed = null,
        bool return_sequences = false, bool return_state = false, bool go_backwards = false, bool stateful = false, bool unroll = false,
        bool zero_output_for_mask = false, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(filters, kernel_size, strides, padding, data_format, dilation_rate, activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer,
            bias_initializer, unit_forget_bias, kernel_regularizer, recurrent_regularizer, bias_regularizer, activity_regularizer, kernel_constraint,
            recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed, return_sequences, return_state, go_backwards, stateful, unroll,
            zero_output_for_mask, name, dtype, trainable);

    /// <inheritdoc cref="Layers.ConvLSTM3D(int, Axes, Axes, string, string, Axes, ActivationFunction, ActivationFunction, bool, Initializer, Initializer, Initializer, bool, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, long?, bool, bool, bool, bool, bool, bool, string, DTypePolicy, bool)"/>
    public ConvLSTM3D ConvLSTM3D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null,
        ActivationFunction? activation = null, ActivationFunction? recurrent_activation = null, bool use_bias = true, Initializer? kernel_initializer = null,
        Initializer? recurrent_initializer = null, Initializer? bias_initializer = null, bool unit_forget_bias = true, Regularizer? kernel_regularizer = null,
        Regularizer? recurrent_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? recurrent_constraint = null, Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0, long? seed = null,
        bool return_sequences = false, bool return_state = false, bool go_backwards = false, bool stateful = false, bool unroll = false,
        bool zero_output_for_mask = false, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(filters, kernel_size, strides, padding, data_format, dilation_rate, activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer,
            bias_initializer, unit_forget_bias, kernel_regularizer, recurrent_regularizer, bias_regularizer, activity_regularizer, kernel_constraint,
            recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed, return_sequences, return_state, go_backwards, stateful, unroll,
            zero_output_for_mask, name, dtype, trainable);

    /// <inheritdoc cref="Layers.ConvLSTM3D(int, Axes, Axes, string, string, Axes, ActivationFunction, ActivationFunction, bool, Initializer, Initializer, Initializer, bool, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, long?, bool, bool, bool, bool, bool, bool, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public ConvLSTM3D ConvLSTM3D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null,
        ActivationFunction? activation = null, ActivationFunction? recurrent_activation = null, bool use_bias = true,
        Func<Shape, DType, Tensor>? kernel_initializer = null, Func<Shape, DType, Tensor>? recurrent_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, bool unit_forget_bias = true, Regularizer? kernel_regularizer = null,
        Regularizer? recurrent_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? recurrent_constraint = null, Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0, long? seed = null,
        bool return_sequences = false, bool return_state = false, bool go_backwards = false, bool stateful = false, bool unroll = false,
        bool zero_output_for_mask = false, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(filters, kernel_size, strides, padding, data_format, dilation_rate, activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer,
            bias_initializer, unit_forget_bias, kernel_regularizer, recurrent_regularizer, bias_regularizer, activity_regularizer, kernel_constraint,
            recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed, return_sequences, return_state, go_backwards, stateful, unroll,
            zero_output_for_mask, name, dtype, trainable);

    /// <inheritdoc cref="Layers.ConvLSTM3D(int, Axes, Axes, string, string, Axes, ActivationFunction, ActivationFunction, bool, Initializer, Initializer, Initializer, bool, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, long?, bool, bool, bool, bool, bool, bool, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public ConvLSTM3D ConvLSTM3D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null,
        Func<Tensor, Tensor>? activation = null, ActivationFunction? recurrent_activation = null, bool use_bias = true, Initializer? kernel_initializer = null,
        Initializer? recurrent_initializer = null, Initializer? bias_initializer = null, bool unit_forget_bias = true, Regularizer? kernel_regularizer = null,
        Regularizer? recurrent_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? recurrent_constraint = null, Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0, long? seed = null,
        bool return_sequences = false, bool return_state = false, bool go_backwards = false, bool stateful = false, bool unroll = false,
        bool zero_output_for_mask = false, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(filters, kernel_size, strides, padding, data_format, dilation_rate, activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer,
            bias_initializer, unit_forget_bias, kernel_regularizer, recurrent_regularizer, bias_regularizer, activity_regularizer, kernel_constraint,
            recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed, return_sequences, return_state, go_backwards, stateful, unroll,
            zero_output_for_mask, name, dtype, trainable);
}
