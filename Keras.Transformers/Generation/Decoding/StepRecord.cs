namespace Keras.Transformers;

/// <summary>Records what the steps of a call return besides tokens.</summary>
/// <param name="promptLength">The number of positions computed in the first step.</param>
/// <param name="names">The requested outputs.</param>
sealed class StepRecord(int promptLength, IReadOnlySet<string> names)
{
    readonly Dictionary<string, List<Tensors>> _steps = [];

    /// <summary>Adds a step's outputs for the filled positions.</summary>
    /// <param name="step">The outputs of the step.</param>
    /// <param name="seen">The number of positions that the model has processed.</param>
    public void Add(Tensors step, int seen)
    {
        foreach (var (name, value) in step.Named())
        {
            if (!names.Contains(name)) continue;
            if (!_steps.TryGetValue(name, out var list)) _steps[name] = list = [];
            list.Add(name is "hidden_states" or "attentions" or "cross_attentions" ? new Tensors(value.Select(t => new Tensors(Filled(t.Single, name, list.Count == 0 ? promptLength : 1, seen)))) : value);
        }
    }

    Tensor Filled(Tensor x, string name, int places, int seen) => name switch
    {
        "attentions" => x[.., .., ..places, ..seen],
        "cross_attentions" => x[.., .., ..places],
        _ => x[.., ..places],
    };

    /// <summary>An output of all steps; null if none returned it.</summary>
    public Tensors? this[string name] => _steps.TryGetValue(name, out var list) ? new Tensors(list) : null;
}
