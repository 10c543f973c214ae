namespace Keras.Data;

/// <summary>The dtype and shape of one component of a pipeline's elements.</summary>
/// <param name="shape">The shape; dimensions that differ from element to element are unknown.</param>
/// <param name="dtype">The dtype.</param>
/// <remarks>Source: tf.TensorSpec.</remarks>
public sealed record TensorSpec(Shape shape, DType dtype)
{
    /// <inheritdoc/>
    public override string ToString() => $"TensorSpec(shape={shape}, dtype={dtype.Name})";
}

/// <summary>The common spec of a pipeline's elements: one spec, or specs in lists and dictionaries.</summary>
public sealed class ElementSpec
{
    readonly ElementStructure _structure;
    readonly TensorSpec[] _specs;

    internal ElementSpec(ElementStructure structure, IEnumerable<TensorSpec> specs) => (_structure, _specs) = (structure, [.. specs]);

    internal static ElementSpec Of(Element element) => new(element.Structure, element.Leaves.Select(l => new TensorSpec(l.Shape, l.DType)));

    internal ElementStructure Structure => _structure;

    /// <summary>The components, depth first.</summary>
    public IReadOnlyList<TensorSpec> Flatten() => _specs;

    /// <summary>Whether the elements are single tensors.</summary>
    public bool IsLeaf => _structure.IsLeaf;

    /// <summary>The names of the components of a dictionary; empty otherwise.</summary>
    public IReadOnlyList<string> Keys => _structure.Keys ?? [];

    /// <summary>The number of parts of a list or dictionary; 0 of a single tensor.</summary>
    public int Count => _structure.Items.Count;

    /// <summary>The only component.</summary>
    /// <exception cref="InvalidOperationException">There are more.</exception>
    public TensorSpec Single => _specs.Length == 1 ? _specs[0] : throw new InvalidOperationException($"There is not one component but {_specs.Length}: {this}.");

    /// <summary>A part of a list by its position.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public ElementSpec this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _structure.Items.Count);
            var first = _structure.Items.Take(index).Sum(i => i.Count);
            var part = _structure.Items[index];
            return new(part, _specs.Skip(first).Take(part.Count));
        }
    }

    /// <summary>A part of a dictionary by its name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public ElementSpec this[string key] => Keys.ToList().IndexOf(key) is >= 0 and var index ? this[index]
        : throw new KeyNotFoundException($"No component is called '{key}'. Known: {Known.List(Keys)}.");

    internal ElementSpec Map(Func<TensorSpec, TensorSpec> change) => new(_structure, _specs.Select(change));

    /// <inheritdoc/>
    public override string ToString()
    {
        var index = 0;
        string Text(ElementStructure structure) => structure.IsLeaf ? _specs[index++].ToString()
            : structure.Keys is { } keys ? $"{{{string.Join(", ", keys.Zip(structure.Items, (k, i) => $"{k}: {Text(i)}"))}}}"
            : $"({string.Join(", ", structure.Items.Select(Text))})";
        return Text(_structure);
    }
}
