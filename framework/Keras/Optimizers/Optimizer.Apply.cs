using Keras.Graphs;

namespace Keras.Optimizers;

public abstract partial class Optimizer
{
    readonly Dictionary<(string Key, DType DType), Tensor> _ofThisStep = [];
    readonly WideVariables _wide = new();

    /// <summary>Changes variables by their gradients, and returns the step count.</summary>
    /// <inheritdoc cref="apply"/>
    public Variable apply_gradients(IEnumerable<(Tensor? gradient, Variable variable)> grads_and_vars)
    {
        ArgumentNullException.ThrowIfNull(grads_and_vars);
        var pairs = grads_and_vars.ToArray();
        apply(Array.ConvertAll(pairs, p => p.gradient), Array.ConvertAll(pairs, p => p.variable));
        return iterations;
    }

    /// <summary>Changes variables by their gradients; the first call builds the optimizer.</summary>
    /// <param name="grads">A gradient for each variable, of its shape; null if the loss does not depend on it, which causes a warning.</param>
    /// <param name="trainable_variables">The variables, among those that the optimizer was built for; default all of them.</param>
    /// <exception cref="InvalidOperationException">Variables are left out and the optimizer was not built.</exception>
    /// <exception cref="ArgumentException">There are more or fewer gradients than variables, a variable is unknown, or every gradient is null.</exception>
    public virtual void apply(IReadOnlyList<Tensor?> grads, IReadOnlyList<Variable>? trainable_variables = null)
    {
        ArgumentNullException.ThrowIfNull(grads);
        if (grads.Count == 0) return;
        var targets = Targets(grads.Count, trainable_variables);
        using (GradientTape.Pause())
        using (NameScope.Enter(name))
        {
            var (gradients, variables) = WithoutEmpty(grads, targets);
            if (loss_scale_factor is { } factor) gradients = gradients.ConvertAll(g => g / factor);
            _ofThisStep.Clear();
            if (gradient_accumulation_steps is { } steps) Accumulate(gradients, variables, steps);
            else Update(gradients, variables);
            if (use_ema) UpdateAverages();
            foreach (var variable in variables)
                if (variable.Constraint is { } constraint) variable.assign(constraint(variable.value));
            iterations.assign_add(Tf.Constant(1, DType.Int64));
            _ofThisStep.Clear();
        }
    }

    /// <summary>The variables that the gradients belong to; builds the optimizer at the first call.</summary>
    private protected IReadOnlyList<Variable> Targets(int count, IReadOnlyList<Variable>? given)
    {
        if (given is null && !built)
            throw new InvalidOperationException($"{name} does not know which variables to train. Pass them, or call build(trainable_variables) first.");
        if (given is not null && !built) build(given);
        var targets = given ?? _trained;
        if (targets.Count != count) throw new ArgumentException($"The number of gradients is not the number of variables. Expected: a gradient for each of the {targets.Count} variables. Received: {count} gradients.");
        return targets.FirstOrDefault(v => !_known.Contains(v)) is { } unknown
            ? throw new ArgumentException($"{name} was built for other variables. Received: {unknown.path}. Make a new optimizer, or build it with all variables that it will train.")
            : targets;
    }

    static (List<Tensor> Gradients, List<Variable> Variables) WithoutEmpty(IReadOnlyList<Tensor?> grads, IReadOnlyList<Variable> targets)
    {
        var (gradients, variables, missing) = (new List<Tensor>(), new List<Variable>(), new List<string>());
        for (var i = 0; i < grads.Count; i++)
        {
            if (grads[i] is { } gradient)
            {
                gradients.Add(Tf.Cast(gradient, targets[i].dtype));
                variables.Add(targets[i]);
            }
            else
            {
                missing.Add(targets[i].path);
            }
        }
        if (gradients.Count == 0) throw new ArgumentException("No gradients provided for any variable: the loss depends on none of them.", nameof(grads));
        if (missing.Count > 0)
            Diagnostics.Warn($"Gradients do not exist for variables {string.Join(", ", missing)} when minimizing the loss. If using model.compile(), did you forget to provide a loss argument?");
        return (gradients, variables);
    }

    /// <summary>Accumulates gradients, and updates with their mean every n steps.</summary>
    void Accumulate(List<Tensor> gradients, List<Variable> variables, int steps)
    {
        var step = iterations.value + 1;
        var isLast = Tf.Equal(Tf.FloorMod(step, Tf.Constant(steps, step.dtype)), Tf.Constant(0, step.dtype));
        Conditional.Run(isLast, () =>
        {
            _ofThisStep.Clear();
            var means = gradients.Select((g, i) => (Tf.Wide(g) + _accumulators![variables[i]].value) / steps).ToList();
            Update(means, variables);
            foreach (var sum in _accumulators!) sum.assign(Tf.Zeros(sum.shape, sum.dtype));
        }, () =>
        {
            for (var i = 0; i < gradients.Count; i++) _accumulators![variables[i]].assign_add(Tf.Wide(gradients[i]));
        });
        _ofThisStep.Clear();
    }

    void Update(List<Tensor> gradients, List<Variable> trained)
    {
        gradients = Clip(gradients.ConvertAll(Tf.Wide));
        var variables = trained.ConvertAll(_wide.Of);
        var rate = CurrentRate();
        Decay(variables, rate);
        BeginStep(rate);
        for (var i = 0; i < gradients.Count; i++) update_step(gradients[i], variables[i], Tf.Cast(rate, variables[i].dtype));
        WideVariables.GiveBack(variables, trained);
    }

    /// <summary>Runs once in each step, before the variables are updated.</summary>
    private protected virtual void BeginStep(Tensor learning_rate) { }

    /// <summary>Changes one variable by its gradient.</summary>
    /// <param name="gradient">The gradient, of the variable's shape and dtype.</param>
    /// <param name="variable">The variable; for 16-bit floats, a float32 stand-in with the same path and value, which is rounded back after the step.</param>
    /// <param name="learning_rate">The learning rate of this step, a scalar of the variable's dtype.</param>
    public virtual void update_step(Tensor gradient, Variable variable, Tensor learning_rate) =>
        throw new UnsupportedException("An optimizer does not override update_step", $"{name} ({GetType().Name})", remedy: "Override update_step(gradient, variable, learning_rate).");

    List<Tensor> Clip(List<Tensor> gradients)
    {
        if (clipnorm is > 0 and < double.PositiveInfinity and { } norm) return gradients.ConvertAll(g => ClipNorm(g, norm));
        if (global_clipnorm is > 0 and < double.PositiveInfinity and { } global) return ClipGlobalNorm(gradients, global);
        return clipvalue is > 0 and { } limit ? gradients.ConvertAll(g => Losses.LossMath.Clip(g, -limit, limit)) : gradients;
    }

    static Tensor ClipNorm(Tensor gradient, double limit)
    {
        var norm = Tf.Sqrt(Tf.Sum(Tf.Square(gradient)));
        return gradient * limit / Tf.Maximum(norm, Tf.Constant(limit, gradient.dtype));
    }

    /// <summary>Scales all gradients by one factor; if their norm is not finite, all become NaN.</summary>
    static List<Tensor> ClipGlobalNorm(List<Tensor> gradients, double limit)
    {
        var squares = gradients.ConvertAll(g => Tf.Cast(Tf.Sum(Tf.Square(g)), DType.Float32));
        var norm = Tf.Sqrt(Tf.AddN(squares.ToArray()));
        var scale = (Tf.Minimum(1 / norm, Tf.Constant(1 / limit, norm.dtype)) * limit) + (norm - norm);
        return gradients.ConvertAll(g => g * Tf.Cast(scale, g.dtype));
    }

    private protected virtual void Decay(List<Variable> variables, Tensor learning_rate)
    {
        if (weight_decay is { } decay) DecayBy(variables, decay, learning_rate);
    }

    private protected void DecayBy(IEnumerable<Variable> variables, double decay, Tensor learning_rate)
    {
        var share = learning_rate * decay;
        foreach (var variable in variables)
            if (IsDecayed(variable)) variable.assign_sub(variable.value * Tf.Cast(share, variable.dtype));
    }

    /// <summary>The number of updates before this one, int64 scalar.</summary>
    private protected Tensor UpdateCount => OfThisStep("updates", DType.Int64, () =>
    {
        var step = iterations.value;
        return gradient_accumulation_steps is { } steps ? Tf.FloorDiv(step, Tf.Constant(steps, step.dtype)) : step;
    });

    /// <summary>Computes a value once in each step, however many variables use it.</summary>
    private protected Tensor OfThisStep(string key, DType dtype, Func<Tensor> make)
    {
        if (_ofThisStep.TryGetValue((key, dtype), out var known)) return known;
        return _ofThisStep[(key, dtype)] = make();
    }

    /// <summary>The number of this update, counted from 1, in the dtype of a variable.</summary>
    private protected Tensor LocalStep(DType dtype) => OfThisStep("step", dtype, () => Tf.Cast(Tf.Cast(UpdateCount, Exact(dtype)) + 1, dtype));

    /// <summary>A number to the power of this update's number, in the dtype of a variable.</summary>
    private protected Tensor Power(double beta, DType dtype) => OfThisStep(FormattableString.Invariant($"power {beta}"), dtype, () =>
        Tf.Cast(Tf.Pow(Tf.Constant(beta, Exact(dtype)), LocalStep(Exact(dtype))), dtype));

    /// <summary>A hyperparameter in the dtype of a variable.</summary>
    private protected Tensor Constant(string key, double value, DType dtype) => OfThisStep(key, dtype, () => Tf.Constant(value, dtype));

    /// <summary>Moves a slot towards a target, keeping a fraction of its value, and returns the new value.</summary>
    private protected static Tensor Moved(Variable slot, Tensor target, double kept)
    {
        var value = slot.value;
        value += (target - value) * (1 - kept);
        slot.assign(value);
        return value;
    }

    /// <summary>The dtype to count steps in: float32, which half precision cannot replace.</summary>
    static DType Exact(DType dtype) => dtype == DType.Float64 ? dtype : DType.Float32;

    void UpdateAverages()
    {
        var updates = UpdateCount;
        var notFirst = Tf.NotEqual(updates, Tf.Constant(0, DType.Int64));
        var momentum = Tf.Cast(notFirst, DType.Float32) * ema_momentum;
        foreach (var variable in _trained)
        {
            var average = _averages![variable];
            var (kept, value) = (Tf.Cast(momentum, average.dtype), Tf.Cast(variable.value, average.dtype));
            average.assign((average.value * kept) + (value * (1 - kept)));
        }
        if (ema_overwrite_frequency is not { } frequency) return;
        var isDue = Tf.Equal(Tf.FloorMod(updates + 1, Tf.Constant(frequency, DType.Int64)), Tf.Constant(0, DType.Int64));
        Conditional.Run(isDue, () => OverwriteWithAverages(_trained), () => { });
    }

    void OverwriteWithAverages(IEnumerable<Variable> variables)
    {
        foreach (var variable in variables) variable.assign(Tf.Cast(_averages![variable].value, variable.dtype));
    }

    /// <summary>Finishes training: sets the variables to their moving averages, if these are kept.</summary>
    /// <param name="var_list">The trained variables.</param>
    public virtual void finalize_variable_values(IReadOnlyList<Variable> var_list)
    {
        ArgumentNullException.ThrowIfNull(var_list);
        if (!use_ema || !built) return;
        ShowAverages(false);
        OverwriteWithAverages(var_list);
    }

    /// <summary>Swaps variables with their moving averages, or swaps them back.</summary>
    internal void ShowAverages(bool show)
    {
        if (show == _showsAverages || !built) return; // before the first step there are no averages
        foreach (var variable in _trained)
        {
            var (average, value) = (_averages![variable], variable.value);
            variable.assign(Tf.Cast(average.value, variable.dtype));
            average.assign(Tf.Cast(value, average.dtype));
        }
        _showsAverages = show;
    }
}
