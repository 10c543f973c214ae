using System.Text.RegularExpressions;

namespace Keras.Optimizers;

/// <summary>A map from patterns of variable paths to the optimizers that train them.</summary>
/// <remarks>Source: keras/src/optimizers/multi_optimizer.py.</remarks>
public sealed class OptimizerMap
{
    readonly Dictionary<string, Optimizer> _byPattern = [];

    /// <summary>A map from patterns of variable paths to the optimizers that train them.</summary>
    /// <param name="default_optimizer">For variables that no pattern matches.</param>
    /// <param name="optimizer_map">An optimizer for each path, or regular expression that a whole path matches; default none.</param>
    public OptimizerMap(Optimizer default_optimizer, IReadOnlyDictionary<string, Optimizer>? optimizer_map = null)
    {
        ArgumentNullException.ThrowIfNull(default_optimizer);
        this.default_optimizer = default_optimizer;
        foreach (var (pattern, optimizer) in optimizer_map ?? new Dictionary<string, Optimizer>()) this[pattern] = optimizer;
    }

    /// <summary>For variables that no pattern matches.</summary>
    public Optimizer default_optimizer { get; }

    /// <summary>The optimizer of a path; set once for each path or pattern.</summary>
    /// <exception cref="ArgumentException">A pattern is set again, several patterns match, or the optimizer wraps others.</exception>
    public Optimizer this[string path]
    {
        get
        {
            if (_byPattern.TryGetValue(path, out var exact)) return exact;
            string[] matching = [.. _byPattern.Keys.Where(pattern => Regex.IsMatch(path, $"^(?:{pattern})$"))];
            return matching.Length <= 1 ? matching.Length == 0 ? default_optimizer : _byPattern[matching[0]]
                : throw new ArgumentException($"Several patterns match the variable {path}: {Known.List(matching)}. Expected: one.", nameof(path));
        }
        set
        {
            if (value is LossScaleOptimizer or MultiOptimizer) throw new ArgumentException($"{value.GetType().Name} wraps optimizers, so it cannot be one of several.", nameof(value));
            if (!_byPattern.TryAdd(path, value)) throw new ArgumentException($"There is an optimizer for \"{path}\" already.", nameof(path));
        }
    }

    /// <summary>Every optimizer once, those for patterns first.</summary>
    internal IEnumerable<Optimizer> All => _byPattern.Values.Append(default_optimizer).Distinct();

    /// <summary>The arguments that recreate the map, under Keras' keys.</summary>
    public Dictionary<string, object?> get_config() => new()
    {
        ["default_optimizer"] = default_optimizer.Serialized(), ["optimizer_map"] = _byPattern.ToDictionary(o => o.Key, o => (object?)o.Value.Serialized()),
    };

    /// <summary>Makes a map from its form in a config.</summary>
    internal static OptimizerMap FromConfig(IReadOnlyDictionary<string, object?> serialized)
    {
        var config = (IReadOnlyDictionary<string, object?>)serialized["config"]!;
        Optimizer Part(object? value) => new OptimizersApi().get((IReadOnlyDictionary<string, object?>)value!);
        return new(Part(config["default_optimizer"]), ((IReadOnlyDictionary<string, object?>)config["optimizer_map"]!).ToDictionary(o => o.Key, o => Part(o.Value)));
    }
}

/// <summary>Trains different variables with different optimizers.</summary>
/// <remarks>Source: keras/src/optimizers/multi_optimizer.py.</remarks>
public class MultiOptimizer : Optimizer
{
    readonly OptimizerMap _map;

    /// <summary>Combines several optimizers into one.</summary>
    /// <param name="optimizer_map">Which optimizer trains which variables.</param>
    /// <param name="loss_scale_factor">The factor that multiplies the loss and divides the gradients; default none.</param>
    /// <param name="name">Its name; default "multi_optimizer" with a number.</param>
    public MultiOptimizer(OptimizerMap optimizer_map, double? loss_scale_factor = null, string? name = null) : base(0.0, name: name)
    {
        ArgumentNullException.ThrowIfNull(optimizer_map);
        if (loss_scale_factor is { } factor) Require.Positive(factor, nameof(loss_scale_factor));
        _map = optimizer_map;
        this.loss_scale_factor = loss_scale_factor;
    }

    /// <summary>The optimizers, those of patterns first, each once.</summary>
    public IReadOnlyList<Optimizer> optimizers => [.. _map.All];

    /// <inheritdoc/>
    public override double? loss_scale_factor
    {
        get => base.loss_scale_factor;
        internal set
        {
            base.loss_scale_factor = value;
            foreach (var optimizer in _map?.All ?? []) optimizer.loss_scale_factor = value;
        }
    }

    /// <summary>Always throws: each of the optimizers has its own learning rate.</summary>
    /// <exception cref="UnsupportedException">Always.</exception>
    public override LearningRate learning_rate
    {
        get => throw NoRate();
        set => throw NoRate();
    }

    UnsupportedException NoRate() => new("Several optimizers have no common learning rate", name, remedy: "Use the learning_rate of one of its optimizers.");

    /// <summary>This optimizer's step, then the variables of all optimizers.</summary>
    public override IReadOnlyList<Variable> variables => [.. base.variables, .. _map.All.SelectMany(o => o.variables)];

    /// <inheritdoc/>
    public override void build(IReadOnlyList<Variable> variables)
    {
        ArgumentNullException.ThrowIfNull(variables);
        if (built) return;
        foreach (var (optimizer, own) in variables.GroupBy(v => _map[v.path]).Select(g => (g.Key, g.ToList()))) optimizer.build(own);
        base.build(variables);
    }

    /// <inheritdoc/>
    public override void apply(IReadOnlyList<Tensor?> grads, IReadOnlyList<Variable>? trainable_variables = null)
    {
        ArgumentNullException.ThrowIfNull(grads);
        if (grads.Count == 0) return;
        var targets = Targets(grads.Count, trainable_variables);
        foreach (var group in targets.Select((variable, i) => (variable, gradient: grads[i])).GroupBy(p => _map[p.variable.path]))
            group.Key.apply([.. group.Select(p => p.gradient)], [.. group.Select(p => p.variable)]);
        iterations.assign_add(Graphs.Tf.Constant(1, DType.Int64));
    }

    /// <inheritdoc/>
    public override void finalize_variable_values(IReadOnlyList<Variable> var_list)
    {
        ArgumentNullException.ThrowIfNull(var_list);
        foreach (var group in var_list.GroupBy(v => _map[v.path])) group.Key.finalize_variable_values([.. group]);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new()
    {
        ["optimizer_map"] = SerializedObject.Of("keras.optimizers", nameof(OptimizerMap), _map.get_config()), ["loss_scale_factor"] = loss_scale_factor, ["name"] = name,
    };
}

public sealed partial class OptimizersApi
{
    /// <inheritdoc cref="Optimizers.OptimizerMap(Optimizer, IReadOnlyDictionary{string, Optimizer})"/>
    public OptimizerMap OptimizerMap(Optimizer default_optimizer, IReadOnlyDictionary<string, Optimizer>? optimizer_map = null) => new(default_optimizer, optimizer_map);

    /// <inheritdoc cref="Optimizers.MultiOptimizer(OptimizerMap, double?, string)"/>
    public MultiOptimizer MultiOptimizer(OptimizerMap optimizer_map, double? loss_scale_factor = null, string? name = null) => new(optimizer_map, loss_scale_factor, name);
}
