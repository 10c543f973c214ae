using Keras.Graphs;

namespace Keras.Optimizers;

/// <summary>Adafactor, for very large models: Adam without momentum that keeps the average squares of each matrix as one row and one column only.</summary>
/// <remarks>Source: keras/src/optimizers/adafactor.py; as there, steps never exceed 1 / sqrt(step), whatever relative_step says.</remarks>
public class Adafactor : Optimizer
{
    readonly double _decay;
    readonly double _epsilon1;
    readonly double _epsilon2;
    readonly double _threshold;
    readonly bool _relative;
    readonly OptimizerSlots _rows = new();
    readonly OptimizerSlots _columns = new();
    readonly OptimizerSlots _velocities = new();

    /// <summary>Adafactor, for very large models: Adam without momentum that keeps the average squares of each matrix as one row and one column only.</summary>
    /// <param name="learning_rate">The size of the steps; default 0.001.</param>
    /// <param name="beta_2_decay">How fast the averages slow down; default -0.8.</param>
    /// <param name="epsilon_1">Keeps squares above 0; default 1e-30.</param>
    /// <param name="epsilon_2">The smallest size of a variable that steps are relative to; default 1e-3.</param>
    /// <param name="clip_threshold">The largest root mean square of a step; default 1.</param>
    /// <param name="relative_step">Whether the learning rate is at most 1 / sqrt(step); default true.</param>
    /// <param name="weight_decay">The fraction of each variable, times the learning rate, that each step subtracts; default none.</param>
    /// <param name="clipnorm">The largest norm of each gradient; default none.</param>
    /// <param name="clipvalue">The largest absolute value in a gradient; default none.</param>
    /// <param name="global_clipnorm">The largest norm of all gradients together; default none.</param>
    /// <param name="use_ema">Whether a moving average of the variables is kept; default false.</param>
    /// <param name="ema_momentum">The share of the average that each step keeps, in [0, 1]; default 0.99.</param>
    /// <param name="ema_overwrite_frequency">The number of steps after which the variables are repeatedly set to the average; default only at the end of training.</param>
    /// <param name="loss_scale_factor">The factor that multiplies the loss and divides the gradients, against underflow; default none.</param>
    /// <param name="gradient_accumulation_steps">The number of steps, at least 2, over which gradients are averaged for one update; default none.</param>
    /// <param name="name">Its name; default the class name in snake case with a number.</param>
    /// <exception cref="ArgumentException">An argument is out of its range, or more than one kind of clipping is given.</exception>
    public Adafactor(LearningRate? learning_rate = null, double beta_2_decay = -0.8, double epsilon_1 = 1e-30, double epsilon_2 = 1e-3, double clip_threshold = 1.0,
        bool relative_step = true,
        double? weight_decay = null, double? clipnorm = null, double? clipvalue = null, double? global_clipnorm = null, bool use_ema = false,
        double ema_momentum = 0.99, int? ema_overwrite_frequency = null, double? loss_scale_factor = null, int? gradient_accumulation_steps = null,
        string? name = null)
        : base(learning_rate ?? 0.001, weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name) =>
        (_decay, _epsilon1, _epsilon2, _threshold, _relative) = (Require.Finite(beta_2_decay), Require.AtLeast(0, epsilon_1), Require.AtLeast(0, epsilon_2), Require.Positive(clip_threshold), relative_step);

    /// <inheritdoc/>
    public override void build(IReadOnlyList<Variable> variables)
    {
        ArgumentNullException.ThrowIfNull(variables);
        if (built) return;
        base.build(variables);
        foreach (var variable in variables)
        {
            var shape = variable.shape;
            if (shape.Rank < 2)
            {
                // Keras keeps two unused integers here, which saved states hold.
                _rows.Add(variable, Track(Shape.Scalar, null, DType.Int32, variable.name, scope: ""));
                _columns.Add(variable, Track(Shape.Scalar, null, DType.Int32, variable.name, scope: ""));
            }
            else
            {
                _rows.Add(variable, add_variable(shape[..^1], dtype: WideVariables.DTypeOf(variable), name: variable.name));
                _columns.Add(variable, add_variable(shape[..^2].Concat(shape[^1..]), dtype: WideVariables.DTypeOf(variable), name: variable.name));
            }
            _velocities.Add(variable, add_variable_from_reference(variable, "velocity"));
        }
    }

    /// <inheritdoc/>
    public override void update_step(Tensor gradient, Variable variable, Tensor learning_rate)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(variable);
        ArgumentNullException.ThrowIfNull(learning_rate);
        var dtype = variable.dtype;
        var rate = OfThisStep("rate", dtype, () => Tf.Minimum(learning_rate, 1 / Tf.Sqrt(LocalStep(dtype))));
        var kept = OfThisStep("kept", dtype, () => 1 - Tf.Pow(LocalStep(dtype), Constant("decay", _decay, dtype)));
        var velocity = Velocity(variable, Tf.Square(gradient) + _epsilon1, kept);
        _velocities[variable].assign(velocity);
        var step = gradient / Tf.Sqrt(velocity);
        step /= Tf.Maximum(Constant("one", 1, dtype), RootMeanSquare(step) / _threshold);
        variable.assign_sub(Tf.Maximum(Constant("epsilon_2", _epsilon2, dtype), RootMeanSquare(variable.value)) * rate * step);
    }

    /// <summary>The average squares, for a matrix as the product of a row and a column.</summary>
    Tensor Velocity(Variable variable, Tensor squares, Tensor kept)
    {
        if (variable.shape.Rank < 2) return Kept(_velocities[variable].value, squares, kept);
        var row = Kept(_rows[variable].value, Tf.Mean(squares, [-1]), kept);
        var column = Kept(_columns[variable].value, Tf.Mean(squares, [-2]), kept);
        _rows[variable].assign(row);
        _columns[variable].assign(column);
        return Tf.ExpandDims(row / Tf.Mean(row, [-1], keep_dims: true), -1) * Tf.ExpandDims(column, -2);
    }

    static Tensor Kept(Tensor average, Tensor x, Tensor kept) => (average * kept) + (x * (1 - kept));

    static Tensor RootMeanSquare(Tensor x) => Tf.Sqrt(Tf.Mean(Tf.Square(x)));

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config())
    {
        ["beta_2_decay"] = _decay, ["epsilon_1"] = _epsilon1, ["epsilon_2"] = _epsilon2, ["clip_threshold"] = _threshold, ["relative_step"] = _relative,
    };
}

public sealed partial class OptimizersApi
{
    /// <inheritdoc cref="Optimizers.Adafactor(LearningRate, double, double, double, double, bool, double?, double?, double?, double?, bool, double, int?, double?, int?, string)"/>
    public Adafactor Adafactor(LearningRate? learning_rate = null, double beta_2_decay = -0.8, double epsilon_1 = 1e-30, double epsilon_2 = 1e-3,
        double clip_threshold = 1.0, bool relative_step = true,
        double? weight_decay = null, double? clipnorm = null, double? clipvalue = null, double? global_clipnorm = null, bool use_ema = false,
        double ema_momentum = 0.99, int? ema_overwrite_frequency = null, double? loss_scale_factor = null, int? gradient_accumulation_steps = null,
        string? name = null) =>
        new(learning_rate, beta_2_decay, epsilon_1, epsilon_2, clip_threshold, relative_step,
            weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, loss_scale_factor,
            gradient_accumulation_steps, name);
}
