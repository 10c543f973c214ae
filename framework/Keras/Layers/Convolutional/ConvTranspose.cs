using System.Runtime.CompilerServices;
using Keras.Constraints;
using Keras.Initializers;
using Keras.Regularizers;

namespace Keras.Layers;

/// <summary>A transposed 1D convolution, which lengthens sequences (B, T, C): the gradient of a convolution.</summary>
/// <remarks>Source: keras/src/layers/convolutional/conv1d_transpose.py.</remarks>
public sealed class Conv1DTranspose : BaseConvTranspose
{
    /// <summary>A transposed 1D convolution, which lengthens sequences (B, T, C): the gradient of a convolution.</summary>
    /// <param name="filters">The number of output channels.</param>
    /// <param name="kernel_size">The size of the window, one number or one for each axis.</param>
    /// <param name="strides">How far the window moves at each step; default 1.</param>
    /// <param name="padding">"valid" (default) or "same".</param>
    /// <param name="output_padding">The additional length of the output; default chosen by the strides.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="dilation_rate">The distance between elements of the window; default 1.</param>
    /// <param name="activation">The activation applied to the result; default none.</param>
    /// <param name="use_bias">Whether a bias is added; default true.</param>
    /// <param name="kernel_initializer">Default GlorotUniform.</param>
    /// <param name="bias_initializer">Default zeros.</param>
    /// <param name="kernel_regularizer">Default none.</param>
    /// <param name="bias_regularizer">Default none.</param>
    /// <param name="activity_regularizer">Adds a loss of the output; default none.</param>
    /// <param name="kernel_constraint">Default none.</param>
    /// <param name="bias_constraint">Default none.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <param name="trainable">Whether its weights are trained; default true.</param>
    /// <exception cref="ArgumentException">A size, the padding or the data format is invalid.</exception>
    public Conv1DTranspose(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", Axes? output_padding = null, string? data_format = null,
        Axes? dilation_rate = null, ActivationFunction? activation = null, bool use_bias = true, Initializer? kernel_initializer = null,
        Initializer? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null,
        Constraint? kernel_constraint = null, Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true)
        : base(1, filters, new(kernel_size, strides, padding, data_format, dilation_rate, 1), output_padding, activation, use_bias,
            new(kernel_initializer, kernel_regularizer, kernel_constraint), new(bias_initializer ?? new Zeros(), bias_regularizer, bias_constraint), activity_regularizer, name, dtype, trainable)
    { }

    /// <summary>The same, with your own functions as initializers.</summary>
    /// <inheritdoc cref="Conv1DTranspose(int, Axes, Axes, string, Axes, string, Axes, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv1DTranspose(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", Axes? output_padding = null, string? data_format = null,
        Axes? dilation_rate = null, ActivationFunction? activation = null, bool use_bias = true, Func<Shape, DType, Tensor>? kernel_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null,
        Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? bias_constraint = null, string? name = null,
        DTypePolicy? dtype = null, bool trainable = true)
        : this(filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation, use_bias, (Initializer?)kernel_initializer,
            (Initializer?)bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable)
    {
    }

    /// <summary>The same, with your own function as activation.</summary>
    /// <inheritdoc cref="Conv1DTranspose(int, Axes, Axes, string, Axes, string, Axes, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv1DTranspose(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", Axes? output_padding = null, string? data_format = null,
        Axes? dilation_rate = null, Func<Tensor, Tensor>? activation = null, bool use_bias = true, Initializer? kernel_initializer = null,
        Initializer? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null,
        Constraint? kernel_constraint = null, Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true)
        : this(filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, (ActivationFunction?)activation, use_bias, kernel_initializer,
            bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable)
    {
    }
}

/// <summary>A transposed 2D convolution, which enlarges images (B, H, W, C): the gradient of a convolution.</summary>
/// <remarks>Source: keras/src/layers/convolutional/conv2d_transpose.py.</remarks>
public sealed class Conv2DTranspose : BaseConvTranspose
{
    /// <summary>A transposed 2D convolution, which enlarges images (B, H, W, C): the gradient of a convolution.</summary>
    /// <param name="filters">The number of output channels.</param>
    /// <param name="kernel_size">The size of the window, one number or one for each axis.</param>
    /// <param name="strides">How far the window moves at each step; default 1.</param>
    /// <param name="padding">"valid" (default) or "same".</param>
    /// <param name="output_padding">The additional length of the output; default chosen by the strides.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="dilation_rate">The distance between elements of the window; default 1.</param>
    /// <param name="activation">The activation applied to the result; default none.</param>
    /// <param name="use_bias">Whether a bias is added; default true.</param>
    /// <param name="kernel_initializer">Default GlorotUniform.</param>
    /// <param name="bias_initializer">Default zeros.</param>
    /// <param name="kernel_regularizer">Default none.</param>
    /// <param name="bias_regularizer">Default none.</param>
    /// <param name="activity_regularizer">Adds a loss of the output; default none.</param>
    /// <param name="kernel_constraint">Default none.</param>
    /// <param name="bias_constraint">Default none.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <param name="trainable">Whether its weights are trained; default true.</param>
    /// <exception cref="ArgumentException">A size, the padding or the data format is invalid.</exception>
    public Conv2DTranspose(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", Axes? output_padding = null, string? data_format = null,
        Axes? dilation_rate = null, ActivationFunction? activation = null, bool use_bias = true, Initializer? kernel_initializer = null,
        Initializer? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null,
        Constraint? kernel_constraint = null, Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true)
        : base(2, filters, new(kernel_size, strides, padding, data_format, dilation_rate, 2), output_padding, activation, use_bias,
            new(kernel_initializer, kernel_regularizer, kernel_constraint), new(bias_initializer ?? new Zeros(), bias_regularizer, bias_constraint), activity_regularizer, name, dtype, trainable)
    { }

    /// <summary>The same, with your own functions as initializers.</summary>
    /// <inheritdoc cref="Conv2DTranspose(int, Axes, Axes, string, Axes, string, Axes, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv2DTranspose(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", Axes? output_padding = null, string? data_format = null,
        Axes? dilation_rate = null, ActivationFunction? activation = null, bool use_bias = true, Func<Shape, DType, Tensor>? kernel_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null,
        Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? bias_constraint = null, string? name = null,
        DTypePolicy? dtype = null, bool trainable = true)
        : this(filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation, use_bias, (Initializer?)kernel_initializer,
            (Initializer?)bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable)
    {
    }

    /// <summary>The same, with your own function as activation.</summary>
    /// <inheritdoc cref="Conv2DTranspose(int, Axes, Axes, string, Axes, string, Axes, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv2DTranspose(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", Axes? output_padding = null, string? data_format = null,
        Axes? dilation_rate = null, Func<Tensor, Tensor>? activation = null, bool use_bias = true, Initializer? kernel_initializer = null,
        Initializer? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null,
        Constraint? kernel_constraint = null, Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true)
        : this(filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, (ActivationFunction?)activation, use_bias, kernel_initializer,
            bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable)
    {
    }
}

/// <summary>A transposed 3D convolution, which enlarges volumes (B, D, H, W, C): the gradient of a convolution.</summary>
/// <remarks>Source: keras/src/layers/convolutional/conv3d_transpose.py.</remarks>
public sealed class Conv3DTranspose : BaseConvTranspose
{
    /// <summary>A transposed 3D convolution, which enlarges volumes (B, D, H, W, C): the gradient of a convolution.</summary>
    /// <param name="filters">The number of output channels.</param>
    /// <param name="kernel_size">The size of the window, one number or one for each axis.</param>
    /// <param name="strides">How far the window moves at each step; default 1.</param>
    /// <param name="padding">"valid" (default) or "same".</param>
    /// <param name="output_padding">The additional length of the output; default chosen by the strides.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="dilation_rate">The distance between elements of the window; default 1.</param>
    /// <param name="activation">The activation applied to the result; default none.</param>
    /// <param name="use_bias">Whether a bias is added; default true.</param>
    /// <param name="kernel_initializer">Default GlorotUniform.</param>
    /// <param name="bias_initializer">Default zeros.</param>
    /// <param name="kernel_regularizer">Default none.</param>
    /// <param name="bias_regularizer">Default none.</param>
    /// <param name="activity_regularizer">Adds a loss of the output; default none.</param>
    /// <param name="kernel_constraint">Default none.</param>
    /// <param name="bias_constraint">Default none.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <param name="trainable">Whether its weights are trained; default true.</param>
    /// <exception cref="ArgumentException">A size, the padding or the data format is invalid.</exception>
    public Conv3DTranspose(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", Axes? output_padding = null, string? data_format = null,
        Axes? dilation_rate = null, ActivationFunction? activation = null, bool use_bias = true, Initializer? kernel_initializer = null,
        Initializer? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null,
        Constraint? kernel_constraint = null, Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true)
        : base(3, filters, new(kernel_size, strides, padding, data_format, dilation_rate, 3), output_padding, activation, use_bias,
            new(kernel_initializer, kernel_regularizer, kernel_constraint), new(bias_initializer ?? new Zeros(), bias_regularizer, bias_constraint), activity_regularizer, name, dtype, trainable)
    { }

    /// <summary>The same, with your own functions as initializers.</summary>
    /// <inheritdoc cref="Conv3DTranspose(int, Axes, Axes, string, Axes, string, Axes, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv3DTranspose(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", Axes? output_padding = null, string? data_format = null,
        Axes? dilation_rate = null, ActivationFunction? activation = null, bool use_bias = true, Func<Shape, DType, Tensor>? kernel_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null,
        Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? bias_constraint = null, string? name = null,
        DTypePolicy? dtype = null, bool trainable = true)
        : this(filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation, use_bias, (Initializer?)kernel_initializer,
            (Initializer?)bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable)
    {
    }

    /// <summary>The same, with your own function as activation.</summary>
    /// <inheritdoc cref="Conv3DTranspose(int, Axes, Axes, string, Axes, string, Axes, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv3DTranspose(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", Axes? output_padding = null, string? data_format = null,
        Axes? dilation_rate = null, Func<Tensor, Tensor>? activation = null, bool use_bias = true, Initializer? kernel_initializer = null,
        Initializer? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null,
        Constraint? kernel_constraint = null, Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true)
        : this(filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, (ActivationFunction?)activation, use_bias, kernel_initializer,
            bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable)
    {
    }
}
