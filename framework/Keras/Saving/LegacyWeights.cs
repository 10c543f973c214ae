using Keras.Graphs;

namespace Keras.Saving;

/// <summary>Weight files of Keras 1 and 2, also of whole models in <c>.h5</c>: layers by name, each with a list of weights, matched in order.</summary>
/// <remarks>Source: keras/src/legacy/saving/legacy_h5_format.py, load_weights_from_hdf5_group and its by_name form.</remarks>
static class LegacyWeights
{
    const string WholeModel = "model_weights", TopLevel = "top_level_model_weights";

    /// <summary>Loads every variable; all are checked before the first is set.</summary>
    /// <param name="model">The built model.</param>
    /// <param name="path">The file.</param>
    /// <param name="byName">Whether layers are matched by name and others left alone; otherwise they are matched by order.</param>
    /// <param name="skipMismatch">Whether layers that do not fit keep their values, with a warning.</param>
    /// <exception cref="FileFormatException">The file is damaged, or layers do not fit; all are named.</exception>
    public static void Load(Model model, string path, bool byName, bool skipMismatch)
    {
        using var file = H5File.Open(path);
        var root = file.Root.Attributes.ContainsKey(H5WeightFile.LayerNames) || file.Root.Find(WholeModel) is not { } whole ? file.Root : whole;
        var names = root.Texts(H5WeightFile.LayerNames) ?? throw new FileFormatException("An HDF5 file names no layers", root.Where, $"an attribute {H5WeightFile.LayerNames}", "none", "A file of Keras 3 is called .weights.h5.");
        var layers = model.layers.Select(l => (Layer: l.name, Variables: Ordered(l))).Where(l => l.Variables.Count > 0).ToList();
        var problems = new List<string>();
        var chosen = new List<(Variable, WeightEntry)>();
        foreach (var (layer, variables, entries) in byName ? Named(file, root, names, layers) : Matched(file, root, names, layers))
        {
            var wrong = ProblemsOf(layer, variables, entries);
            if (wrong.Count == 0) chosen.AddRange(variables.Zip(entries));
            else problems.AddRange(wrong);
        }
        if (problems.Count > 0 && !skipMismatch)
            throw new FileFormatException($"{problems.Count} weights could not be loaded", path, "the weights of this model", string.Join("; ", problems.Take(20)), "Load them into the model that they were saved from, or pass skip_mismatch: true.");
        if (problems.Count > 0) Diagnostics.Warn($"{path}: layers that do not fit were not loaded: {string.Join("; ", problems.Take(20))}.");
        foreach (var (variable, entry) in chosen) VariableFiles.Load(variable, entry.GetMemory(), entry.DType);
    }

    static List<Variable> Ordered(Layer layer) => [.. layer.trainable_weights.Concat(layer.non_trainable_weights).Where(w => !w.name.EndsWith("seed_generator_state", StringComparison.Ordinal))];

    static IEnumerable<(string, List<Variable>, List<WeightEntry>)> Matched(H5File file, H5Object root, IReadOnlyList<string> names, List<(string Layer, List<Variable> Variables)> layers)
    {
        var saved = names.Select(n => (Name: n, Entries: EntriesOf(file, root, n))).Where(s => s.Entries.Count > 0).ToList();
        if (saved.Count != layers.Count)
            throw new FileFormatException("A file has another number of layers than the model", root.Where, $"{layers.Count} layers with weights: {Known.List(layers.Select(l => l.Layer))}", $"{saved.Count}: {Known.List(saved.Select(s => s.Name))}", "Pass by_name: true to load the layers that both have.");
        foreach (var (layer, found) in layers.Zip(saved)) yield return (layer.Layer, layer.Variables, found.Entries);
        if (root.Find(TopLevel) is not null) yield return (TopLevel, [], EntriesOf(file, root, TopLevel));
    }

    static IEnumerable<(string, List<Variable>, List<WeightEntry>)> Named(H5File file, H5Object root, IReadOnlyList<string> names, List<(string Layer, List<Variable> Variables)> layers) =>
        from layer in layers where names.Contains(layer.Layer) select (layer.Layer, layer.Variables, EntriesOf(file, root, layer.Layer));

    static List<WeightEntry> EntriesOf(H5File file, H5Object root, string layer)
    {
        var group = root.Find(layer) ?? throw Absent(root, layer, H5WeightFile.LayerNames);
        return [.. (group.Texts(H5WeightFile.WeightNames) ?? []).Select(name =>
        {
            var found = group.Find(name) ?? throw Absent(group, name, H5WeightFile.WeightNames);
            return file.Entry(found, found.Dataset.Type.DType ?? throw new UnsupportedException("A weight has an element type that cannot be read", found.Where, "floats, integers or booleans, little-endian", found.Dataset.Type.Description), name);
        })];
    }

    static List<string> ProblemsOf(string layer, List<Variable> variables, List<WeightEntry> entries)
    {
        if (variables.Count != entries.Count) return [$"{layer}: expected {variables.Count} weights, received {entries.Count}"];
        return [.. variables.Zip(entries).Where(p => p.First.shape != p.Second.Shape || !VariableFiles.CanLoad(p.Second.DType, p.First.dtype))
            .Select(p => $"{layer}, {p.Second.Name}: expected {p.First.dtype.Name} {p.First.shape}, received {p.Second.DType.Name} {p.Second.Shape}")];
    }

    static FileFormatException Absent(H5Object parent, string name, string list) =>
        new("An HDF5 file does not hold what it names", parent.Where, $"every name of its attribute {list}", $"no {JsonText.Show(name)}", H5Bytes.Damaged);
}
