using System.Runtime.CompilerServices;
using Keras.Constraints;
using Keras.Initializers;
using Keras.Regularizers;

namespace Keras.Layers;

public sealed partial class LayersApi
{
    /// <inheritdoc cref="Layers.Bidirectional(RNN, string, RNN, string, DTypePolicy)"/>
    public Bidirectional Bidirectional(RNN layer, string? merge_mode = "concat", RNN? backward_layer = null, string? name = null, DTypePolicy? dtype = null) =>
        new(layer, merge_mode, backward_layer, name, dtype);

    /// <inheritdoc cref="Layers.GRU(int, ActivationFunction, ActivationFunction, bool, Initializer, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, long?, bool, bool, bool, bool, bool, bool, bool, string, DTypePolicy, bool)"/>
    public GRU GRU(int units, ActivationFunction? activation = null, ActivationFunction? recurrent_activation = null, bool use_bias = true,
        Initializer? kernel_initializer = null, Initializer? recurrent_initializer = null, Initializer? bias_initializer = null, Regularizer? kernel_regularizer = null,
        Regularizer? recurrent_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? recurrent_constraint = null, Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0, long? seed = null,
        bool return_sequences = false, bool return_state = false, bool go_backwards = false, bool stateful = false, bool unroll = false, bool reset_after = true,
        bool zero_output_for_mask = false, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(units, activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer, kernel_regularizer, recurrent_regularizer,
            bias_regularizer, activity_regularizer, kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed, return_sequences,
            return_state, go_backwards, stateful, unroll, reset_after, zero_output_for_mask, name, dtype, trainable);

    /// <inheritdoc cref="Layers.GRU(int, ActivationFunction, ActivationFunction, bool, Initializer, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, long?, bool, bool, bool, bool, bool, bool, bool, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public GRU GRU(int units, ActivationFunction? activation = null, ActivationFunction? recurrent_activation = null, bool use_bias = true,
        Func<Shape, DType, Tensor>? kernel_initializer = null, Func<Shape, DType, Tensor>? recurrent_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? recurrent_regularizer = null,
        Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? recurrent_constraint = null,
        Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0, long? seed = null, bool return_sequences = false, bool return_state = false,
        bool go_backwards = false, bool stateful = false, bool unroll = false, bool reset_after = true, bool zero_output_for_mask = false, string? name = null,
        DTypePolicy? dtype = null, bool trainable = true) =>
        new(units, activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer, kernel_regularizer, recurrent_regularizer,
            bias_regularizer, activity_regularizer, kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed, return_sequences,
            return_state, go_backwards, stateful, unroll, reset_after, zero_output_for_mask, name, dtype, trainable);

    /// <inheritdoc cref="Layers.GRU(int, ActivationFunction, ActivationFunction, bool, Initializer, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, long?, bool, bool, bool, bool, bool, bool, bool, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public GRU GRU(int units, Func<Tensor, Tensor>? activation = null, ActivationFunction? recurrent_activation = null, bool use_bias = true,
        Initializer? kernel_initializer = null, Initializer? recurrent_initializer = null, Initializer? bias_initializer = null, Regularizer? kernel_regularizer = null,
        Regularizer? recurrent_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? recurrent_constraint = null, Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0, long? seed = null,
        bool return_sequences = false, bool return_state = false, bool go_backwards = false, bool stateful = false, bool unroll = false, bool reset_after = true,
        bool zero_output_for_mask = false, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(units, activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer, kernel_regularizer,
            recurrent_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout,
            seed, return_sequences, return_state, go_backwards, stateful, unroll, reset_after, zero_output_for_mask, name, dtype, trainable);

    /// <inheritdoc cref="Layers.GRUCell(int, ActivationFunction, ActivationFunction, bool, Initializer, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, bool, long?, string, DTypePolicy, bool)"/>
    public GRUCell GRUCell(int units, ActivationFunction? activation = null, ActivationFunction? recurrent_activation = null, bool use_bias = true,
        Initializer? kernel_initializer = null, Initializer? recurrent_initializer = null, Initializer? bias_initializer = null, Regularizer? kernel_regularizer = null,
        Regularizer? recurrent_regularizer = null, Regularizer? bias_regularizer = null, Constraint? kernel_constraint = null, Constraint? recurrent_constraint = null,
        Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0, bool reset_after = true, long? seed = null, string? name = null,
        DTypePolicy? dtype = null, bool trainable = true) =>
        new(units, activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer, kernel_regularizer, recurrent_regularizer,
            bias_regularizer, kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout, reset_after, seed, name, dtype, trainable);

    /// <inheritdoc cref="Layers.GRUCell(int, ActivationFunction, ActivationFunction, bool, Initializer, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, bool, long?, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public GRUCell GRUCell(int units, ActivationFunction? activation = null, ActivationFunction? recurrent_activation = null, bool use_bias = true,
        Func<Shape, DType, Tensor>? kernel_initializer = null, Func<Shape, DType, Tensor>? recurrent_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? recurrent_regularizer = null,
        Regularizer? bias_regularizer = null, Constraint? kernel_constraint = null, Constraint? recurrent_constraint = null, Constraint? bias_constraint = null,
        double dropout = 0, double recurrent_dropout = 0, bool reset_after = true, long? seed = null, string? name = null, DTypePolicy? dtype = null,
        bool trainable = true) =>
        new(units, activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer, kernel_regularizer, recurrent_regularizer,
            bias_regularizer, kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout, reset_after, seed, name, dtype, trainable);

    /// <inheritdoc cref="Layers.GRUCell(int, ActivationFunction, ActivationFunction, bool, Initializer, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, bool, long?, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public GRUCell GRUCell(int units, Func<Tensor, Tensor>? activation = null, ActivationFunction? recurrent_activation = null, bool use_bias = true,
        Initializer? kernel_initializer = null, Initializer? recurrent_initializer = null, Initializer? bias_initializer = null, Regularizer? kernel_regularizer = null,
        Regularizer? recurrent_regularizer = null, Regularizer? bias_regularizer = null, Constraint? kernel_constraint = null, Constraint? recurrent_constraint = null,
        Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0, bool reset_after = true, long? seed = null, string? name = null,
        DTypePolicy? dtype = null, bool trainable = true) =>
        new(units, activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer, kernel_regularizer,
            recurrent_regularizer, bias_regularizer, kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout, reset_after, seed, name,
            dtype, trainable);

    /// <inheritdoc cref="Layers.LSTM(int, ActivationFunction, ActivationFunction, bool, Initializer, Initializer, Initializer, bool, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, long?, bool, bool, bool, bool, bool, bool, string, DTypePolicy, bool)"/>
    public LSTM LSTM(int units, ActivationFunction? activation = null, ActivationFunction? recurrent_activation = null, bool use_bias = true,
        Initializer? kernel_initializer = null, Initializer? recurrent_initializer = null, Initializer? bias_initializer = null, bool unit_forget_bias = true,
        Regularizer? kernel_regularizer = null, Regularizer? recurrent_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null,
        Constraint? kernel_constraint = null, Constraint? recurrent_constraint = null, Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0,
        long? seed = null, bool return_sequences = false, bool return_state = false, bool go_backwards = false, bool stateful = false, bool unroll = false,
        bool zero_output_for_mask = false, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(units, activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer, unit_forget_bias, kernel_regularizer,
            recurrent_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed,
            return_sequences, return_state, go_backwards, stateful, unroll, zero_output_for_mask, name, dtype, trainable);

    /// <inheritdoc cref="Layers.LSTM(int, ActivationFunction, ActivationFunction, bool, Initializer, Initializer, Initializer, bool, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, long?, bool, bool, bool, bool, bool, bool, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public LSTM LSTM(int units, ActivationFunction? activation = null, ActivationFunction? recurrent_activation = null, bool use_bias = true,
        Func<Shape, DType, Tensor>? kernel_initializer = null, Func<Shape, DType, Tensor>? recurrent_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, bool unit_forget_bias = true, Regularizer? kernel_regularizer = null,
        Regularizer? recurrent_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? recurrent_constraint = null, Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0, long? seed = null,
        bool return_sequences = false, bool return_state = false, bool go_backwards = false, bool stateful = false, bool unroll = false,
        bool zero_output_for_mask = false, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(units, activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer, unit_forget_bias, kernel_regularizer,
            recurrent_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed,
            return_sequences, return_state, go_backwards, stateful, unroll, zero_output_for_mask, name, dtype, trainable);

    /// <inheritdoc cref="Layers.LSTM(int, ActivationFunction, ActivationFunction, bool, Initializer, Initializer, Initializer, bool, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, long?, bool, bool, bool, bool, bool, bool, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public LSTM LSTM(int units, Func<Tensor, Tensor>? activation = null, ActivationFunction? recurrent_activation = null, bool use_bias = true,
        Initializer? kernel_initializer = null, Initializer? recurrent_initializer = null, Initializer? bias_initializer = null, bool unit_forget_bias = true,
        Regularizer? kernel_regularizer = null, Regularizer? recurrent_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null,
        Constraint? kernel_constraint = null, Constraint? recurrent_constraint = null, Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0,
        long? seed = null, bool return_sequences = false, bool return_state = false, bool go_backwards = false, bool stateful = false, bool unroll = false,
        bool zero_output_for_mask = false, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(units, activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer, unit_forget_bias, kernel_regularizer,
            recurrent_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout,
            seed, return_sequences, return_state, go_backwards, stateful, unroll, zero_output_for_mask, name, dtype, trainable);

    /// <inheritdoc cref="Layers.LSTMCell(int, ActivationFunction, ActivationFunction, bool, Initializer, Initializer, Initializer, bool, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, long?, string, DTypePolicy, bool)"/>
    public LSTMCell LSTMCell(int units, ActivationFunction? activation = null, ActivationFunction? recurrent_activation = null, bool use_bias = true,
        Initializer? kernel_initializer = null, Initializer? recurrent_initializer = null, Initializer? bias_initializer = null, bool unit_forget_bias = true,
        Regularizer? kernel_regularizer = null, Regularizer? recurrent_regularizer = null, Regularizer? bias_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? recurrent_constraint = null, Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0, long? seed = null, string? name = null,
        DTypePolicy? dtype = null, bool trainable = true) =>
        new(units, activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer, unit_forget_bias, kernel_regularizer,
            recurrent_regularizer, bias_regularizer, kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed, name, dtype, trainable);

    /// <inheritdoc cref="Layers.LSTMCell(int, ActivationFunction, ActivationFunction, bool, Initializer, Initializer, Initializer, bool, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, long?, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public LSTMCell LSTMCell(int units, ActivationFunction? activation = null, ActivationFunction? recurrent_activation = null, bool use_bias = true,
        Func<Shape, DType, Tensor>? kernel_initializer = null, Func<Shape, DType, Tensor>? recurrent_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, bool unit_forget_bias = true, Regularizer? kernel_regularizer = null,
        Regularizer? recurrent_regularizer = null, Regularizer? bias_regularizer = null, Constraint? kernel_constraint = null, Constraint? recurrent_constraint = null,
        Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0, long? seed = null, string? name = null, DTypePolicy? dtype = null,
        bool trainable = true) =>
        new(units, activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer, unit_forget_bias, kernel_regularizer,
            recurrent_regularizer, bias_regularizer, kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed, name, dtype, trainable);

    /// <inheritdoc cref="Layers.LSTMCell(int, ActivationFunction, ActivationFunction, bool, Initializer, Initializer, Initializer, bool, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, long?, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public LSTMCell LSTMCell(int units, Func<Tensor, Tensor>? activation = null, ActivationFunction? recurrent_activation = null, bool use_bias = true,
        Initializer? kernel_initializer = null, Initializer? recurrent_initializer = null, Initializer? bias_initializer = null, bool unit_forget_bias = true,
        Regularizer? kernel_regularizer = null, Regularizer? recurrent_regularizer = null, Regularizer? bias_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? recurrent_constraint = null, Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0, long? seed = null, string? name = null,
        DTypePolicy? dtype = null, bool trainable = true) =>
        new(units, activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer, unit_forget_bias, kernel_regularizer,
            recurrent_regularizer, bias_regularizer, kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed, name, dtype,
            trainable);

    /// <inheritdoc cref="Layers.RNN(RnnCell, bool, bool, bool, bool, bool, bool, string, DTypePolicy, bool)"/>
    public RNN RNN(RnnCell cell, bool return_sequences = false, bool return_state = false, bool go_backwards = false, bool stateful = false, bool unroll = false,
        bool zero_output_for_mask = false, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(cell, return_sequences, return_state, go_backwards, stateful, unroll, zero_output_for_mask, name, dtype, trainable);

    /// <inheritdoc cref="Layers.SimpleRNN(int, ActivationFunction, bool, Initializer, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, long?, bool, bool, bool, bool, bool, bool, string, DTypePolicy, bool)"/>
    public SimpleRNN SimpleRNN(int units, ActivationFunction? activation = null, bool use_bias = true, Initializer? kernel_initializer = null,
        Initializer? recurrent_initializer = null, Initializer? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? recurrent_regularizer = null,
        Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? recurrent_constraint = null,
        Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0, long? seed = null, bool return_sequences = false, bool return_state = false,
        bool go_backwards = false, bool stateful = false, bool unroll = false, bool zero_output_for_mask = false, string? name = null, DTypePolicy? dtype = null,
        bool trainable = true) =>
        new(units, activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer, kernel_regularizer, recurrent_regularizer, bias_regularizer,
            activity_regularizer, kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed, return_sequences, return_state, go_backwards,
            stateful, unroll, zero_output_for_mask, name, dtype, trainable);

    /// <inheritdoc cref="Layers.SimpleRNN(int, ActivationFunction, bool, Initializer, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, long?, bool, bool, bool, bool, bool, bool, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public SimpleRNN SimpleRNN(int units, ActivationFunction? activation = null, bool use_bias = true, Func<Shape, DType, Tensor>? kernel_initializer = null,
        Func<Shape, DType, Tensor>? recurrent_initializer = null, Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? kernel_regularizer = null,
        Regularizer? recurrent_regularizer = null, Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? recurrent_constraint = null, Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0, long? seed = null,
        bool return_sequences = false, bool return_state = false, bool go_backwards = false, bool stateful = false, bool unroll = false,
        bool zero_output_for_mask = false, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(units, activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer, kernel_regularizer, recurrent_regularizer, bias_regularizer,
            activity_regularizer, kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed, return_sequences, return_state,
            go_backwards, stateful, unroll, zero_output_for_mask, name, dtype, trainable);

    /// <inheritdoc cref="Layers.SimpleRNN(int, ActivationFunction, bool, Initializer, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, long?, bool, bool, bool, bool, bool, bool, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public SimpleRNN SimpleRNN(int units, Func<Tensor, Tensor>? activation = null, bool use_bias = true, Initializer? kernel_initializer = null,
        Initializer? recurrent_initializer = null, Initializer? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? recurrent_regularizer = null,
        Regularizer? bias_regularizer = null, Regularizer? activity_regularizer = null, Constraint? kernel_constraint = null, Constraint? recurrent_constraint = null,
        Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0, long? seed = null, bool return_sequences = false, bool return_state = false,
        bool go_backwards = false, bool stateful = false, bool unroll = false, bool zero_output_for_mask = false, string? name = null, DTypePolicy? dtype = null,
        bool trainable = true) =>
        new(units, activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer, kernel_regularizer, recurrent_regularizer, bias_regularizer,
            activity_regularizer, kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed, return_sequences, return_state,
            go_backwards, stateful, unroll, zero_output_for_mask, name, dtype, trainable);

    /// <inheritdoc cref="Layers.SimpleRNNCell(int, ActivationFunction, bool, Initializer, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, long?, string, DTypePolicy, bool)"/>
    public SimpleRNNCell SimpleRNNCell(int units, ActivationFunction? activation = null, bool use_bias = true, Initializer? kernel_initializer = null,
        Initializer? recurrent_initializer = null, Initializer? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? recurrent_regularizer = null,
        Regularizer? bias_regularizer = null, Constraint? kernel_constraint = null, Constraint? recurrent_constraint = null, Constraint? bias_constraint = null,
        double dropout = 0, double recurrent_dropout = 0, long? seed = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(units, activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer, kernel_regularizer, recurrent_regularizer, bias_regularizer,
            kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed, name, dtype, trainable);

    /// <inheritdoc cref="Layers.SimpleRNNCell(int, ActivationFunction, bool, Initializer, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, long?, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public SimpleRNNCell SimpleRNNCell(int units, ActivationFunction? activation = null, bool use_bias = true, Func<Shape, DType, Tensor>? kernel_initializer = null,
        Func<Shape, DType, Tensor>? recurrent_initializer = null, Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? kernel_regularizer = null,
        Regularizer? recurrent_regularizer = null, Regularizer? bias_regularizer = null, Constraint? kernel_constraint = null, Constraint? recurrent_constraint = null,
        Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0, long? seed = null, string? name = null, DTypePolicy? dtype = null,
        bool trainable = true) =>
        new(units, activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer, kernel_regularizer, recurrent_regularizer, bias_regularizer,
            kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed, name, dtype, trainable);

    /// <inheritdoc cref="Layers.SimpleRNNCell(int, ActivationFunction, bool, Initializer, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, long?, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public SimpleRNNCell SimpleRNNCell(int units, Func<Tensor, Tensor>? activation = null, bool use_bias = true, Initializer? kernel_initializer = null,
        Initializer? recurrent_initializer = null, Initializer? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? recurrent_regularizer = null,
        Regularizer? bias_regularizer = null, Constraint? kernel_constraint = null, Constraint? recurrent_constraint = null, Constraint? bias_constraint = null,
        double dropout = 0, double recurrent_dropout = 0, long? seed = null, string? name = null, DTypePolicy? dtype = null, bool trainable = true) =>
        new(units, activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer, kernel_regularizer, recurrent_regularizer, bias_regularizer,
            kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed, name, dtype, trainable);

    /// <inheritdoc cref="Layers.StackedRNNCells(RnnCell[], string, DTypePolicy)"/>
    public StackedRNNCells StackedRNNCells(RnnCell[] cells, string? name = null, DTypePolicy? dtype = null) => new(cells, name, dtype);

    /// <inheritdoc cref="Layers.TimeDistributed(Layer, string, DTypePolicy)"/>
    public TimeDistributed TimeDistributed(Layer layer, string? name = null, DTypePolicy? dtype = null) => new(layer, name, dtype);
}
