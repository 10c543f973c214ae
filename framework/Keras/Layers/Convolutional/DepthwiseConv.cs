using System.Runtime.CompilerServices;
using Keras.Constraints;
using Keras.Initializers;
using Keras.Regularizers;

namespace Keras.Layers;

/// <summary>A depthwise 1D convolution of (B, T, C): filters each channel separately.</summary>
/// <remarks>Source: keras/src/layers/convolutional/depthwise_conv1d.py.</remarks>
public sealed class DepthwiseConv1D : BaseDepthwiseConv
{
    /// <summary>A depthwise 1D convolution of (B, T, C): filters each channel separately.</summary>
    /// <param name="kernel_size">The size of the window, one number or one for each axis.</param>
    /// <param name="strides">How far the window moves at each step; default 1.</param>
    /// <param name="padding">"valid" (default) or "same".</param>
    /// <param name="depth_multiplier">The number of output channels per input channel; default 1.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="dilation_rate">The distance between elements of the window; default 1.</param>
    /// <param name="activation">The activation applied to the result; default none.</param>
    /// <param name="use_bias">Whether a bias is added; default true.</param>
    /// <param name="depthwise_initializer">Default GlorotUniform.</param>
    /// <param name="bias_initializer">Default zeros.</param>
    /// <param name="depthwise_regularizer">Default none.</param>
    /// <param name="bias_regularizer">Default none.</param>
    /// <param name="activity_regularizer">Adds a loss of the output; default none.</param>
    /// <param name="depthwise_constraint">Default none.</param>
    /// <param name="bias_constraint">Default none.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <param name="trainable">Whether its weights are trained; default true.</param>
    /// <exception cref="ArgumentException">A size, the padding or the data format is invalid.</exception>
    public DepthwiseConv1D(Axes kernel_size, Axes? strides = null, string padding = "valid", int depth_multiplier = 1, string? data_format = null,
        Axes? dilation_rate = null, ActivationFunction? activation = null, bool use_bias = true, Initializer? depthwise_initializer = null,
        Initializer? bias_initializer = null, Regularizer? depthwise_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null,
        Constraint? depthwise_constraint = null, Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true)
        : base(1, depth_multiplier, new(kernel_size, strides, padding, data_format, dilation_rate, 1), activation, use_bias,
            new(depthwise_initializer, depthwise_regularizer, depthwise_constraint), new(bias_initializer ?? new Zeros(), bias_regularizer, bias_constraint), activity_regularizer, name, dtype, trainable)
    { }

    /// <summary>The same, with your own functions as initializers.</summary>
    /// <inheritdoc cref="DepthwiseConv1D(Axes, Axes, string, int, string, Axes, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public DepthwiseConv1D(Axes kernel_size, Axes? strides = null, string padding = "valid", int depth_multiplier = 1, string? data_format = null,
        Axes? dilation_rate = null, ActivationFunction? activation = null, bool use_bias = true, Func<Shape, DType, Tensor>? depthwise_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? depthwise_regularizer = null, Regularizer? bias_regularizer = null,
        Regularizer? activity_regularizer = null, Constraint? depthwise_constraint = null, Constraint? bias_constraint = null, string? name = null,
        DTypePolicy? dtype = null, bool trainable = true)
        : this(kernel_size, strides, padding, depth_multiplier, data_format, dilation_rate, activation, use_bias, (Initializer?)depthwise_initializer,
            (Initializer?)bias_initializer, depthwise_regularizer, bias_regularizer, activity_regularizer, depthwise_constraint, bias_constraint, name, dtype, trainable)
    {
    }

    /// <summary>The same, with your own function as activation.</summary>
    /// <inheritdoc cref="DepthwiseConv1D(Axes, Axes, string, int, string, Axes, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public DepthwiseConv1D(Axes kernel_size, Axes? strides = null, string padding = "valid", int depth_multiplier = 1, string? data_format = null,
        Axes? dilation_rate = null, Func<Tensor, Tensor>? activation = null, bool use_bias = true, Initializer? depthwise_initializer = null,
        Initializer? bias_initializer = null, Regularizer? depthwise_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null,
        Constraint? depthwise_constraint = null, Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true)
        : this(kernel_size, strides, padding, depth_multiplier, data_format, dilation_rate, (ActivationFunction?)activation, use_bias, depthwise_initializer,
            bias_initializer, depthwise_regularizer, bias_regularizer, activity_regularizer, depthwise_constraint, bias_constraint, name, dtype, trainable)
    {
    }
}

/// <summary>A depthwise 2D convolution of (B, H, W, C): filters each channel separately.</summary>
/// <remarks>Source: keras/src/layers/convolutional/depthwise_conv2d.py.</remarks>
public sealed class DepthwiseConv2D : BaseDepthwiseConv
{
    /// <summary>A depthwise 2D convolution of (B, H, W, C): filters each channel separately.</summary>
    /// <param name="kernel_size">The size of the window, one number or one for each axis.</param>
    /// <param name="strides">How far the window moves at each step; default 1.</param>
    /// <param name="padding">"valid" (default) or "same".</param>
    /// <param name="depth_multiplier">The number of output channels per input channel; default 1.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="dilation_rate">The distance between elements of the window; default 1.</param>
    /// <param name="activation">The activation applied to the result; default none.</param>
    /// <param name="use_bias">Whether a bias is added; default true.</param>
    /// <param name="depthwise_initializer">Default GlorotUniform.</param>
    /// <param name="bias_initializer">Default zeros.</param>
    /// <param name="depthwise_regularizer">Default none.</param>
    /// <param name="bias_regularizer">Default none.</param>
    /// <param name="activity_regularizer">Adds a loss of the output; default none.</param>
    /// <param name="depthwise_constraint">Default none.</param>
    /// <param name="bias_constraint">Default none.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <param name="trainable">Whether its weights are trained; default true.</param>
    /// <exception cref="ArgumentException">A size, the padding or the data format is invalid.</exception>
    public DepthwiseConv2D(Axes kernel_size, Axes? strides = null, string padding = "valid", int depth_multiplier = 1, string? data_format = null,
        Axes? dilation_rate = null, ActivationFunction? activation = null, bool use_bias = true, Initializer? depthwise_initializer = null,
        Initializer? bias_initializer = null, Regularizer? depthwise_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null,
        Constraint? depthwise_constraint = null, Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true)
        : base(2, depth_multiplier, new(kernel_size, strides, padding, data_format, dilation_rate, 2), activation, use_bias,
            new(depthwise_initializer, depthwise_regularizer, depthwise_constraint), new(bias_initializer ?? new Zeros(), bias_regularizer, bias_constraint), activity_regularizer, name, dtype, trainable)
    { }

    /// <summary>The same, with your own functions as initializers.</summary>
    /// <inheritdoc cref="DepthwiseConv2D(Axes, Axes, string, int, string, Axes, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public DepthwiseConv2D(Axes kernel_size, Axes? strides = null, string padding = "valid", int depth_multiplier = 1, string? data_format = null,
        Axes? dilation_rate = null, ActivationFunction? activation = null, bool use_bias = true, Func<Shape, DType, Tensor>? depthwise_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? depthwise_regularizer = null, Regularizer? bias_regularizer = null,
        Regularizer? activity_regularizer = null, Constraint? depthwise_constraint = null, Constraint? bias_constraint = null, string? name = null,
        DTypePolicy? dtype = null, bool trainable = true)
        : this(kernel_size, strides, padding, depth_multiplier, data_format, dilation_rate, activation, use_bias, (Initializer?)depthwise_initializer,
            (Initializer?)bias_initializer, depthwise_regularizer, bias_regularizer, activity_regularizer, depthwise_constraint, bias_constraint, name, dtype, trainable)
    {
    }

    /// <summary>The same, with your own function as activation.</summary>
    /// <inheritdoc cref="DepthwiseConv2D(Axes, Axes, string, int, string, Axes, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public DepthwiseConv2D(Axes kernel_size, Axes? strides = null, string padding = "valid", int depth_multiplier = 1, string? data_format = null,
        Axes? dilation_rate = null, Func<Tensor, Tensor>? activation = null, bool use_bias = true, Initializer? depthwise_initializer = null,
        Initializer? bias_initializer = null, Regularizer? depthwise_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null,
        Constraint? depthwise_constraint = null, Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true)
        : this(kernel_size, strides, padding, depth_multiplier, data_format, dilation_rate, (ActivationFunction?)activation, use_bias, depthwise_initializer,
            bias_initializer, depthwise_regularizer, bias_regularizer, activity_regularizer, depthwise_constraint, bias_constraint, name, dtype, trainable)
    {
    }
}
