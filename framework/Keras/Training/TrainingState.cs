using Keras.Engines;
using Keras.Graphs;
using Keras.Losses;
using Keras.Metrics;
using Keras.Optimizers;

namespace Keras.Training;

/// <summary>What <c>compile</c> was told, and the functions traced for it.</summary>
sealed class CompiledState
{
    public required Optimizer Optimizer { get; init; }

    public LossArg? Loss { get; init; }

    public CompileLoss? CompileLoss { get; init; }

    public DefaultLoss? DefaultLoss { get; init; }

    public CompileMetrics? CompileMetrics { get; init; }

    public required Mean LossTracker { get; init; }

    public bool RunEagerly { get; init; }

    public int StepsPerExecution { get; init; }
}

/// <summary>One kind of step, traced and compiled once for each set of trained variables.</summary>
/// <remarks>Whether a variable is trained may be changed between epochs: <see cref="Refresh"/> chooses the trace that fits.</remarks>
sealed class StepFunction(string mode, Func<Batch, Tensors> step, bool eager, bool jit, Func<IReadOnlyList<Variable>>? trained) : IDisposable
{
    readonly TracedFunction? _function = eager ? null : new($"{mode}_step", parts => step(Batch.FromTensors(parts)), new CompileOptions(jit));
    readonly Dictionary<string, int> _sets = [];
    string _key = "0";
    bool _known;

    /// <summary>How often the step was traced.</summary>
    public int TraceCount => _function?.TraceCount ?? 0;

    public Tensors Run(Batch batch)
    {
        if (_function is null) return step(batch);
        var result = _function.Call(batch.ToTensors(), _key);
        if (!_known) Learn();
        return result;
    }

    /// <summary>Looks which variables are trained now. Before the first step there may be none yet: they count as those of the first trace.</summary>
    public void Refresh()
    {
        if (trained is null || !_known) return;
        var set = Describe();
        if (!_sets.TryGetValue(set, out var number)) _sets[set] = number = _sets.Count;
        _key = number.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    void Learn()
    {
        if (trained is not null) _sets[Describe()] = 0;
        _known = true;
    }

    string Describe() => string.Join(',', trained!().Select(v => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(v)));

    public void Dispose() => _function?.Dispose();
}
