using System.Text.RegularExpressions;
using Keras.Engines;
using Keras.Graphs;

namespace Keras.Optimizers;

/// <summary>The base of optimizers, which change variables by the gradients of a loss so that it shrinks. Derive from it for one of your own.</summary>
/// <remarks>To make one, override <see cref="build"/> (variables of the optimizer) and <see cref="update_step"/>. Inside a traced function the
/// updates become part of it. Source: keras/src/optimizers/base_optimizer.py.</remarks>
public abstract partial class Optimizer : ITracked
{
    readonly List<Variable> _variables = [];
    readonly HashSet<Variable> _known = new(ReferenceEqualityComparer.Instance);
    List<Variable> _trained = [];
    LearningRate _rate;
    Variable? _rateVariable;
    OptimizerSlots? _averages;
    bool _showsAverages;
    OptimizerSlots? _accumulators;
    HashSet<Variable> _undecayed = new(ReferenceEqualityComparer.Instance);
    Regex? _undecayedNames;

    /// <summary>The base of optimizers, which change variables by the gradients of a loss so that it shrinks. Derive from it for one of your own.</summary>
    /// <param name="learning_rate">The size of the steps: a number, a schedule or a function.</param>
    /// <param name="weight_decay">The fraction of each variable, times the learning rate, that each step subtracts; default none.</param>
    /// <param name="clipnorm">The largest norm of each gradient; default none, as of 0.</param>
    /// <param name="clipvalue">The largest absolute value in a gradient; default none, as of 0.</param>
    /// <param name="global_clipnorm">The largest norm of all gradients together; default none, as of 0.</param>
    /// <param name="use_ema">Whether a moving average of the variables is kept; default false.</param>
    /// <param name="ema_momentum">The share of the average that each step keeps, in [0, 1]; default 0.99.</param>
    /// <param name="ema_overwrite_frequency">The number of steps after which the variables are repeatedly set to the average; default only at the end of training.</param>
    /// <param name="loss_scale_factor">The factor that multiplies the loss and divides the gradients, against underflow; default none.</param>
    /// <param name="gradient_accumulation_steps">The number of steps, at least 2, over which gradients are averaged for one update; default none.</param>
    /// <param name="name">Its name; default the class name in snake case with a number.</param>
    /// <exception cref="ArgumentException">An argument is out of its range, or more than one kind of clipping is given.</exception>
    protected Optimizer(LearningRate learning_rate, double? weight_decay = null, double? clipnorm = null, double? clipvalue = null, double? global_clipnorm = null,
        bool use_ema = false, double ema_momentum = 0.99, int? ema_overwrite_frequency = null, double? loss_scale_factor = null,
        int? gradient_accumulation_steps = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(learning_rate);
        if (gradient_accumulation_steps is < 2) throw new ArgumentOutOfRangeException(nameof(gradient_accumulation_steps), gradient_accumulation_steps, "The number of steps is out of range. Expected: at least 2, or null.");
        if (use_ema && ema_momentum is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(ema_momentum), ema_momentum, "The momentum is out of range. Expected: a number in [0, 1].");
        if (use_ema && ema_overwrite_frequency is < 1) throw new ArgumentOutOfRangeException(nameof(ema_overwrite_frequency), ema_overwrite_frequency, "The number of steps is out of range. Expected: at least 1, or null.");
        if (new[] { clipnorm, clipvalue, global_clipnorm }.Count(c => c is not null) > 1)
            throw new ArgumentException($"Only one of clipnorm, clipvalue and global_clipnorm can be set. Received: clipnorm={clipnorm}, clipvalue={clipvalue}, global_clipnorm={global_clipnorm}.");
        this.name = name ?? LayerNames.New(GetType());
        if (weight_decay is { } decay) Require.AtLeast(0, decay, nameof(weight_decay));
        if (loss_scale_factor is { } factor) Require.Positive(factor, nameof(loss_scale_factor));
        if (learning_rate.Number is { } step) Require.Finite(step, nameof(learning_rate));
        (this.weight_decay, this.clipnorm, this.clipvalue, this.global_clipnorm) = (weight_decay, Require.Limit(clipnorm), Require.Limit(clipvalue), Require.Limit(global_clipnorm));
        (this.use_ema, this.ema_momentum, this.ema_overwrite_frequency) = (use_ema, ema_momentum, ema_overwrite_frequency);
        (this.loss_scale_factor, this.gradient_accumulation_steps) = (loss_scale_factor, gradient_accumulation_steps);
        iterations = add_variable(Shape.Scalar, dtype: DType.Int64, name: "iteration");
        _rate = learning_rate;
        if (learning_rate.Number is { } number) _rateVariable = add_variable(Shape.Scalar, (s, d) => Tf.Full(s, number, d), DType.Float32, "learning_rate");
    }

    /// <summary>The name of the optimizer.</summary>
    public string name { get; }

    /// <summary>The fraction of each variable, times the learning rate, that each step subtracts; null for none.</summary>
    public double? weight_decay { get; }

    /// <summary>The largest norm of each gradient; null for none.</summary>
    public double? clipnorm { get; }

    /// <summary>The largest absolute value in a gradient; null for none.</summary>
    public double? clipvalue { get; }

    /// <summary>The largest norm of all gradients together; null for none.</summary>
    public double? global_clipnorm { get; }

    /// <summary>Whether a moving average of the variables is kept.</summary>
    public bool use_ema { get; }

    /// <summary>The share of the moving average that each step keeps.</summary>
    public double ema_momentum { get; }

    /// <summary>The number of steps after which the variables are repeatedly set to the average; null for only at the end of training.</summary>
    public int? ema_overwrite_frequency { get; }

    /// <summary>The factor that multiplies the loss and divides the gradients; null for none.</summary>
    public virtual double? loss_scale_factor { get; internal set; }

    /// <summary>The number of steps over which gradients are averaged for one update; null for none.</summary>
    public int? gradient_accumulation_steps { get; }

    /// <summary>Whether <see cref="build"/> has run.</summary>
    public bool built { get; private set; }

    /// <summary>How often <see cref="apply"/> was called, int64 scalar; with gradient accumulation every call counts, in Keras every update.</summary>
    public virtual Variable iterations { get; }

    /// <summary>The size of the steps. A number may be set at any time between steps, even traced ones; a new schedule or function takes effect in
    /// steps that are traced afterwards.</summary>
    /// <exception cref="InvalidOperationException">A number is set, but there is a schedule or a function.</exception>
    public virtual LearningRate learning_rate
    {
        get => _rate.WithValue(CurrentRate);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Number is { } number)
            {
                if (_rateVariable is null)
                    throw new InvalidOperationException($"The learning rate of {name} is a schedule or a function, so no number can be set. Make the optimizer with a number.");
                _rateVariable.assign((float)number);
                return;
            }
            if (_rateVariable is not null) _variables.Remove(_rateVariable);
            (_rate, _rateVariable) = (value, null);
        }
    }

    Tensor CurrentRate() => _rateVariable is { } variable ? variable.value
        : _rate.Schedule is { } schedule ? schedule.Apply(iterations.value)
        : Tf.Cast(_rate.Function!(), DType.Float32);

    /// <summary>The optimizer's own variables: the step, the learning rate, then what the kind of optimizer keeps, in Keras' order.</summary>
    public virtual IReadOnlyList<Variable> variables => _variables;

    /// <summary>Makes the optimizer's variables for the variables that it will train.</summary>
    /// <param name="variables">The trainable variables of a model.</param>
    public virtual void build(IReadOnlyList<Variable> variables)
    {
        ArgumentNullException.ThrowIfNull(variables);
        if (built) return;
        if (use_ema) _averages = add_optimizer_variables(variables, "average");
        if (gradient_accumulation_steps is not null) _accumulators = add_optimizer_variables(variables, "gradient_accumulator");
        _trained = [.. variables];
        _known.UnionWith(variables);
        built = true;
    }

    /// <summary>Makes a variable of the optimizer.</summary>
    /// <param name="shape">Its fully known shape.</param>
    /// <param name="initializer">Makes the first value from shape and dtype; default zeros.</param>
    /// <param name="dtype">Its dtype; default float32.</param>
    /// <param name="name">Its name; default "variable".</param>
    protected Variable add_variable(Shape shape, Func<Shape, DType, Tensor>? initializer = null, DType? dtype = null, string? name = null) =>
        Track(shape, initializer, dtype ?? DType.Float32, name ?? "variable", this.name);

    /// <summary>Makes and tracks a variable under its own path.</summary>
    private protected Variable Track(Shape shape, Func<Shape, DType, Tensor>? initializer, DType dtype, string name, string scope)
    {
        using (NameScope.Root())
        using (NameScope.Enter(scope))
        {
            var variable = initializer is null ? Variable.OfZeros(shape, dtype, name) : new Variable(() => initializer(shape, dtype), shape, dtype, trainable: false, name);
            if (scope.Length == 0) variable.path = name;
            _variables.Add(variable);
            return variable;
        }
    }

    /// <summary>Makes a variable of the shape and dtype of a trained one, for 16-bit floats in float32.</summary>
    /// <param name="reference_variable">The trained variable.</param>
    /// <param name="name">Its content, such as "momentum"; its name begins with the trained variable's path; default "var".</param>
    /// <param name="initializer">Makes the first value from shape and dtype; default zeros.</param>
    protected Variable add_variable_from_reference(Variable reference_variable, string? name = null, Func<Shape, DType, Tensor>? initializer = null)
    {
        ArgumentNullException.ThrowIfNull(reference_variable);
        return add_variable(reference_variable.shape, initializer, WideVariables.DTypeOf(reference_variable), $"{reference_variable.path.Replace('/', '_')}_{name ?? "var"}");
    }

    /// <summary>Makes a variable for each trained one.</summary>
    /// <param name="trainable_variables">The trained variables.</param>
    /// <param name="name">Their contents, such as "momentum".</param>
    /// <param name="initializer">Makes the first values from shape and dtype; default zeros.</param>
    protected OptimizerSlots add_optimizer_variables(IReadOnlyList<Variable> trainable_variables, string name, Func<Shape, DType, Tensor>? initializer = null) =>
        add_optimizer_variables(trainable_variables, [name], initializer is null ? null : [initializer])[0];

    /// <summary>Makes several variables for each trained one, variable by variable.</summary>
    /// <param name="trainable_variables">The trained variables.</param>
    /// <param name="names">Their contents, such as "momentum" and "velocity".</param>
    /// <param name="initializers">Make the first values from shape and dtype, one for each name; default zeros.</param>
    protected OptimizerSlots[] add_optimizer_variables(IReadOnlyList<Variable> trainable_variables, string[] names, Func<Shape, DType, Tensor>?[]? initializers = null)
    {
        ArgumentNullException.ThrowIfNull(trainable_variables);
        ArgumentNullException.ThrowIfNull(names);
        if (initializers is not null && initializers.Length != names.Length)
            throw new ArgumentException($"The number of initializers is not the number of names. Expected: {names.Length}. Received: {initializers.Length}.", nameof(initializers));
        var slots = Array.ConvertAll(names, _ => new OptimizerSlots());
        Engine.Current.Reserve(names.Length * trainable_variables.Sum(v => v.size * v.dtype.Size));
        foreach (var variable in trainable_variables)
            for (var i = 0; i < names.Length; i++) slots[i].Add(variable, add_variable_from_reference(variable, names[i], initializers?[i]));
        return slots;
    }

    /// <summary>Leaves variables out of weight decay; call it before the optimizer is built.</summary>
    /// <param name="var_list">Variables to leave out.</param>
    /// <param name="var_names">Regular expressions: variables whose path, which ends with the name, contains one of them are left out.</param>
    /// <exception cref="InvalidOperationException">The optimizer was built.</exception>
    public void exclude_from_weight_decay(IReadOnlyList<Variable>? var_list = null, IReadOnlyList<string>? var_names = null)
    {
        if (built) throw new InvalidOperationException($"{name} was built, so its step may be compiled. Call exclude_from_weight_decay before the optimizer is built.");
        _undecayed = new(var_list ?? [], ReferenceEqualityComparer.Instance);
        _undecayedNames = var_names is { Count: > 0 } ? new(string.Join('|', var_names.Distinct()), RegexOptions.CultureInvariant) : null;
    }

    private protected bool IsDecayed(Variable variable) => !_undecayed.Contains(WideVariables.Known(variable)) && _undecayedNames?.IsMatch(variable.path) != true;

    /// <summary>Scales the loss before gradients are computed, if the optimizer requires it.</summary>
    public virtual Tensor scale_loss(Tensor loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return loss_scale_factor is { } factor ? loss * factor : loss;
    }

    /// <summary>Sets the optimizer's variables, in the order of <see cref="variables"/>.</summary>
    /// <exception cref="InvalidOperationException">The optimizer was not built.</exception>
    /// <exception cref="ShapeMismatchException">There are more or fewer values than variables, or a shape differs; nothing was set.</exception>
    public void set_weights(IReadOnlyList<Tensor> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (!built) throw new InvalidOperationException($"{name} has no variables for a model yet. Call build(trainable_variables) before set_weights.");
        var own = variables;
        if (weights.Count != own.Count) throw new ShapeMismatchException("The number of values is not the number of variables", name, $"{own.Count}", $"{weights.Count}");
        for (var i = 0; i < own.Count; i++)
            if (weights[i].shape != own[i].shape) throw new ShapeMismatchException("A value does not fit an optimizer's variable", own[i].path, own[i].shape.ToString(), weights[i].shape.ToString());
        for (var i = 0; i < own.Count; i++) own[i].assign(weights[i]);
    }

    /// <summary>The arguments that recreate the object, under Keras' keys.</summary>
    public virtual Dictionary<string, object?> get_config() => new()
    {
        ["name"] = name,
        ["learning_rate"] = RateConfig(),
        ["weight_decay"] = weight_decay,
        ["clipnorm"] = clipnorm,
        ["global_clipnorm"] = global_clipnorm,
        ["clipvalue"] = clipvalue,
        ["use_ema"] = use_ema,
        ["ema_momentum"] = ema_momentum,
        ["ema_overwrite_frequency"] = ema_overwrite_frequency,
        ["loss_scale_factor"] = loss_scale_factor,
        ["gradient_accumulation_steps"] = gradient_accumulation_steps,
    };

    object RateConfig()
    {
        if (_rateVariable is { } variable) return variable.IsMaterialized ? (double)variable.value.ToScalar<float>() : (float)_rate.Number!.Value;
        return _rate.Schedule is { } schedule
            ? SerializedObject.OfObject(schedule, "keras.optimizers.schedules", schedule.get_config())
            : throw new UnsupportedException("A learning rate that is a function cannot be saved", name, remedy: "Use a LearningRateSchedule.");
    }

    /// <summary>The optimizer in its serialized form.</summary>
    internal Dictionary<string, object?> Serialized() => SerializedObject.OfObject(this, "keras.optimizers", get_config());

    /// <summary>Makes an optimizer from its serialized form.</summary>
    internal static Optimizer FromConfig(IReadOnlyDictionary<string, object?> config) => new OptimizersApi().get(config);

    /// <inheritdoc/>
    public override string ToString() => $"<{GetType().Name} name={name}>";
}
