using System.Runtime.CompilerServices;
using Keras.Constraints;
using Keras.Initializers;
using Keras.Regularizers;

namespace Keras.Layers;

/// <summary>An LSTM with convolutions over three spatial axes: (B, T, D, H, W, C) gives (B, D', H', W', filters), or with return_sequences one for each step.</summary>
/// <remarks>Spatial sizes must be known. Source: Shi et al. 2015 (arXiv:1506.04214); keras/src/layers/rnn/conv_lstm3d.py.</remarks>
public sealed class ConvLSTM3D : ConvLSTM
{
    /// <summary>An LSTM with convolutions over three spatial axes: (B, T, D, H, W, C) gives (B, D', H', W', filters), or with return_sequences one for each step.</summary>
    /// <param name="filters">The number of output channels.</param>
    /// <param name="kernel_size">The size of the window.</param>
    /// <param name="strides">The steps of the window over the inputs; default 1.</param>
    /// <param name="padding">"valid" (default) or "same", of the inputs; states are always padded to keep their size.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="dilation_rate">The distance between the window's points; default 1.</param>
    /// <param name="activation">The function of the new state; default "tanh".</param>
    /// <param name="recurrent_activation">The function of the gates; default "sigmoid".</param>
    /// <param name="use_bias">Whether a bias is added; default true.</param>
    /// <param name="kernel_initializer">Default GlorotUniform.</param>
    /// <param name="recurrent_initializer">Default Orthogonal.</param>
    /// <param name="bias_initializer">Default zeros.</param>
    /// <param name="unit_forget_bias">Whether the bias of the forget gate begins with ones; default true.</param>
    /// <param name="kernel_regularizer">Default none.</param>
    /// <param name="recurrent_regularizer">Default none.</param>
    /// <param name="bias_regularizer">Default none.</param>
    /// <param name="activity_regularizer">Adds a loss of the output; default none.</param>
    /// <param name="kernel_constraint">Default none.</param>
    /// <param name="recurrent_constraint">Default none.</param>
    /// <param name="bias_constraint">Default none.</param>
    /// <param name="dropout">The share of inputs that are zeroed in training, the same at every step; default 0.</param>
    /// <param name="recurrent_dropout">The share of states that are zeroed in training, the same at every step; default 0.</param>
    /// <param name="seed">The seed of dropout; default a new one.</param>
    /// <param name="return_sequences">Whether to return the outputs of all steps instead of the last one only; default false.</param>
    /// <param name="return_state">Whether to return the last states too; default false.</param>
    /// <param name="go_backwards">Whether sequences are read from their end; default false.</param>
    /// <param name="stateful">Whether each sample starts from the states with which the sample at its place in the previous batch ended, see <see cref="RNN"/>; default false.</param>
    /// <param name="unroll">Whether the number of steps must be known; default false: steps are unrolled whenever it is known.</param>
    /// <param name="zero_output_for_mask">Whether steps that the mask leaves out give zeros; default false.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <param name="trainable">Whether its weights are trained; default true.</param>
    /// <exception cref="ArgumentOutOfRangeException">filters is not positive, or a rate is below 0 or above 1.</exception>
    /// <exception cref="ArgumentException">A size, the padding or the data format is unknown, or strides and dilation are both used.</exception>
    public ConvLSTM3D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null,
        ActivationFunction? activation = null, ActivationFunction? recurrent_activation = null, bool use_bias = true, Initializer? kernel_initializer = null,
        Initializer? recurrent_initializer = null, Initializer? bias_initializer = null, bool unit_forget_bias = true, Regularizer? kernel_regularizer = null,
        Regularizer? recurrent_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? recurrent_constraint = null, Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0, long? seed = null,
        bool return_sequences = false, bool return_state = false, bool go_backwards = false, bool stateful = false, bool unroll = false,
        bool zero_output_for_mask = false, string? name = null, DTypePolicy? dtype = null, bool trainable = true)
        : base(3, new(kernel_size, strides, padding, data_format, dilation_rate, 3),
            OptionsOf(filters, activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer, kernel_regularizer, recurrent_regularizer, bias_regularizer,
                kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed),
            unit_forget_bias, activity_regularizer, return_sequences, return_state, go_backwards, stateful, unroll, zero_output_for_mask, name, dtype, trainable)
    {
    }

    /// <summary>The same, with your own functions as initializers.</summary>
    /// <inheritdoc cref="ConvLSTM3D(int, Axes, Axes, string, string, Axes, ActivationFunction, ActivationFunction, bool, Initializer, Initializer, Initializer, bool, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, long?, bool, bool, bool, bool, bool, bool, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public ConvLSTM3D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null,
        ActivationFunction? activation = null, ActivationFunction? recurrent_activation = null, bool use_bias = true,
        Func<Shape, DType, Tensor>? kernel_initializer = null, Func<Shape, DType, Tensor>? recurrent_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, bool unit_forget_bias = true, Regularizer? kernel_regularizer = null,
        Regularizer? recurrent_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? recurrent_constraint = null, Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0, long? seed = null,
        bool return_sequences = false, bool return_state = false, bool go_backwards = false, bool stateful = false, bool unroll = false,
        bool zero_output_for_mask = false, string? name = null, DTypePolicy? dtype = null, bool trainable = true)
        : this(filters, kernel_size, strides, padding, data_format, dilation_rate, activation, recurrent_activation, use_bias, (Initializer?)kernel_initializer,
            (Initializer?)recurrent_initializer, (Initializer?)bias_initializer, unit_forget_bias, kernel_regularizer, recurrent_regularizer, bias_regularizer,
            activity_regularizer, kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed, return_sequences, return_state,
            go_backwards, stateful, unroll, zero_output_for_mask, name, dtype, trainable)
    {
    }

    /// <summary>The same, with your own function as activation.</summary>
    /// <inheritdoc cref="ConvLSTM3D(int, Axes, Axes, string, string, Axes, ActivationFunction, ActivationFunction, bool, Initializer, Initializer, Initializer, bool, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, long?, bool, bool, bool, bool, bool, bool, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public ConvLSTM3D(int filters, Axes kernel_size, Axes? strides = null, string padding = "valid", string? data_format = null, Axes? dilation_rate = null,
        Func<Tensor, Tensor>? activation = null, ActivationFunction? recurrent_activation = null, bool use_bias = true, Initializer? kernel_initializer = null,
        Initializer? recurrent_initializer = null, Initializer? bias_initializer = null, bool unit_forget_bias = true, Regularizer? kernel_regularizer = null,
        Regularizer? recurrent_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? recurrent_constraint = null, Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0, long? seed = null,
        bool return_sequences = false, bool return_state = false, bool go_backwards = false, bool stateful = false, bool unroll = false,
        bool zero_output_for_mask = false, string? name = null, DTypePolicy? dtype = null, bool trainable = true)
        : this(filters, kernel_size, strides, padding, data_format, dilation_rate, (ActivationFunction?)activation, recurrent_activation, use_bias, kernel_initializer,
            recurrent_initializer, bias_initializer, unit_forget_bias, kernel_regularizer, recurrent_regularizer, bias_regularizer, activity_regularizer,
            kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed, return_sequences, return_state, go_backwards, stateful, unroll,
            zero_output_for_mask, name, dtype, trainable)
    {
    }
}
