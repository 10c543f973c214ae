using System.Runtime.CompilerServices;
using Keras.Constraints;
using Keras.Graphs;
using Keras.Initializers;
using Keras.Regularizers;

namespace Keras.Layers;

/// <summary>One step of a <see cref="SimpleRNN"/>: activation(inputs · kernel + state · recurrent_kernel + bias).</summary>
/// <remarks>Source: keras/src/layers/rnn/simple_rnn.py.</remarks>
public sealed class SimpleRNNCell : GatedCell
{
    /// <summary>One step of a <see cref="SimpleRNN"/>: activation(inputs · kernel + state · recurrent_kernel + bias).</summary>
    /// <param name="units">The number of units.</param>
    /// <param name="activation">The function of the new state; default "tanh".</param>
    /// <param name="use_bias">Whether a bias is added; default true.</param>
    /// <param name="kernel_initializer">Default GlorotUniform.</param>
    /// <param name="recurrent_initializer">Default Orthogonal.</param>
    /// <param name="bias_initializer">Default zeros.</param>
    /// <param name="kernel_regularizer">Default none.</param>
    /// <param name="recurrent_regularizer">Default none.</param>
    /// <param name="bias_regularizer">Default none.</param>
    /// <param name="kernel_constraint">Default none.</param>
    /// <param name="recurrent_constraint">Default none.</param>
    /// <param name="bias_constraint">Default none.</param>
    /// <param name="dropout">The share of inputs that are zeroed in training, the same at every step; default 0.</param>
    /// <param name="recurrent_dropout">The share of states that are zeroed in training, the same at every step; default 0.</param>
    /// <param name="seed">The seed of dropout; default a new one.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <param name="trainable">Whether its weights are trained; default true.</param>
    /// <exception cref="ArgumentOutOfRangeException">units is not positive, or a rate is below 0 or above 1.</exception>
    public SimpleRNNCell(int units, ActivationFunction? activation = null, bool use_bias = true, Initializer? kernel_initializer = null,
        Initializer? recurrent_initializer = null, Initializer? bias_initializer = null, Regularizer? kernel_regularizer = null,
        Regularizer? recurrent_regularizer = null, Regularizer? bias_regularizer = null, Constraint? kernel_constraint = null, Constraint? recurrent_constraint = null,
        Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0, long? seed = null, string? name = null, DTypePolicy? dtype = null,
        bool trainable = true)
        : base(new(units, activation ?? "tanh", null, use_bias, kernel_initializer ?? new GlorotUniform(), recurrent_initializer ?? new Orthogonal(),
            bias_initializer ?? new Zeros(), kernel_regularizer, recurrent_regularizer, bias_regularizer, kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed), 1, name, dtype, trainable)
    { }

    /// <summary>The same, with your own functions as initializers.</summary>
    /// <inheritdoc cref="SimpleRNNCell(int, ActivationFunction, bool, Initializer, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, long?, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public SimpleRNNCell(int units, ActivationFunction? activation = null, bool use_bias = true, Func<Shape, DType, Tensor>? kernel_initializer = null,
        Func<Shape, DType, Tensor>? recurrent_initializer = null, Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? kernel_regularizer = null,
        Regularizer? recurrent_regularizer = null, Regularizer? bias_regularizer = null, Constraint? kernel_constraint = null, Constraint? recurrent_constraint = null,
        Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0, long? seed = null, string? name = null, DTypePolicy? dtype = null,
        bool trainable = true)
        : this(units, activation, use_bias, (Initializer?)kernel_initializer, (Initializer?)recurrent_initializer, (Initializer?)bias_initializer, kernel_regularizer,
            recurrent_regularizer, bias_regularizer, kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed, name, dtype, trainable)
    {
    }

    /// <summary>The same, with your own function as activation.</summary>
    /// <inheritdoc cref="SimpleRNNCell(int, ActivationFunction, bool, Initializer, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, long?, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public SimpleRNNCell(int units, Func<Tensor, Tensor>? activation = null, bool use_bias = true, Initializer? kernel_initializer = null,
        Initializer? recurrent_initializer = null, Initializer? bias_initializer = null, Regularizer? kernel_regularizer = null,
        Regularizer? recurrent_regularizer = null, Regularizer? bias_regularizer = null, Constraint? kernel_constraint = null, Constraint? recurrent_constraint = null,
        Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0, long? seed = null, string? name = null, DTypePolicy? dtype = null,
        bool trainable = true)
        : this(units, (ActivationFunction?)activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer, kernel_regularizer,
            recurrent_regularizer, bias_regularizer, kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed, name, dtype,
            trainable)
    {
    }

    private protected override (Tensor Output, Tensor[] States) Step(Tensor inputs, Tensor hidden, Tensor[] states)
    {
        var sum = Tf.MatMul(inputs, kernel);
        if (bias is not null) sum = Tf.BiasAdd(sum, bias);
        var output = Options.Activation.Apply(sum + Tf.MatMul(hidden, recurrent_kernel));
        return (output, [output]);
    }
}
