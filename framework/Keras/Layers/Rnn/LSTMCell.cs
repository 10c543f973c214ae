using System.Runtime.CompilerServices;
using Keras.Constraints;
using Keras.Graphs;
using Keras.Initializers;
using Keras.Regularizers;

namespace Keras.Layers;

/// <summary>One step of an <see cref="LSTM"/>: input, forget and output gates around a carried state.</summary>
/// <remarks>Source: Hochreiter and Schmidhuber 1997; keras/src/layers/rnn/lstm.py.</remarks>
public sealed class LSTMCell : GatedCell
{
    readonly bool _unitForgetBias;

    /// <summary>One step of an <see cref="LSTM"/>: input, forget and output gates around a carried state.</summary>
    /// <param name="units">The number of units.</param>
    /// <param name="activation">The function of the new state; default "tanh".</param>
    /// <param name="recurrent_activation">The function of the gates; default "sigmoid".</param>
    /// <param name="use_bias">Whether a bias is added; default true.</param>
    /// <param name="kernel_initializer">Default GlorotUniform.</param>
    /// <param name="recurrent_initializer">Default Orthogonal.</param>
    /// <param name="bias_initializer">Default zeros.</param>
    /// <param name="unit_forget_bias">Whether the bias of the forget gate begins at 1; default true.</param>
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
    public LSTMCell(int units, ActivationFunction? activation = null, ActivationFunction? recurrent_activation = null, bool use_bias = true,
        Initializer? kernel_initializer = null, Initializer? recurrent_initializer = null, Initializer? bias_initializer = null, bool unit_forget_bias = true,
        Regularizer? kernel_regularizer = null, Regularizer? recurrent_regularizer = null, Regularizer? bias_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? recurrent_constraint = null, Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0, long? seed = null,
        string? name = null, DTypePolicy? dtype = null, bool trainable = true)
        : base(new(units, activation ?? "tanh", recurrent_activation ?? "sigmoid", use_bias, kernel_initializer ?? new GlorotUniform(), recurrent_initializer ?? new Orthogonal(),
            bias_initializer ?? new Zeros(), kernel_regularizer, recurrent_regularizer, bias_regularizer, kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed), 4, name, dtype, trainable) => _unitForgetBias = unit_forget_bias;

    /// <summary>The same, with your own functions as initializers.</summary>
    /// <inheritdoc cref="LSTMCell(int, ActivationFunction, ActivationFunction, bool, Initializer, Initializer, Initializer, bool, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, long?, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public LSTMCell(int units, ActivationFunction? activation = null, ActivationFunction? recurrent_activation = null, bool use_bias = true,
        Func<Shape, DType, Tensor>? kernel_initializer = null, Func<Shape, DType, Tensor>? recurrent_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, bool unit_forget_bias = true, Regularizer? kernel_regularizer = null,
        Regularizer? recurrent_regularizer = null, Regularizer? bias_regularizer = null, Constraint? kernel_constraint = null, Constraint? recurrent_constraint = null,
        Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0, long? seed = null, string? name = null, DTypePolicy? dtype = null,
        bool trainable = true)
        : this(units, activation, recurrent_activation, use_bias, (Initializer?)kernel_initializer, (Initializer?)recurrent_initializer, (Initializer?)bias_initializer,
            unit_forget_bias, kernel_regularizer, recurrent_regularizer, bias_regularizer, kernel_constraint, recurrent_constraint, bias_constraint, dropout,
            recurrent_dropout, seed, name, dtype, trainable)
    {
    }

    /// <summary>The same, with your own function as activation.</summary>
    /// <inheritdoc cref="LSTMCell(int, ActivationFunction, ActivationFunction, bool, Initializer, Initializer, Initializer, bool, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, long?, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public LSTMCell(int units, Func<Tensor, Tensor>? activation = null, ActivationFunction? recurrent_activation = null, bool use_bias = true,
        Initializer? kernel_initializer = null, Initializer? recurrent_initializer = null, Initializer? bias_initializer = null, bool unit_forget_bias = true,
        Regularizer? kernel_regularizer = null, Regularizer? recurrent_regularizer = null, Regularizer? bias_regularizer = null, Constraint? kernel_constraint = null,
        Constraint? recurrent_constraint = null, Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0, long? seed = null,
        string? name = null, DTypePolicy? dtype = null, bool trainable = true)
        : this(units, (ActivationFunction?)activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer,
            unit_forget_bias, kernel_regularizer, recurrent_regularizer, bias_regularizer, kernel_constraint, recurrent_constraint, bias_constraint, dropout,
            recurrent_dropout, seed, name, dtype, trainable)
    {
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> state_size => [units, units];

    private protected override Initializer BiasInitializer => _unitForgetBias ? new ForgetBias(Options.BiasInitializer) : Options.BiasInitializer;

    /// <summary>An initializer that sets the forget gate's bias to ones.</summary>
    internal sealed class ForgetBias(Initializer other) : Initializer
    {
        public override Tensor call(Shape shape, DType dtype)
        {
            var units = shape[0] / 4;
            return Tf.Concat([other.call(new Shape(units), dtype), new Ones().call(new Shape(units), dtype), other.call(new Shape(units * 2), dtype)], 0);
        }
    }

    private protected override (Tensor Output, Tensor[] States) Step(Tensor inputs, Tensor hidden, Tensor[] states)
    {
        var all = Tf.MatMul(inputs, kernel) + Tf.MatMul(hidden, recurrent_kernel);
        if (bias is not null) all = Tf.BiasAdd(all, bias);
        var gate = Options.RecurrentActivation!;
        var (input, forget, output) = (gate.Apply(Gate(all, 0)), gate.Apply(Gate(all, 1)), gate.Apply(Gate(all, 3)));
        var carry = (forget * states[1]) + (input * Options.Activation.Apply(Gate(all, 2)));
        var next = output * Options.Activation.Apply(carry);
        return (next, [next, carry]);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["unit_forget_bias"] = _unitForgetBias };
}
