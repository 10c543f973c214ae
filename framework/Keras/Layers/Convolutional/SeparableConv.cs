using System.Runtime.CompilerServices;
using Keras.Constraints;
using Keras.Initializers;
using Keras.Regularizers;

namespace Keras.Layers;

/// <summary>A separable 1D convolution of (B, T, C): filters each channel separately, then mixes the channels at each step.</summary>
/// <remarks>Source: keras/src/layers/convolutional/separable_conv1d.py.</remarks>
public sealed class SeparableConv1D : BaseSeparableConv
{
    /// <summary>A separable 1D convolution of (B, T, C): filters each channel separately, then mixes the channels at each step.</summary>
    /// <param name="filters">The number of output channels.</param>
    /// <param name="kernel_size">The size of the window, one number or one for each axis.</param>
    /// <param name="strides">How far the window moves at each step; default 1.</param>
    /// <param name="padding">"valid" (default) or "same".</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="dilation_rate">The distance between elements of the window; default 1.</param>
    /// <param name="depth_multiplier">The number of output channels per input channel; default 1.</param>
    /// <param name="activation">The activation applied to the result; default none.</param>
    /// <param name="use_bias">Whether a bias is added; default true.</param>
    /// <param name="depthwise_initializer">Default GlorotUniform.</param>
    /// <param name="pointwise_initializer">Default GlorotUniform.</param>
    /// <param name="bias_initializer">Default zeros.</param>
    /// <param name="depthwise_regularizer">Default none.</param>
    /// <param name="pointwise_regularizer">Default none.</param>
    /// <param name="bias_regularizer">Default none.</param>
    /// <param name="activity_regularizer">Adds a loss of the output; default none.</param>
    /// <param name="depthwise_constraint">Default none.</param>
    /// <param name="pointwise_constraint">Default none.</param>
    /// <param name="bias_constraint">Default none.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <param name="trainable">Whether its weights are trained; default true.</param>
    /// <exception cref="ArgumentException">A size, the padding or the data format is invalid.</exception>
    public SeparableConv1D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null,
        int depth_multiplier = 1, ActivationFunction? activation = null, bool use_bias = true, Initializer? depthwise_initializer = null,
        Initializer? pointwise_initializer = null, Initializer? bias_initializer = null, Regularizer? depthwise_regularizer = null,
        Regularizer? pointwise_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null,
        Constraint? depthwise_constraint = null, Constraint? pointwise_constraint = null, Constraint? bias_constraint = null, string? name = null,
        DTypePolicy? dtype = null, bool trainable = true)
        : base(1, filters, depth_multiplier, new(kernel_size, strides, padding, data_format, dilation_rate, 1), activation, use_bias,
            new(depthwise_initializer, depthwise_regularizer, depthwise_constraint), new(pointwise_initializer, pointwise_regularizer, pointwise_constraint), new(bias_initializer ?? new Zeros(), bias_regularizer, bias_constraint),
            activity_regularizer, name, dtype, trainable)
    { }

    /// <summary>The same, with your own functions as initializers.</summary>
    /// <inheritdoc cref="SeparableConv1D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public SeparableConv1D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null,
        int depth_multiplier = 1, ActivationFunction? activation = null, bool use_bias = true, Func<Shape, DType, Tensor>? depthwise_initializer = null,
        Func<Shape, DType, Tensor>? pointwise_initializer = null, Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? depthwise_regularizer = null,
        Regularizer? pointwise_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null,
        Constraint? depthwise_constraint = null, Constraint? pointwise_constraint = null, Constraint? bias_constraint = null, string? name = null,
        DTypePolicy? dtype = null, bool trainable = true)
        : this(filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier, activation, use_bias, (Initializer?)depthwise_initializer,
            (Initializer?)pointwise_initializer, (Initializer?)bias_initializer, depthwise_regularizer, pointwise_regularizer, bias_regularizer, activity_regularizer,
            depthwise_constraint, pointwise_constraint, bias_constraint, name, dtype, trainable)
    {
    }

    /// <summary>The same, with your own function as activation.</summary>
    /// <inheritdoc cref="SeparableConv1D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public SeparableConv1D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null,
        int depth_multiplier = 1, Func<Tensor, Tensor>? activation = null, bool use_bias = true, Initializer? depthwise_initializer = null,
        Initializer? pointwise_initializer = null, Initializer? bias_initializer = null, Regularizer? depthwise_regularizer = null,
        Regularizer? pointwise_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null,
        Constraint? depthwise_constraint = null, Constraint? pointwise_constraint = null, Constraint? bias_constraint = null, string? name = null,
        DTypePolicy? dtype = null, bool trainable = true)
        : this(filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier, (ActivationFunction?)activation, use_bias,
            depthwise_initializer, pointwise_initializer, bias_initializer, depthwise_regularizer, pointwise_regularizer, bias_regularizer, activity_regularizer,
            depthwise_constraint, pointwise_constraint, bias_constraint, name, dtype, trainable)
    {
    }
}

/// <summary>A separable 2D convolution of (B, H, W, C): filters each channel separately, then mixes the channels at each pixel.</summary>
/// <remarks>Source: keras/src/layers/convolutional/separable_conv2d.py.</remarks>
public sealed class SeparableConv2D : BaseSeparableConv
{
    /// <summary>A separable 2D convolution of (B, H, W, C): filters each channel separately, then mixes the channels at each pixel.</summary>
    /// <param name="filters">The number of output channels.</param>
    /// <param name="kernel_size">The size of the window, one number or one for each axis.</param>
    /// <param name="strides">How far the window moves at each step; default 1.</param>
    /// <param name="padding">"valid" (default) or "same".</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="dilation_rate">The distance between elements of the window; default 1.</param>
    /// <param name="depth_multiplier">The number of output channels per input channel; default 1.</param>
    /// <param name="activation">The activation applied to the result; default none.</param>
    /// <param name="use_bias">Whether a bias is added; default true.</param>
    /// <param name="depthwise_initializer">Default GlorotUniform.</param>
    /// <param name="pointwise_initializer">Default GlorotUniform.</param>
    /// <param name="bias_initializer">Default zeros.</param>
    /// <param name="depthwise_regularizer">Default none.</param>
    /// <param name="pointwise_regularizer">Default none.</param>
    /// <param name="bias_regularizer">Default none.</param>
    /// <param name="activity_regularizer">Adds a loss of the output; default none.</param>
    /// <param name="depthwise_constraint">Default none.</param>
    /// <param name="pointwise_constraint">Default none.</param>
    /// <param name="bias_constraint">Default none.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <param name="trainable">Whether its weights are trained; default true.</param>
    /// <exception cref="ArgumentException">A size, the padding or the data format is invalid.</exception>
    public SeparableConv2D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null,
        int depth_multiplier = 1, ActivationFunction? activation = null, bool use_bias = true, Initializer? depthwise_initializer = null,
        Initializer? pointwise_initializer = null, Initializer? bias_initializer = null, Regularizer? depthwise_regularizer = null,
        Regularizer? pointwise_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null,
        Constraint? depthwise_constraint = null, Constraint? pointwise_constraint = null, Constraint? bias_constraint = null, string? name = null,
        DTypePolicy? dtype = null, bool trainable = true)
        : base(2, filters, depth_multiplier, new(kernel_size, strides, padding, data_format, dilation_rate, 2), activation, use_bias,
            new(depthwise_initializer, depthwise_regularizer, depthwise_constraint), new(pointwise_initializer, pointwise_regularizer, pointwise_constraint), new(bias_initializer ?? new Zeros(), bias_regularizer, bias_constraint),
            activity_regularizer, name, dtype, trainable)
    { }

    /// <summary>The same, with your own functions as initializers.</summary>
    /// <inheritdoc cref="SeparableConv2D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public SeparableConv2D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null,
        int depth_multiplier = 1, ActivationFunction? activation = null, bool use_bias = true, Func<Shape, DType, Tensor>? depthwise_initializer = null,
        Func<Shape, DType, Tensor>? pointwise_initializer = null, Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? depthwise_regularizer = null,
        Regularizer? pointwise_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null,
        Constraint? depthwise_constraint = null, Constraint? pointwise_constraint = null, Constraint? bias_constraint = null, string? name = null,
        DTypePolicy? dtype = null, bool trainable = true)
        : this(filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier, activation, use_bias, (Initializer?)depthwise_initializer,
            (Initializer?)pointwise_initializer, (Initializer?)bias_initializer, depthwise_regularizer, pointwise_regularizer, bias_regularizer, activity_regularizer,
            depthwise_constraint, pointwise_constraint, bias_constraint, name, dtype, trainable)
    {
    }

    /// <summary>The same, with your own function as activation.</summary>
    /// <inheritdoc cref="SeparableConv2D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public SeparableConv2D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null,
        int depth_multiplier = 1, Func<Tensor, Tensor>? activation = null, bool use_bias = true, Initializer? depthwise_initializer = null,
        Initializer? pointwise_initializer = null, Initializer? bias_initializer = null, Regularizer? depthwise_regularizer = null,
        Regularizer? pointwise_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null,
        Constraint? depthwise_constraint = null, Constraint? pointwise_constraint = null, Constraint? bias_constraint = null, string? name = null,
        DTypePolicy? dtype = null, bool trainable = true)
        : this(filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier, (ActivationFunction?)activation, use_bias,
            depthwise_initializer, pointwise_initializer, bias_initializer, depthwise_regularizer, pointwise_regularizer, bias_regularizer, activity_regularizer,
            depthwise_constraint, pointwise_constraint, bias_constraint, name, dtype, trainable)
    {
    }
}
