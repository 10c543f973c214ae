using System.Runtime.CompilerServices;
using Keras.Constraints;
using Keras.Initializers;
using Keras.Regularizers;

namespace Keras.Layers;

public sealed partial class LayersApi
{
    /// <inheritdoc cref="Layers.Conv1D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    public Conv1D Conv1D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null, int groups = 1,
        ActivationFunction? activation = null, bool use_bias = true, Initializer? kernel_initializer = null, Initializer? bias_initializer = null,
        Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer,
            bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Layers.Conv1D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv1D Conv1D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null,
        int groups = 1, ActivationFunction? activation = null, bool use_bias = true, Func<Shape, DType, Tensor>? kernel_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null,
        Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? bias_constraint = null, string? name = null,
        DTypePolicy? dtype = null, bool trainable = true) =>
        new(filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer,
            bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Layers.Conv1D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv1D Conv1D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null, int groups = 1,
        Func<Tensor, Tensor>? activation = null, bool use_bias = true, Initializer? kernel_initializer = null, Initializer? bias_initializer = null,
        Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias, kernel_initializer, bias_initializer,
            kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Layers.Conv2D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    public Conv2D Conv2D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null, int groups = 1,
        ActivationFunction? activation = null, bool use_bias = true, Initializer? kernel_initializer = null, Initializer? bias_initializer = null,
        Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer,
            bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Layers.Conv2D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv2D Conv2D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null,
        int groups = 1, ActivationFunction? activation = null, bool use_bias = true, Func<Shape, DType, Tensor>? kernel_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null,
        Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? bias_constraint = null, string? name = null,
        DTypePolicy? dtype = null, bool trainable = true) =>
        new(filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer,
            bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Layers.Conv2D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv2D Conv2D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null, int groups = 1,
        Func<Tensor, Tensor>? activation = null, bool use_bias = true, Initializer? kernel_initializer = null, Initializer? bias_initializer = null,
        Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias, kernel_initializer, bias_initializer,
            kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Layers.Conv3D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    public Conv3D Conv3D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null, int groups = 1,
        ActivationFunction? activation = null, bool use_bias = true, Initializer? kernel_initializer = null, Initializer? bias_initializer = null,
        Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer,
            bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Layers.Conv3D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv3D Conv3D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null,
        int groups = 1, ActivationFunction? activation = null, bool use_bias = true, Func<Shape, DType, Tensor>? kernel_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null,
        Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? bias_constraint = null, string? name = null,
        DTypePolicy? dtype = null, bool trainable = true) =>
        new(filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer,
            bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Layers.Conv3D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv3D Conv3D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null, int groups = 1,
        Func<Tensor, Tensor>? activation = null, bool use_bias = true, Initializer? kernel_initializer = null, Initializer? bias_initializer = null,
        Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias, kernel_initializer, bias_initializer,
            kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Layers.Conv1DTranspose(int, Axes, Axes, string, Axes, string, Axes, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    public Conv1DTranspose Conv1DTranspose(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", Axes? output_padding = null, string? data_format = null,
        Axes? dilation_rate = null, ActivationFunction? activation = null, bool use_bias = true, Initializer? kernel_initializer = null, Initializer? bias_initializer = null,
        Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation, use_bias, kernel_initializer, bias_initializer,
            kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Layers.Conv1DTranspose(int, Axes, Axes, string, Axes, string, Axes, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv1DTranspose Conv1DTranspose(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", Axes? output_padding = null,
        string? data_format = null, Axes? dilation_rate = null, ActivationFunction? activation = null, bool use_bias = true,
        Func<Shape, DType, Tensor>? kernel_initializer = null, Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? kernel_regularizer = null,
        Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? bias_constraint = null,
        string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation, use_bias, kernel_initializer, bias_initializer,
            kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Layers.Conv1DTranspose(int, Axes, Axes, string, Axes, string, Axes, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv1DTranspose Conv1DTranspose(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", Axes? output_padding = null, string? data_format = null,
        Axes? dilation_rate = null, Func<Tensor, Tensor>? activation = null, bool use_bias = true, Initializer? kernel_initializer = null, Initializer? bias_initializer = null,
        Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation, use_bias, kernel_initializer, bias_initializer,
            kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Layers.Conv2DTranspose(int, Axes, Axes, string, Axes, string, Axes, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    public Conv2DTranspose Conv2DTranspose(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", Axes? output_padding = null, string? data_format = null,
        Axes? dilation_rate = null, ActivationFunction? activation = null, bool use_bias = true, Initializer? kernel_initializer = null, Initializer? bias_initializer = null,
        Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation, use_bias, kernel_initializer, bias_initializer,
            kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Layers.Conv2DTranspose(int, Axes, Axes, string, Axes, string, Axes, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv2DTranspose Conv2DTranspose(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", Axes? output_padding = null,
        string? data_format = null, Axes? dilation_rate = null, ActivationFunction? activation = null, bool use_bias = true,
        Func<Shape, DType, Tensor>? kernel_initializer = null, Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? kernel_regularizer = null,
        Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? bias_constraint = null,
        string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation, use_bias, kernel_initializer, bias_initializer,
            kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Layers.Conv2DTranspose(int, Axes, Axes, string, Axes, string, Axes, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv2DTranspose Conv2DTranspose(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", Axes? output_padding = null, string? data_format = null,
        Axes? dilation_rate = null, Func<Tensor, Tensor>? activation = null, bool use_bias = true, Initializer? kernel_initializer = null, Initializer? bias_initializer = null,
        Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation, use_bias, kernel_initializer, bias_initializer,
            kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Layers.Conv3DTranspose(int, Axes, Axes, string, Axes, string, Axes, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    public Conv3DTranspose Conv3DTranspose(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", Axes? output_padding = null, string? data_format = null,
        Axes? dilation_rate = null, ActivationFunction? activation = null, bool use_bias = true, Initializer? kernel_initializer = null, Initializer? bias_initializer = null,
        Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation, use_bias, kernel_initializer, bias_initializer,
            kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Layers.Conv3DTranspose(int, Axes, Axes, string, Axes, string, Axes, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv3DTranspose Conv3DTranspose(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", Axes? output_padding = null,
        string? data_format = null, Axes? dilation_rate = null, ActivationFunction? activation = null, bool use_bias = true,
        Func<Shape, DType, Tensor>? kernel_initializer = null, Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? kernel_regularizer = null,
        Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? bias_constraint = null,
        string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation, use_bias, kernel_initializer, bias_initializer,
            kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Layers.Conv3DTranspose(int, Axes, Axes, string, Axes, string, Axes, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv3DTranspose Conv3DTranspose(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", Axes? output_padding = null, string? data_format = null,
        Axes? dilation_rate = null, Func<Tensor, Tensor>? activation = null, bool use_bias = true, Initializer? kernel_initializer = null, Initializer? bias_initializer = null,
        Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation, use_bias, kernel_initializer, bias_initializer,
            kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Layers.DepthwiseConv1D(Axes, Axes, string, int, string, Axes, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    public DepthwiseConv1D DepthwiseConv1D(Axes kernel_size, Axes? strides = null, string padding = "valid", int depth_multiplier = 1, string? data_format = null,
        Axes? dilation_rate = null, ActivationFunction? activation = null, bool use_bias = true, Initializer? depthwise_initializer = null, Initializer? bias_initializer = null,
        Regularizer? depthwise_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? depthwise_constraint = null,
        Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(kernel_size, strides, padding, depth_multiplier, data_format, dilation_rate, activation, use_bias, depthwise_initializer, bias_initializer,
            depthwise_regularizer, bias_regularizer, activity_regularizer, depthwise_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Layers.DepthwiseConv1D(Axes, Axes, string, int, string, Axes, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public DepthwiseConv1D DepthwiseConv1D(Axes kernel_size, Axes? strides = null, string padding = "valid", int depth_multiplier = 1, string? data_format = null,
        Axes? dilation_rate = null, ActivationFunction? activation = null, bool use_bias = true, Func<Shape, DType, Tensor>? depthwise_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? depthwise_regularizer = null, Regularizer? bias_regularizer = null,
        Regularizer? activity_regularizer = null, Constraint? depthwise_constraint = null, Constraint? bias_constraint = null, string? name = null,
        DTypePolicy? dtype = null, bool trainable = true) =>
        new(kernel_size, strides, padding, depth_multiplier, data_format, dilation_rate, activation, use_bias, depthwise_initializer, bias_initializer,
            depthwise_regularizer, bias_regularizer, activity_regularizer, depthwise_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Layers.DepthwiseConv1D(Axes, Axes, string, int, string, Axes, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public DepthwiseConv1D DepthwiseConv1D(Axes kernel_size, Axes? strides = null, string padding = "valid", int depth_multiplier = 1, string? data_format = null,
        Axes? dilation_rate = null, Func<Tensor, Tensor>? activation = null, bool use_bias = true, Initializer? depthwise_initializer = null, Initializer? bias_initializer = null,
        Regularizer? depthwise_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? depthwise_constraint = null,
        Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(kernel_size, strides, padding, depth_multiplier, data_format, dilation_rate, activation, use_bias, depthwise_initializer, bias_initializer,
            depthwise_regularizer, bias_regularizer, activity_regularizer, depthwise_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Layers.DepthwiseConv2D(Axes, Axes, string, int, string, Axes, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    public DepthwiseConv2D DepthwiseConv2D(Axes kernel_size, Axes? strides = null, string padding = "valid", int depth_multiplier = 1, string? data_format = null,
        Axes? dilation_rate = null, ActivationFunction? activation = null, bool use_bias = true, Initializer? depthwise_initializer = null, Initializer? bias_initializer = null,
        Regularizer? depthwise_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? depthwise_constraint = null,
        Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(kernel_size, strides, padding, depth_multiplier, data_format, dilation_rate, activation, use_bias, depthwise_initializer, bias_initializer,
            depthwise_regularizer, bias_regularizer, activity_regularizer, depthwise_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Layers.DepthwiseConv2D(Axes, Axes, string, int, string, Axes, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public DepthwiseConv2D DepthwiseConv2D(Axes kernel_size, Axes? strides = null, string padding = "valid", int depth_multiplier = 1, string? data_format = null,
        Axes? dilation_rate = null, ActivationFunction? activation = null, bool use_bias = true, Func<Shape, DType, Tensor>? depthwise_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? depthwise_regularizer = null, Regularizer? bias_regularizer = null,
        Regularizer? activity_regularizer = null, Constraint? depthwise_constraint = null, Constraint? bias_constraint = null, string? name = null,
        DTypePolicy? dtype = null, bool trainable = true) =>
        new(kernel_size, strides, padding, depth_multiplier, data_format, dilation_rate, activation, use_bias, depthwise_initializer, bias_initializer,
            depthwise_regularizer, bias_regularizer, activity_regularizer, depthwise_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Layers.DepthwiseConv2D(Axes, Axes, string, int, string, Axes, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public DepthwiseConv2D DepthwiseConv2D(Axes kernel_size, Axes? strides = null, string padding = "valid", int depth_multiplier = 1, string? data_format = null,
        Axes? dilation_rate = null, Func<Tensor, Tensor>? activation = null, bool use_bias = true, Initializer? depthwise_initializer = null, Initializer? bias_initializer = null,
        Regularizer? depthwise_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? depthwise_constraint = null,
        Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(kernel_size, strides, padding, depth_multiplier, data_format, dilation_rate, activation, use_bias, depthwise_initializer, bias_initializer,
            depthwise_regularizer, bias_regularizer, activity_regularizer, depthwise_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Layers.SeparableConv1D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, string, DTypePolicy, bool)"/>
    public SeparableConv1D SeparableConv1D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null,
        int depth_multiplier = 1, ActivationFunction? activation = null, bool use_bias = true, Initializer? depthwise_initializer = null,
        Initializer? pointwise_initializer = null, Initializer? bias_initializer = null, Regularizer? depthwise_regularizer = null, Regularizer? pointwise_regularizer = null,
        Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? depthwise_constraint = null, Constraint? pointwise_constraint = null,
        Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier, activation, use_bias, depthwise_initializer, pointwise_initializer,
            bias_initializer, depthwise_regularizer, pointwise_regularizer, bias_regularizer, activity_regularizer, depthwise_constraint, pointwise_constraint,
            bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Layers.SeparableConv1D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public SeparableConv1D SeparableConv1D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null,
        Axes? dilation_rate = null, int depth_multiplier = 1, ActivationFunction? activation = null, bool use_bias = true,
        Func<Shape, DType, Tensor>? depthwise_initializer = null, Func<Shape, DType, Tensor>? pointwise_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? depthwise_regularizer = null, Regularizer? pointwise_regularizer = null,
        Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? depthwise_constraint = null, Constraint? pointwise_constraint = null,
        Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier, activation, use_bias, depthwise_initializer, pointwise_initializer,
            bias_initializer, depthwise_regularizer, pointwise_regularizer, bias_regularizer, activity_regularizer, depthwise_constraint, pointwise_constraint,
            bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Layers.SeparableConv1D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public SeparableConv1D SeparableConv1D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null,
        int depth_multiplier = 1, Func<Tensor, Tensor>? activation = null, bool use_bias = true, Initializer? depthwise_initializer = null,
        Initializer? pointwise_initializer = null, Initializer? bias_initializer = null, Regularizer? depthwise_regularizer = null, Regularizer? pointwise_regularizer = null,
        Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? depthwise_constraint = null, Constraint? pointwise_constraint = null,
        Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier, activation, use_bias, depthwise_initializer, pointwise_initializer,
            bias_initializer, depthwise_regularizer, pointwise_regularizer, bias_regularizer, activity_regularizer, depthwise_constraint, pointwise_constraint,
            bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Layers.SeparableConv2D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, string, DTypePolicy, bool)"/>
    public SeparableConv2D SeparableConv2D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null,
        int depth_multiplier = 1, ActivationFunction? activation = null, bool use_bias = true, Initializer? depthwise_initializer = null,
        Initializer? pointwise_initializer = null, Initializer? bias_initializer = null, Regularizer? depthwise_regularizer = null, Regularizer? pointwise_regularizer = null,
        Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? depthwise_constraint = null, Constraint? pointwise_constraint = null,
        Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier, activation, use_bias, depthwise_initializer, pointwise_initializer,
            bias_initializer, depthwise_regularizer, pointwise_regularizer, bias_regularizer, activity_regularizer, depthwise_constraint, pointwise_constraint,
            bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Layers.SeparableConv2D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public SeparableConv2D SeparableConv2D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null,
        Axes? dilation_rate = null, int depth_multiplier = 1, ActivationFunction? activation = null, bool use_bias = true,
        Func<Shape, DType, Tensor>? depthwise_initializer = null, Func<Shape, DType, Tensor>? pointwise_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? depthwise_regularizer = null, Regularizer? pointwise_regularizer = null,
        Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? depthwise_constraint = null, Constraint? pointwise_constraint = null,
        Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier, activation, use_bias, depthwise_initializer, pointwise_initializer,
            bias_initializer, depthwise_regularizer, pointwise_regularizer, bias_regularizer, activity_regularizer, depthwise_constraint, pointwise_constraint,
            bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Layers.SeparableConv2D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public SeparableConv2D SeparableConv2D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null,
        int depth_multiplier = 1, Func<Tensor, Tensor>? activation = null, bool use_bias = true, Initializer? depthwise_initializer = null,
        Initializer? pointwise_initializer = null, Initializer? bias_initializer = null, Regularizer? depthwise_regularizer = null, Regularizer? pointwise_regularizer = null,
        Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? depthwise_constraint = null, Constraint? pointwise_constraint = null,
        Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier, activation, use_bias, depthwise_initializer, pointwise_initializer,
            bias_initializer, depthwise_regularizer, pointwise_regularizer, bias_regularizer, activity_regularizer, depthwise_constraint, pointwise_constraint,
            bias_constraint, name, dtype, trainable);
}
