using System.Collections;

namespace Keras.Optimizers;

/// <summary>The optimizer's own variables of one kind, such as momentums: one for each variable that it trains.</summary>
public sealed class OptimizerSlots : IReadOnlyList<Variable>
{
    readonly List<Variable> _slots = [];
    readonly Dictionary<Variable, Variable> _byVariable = new(ReferenceEqualityComparer.Instance);

    internal OptimizerSlots() { }

    internal void Add(Variable variable, Variable slot)
    {
        _slots.Add(slot);
        _byVariable.Add(variable, slot);
    }

    /// <summary>The slot of a trained variable.</summary>
    public Variable this[Variable variable] => _byVariable[WideVariables.Known(variable)];

    /// <summary>The slot of the trained variable at this position.</summary>
    public Variable this[int index] => _slots[index];

    /// <summary>The number of slots.</summary>
    public int Count => _slots.Count;

    internal Variable? Find(Variable variable) => _byVariable.GetValueOrDefault(WideVariables.Known(variable));

    /// <inheritdoc/>
    public IEnumerator<Variable> GetEnumerator() => _slots.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
