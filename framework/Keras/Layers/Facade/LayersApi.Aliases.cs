using Keras.Constraints;
using Keras.Initializers;
using Keras.Regularizers;

namespace Keras.Layers;

// Keras' other names for layers.
public sealed partial class LayersApi
{
    /// <inheritdoc cref="AveragePooling1D(Axes, Axes, string, string, string, DTypePolicy)"/>
    public AveragePooling1D AvgPool1D(Axes? pool_size = null, Axes? strides = null, string padding = "valid", string? data_format = null, string? name = null,
        DTypePolicy? dtype = null) => AveragePooling1D(pool_size, strides, padding, data_format, name, dtype);

    /// <inheritdoc cref="AveragePooling2D(Axes, Axes, string, string, string, DTypePolicy)"/>
    public AveragePooling2D AvgPool2D(Axes? pool_size = null, Axes? strides = null, string padding = "valid", string? data_format = null, string? name = null,
        DTypePolicy? dtype = null) => AveragePooling2D(pool_size, strides, padding, data_format, name, dtype);

    /// <inheritdoc cref="AveragePooling3D(Axes, Axes, string, string, string, DTypePolicy)"/>
    public AveragePooling3D AvgPool3D(Axes? pool_size = null, Axes? strides = null, string padding = "valid", string? data_format = null, string? name = null,
        DTypePolicy? dtype = null) => AveragePooling3D(pool_size, strides, padding, data_format, name, dtype);

    /// <inheritdoc cref="Conv1D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    public Conv1D Convolution1D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null,
        int groups = 1, ActivationFunction? activation = null, bool use_bias = true, Initializer? kernel_initializer = null, Initializer? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) => Conv1D(filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Conv1DTranspose(int, Axes, Axes, string, Axes, string, Axes, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    public Conv1DTranspose Convolution1DTranspose(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", Axes? output_padding = null,
        string? data_format = null, Axes? dilation_rate = null, ActivationFunction? activation = null, bool use_bias = true, Initializer? kernel_initializer = null, Initializer? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) => Conv1DTranspose(filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Conv2D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    public Conv2D Convolution2D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null,
        int groups = 1, ActivationFunction? activation = null, bool use_bias = true, Initializer? kernel_initializer = null, Initializer? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) => Conv2D(filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Conv2DTranspose(int, Axes, Axes, string, Axes, string, Axes, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    public Conv2DTranspose Convolution2DTranspose(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", Axes? output_padding = null,
        string? data_format = null, Axes? dilation_rate = null, ActivationFunction? activation = null, bool use_bias = true, Initializer? kernel_initializer = null, Initializer? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) => Conv2DTranspose(filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Conv3D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    public Conv3D Convolution3D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null,
        int groups = 1, ActivationFunction? activation = null, bool use_bias = true, Initializer? kernel_initializer = null, Initializer? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) => Conv3D(filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="Conv3DTranspose(int, Axes, Axes, string, Axes, string, Axes, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    public Conv3DTranspose Convolution3DTranspose(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", Axes? output_padding = null,
        string? data_format = null, Axes? dilation_rate = null, ActivationFunction? activation = null, bool use_bias = true, Initializer? kernel_initializer = null, Initializer? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) => Conv3DTranspose(filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="GlobalAveragePooling1D(string, bool, string, DTypePolicy)"/>
    public GlobalAveragePooling1D GlobalAvgPool1D(string? data_format = null, bool keepdims = false, string? name = null,
        DTypePolicy? dtype = null) => GlobalAveragePooling1D(data_format, keepdims, name, dtype);

    /// <inheritdoc cref="GlobalAveragePooling2D(string, bool, string, DTypePolicy)"/>
    public GlobalAveragePooling2D GlobalAvgPool2D(string? data_format = null, bool keepdims = false, string? name = null,
        DTypePolicy? dtype = null) => GlobalAveragePooling2D(data_format, keepdims, name, dtype);

    /// <inheritdoc cref="GlobalAveragePooling3D(string, bool, string, DTypePolicy)"/>
    public GlobalAveragePooling3D GlobalAvgPool3D(string? data_format = null, bool keepdims = false, string? name = null,
        DTypePolicy? dtype = null) => GlobalAveragePooling3D(data_format, keepdims, name, dtype);

    /// <inheritdoc cref="GlobalMaxPooling1D(string, bool, string, DTypePolicy)"/>
    public GlobalMaxPooling1D GlobalMaxPool1D(string? data_format = null, bool keepdims = false, string? name = null,
        DTypePolicy? dtype = null) => GlobalMaxPooling1D(data_format, keepdims, name, dtype);

    /// <inheritdoc cref="GlobalMaxPooling2D(string, bool, string, DTypePolicy)"/>
    public GlobalMaxPooling2D GlobalMaxPool2D(string? data_format = null, bool keepdims = false, string? name = null,
        DTypePolicy? dtype = null) => GlobalMaxPooling2D(data_format, keepdims, name, dtype);

    /// <inheritdoc cref="GlobalMaxPooling3D(string, bool, string, DTypePolicy)"/>
    public GlobalMaxPooling3D GlobalMaxPool3D(string? data_format = null, bool keepdims = false, string? name = null,
        DTypePolicy? dtype = null) => GlobalMaxPooling3D(data_format, keepdims, name, dtype);

    /// <inheritdoc cref="MaxPooling1D(Axes, Axes, string, string, string, DTypePolicy)"/>
    public MaxPooling1D MaxPool1D(Axes? pool_size = null, Axes? strides = null, string padding = "valid", string? data_format = null, string? name = null,
        DTypePolicy? dtype = null) => MaxPooling1D(pool_size, strides, padding, data_format, name, dtype);

    /// <inheritdoc cref="MaxPooling2D(Axes, Axes, string, string, string, DTypePolicy)"/>
    public MaxPooling2D MaxPool2D(Axes? pool_size = null, Axes? strides = null, string padding = "valid", string? data_format = null, string? name = null,
        DTypePolicy? dtype = null) => MaxPooling2D(pool_size, strides, padding, data_format, name, dtype);

    /// <inheritdoc cref="MaxPooling3D(Axes, Axes, string, string, string, DTypePolicy)"/>
    public MaxPooling3D MaxPool3D(Axes? pool_size = null, Axes? strides = null, string padding = "valid", string? data_format = null, string? name = null,
        DTypePolicy? dtype = null) => MaxPooling3D(pool_size, strides, padding, data_format, name, dtype);

    /// <inheritdoc cref="SeparableConv1D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, string, DTypePolicy, bool)"/>
    public SeparableConv1D SeparableConvolution1D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null,
        Axes? dilation_rate = null, int depth_multiplier = 1, ActivationFunction? activation = null, bool use_bias = true, Initializer? depthwise_initializer = null, Initializer? pointwise_initializer = null, Initializer? bias_initializer = null, Regularizer? depthwise_regularizer = null, Regularizer? pointwise_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? depthwise_constraint = null, Constraint? pointwise_constraint = null, Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) => SeparableConv1D(filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier, activation, use_bias, depthwise_initializer, pointwise_initializer, bias_initializer, depthwise_regularizer, pointwise_regularizer, bias_regularizer, activity_regularizer, depthwise_constraint, pointwise_constraint, bias_constraint, name, dtype, trainable);

    /// <inheritdoc cref="SeparableConv2D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, string, DTypePolicy, bool)"/>
    public SeparableConv2D SeparableConvolution2D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null,
        Axes? dilation_rate = null, int depth_multiplier = 1, ActivationFunction? activation = null, bool use_bias = true, Initializer? depthwise_initializer = null, Initializer? pointwise_initializer = null, Initializer? bias_initializer = null, Regularizer? depthwise_regularizer = null, Regularizer? pointwise_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? depthwise_constraint = null, Constraint? pointwise_constraint = null, Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) => SeparableConv2D(filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier, activation, use_bias, depthwise_initializer, pointwise_initializer, bias_initializer, depthwise_regularizer, pointwise_regularizer, bias_regularizer, activity_regularizer, depthwise_constraint, pointwise_constraint, bias_constraint, name, dtype, trainable);
}
