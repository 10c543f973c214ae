using System.Runtime.CompilerServices;
using Keras.Constraints;
using Keras.Initializers;
using Keras.Regularizers;

namespace Keras.Layers;

// Keras' other names for layers, with functions as initializers and as activations.
public sealed partial class LayersApi
{
    /// <inheritdoc cref="Conv1D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv1D Convolution1D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null,
        int groups = 1, ActivationFunction? activation = null, bool use_bias = true, Func<Shape, DType, Tensor>? kernel_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null,
        Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null,
        bool trainable = true) =>
        Conv1D(filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer,
            bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Conv1D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv1D Convolution1D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null,
        int groups = 1, Func<Tensor, Tensor>? activation = null, bool use_bias = true, Initializer? kernel_initializer = null, Initializer? bias_initializer = null,
        Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        Conv1D(filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer,
            bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Conv1DTranspose(int, Axes, Axes, string, Axes, string, Axes, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv1DTranspose Convolution1DTranspose(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", Axes? output_padding = null,
        string? data_format = null, Axes? dilation_rate = null, ActivationFunction? activation = null, bool use_bias = true, Func<Shape, DType, Tensor>? kernel_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null,
        Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null,
        bool trainable = true) =>
        Conv1DTranspose(filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation, use_bias, kernel_initializer, bias_initializer,
            kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Conv1DTranspose(int, Axes, Axes, string, Axes, string, Axes, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv1DTranspose Convolution1DTranspose(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", Axes? output_padding = null,
        string? data_format = null, Axes? dilation_rate = null, Func<Tensor, Tensor>? activation = null, bool use_bias = true, Initializer? kernel_initializer = null,
        Initializer? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null,
        Constraint? kernel_constraint = null, Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        Conv1DTranspose(filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation, use_bias, kernel_initializer, bias_initializer,
            kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Conv2D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv2D Convolution2D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null,
        int groups = 1, ActivationFunction? activation = null, bool use_bias = true, Func<Shape, DType, Tensor>? kernel_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null,
        Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null,
        bool trainable = true) =>
        Conv2D(filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer,
            bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Conv2D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv2D Convolution2D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null,
        int groups = 1, Func<Tensor, Tensor>? activation = null, bool use_bias = true, Initializer? kernel_initializer = null, Initializer? bias_initializer = null,
        Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        Conv2D(filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer,
            bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Conv2DTranspose(int, Axes, Axes, string, Axes, string, Axes, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv2DTranspose Convolution2DTranspose(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", Axes? output_padding = null,
        string? data_format = null, Axes? dilation_rate = null, ActivationFunction? activation = null, bool use_bias = true, Func<Shape, DType, Tensor>? kernel_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null,
        Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null,
        bool trainable = true) =>
        Conv2DTranspose(filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation, use_bias, kernel_initializer, bias_initializer,
            kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Conv2DTranspose(int, Axes, Axes, string, Axes, string, Axes, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv2DTranspose Convolution2DTranspose(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", Axes? output_padding = null,
        string? data_format = null, Axes? dilation_rate = null, Func<Tensor, Tensor>? activation = null, bool use_bias = true, Initializer? kernel_initializer = null,
        Initializer? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null,
        Constraint? kernel_constraint = null, Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        Conv2DTranspose(filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation, use_bias, kernel_initializer, bias_initializer,
            kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Conv3D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv3D Convolution3D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null,
        int groups = 1, ActivationFunction? activation = null, bool use_bias = true, Func<Shape, DType, Tensor>? kernel_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null,
        Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null,
        bool trainable = true) =>
        Conv3D(filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer,
            bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Conv3D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv3D Convolution3D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null,
        int groups = 1, Func<Tensor, Tensor>? activation = null, bool use_bias = true, Initializer? kernel_initializer = null, Initializer? bias_initializer = null,
        Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        Conv3D(filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer,
            bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Conv3DTranspose(int, Axes, Axes, string, Axes, string, Axes, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv3DTranspose Convolution3DTranspose(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", Axes? output_padding = null,
        string? data_format = null, Axes? dilation_rate = null, ActivationFunction? activation = null, bool use_bias = true, Func<Shape, DType, Tensor>? kernel_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null,
        Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null,
        bool trainable = true) =>
        Conv3DTranspose(filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation, use_bias, kernel_initializer, bias_initializer,
            kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Conv3DTranspose(int, Axes, Axes, string, Axes, string, Axes, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv3DTranspose Convolution3DTranspose(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", Axes? output_padding = null,
        string? data_format = null, Axes? dilation_rate = null, Func<Tensor, Tensor>? activation = null, bool use_bias = true, Initializer? kernel_initializer = null,
        Initializer? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null,
        Constraint? kernel_constraint = null, Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        Conv3DTranspose(filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation, use_bias, kernel_initializer, bias_initializer,
            kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="SeparableConv1D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public SeparableConv1D SeparableConvolution1D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null,
        Axes? dilation_rate = null, int depth_multiplier = 1, ActivationFunction? activation = null, bool use_bias = true,
        Func<Shape, DType, Tensor>? depthwise_initializer = null, Func<Shape, DType, Tensor>? pointwise_initializer = null, Func<Shape, DType, Tensor>? bias_initializer = null,
        Regularizer? depthwise_regularizer = null, Regularizer? pointwise_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null,
        Constraint? depthwise_constraint = null, Constraint? pointwise_constraint = null, Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null,
        bool trainable = true) =>
        SeparableConv1D(filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier, activation, use_bias, depthwise_initializer, pointwise_initializer,
            bias_initializer, depthwise_regularizer, pointwise_regularizer, bias_regularizer, activity_regularizer, depthwise_constraint, pointwise_constraint, bias_constraint,
            name, dtype, trainable);

    /// <inheritdoc cref="SeparableConv1D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public SeparableConv1D SeparableConvolution1D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null,
        Axes? dilation_rate = null, int depth_multiplier = 1, Func<Tensor, Tensor>? activation = null, bool use_bias = true, Initializer? depthwise_initializer = null,
        Initializer? pointwise_initializer = null, Initializer? bias_initializer = null, Regularizer? depthwise_regularizer = null, Regularizer? pointwise_regularizer = null,
        Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? depthwise_constraint = null, Constraint? pointwise_constraint = null,
        Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        SeparableConv1D(filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier, activation, use_bias, depthwise_initializer, pointwise_initializer,
            bias_initializer, depthwise_regularizer, pointwise_regularizer, bias_regularizer, activity_regularizer, depthwise_constraint, pointwise_constraint, bias_constraint,
            name, dtype, trainable);

    /// <inheritdoc cref="SeparableConv2D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public SeparableConv2D SeparableConvolution2D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null,
        Axes? dilation_rate = null, int depth_multiplier = 1, ActivationFunction? activation = null, bool use_bias = true,
        Func<Shape, DType, Tensor>? depthwise_initializer = null, Func<Shape, DType, Tensor>? pointwise_initializer = null, Func<Shape, DType, Tensor>? bias_initializer = null,
        Regularizer? depthwise_regularizer = null, Regularizer? pointwise_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null,
        Constraint? depthwise_constraint = null, Constraint? pointwise_constraint = null, Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null,
        bool trainable = true) =>
        SeparableConv2D(filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier, activation, use_bias, depthwise_initializer, pointwise_initializer,
            bias_initializer, depthwise_regularizer, pointwise_regularizer, bias_regularizer, activity_regularizer, depthwise_constraint, pointwise_constraint, bias_constraint,
            name, dtype, trainable);

    /// <inheritdoc cref="SeparableConv2D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public SeparableConv2D SeparableConvolution2D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null,
        Axes? dilation_rate = null, int depth_multiplier = 1, Func<Tensor, Tensor>? activation = null, bool use_bias = true, Initializer? depthwise_initializer = null,
        Initializer? pointwise_initializer = null, Initializer? bias_initializer = null, Regularizer? depthwise_regularizer = null, Regularizer? pointwise_regularizer = null,
        Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? depthwise_constraint = null, Constraint? pointwise_constraint = null,
        Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        SeparableConv2D(filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier, activation, use_bias, depthwise_initializer, pointwise_initializer,
            bias_initializer, depthwise_regularizer, pointwise_regularizer, bias_regularizer, activity_regularizer, depthwise_constraint, pointwise_constraint, bias_constraint,
            name, dtype, trainable);
}
