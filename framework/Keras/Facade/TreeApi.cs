namespace Keras;

/// <summary>keras.tree: functions on nested structures of tensors, which are <see cref="Tensors"/> here.</summary>
/// <remarks>Source: keras/src/tree/tree_api.py.</remarks>
public sealed class TreeApi
{
    internal TreeApi() { }

    /// <summary>Whether a structure is a list or a dictionary, not one tensor.</summary>
    public bool is_nested(Tensors structure) => !(structure ?? throw new ArgumentNullException(nameof(structure))).IsLeaf;

    /// <summary>Every tensor of a structure, depth first, in the order of lists and dictionaries.</summary>
    public IReadOnlyList<Tensor> flatten(Tensors structure) => (structure ?? throw new ArgumentNullException(nameof(structure))).Flatten();

    /// <summary>Every tensor with its path: positions and names from the outside to the inside.</summary>
    public IReadOnlyList<(IReadOnlyList<object> Path, Tensor Tensor)> flatten_with_path(Tensors structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        return [.. WithPath(structure, [])];
    }

    static IEnumerable<(IReadOnlyList<object> Path, Tensor Tensor)> WithPath(Tensors structure, object[] path) => structure.IsLeaf
        ? [(path, structure.Single)]
        : Enumerable.Range(0, structure.Count).SelectMany(i => WithPath(structure[i], [.. path, structure.IsDictionary ? structure.Keys[i] : i]));

    /// <summary>The same structure with each tensor replaced by the result of a function.</summary>
    public Tensors map_structure(Func<Tensor, Tensor> func, Tensors structure)
    {
        ArgumentNullException.ThrowIfNull(func);
        ArgumentNullException.ThrowIfNull(structure);
        return structure.Map(func);
    }

    /// <summary>Applies a function to the tensors at the same position of two structures.</summary>
    /// <exception cref="ArgumentException">The structures differ.</exception>
    public Tensors map_structure(Func<Tensor, Tensor, Tensor> func, Tensors structure1, Tensors structure2)
    {
        ArgumentNullException.ThrowIfNull(func);
        ArgumentNullException.ThrowIfNull(structure1);
        ArgumentNullException.ThrowIfNull(structure2);
        assert_same_structure(structure1, structure2);
        return structure1.Pack(structure1.Flatten().Zip(structure2.Flatten(), func));
    }

    /// <summary>Packs a list of tensors into a structure like another one.</summary>
    /// <exception cref="ArgumentException">The list has more tensors than the structure, or fewer.</exception>
    public Tensors pack_sequence_as(Tensors structure, IEnumerable<Tensor> flat_sequence)
    {
        ArgumentNullException.ThrowIfNull(structure);
        return structure.Pack(flat_sequence ?? throw new ArgumentNullException(nameof(flat_sequence)));
    }

    /// <summary>Throws if two structures differ in lists, names or positions of tensors.</summary>
    /// <exception cref="ArgumentException">They differ.</exception>
    public void assert_same_structure(Tensors a, Tensors b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.Structure != b.Structure) throw new ArgumentException($"Two structures differ (* is a tensor). Expected: {a.Structure}. Received: {b.Structure}. Give the second the lists and names of the first.", nameof(b));
    }

    /// <summary>Throws if the tensors of two structures have different paths.</summary>
    /// <exception cref="ArgumentException">They differ.</exception>
    public void assert_same_paths(Tensors a, Tensors b) => assert_same_structure(a, b);
}
