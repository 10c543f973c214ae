using Keras.Constraints;
using Keras.Initializers;
using Keras.Regularizers;

namespace Keras.Layers;

/// <summary>The base of <see cref="ConvLSTM1D"/>, <see cref="ConvLSTM2D"/> and <see cref="ConvLSTM3D"/>: LSTMs for sequences of images, with convolutions instead of matrix products.</summary>
/// <remarks>Source: Shi et al. 2015 (arXiv:1506.04214); keras/src/layers/rnn/conv_lstm.py.</remarks>
public abstract class ConvLSTM : RNN
{
    /// <summary>Makes a layer over this many spatial axes.</summary>
    private protected ConvLSTM(int rank, ConvWindow window, CellOptions options, bool unit_forget_bias, Regularizer? activity_regularizer, bool return_sequences, bool return_state,
        bool go_backwards, bool stateful, bool unroll, bool zero_output_for_mask, string? name, DTypePolicy? dtype, bool trainable)
        : base(new ConvLSTMCell(rank, window, options, unit_forget_bias, dtype, trainable), return_sequences, return_state, go_backwards, stateful, unroll, zero_output_for_mask, name, dtype, trainable)
    {
        this.activity_regularizer = activity_regularizer;
        input_spec = new(ndim: rank + 3);
    }

    /// <summary>The cell's options from the constructor's arguments, with Keras' defaults.</summary>
    private protected static CellOptions OptionsOf(int filters, ActivationFunction? activation, ActivationFunction? recurrent_activation, bool use_bias, Initializer? kernel_initializer,
        Initializer? recurrent_initializer, Initializer? bias_initializer, Regularizer? kernel_regularizer, Regularizer? recurrent_regularizer, Regularizer? bias_regularizer,
        Constraint? kernel_constraint, Constraint? recurrent_constraint, Constraint? bias_constraint, double dropout, double recurrent_dropout, long? seed) =>
        new(filters, activation ?? "tanh", recurrent_activation ?? "sigmoid", use_bias, kernel_initializer ?? new GlorotUniform(), recurrent_initializer ?? new Orthogonal(), bias_initializer ?? new Zeros(),
            kernel_regularizer, recurrent_regularizer, bias_regularizer, kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed);
}
