using System.Collections;
using System.Runtime.CompilerServices;

namespace Keras.Data;

/// <summary>Lets a class of another library convert itself to a pipeline element.</summary>
interface IDataElement
{
    Element ToElement();
}

/// <summary>One element of a pipeline: components in a structure of lists and dictionaries.</summary>
sealed class Element(ElementStructure structure, IReadOnlyList<Leaf> leaves)
{
    public ElementStructure Structure => structure;

    public IReadOnlyList<Leaf> Leaves => leaves;

    /// <summary>Whether the tensors of <see cref="ToTensors"/> are held by nobody else.</summary>
    public bool MakesNewTensors => leaves.All(l => l.MakesNewTensors);

    public static Element Of(Leaf leaf) => new(ElementStructure.One, [leaf]);

    public static Element Of(Tensors tensors) => new(ElementStructure.Of(tensors), [.. tensors.Flatten().Select(Leaf.Of)]);

    /// <summary>Joins elements as zip does: each becomes a component.</summary>
    public static Element Of(IReadOnlyList<Element> parts) => new(ElementStructure.ListOf([.. parts.Select(p => p.Structure)]), [.. parts.SelectMany(p => p.Leaves)]);

    /// <summary>Makes an element of anything that converts to tensors: tensors, arrays, numbers, strings, tuples, dictionaries, encodings, batches.</summary>
    /// <exception cref="ArgumentException">The value is none of these.</exception>
    public static Element Of(object? value) => value switch
    {
        Element element => element,
        Tensors tensors => Of(tensors),
        Tensor tensor => Of(Leaf.Of(tensor)),
        IDataElement made => made.ToElement(),
        Batch batch => OfBatch(batch),
        ITuple tuple => Of([.. Enumerable.Range(0, tuple.Length).Select(i => Of(tuple[i]))]),
        IDictionary dictionary => OfDictionary(dictionary),
        IList and not Array => OfList((IList)value),
        null => throw new ArgumentException("An element is null. Expected: tensors, arrays, numbers, strings, tuples or dictionaries of these."),
        _ => Of(Leaf.Of(HostTensor.From(value))),
    };

    static Element OfBatch(Batch batch) => batch switch
    {
        { y: null, sample_weight: null } => Of(batch.x),
        { y: { } y, sample_weight: null } => Of([Of(batch.x), Of(y)]),
        { y: { } y, sample_weight: { } weight } => Of([Of(batch.x), Of(y), Of(weight)]),
        _ => throw new ArgumentException("An element has sample weights but no targets. Give y too."),
    };

    static Element OfDictionary(IDictionary dictionary)
    {
        var (keys, parts) = (new List<string>(), new List<Element>());
        foreach (DictionaryEntry entry in dictionary)
        {
            keys.Add(entry.Key as string ?? throw new ArgumentException($"The name of a component of an element is not a string. Received: {entry.Key.GetType()}."));
            parts.Add(Of(entry.Value));
        }
        return new(ElementStructure.DictionaryOf(keys, [.. parts.Select(p => p.Structure)]), [.. parts.SelectMany(p => p.Leaves)]);
    }

    static Element OfList(IList list)
    {
        if (list.Count == 0) throw new ArgumentException("An element is an empty list: its dtype and shape are unknown. Use an empty array.");
        if (list[0] is not (string or ValueType)) return Of([.. list.Cast<object>().Select(Of)]);
        var array = Array.CreateInstance(list[0]!.GetType(), list.Count);
        list.CopyTo(array, 0);
        return Of(Leaf.Of(HostTensor.From(array)));
    }

    public Tensors ToTensors()
    {
        var index = 0;
        return structure.Build(() => new Tensors(leaves[index++].ToTensor()));
    }

    /// <summary>The element as a batch for <c>fit</c>: a list of two or three is (x, y) or (x, y, sample_weight).</summary>
    public Batch ToBatch()
    {
        var tensors = ToTensors();
        var isTuple = !tensors.IsLeaf && !tensors.IsDictionary && tensors.Count is 2 or 3;
        return new(isTuple ? tensors[0] : tensors, isTuple ? tensors[1] : null, isTuple && tensors.Count == 3 ? tensors[2] : null) { IsTemporary = MakesNewTensors };
    }

    public Element Map(Func<Leaf, Leaf> change) => new(structure, [.. leaves.Select(change)]);
}

/// <summary>The nesting of an element's components in lists and dictionaries.</summary>
sealed class ElementStructure
{
    readonly IReadOnlyList<ElementStructure>? _items;
    readonly IReadOnlyList<string>? _keys;

    ElementStructure(IReadOnlyList<ElementStructure>? items, IReadOnlyList<string>? keys)
    {
        (_items, _keys) = (items, keys);
        Count = items is null ? 1 : items.Sum(i => i.Count);
        Text = items is null ? "*" : keys is null ? $"({string.Join(", ", items.Select(i => i.Text))})" : $"{{{string.Join(", ", keys.Zip(items, (k, i) => $"{k}: {i.Text}"))}}}";
    }

    public static ElementStructure One { get; } = new(null, null);

    /// <summary>The number of components.</summary>
    public int Count { get; }

    /// <summary>The structure as text, for comparisons and messages; * stands for a component.</summary>
    public string Text { get; }

    public bool IsLeaf => _items is null;

    public IReadOnlyList<string>? Keys => _keys;

    public IReadOnlyList<ElementStructure> Items => _items ?? [];

    public static ElementStructure ListOf(IReadOnlyList<ElementStructure> items) => new(items, null);

    public static ElementStructure DictionaryOf(IReadOnlyList<string> keys, IReadOnlyList<ElementStructure> items) => new(items, keys);

    public static ElementStructure Of(Tensors tensors) => tensors.IsLeaf ? One
        : new([.. tensors.Select(Of)], tensors.IsDictionary ? [.. tensors.Keys] : null);

    public Tensors Build(Func<Tensors> next)
    {
        if (_items is null) return next();
        Tensors[] items = [.. _items.Select(i => i.Build(next))];
        return _keys is null ? new Tensors(items.AsEnumerable()) : new Tensors(_keys.Zip(items, KeyValuePair.Create));
    }

    /// <summary>The name of each component in errors: its key or its position.</summary>
    public IEnumerable<string> Paths() => _items is null ? [""] : _items.SelectMany((item, i) => item.Paths().Select(path =>
        (_keys is null ? i.ToString(System.Globalization.CultureInfo.InvariantCulture) : _keys[i]) + (path.Length == 0 ? "" : "/" + path)));

    public bool Fits(ElementStructure other) => ReferenceEquals(this, other) || Text == other.Text;
}
