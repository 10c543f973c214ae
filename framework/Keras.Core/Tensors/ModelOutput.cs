using System.Runtime.CompilerServices;

namespace Keras;

/// <summary>The base of outputs with named fields, read by property, by name or by position; fields that are null are absent.</summary>
/// <remarks>A field is a property whose accessors call <see cref="Get"/> and <see cref="Put"/>; <see cref="Fields"/> gives their order.</remarks>
public abstract class ModelOutput : Tensors
{
    /// <summary>The names of all fields, in the order of the tuple form.</summary>
    protected abstract IReadOnlyList<string> Fields { get; }

    /// <summary>A field that may be absent.</summary>
    protected Tensors? Get([CallerMemberName] string field = "") => TryGet(field, out var value) ? value : null;

    /// <summary>A field that this output always has.</summary>
    /// <exception cref="KeyNotFoundException">It was not set.</exception>
    protected Tensor Require([CallerMemberName] string field = "") => this[field];

    /// <summary>Sets a field; null removes it.</summary>
    protected void Put(Tensors? value, [CallerMemberName] string field = "") => Set(field, value);

    /// <summary>The present fields, in order, without names: what <c>return_dict: false</c> returns.</summary>
    public Tensors to_tuple() => new(Named().Select(f => f.Value));

    private protected override int InsertionIndex(string key)
    {
        var order = IndexOf(key);
        return Keys.Count(k => IndexOf(k) < order);
    }

    int IndexOf(string key)
    {
        for (var i = 0; i < Fields.Count; i++)
            if (Fields[i] == key) return i;
        throw new KeyNotFoundException($"{GetType().Name} has no field '{key}'. Fields: {Known.List(Fields)}.");
    }
}
