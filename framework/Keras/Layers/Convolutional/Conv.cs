using System.Runtime.CompilerServices;
using Keras.Constraints;
using Keras.Initializers;
using Keras.Regularizers;

namespace Keras.Layers;

/// <summary>A 1D convolution, for sequences (B, T, C): slides trained filters along the steps.</summary>
/// <remarks>Source: keras/src/layers/convolutional/conv1d.py.</remarks>
public sealed class Conv1D : BaseConv
{
    /// <summary>A 1D convolution, for sequences (B, T, C): slides trained filters along the steps.</summary>
    /// <param name="filters">The number of output channels.</param>
    /// <param name="kernel_size">The size of the window, one number or one for each axis.</param>
    /// <param name="strides">How far the window moves at each step; default 1.</param>
    /// <param name="padding">"valid" (default), "same" or "causal": padding in front only.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="dilation_rate">The distance between elements of the window; default 1.</param>
    /// <param name="groups">The number of groups of channels, each with separate kernels; default 1.</param>
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
    public Conv1D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null, int groups = 1,
        ActivationFunction? activation = null, bool use_bias = true, Initializer? kernel_initializer = null, Initializer? bias_initializer = null,
        Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true)
        : base(1, filters, new(kernel_size, strides, padding, data_format, dilation_rate, 1, causal: true), groups, activation, use_bias,
            new(kernel_initializer, kernel_regularizer, kernel_constraint), new(bias_initializer ?? new Zeros(), bias_regularizer, bias_constraint), activity_regularizer, name, dtype, trainable)
    { }

    /// <summary>The same, with your own functions as initializers.</summary>
    /// <inheritdoc cref="Conv1D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv1D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null, int groups = 1,
        ActivationFunction? activation = null, bool use_bias = true, Func<Shape, DType, Tensor>? kernel_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null,
        Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? bias_constraint = null, string? name = null,
        DTypePolicy? dtype = null, bool trainable = true)
        : this(filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias, (Initializer?)kernel_initializer,
            (Initializer?)bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable)
    {
    }

    /// <summary>The same, with your own function as activation.</summary>
    /// <inheritdoc cref="Conv1D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv1D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null, int groups = 1,
        Func<Tensor, Tensor>? activation = null, bool use_bias = true, Initializer? kernel_initializer = null, Initializer? bias_initializer = null,
        Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true)
        : this(filters, kernel_size, strides, padding, data_format, dilation_rate, groups, (ActivationFunction?)activation, use_bias, kernel_initializer,
            bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable)
    {
    }
}

/// <summary>A 2D convolution, for images (B, H, W, C): slides trained filters over height and width.</summary>
/// <remarks>Source: keras/src/layers/convolutional/conv2d.py.</remarks>
/// <example>
/// <code>
/// Tensor images = keras.random.uniform((4, 28, 28, 3));
/// Console.WriteLine(keras.layers.Conv2D(16, kernel_size: 3, padding: "same", activation: "relu").Apply(images).Single.shape);   // (4, 28, 28, 16)
/// </code>
/// </example>
public sealed class Conv2D : BaseConv
{
    /// <summary>A 2D convolution, for images (B, H, W, C): slides trained filters over height and width.</summary>
    /// <param name="filters">The number of output channels.</param>
    /// <param name="kernel_size">The size of the window, one number or one for each axis.</param>
    /// <param name="strides">How far the window moves at each step; default 1.</param>
    /// <param name="padding">"valid" (default) or "same".</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="dilation_rate">The distance between elements of the window; default 1.</param>
    /// <param name="groups">The number of groups of channels, each with separate kernels; default 1.</param>
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
    public Conv2D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null, int groups = 1,
        ActivationFunction? activation = null, bool use_bias = true, Initializer? kernel_initializer = null, Initializer? bias_initializer = null,
        Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true)
        : base(2, filters, new(kernel_size, strides, padding, data_format, dilation_rate, 2, causal: false), groups, activation, use_bias,
            new(kernel_initializer, kernel_regularizer, kernel_constraint), new(bias_initializer ?? new Zeros(), bias_regularizer, bias_constraint), activity_regularizer, name, dtype, trainable)
    { }

    /// <summary>The same, with your own functions as initializers.</summary>
    /// <inheritdoc cref="Conv2D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv2D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null, int groups = 1,
        ActivationFunction? activation = null, bool use_bias = true, Func<Shape, DType, Tensor>? kernel_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null,
        Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? bias_constraint = null, string? name = null,
        DTypePolicy? dtype = null, bool trainable = true)
        : this(filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias, (Initializer?)kernel_initializer,
            (Initializer?)bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable)
    {
    }

    /// <summary>The same, with your own function as activation.</summary>
    /// <inheritdoc cref="Conv2D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv2D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null, int groups = 1,
        Func<Tensor, Tensor>? activation = null, bool use_bias = true, Initializer? kernel_initializer = null, Initializer? bias_initializer = null,
        Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true)
        : this(filters, kernel_size, strides, padding, data_format, dilation_rate, groups, (ActivationFunction?)activation, use_bias, kernel_initializer,
            bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable)
    {
    }
}

/// <summary>A 3D convolution, for volumes (B, D, H, W, C): slides trained filters over depth, height and width.</summary>
/// <remarks>Source: keras/src/layers/convolutional/conv3d.py.</remarks>
public sealed class Conv3D : BaseConv
{
    /// <summary>A 3D convolution, for volumes (B, D, H, W, C): slides trained filters over depth, height and width.</summary>
    /// <param name="filters">The number of output channels.</param>
    /// <param name="kernel_size">The size of the window, one number or one for each axis.</param>
    /// <param name="strides">How far the window moves at each step; default 1.</param>
    /// <param name="padding">"valid" (default) or "same".</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="dilation_rate">The distance between elements of the window; default 1.</param>
    /// <param name="groups">The number of groups of channels, each with separate kernels; default 1.</param>
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
    public Conv3D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null, int groups = 1,
        ActivationFunction? activation = null, bool use_bias = true, Initializer? kernel_initializer = null, Initializer? bias_initializer = null,
        Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true)
        : base(3, filters, new(kernel_size, strides, padding, data_format, dilation_rate, 3, causal: false), groups, activation, use_bias,
            new(kernel_initializer, kernel_regularizer, kernel_constraint), new(bias_initializer ?? new Zeros(), bias_regularizer, bias_constraint), activity_regularizer, name, dtype, trainable)
    { }

    /// <summary>The same, with your own functions as initializers.</summary>
    /// <inheritdoc cref="Conv3D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv3D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null, int groups = 1,
        ActivationFunction? activation = null, bool use_bias = true, Func<Shape, DType, Tensor>? kernel_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null,
        Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? bias_constraint = null, string? name = null,
        DTypePolicy? dtype = null, bool trainable = true)
        : this(filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias, (Initializer?)kernel_initializer,
            (Initializer?)bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable)
    {
    }

    /// <summary>The same, with your own function as activation.</summary>
    /// <inheritdoc cref="Conv3D(int, Axes, Axes, string, string, Axes, int, ActivationFunction, bool, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public Conv3D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null, int groups = 1,
        Func<Tensor, Tensor>? activation = null, bool use_bias = true, Initializer? kernel_initializer = null, Initializer? bias_initializer = null,
        Regularizer? kernel_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? bias_constraint = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true)
        : this(filters, kernel_size, strides, padding, data_format, dilation_rate, groups, (ActivationFunction?)activation, use_bias, kernel_initializer,
            bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, name, dtype, trainable)
    {
    }
}
