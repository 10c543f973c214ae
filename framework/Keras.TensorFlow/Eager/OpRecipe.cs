using System.Collections.Concurrent;
using Keras.Graphs;

namespace Keras.Engines.TensorFlow;

/// <summary>An op's definition in the form that the C API needs, prepared once.</summary>
sealed class OpRecipe
{
    static readonly ConcurrentDictionary<OpDefinition, OpRecipe> Recipes = new();

    readonly OpDefinition _op;
    readonly NativeText[] _attributeNames;

    OpRecipe(OpDefinition op)
    {
        _op = op;
        Name = NativeText.Intern(op.Name);
        TakesLists = op.Inputs.Any(i => i.IsList) && !op.HasUnequalLists;
        IsRisky = SafeForms.Has(op);
        _attributeNames = [.. op.Attributes.Select(a => NativeText.Intern(a.Name))];
    }

    /// <summary>The op's name.</summary>
    public NativeText Name { get; }

    /// <summary>Whether inputs are added as lists, from which TensorFlow infers their length; where lists may differ in length, the call's attributes give it.</summary>
    public bool TakesLists { get; }

    /// <summary>Whether the op is replaced by a safe form (<see cref="SafeForms"/>).</summary>
    public bool IsRisky { get; }

    /// <summary>The cached recipe of an op.</summary>
    public static OpRecipe Of(OpDefinition op) => Recipes.GetOrAdd(op, static o => new OpRecipe(o));

    /// <summary>An attribute's name for the C API, and its kind.</summary>
    /// <exception cref="UnsupportedException">The op has no such attribute.</exception>
    public (NativeText Name, string Kind) Attribute(string name)
    {
        for (var i = 0; i < _attributeNames.Length; i++)
            if (_op.Attributes[i].Name == name) return (_attributeNames[i], _op.Attributes[i].Kind);
        throw new UnsupportedException("An op has no such attribute", _op.Name, string.Join(", ", _op.Attributes.Select(a => a.Name)), name);
    }

    /// <summary>Adds the inputs of a call: list arguments as lists, from which TensorFlow infers their length and dtypes.</summary>
    public void AddInputs(OpSlot slot, ReadOnlySpan<ITensorHandle> inputs, NativeStatus status)
    {
        if (!TakesLists)
        {
            foreach (var input in inputs) slot.AddInput(EagerHandle.Of(input), status);
            return;
        }
        var lists = _op.Inputs.Count(i => i.IsList);
        var listLength = (inputs.Length - _op.Inputs.Length + lists) / lists;
        foreach (var argument in _op.Inputs)
        {
            var count = argument.IsList ? listLength : 1;
            // TensorFlow would infer the dtype of a second list from an input of the first; a dtype set beforehand stays.
            if (lists > 1 && argument.TypeAttribute is { } type && count > 0) slot.SetType(Attribute(type).Name, inputs[0].DType);
            if (argument.IsList) slot.AddInputs(inputs[..count], status);
            else slot.AddInput(EagerHandle.Of(inputs[0]), status);
            inputs = inputs[count..];
        }
    }
}
