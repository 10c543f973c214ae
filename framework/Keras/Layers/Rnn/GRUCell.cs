using System.Runtime.CompilerServices;
using Keras.Constraints;
using Keras.Graphs;
using Keras.Initializers;
using Keras.Regularizers;

namespace Keras.Layers;

/// <summary>One step of a <see cref="GRU"/>: a gated recurrent unit with an update gate and a reset gate.</summary>
/// <remarks>Source: Cho et al. 2014 (arXiv:1406.1078); keras/src/layers/rnn/gru.py.</remarks>
public sealed class GRUCell : GatedCell
{
    readonly bool _resetAfter;

    /// <summary>One step of a <see cref="GRU"/>: a gated recurrent unit with an update gate and a reset gate.</summary>
    /// <param name="units">The number of units.</param>
    /// <param name="activation">The function of the new state; default "tanh".</param>
    /// <param name="recurrent_activation">The function of the gates; default "sigmoid".</param>
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
    /// <param name="reset_after">Whether the reset gate is applied after the matrix product; default true.</param>
    /// <param name="seed">The seed of dropout; default a new one.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <param name="trainable">Whether its weights are trained; default true.</param>
    /// <exception cref="ArgumentOutOfRangeException">units is not positive, or a rate is below 0 or above 1.</exception>
    public GRUCell(int units, ActivationFunction? activation = null, ActivationFunction? recurrent_activation = null, bool use_bias = true,
        Initializer? kernel_initializer = null, Initializer? recurrent_initializer = null, Initializer? bias_initializer = null, Regularizer? kernel_regularizer = null,
        Regularizer? recurrent_regularizer = null, Regularizer? bias_regularizer = null, Constraint? kernel_constraint = null, Constraint? recurrent_constraint = null,
        Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0, bool reset_after = true, long? seed = null, string? name = null,
        DTypePolicy? dtype = null, bool trainable = true)
        : base(new(units, activation ?? "tanh", recurrent_activation ?? "sigmoid", use_bias, kernel_initializer ?? new GlorotUniform(), recurrent_initializer ?? new Orthogonal(),
            bias_initializer ?? new Zeros(), kernel_regularizer, recurrent_regularizer, bias_regularizer, kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout, seed), 3, name, dtype, trainable) => _resetAfter = reset_after;

    /// <summary>The same, with your own functions as initializers.</summary>
    /// <inheritdoc cref="GRUCell(int, ActivationFunction, ActivationFunction, bool, Initializer, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, bool, long?, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public GRUCell(int units, ActivationFunction? activation = null, ActivationFunction? recurrent_activation = null, bool use_bias = true,
        Func<Shape, DType, Tensor>? kernel_initializer = null, Func<Shape, DType, Tensor>? recurrent_initializer = null,
        Func<Shape, DType, Tensor>? bias_initializer = null, Regularizer? kernel_regularizer = null, Regularizer? recurrent_regularizer = null,
        Regularizer? bias_regularizer = null, Constraint? kernel_constraint = null, Constraint? recurrent_constraint = null, Constraint? bias_constraint = null,
        double dropout = 0, double recurrent_dropout = 0, bool reset_after = true, long? seed = null, string? name = null, DTypePolicy? dtype = null,
        bool trainable = true)
        : this(units, activation, recurrent_activation, use_bias, (Initializer?)kernel_initializer, (Initializer?)recurrent_initializer, (Initializer?)bias_initializer,
            kernel_regularizer, recurrent_regularizer, bias_regularizer, kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout,
            reset_after, seed, name, dtype, trainable)
    {
    }

    /// <summary>The same, with your own function as activation.</summary>
    /// <inheritdoc cref="GRUCell(int, ActivationFunction, ActivationFunction, bool, Initializer, Initializer, Initializer, Regularizer, Regularizer, Regularizer, Constraint, Constraint, Constraint, double, double, bool, long?, string, DTypePolicy, bool)"/>
    [OverloadResolutionPriority(-1)]
    public GRUCell(int units, Func<Tensor, Tensor>? activation = null, ActivationFunction? recurrent_activation = null, bool use_bias = true,
        Initializer? kernel_initializer = null, Initializer? recurrent_initializer = null, Initializer? bias_initializer = null, Regularizer? kernel_regularizer = null,
        Regularizer? recurrent_regularizer = null, Regularizer? bias_regularizer = null, Constraint? kernel_constraint = null, Constraint? recurrent_constraint = null,
        Constraint? bias_constraint = null, double dropout = 0, double recurrent_dropout = 0, bool reset_after = true, long? seed = null, string? name = null,
        DTypePolicy? dtype = null, bool trainable = true)
        : this(units, (ActivationFunction?)activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer,
            kernel_regularizer, recurrent_regularizer, bias_regularizer, kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout,
            reset_after, seed, name, dtype, trainable)
    {
    }

    private protected override Shape BiasShape => _resetAfter ? new(2, Gates * units) : base.BiasShape;

    private protected override (Tensor Output, Tensor[] States) Step(Tensor inputs, Tensor hidden, Tensor[] states)
    {
        var (ofInputs, ofStates) = Biases();
        var x = Tf.MatMul(inputs, kernel);
        if (ofInputs is not null) x = Tf.BiasAdd(x, ofInputs);
        var gate = Options.RecurrentActivation!;
        Tensor update, candidate;
        if (_resetAfter)
        {
            var h = Tf.MatMul(hidden, recurrent_kernel);
            if (ofStates is not null) h = Tf.BiasAdd(h, ofStates);
            update = gate.Apply(Gate(x, 0) + Gate(h, 0));
            candidate = Gate(x, 2) + (gate.Apply(Gate(x, 1) + Gate(h, 1)) * Gate(h, 2));
        }
        else
        {
            Tensor weights = recurrent_kernel;
            update = gate.Apply(Gate(x, 0) + Tf.MatMul(hidden, Gate(weights, 0)));
            var reset = gate.Apply(Gate(x, 1) + Tf.MatMul(hidden, Gate(weights, 1)));
            candidate = Gate(x, 2) + Tf.MatMul(reset * hidden, Gate(weights, 2));
        }
        var next = (update * states[0]) + ((1 - update) * Options.Activation.Apply(candidate));
        return (next, [next]);
    }

    (Tensor? OfInputs, Tensor? OfStates) Biases()
    {
        if (bias is null || !_resetAfter) return (bias?.value, null);
        var both = Tf.Unstack(bias, 0, 2);
        return (both[0], both[1]);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["reset_after"] = _resetAfter };
}
