using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Keras;

/// <summary>The inputs and outputs of layers: one tensor, a list, a dictionary by name, or these nested.</summary>
/// <remarks>Converts from a tensor, arrays, tuples and dictionaries, and to a tensor where it holds exactly one.</remarks>
[CollectionBuilder(typeof(Tensors), nameof(Create))]
[SuppressMessage("Design", "CA1710", Justification = "Keras' users know the name.")]
public partial class Tensors : IEnumerable<Tensors>
{
    readonly Tensor? _leaf;
    List<Tensors>? _items;
    List<string>? _keys;

    /// <summary>A single tensor.</summary>
    public Tensors(Tensor tensor) => _leaf = tensor ?? throw new ArgumentNullException(nameof(tensor));

    /// <summary>Makes a list of two or more.</summary>
    public Tensors(Tensors first, Tensors second, params Tensors[] others) => _items = [first, second, .. others];

    /// <summary>A list of tensors.</summary>
    // Preferred to the constructor of one tensor, to which [a, b] converts as well.
    [OverloadResolutionPriority(1)]
    public Tensors(IEnumerable<Tensors> items) => _items = [.. items];

    /// <summary>Makes a dictionary that keeps the order of its entries.</summary>
    public Tensors(IEnumerable<KeyValuePair<string, Tensors>> items)
    {
        (_items, _keys) = ([], []);
        foreach (var (key, value) in items) Set(key, value);
    }

    /// <summary>An empty dictionary, for classes that name their fields.</summary>
    protected Tensors() => (_items, _keys) = ([], []);

    /// <summary>A list of tensors.</summary>
    public static Tensors Create(ReadOnlySpan<Tensors> items) => new(items.ToArray().AsEnumerable());

    /// <summary>Whether this is one tensor.</summary>
    public bool IsLeaf => _leaf is not null;

    /// <summary>Whether this is a dictionary.</summary>
    public bool IsDictionary => _keys is not null;

    /// <summary>The number of items of a list or dictionary; 1 for one tensor.</summary>
    public int Count => _items?.Count ?? 1;

    /// <summary>The names of a dictionary, in order; empty otherwise.</summary>
    public IReadOnlyList<string> Keys => _keys ?? (IReadOnlyList<string>)[];

    /// <summary>The only tensor, however deeply nested.</summary>
    /// <exception cref="InvalidOperationException">There is not exactly one tensor.</exception>
    public Tensor Single
    {
        get
        {
            if (_leaf is not null) return _leaf;
            var all = Flatten();
            return all.Count == 1
                ? all[0]
                : throw new InvalidOperationException($"There is not one tensor but {Describe()}. Choose one by its name or position.");
        }
    }

    /// <summary>An item by position; for one tensor its row, as in Python.</summary>
    public Tensors this[int index] => _items is { } items ? items[index] : new(_leaf![index]);

    /// <summary>An item by position, counted as C# does; for one tensor its row.</summary>
    public Tensors this[Index index] => _items is { } items ? items[index] : new(_leaf![index]);

    /// <summary>A part of the only tensor, by a key for each axis: <c>x[.., 0]</c>.</summary>
    /// <exception cref="InvalidOperationException">There is not exactly one tensor.</exception>
    public Tensor this[params ReadOnlySpan<SliceKey> keys] => Single[keys];

    /// <summary>An item by name.</summary>
    /// <exception cref="KeyNotFoundException">There is no item with this name.</exception>
    public Tensors this[string key] => TryGet(key, out var value)
        ? value
        : throw new KeyNotFoundException($"No tensor is called '{key}'. Known: {Known.List(Keys)}.");

    List<Tensors> Items => _items ?? throw new InvalidOperationException($"A single tensor has no items: {_leaf}.");

    /// <summary>Looks an item up by name.</summary>
    public bool TryGet(string key, [NotNullWhen(true)] out Tensors? value)
    {
        var index = _keys?.IndexOf(key) ?? -1;
        value = index < 0 ? null : _items![index];
        return index >= 0;
    }

    /// <summary>Whether there is an item with this name.</summary>
    public bool ContainsKey(string key) => _keys?.Contains(key) ?? false;

    /// <summary>The named items.</summary>
    public IEnumerable<KeyValuePair<string, Tensors>> Named() => Keys.Select((k, i) => KeyValuePair.Create(k, Items[i]));

    private protected void Set(string key, Tensors? value)
    {
        var index = _keys!.IndexOf(key);
        if (value is null)
        {
            if (index < 0) return;
            _keys.RemoveAt(index);
            _items!.RemoveAt(index);
        }
        else if (index >= 0)
        {
            _items![index] = value;
        }
        else
        {
            index = InsertionIndex(key);
            _keys.Insert(index, key);
            _items!.Insert(index, value);
        }
    }

    private protected virtual int InsertionIndex(string key) => _keys!.Count;

    /// <summary>All tensors, depth first.</summary>
    public IReadOnlyList<Tensor> Flatten()
    {
        if (_leaf is not null) return [_leaf];
        var all = new List<Tensor>();
        Collect(all);
        return all;
    }

    void Collect(List<Tensor> all)
    {
        if (_leaf is not null) all.Add(_leaf);
        else foreach (var item in _items!) item.Collect(all);
    }

    /// <summary>The same structure and class with other tensors, given in the order of <see cref="Flatten"/>.</summary>
    public Tensors Pack(IEnumerable<Tensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        using var source = tensors.GetEnumerator();
        var packed = Pack(source);
        return source.MoveNext() ? throw new ArgumentException("There are more tensors than places in the structure.", nameof(tensors)) : packed;
    }

    Tensors Pack(IEnumerator<Tensor> source)
    {
        if (_leaf is not null) return source.MoveNext() ? new(source.Current) : throw new ArgumentException("There are fewer tensors than places in the structure.");
        var items = new List<Tensors>(_items!.Count);
        foreach (var item in _items) items.Add(item.Pack(source));
        return WithItems(items);
    }

    /// <summary>The same structure with each tensor replaced by a function of it.</summary>
    public Tensors Map(Func<Tensor, Tensor> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return _leaf is not null ? new(change(_leaf)) : WithItems(_items!.ConvertAll(i => i.Map(change)));
    }

    /// <summary>A copy of the same class that holds other items under the same names.</summary>
    Tensors WithItems(List<Tensors> items)
    {
        if (_keys is null) return new((IEnumerable<Tensors>)items);
        if (GetType() == typeof(Tensors)) return new(_keys.Zip(items, KeyValuePair.Create));
        var copy = (Tensors)MemberwiseClone();
        copy._keys = [.. _keys];
        copy._items = items;
        return copy;
    }

    /// <summary>The structure as text for comparisons; * is a tensor.</summary>
    internal string Structure => _leaf is not null ? "*"
        : _keys is null ? $"[{string.Join(",", _items!.Select(i => i.Structure))}]"
        : $"{(GetType() == typeof(Tensors) ? "" : GetType().Name)}{{{string.Join(",", _keys.Zip(_items!, (k, i) => $"{k}:{i.Structure}"))}}}";

    string Describe() => _leaf?.ToString() ?? (_keys is null ? $"a list of {Count}" : $"a dictionary of {string.Join(", ", _keys)}");

    /// <summary>The items of a list or dictionary; for one tensor, itself.</summary>
    public IEnumerator<Tensors> GetEnumerator() => (_items ?? [this]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => _leaf?.ToString() ?? Structure;

    /// <summary>The only tensor; throws where there is not exactly one.</summary>
    [return: NotNullIfNotNull(nameof(tensors))]
    public static implicit operator Tensor?(Tensors? tensors) => tensors?.Single;

    /// <summary>A single tensor.</summary>
    [return: NotNullIfNotNull(nameof(tensor))]
    public static implicit operator Tensors?(Tensor? tensor) => tensor is null ? null : new(tensor);

    /// <summary>The value of a variable.</summary>
    public static implicit operator Tensors(Variable variable) => new(variable.value);

    /// <summary>A single tensor made of an array of any rank.</summary>
    public static implicit operator Tensors(Array values) => new(Tensor.Of(values));

    /// <summary>A list of tensors.</summary>
    public static implicit operator Tensors(Tensor[] items) => new(items.Select(i => new Tensors(i)));

    /// <summary>A list of tensors.</summary>
    public static implicit operator Tensors(Tensors[] items) => new(items.AsEnumerable());

    /// <summary>A list of two tensors.</summary>
    public static implicit operator Tensors((Tensors, Tensors) items) => new([items.Item1, items.Item2]);

    /// <summary>A list of three tensors.</summary>
    public static implicit operator Tensors((Tensors, Tensors, Tensors) items) => new([items.Item1, items.Item2, items.Item3]);

    /// <summary>A dictionary of tensors by name.</summary>
    public static implicit operator Tensors(Dictionary<string, Tensors> items) => new(items);

    /// <summary>A dictionary of tensors by name.</summary>
    public static implicit operator Tensors(Dictionary<string, Tensor> items) => new(items.Select(i => KeyValuePair.Create(i.Key, new Tensors(i.Value))));
}
