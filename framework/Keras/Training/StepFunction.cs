using Keras.Engines;
using Keras.Graphs;

namespace Keras.Training;

/// <summary>One kind of step, traced and compiled once for each set of trained variables.</summary>
/// <remarks>Which variables are trained may change between epochs: <see cref="Refresh"/> chooses the matching trace.</remarks>
sealed class StepFunction(string mode, Func<Batch, Tensors> step, bool eager, bool jit, Func<IReadOnlyList<Variable>>? trained) : IDisposable
{
    readonly TracedFunction? _function = eager ? null : new($"{mode}_step", parts => step(Batch.FromTensors(parts)), new CompileOptions(jit));
    readonly List<Variable[]> _sets = [];
    string _key = "0";

    /// <summary>How often the step was traced.</summary>
    public int TraceCount => _function?.TraceCount ?? 0;

    /// <summary>The operations of the first trace; null before it, and if steps run op by op.</summary>
    public FunctionGraph? FirstTrace => _function?.FirstTrace;

    public Tensors Run(Batch batch)
    {
        if (_function is null) return step(batch);
        var result = _function.Call(batch.ToTensors(), _key);
        if (trained is not null && _sets.Count == 0) _sets.Add([.. trained()]);
        return result;
    }

    /// <summary>Traces and compiles for a batch without running it; false if steps run op by op.</summary>
    public bool Prepare(Batch batch)
    {
        _function?.Prepare(batch.ToTensors(), _key);
        return _function is not null;
    }

    /// <summary>Checks which variables are trained now; if there are none before the first step, those of the first trace count.</summary>
    public void Refresh()
    {
        if (trained is null || _sets.Count == 0) return;
        Variable[] now = [.. trained()];
        var index = _sets.FindIndex(now.SequenceEqual);
        if (index < 0)
        {
            index = _sets.Count;
            _sets.Add(now);
        }
        _key = index.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    public void Dispose() => _function?.Dispose();
}
