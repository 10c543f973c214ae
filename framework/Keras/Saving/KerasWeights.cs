using System.Globalization;
using Keras.Graphs;

namespace Keras.Saving;

/// <summary>Keras 3's weight files, <c>.weights.h5</c>: a group for each layer, named by the attributes that lead to it, with numbered variables.</summary>
/// <remarks>Source: keras/src/saving/saving_lib.py.</remarks>
static class KerasWeights
{
    const string NameAttribute = "name", DTypeAttribute = "dtype";

    /// <summary>The entry of a .keras archive that holds the weights.</summary>
    public const string InArchive = "model.weights.h5";

    const int MostNamed = 20;

    /// <summary>Saves the weights to a file, replacing it.</summary>
    public static void Save(Model model, string path) => H5Writer.Write(path, TreeOf(model));

    /// <summary>Writes the weights to a stream, which need not support seeking.</summary>
    public static void Save(Model model, Stream stream) => H5Writer.Write(stream, TreeOf(model));

    /// <summary>Writes the weights as one file of a set that is replaced together.</summary>
    public static void Save(Model model, Files.AtomicFileSet files, string path) => H5Writer.Add(files, path, TreeOf(model));

    static H5Tree TreeOf(Model model)
    {
        var root = new H5Tree();
        foreach (var layer in SavedLayers.Of(model))
        {
            var group = root.Group(layer.Group);
            group.SetText(NameAttribute, layer.Name, utf8: true);
            for (var i = 0; i < layer.Variables.Count; i++)
            {
                var number = i.ToString(CultureInfo.InvariantCulture);
                var dataset = group.Add(number, VariableFiles.ToFile(layer.Variables[i], $"{layer.Group}/{number}"));
                if (layer.Variables[i].dtype == DType.BFloat16) dataset.SetText(DTypeAttribute, DType.BFloat16.Name, utf8: true);
            }
            foreach (var (name, values) in layer.State?.Arrays ?? []) group.Add(name, SafetensorsTensor.Of($"{layer.Group}/{name}", HostTensor.Vector<float>(values)));
        }
        return root;
    }

    /// <summary>Loads every variable; all are checked before the first is set.</summary>
    /// <param name="model">The built model.</param>
    /// <param name="path">A .weights.h5 file or a .keras archive.</param>
    /// <param name="skipMismatch">Whether layers that do not fit keep their values, with a warning.</param>
    /// <exception cref="FileFormatException">The file is damaged, or layers do not fit; all are named.</exception>
    public static void Load(Model model, string path, bool skipMismatch)
    {
        using var file = path.EndsWith(".keras", StringComparison.OrdinalIgnoreCase) ? H5File.OpenInArchive(path, InArchive) : H5File.Open(path);
        if (model.compiled && !model.optimizer.built && file.Root.Find(SavedLayers.Optimizer) is not null) model.optimizer.build(model.trainable_weights);
        var layers = SavedLayers.Of(model);
        var (chosen, problems, ofOptimizer) = Choose(file, layers);
        if (problems.Count > 0 && SavedLayers.Of(model, byFields: true) is var others && Choose(file, others) is { Problems: [] } better)
            (layers, (chosen, problems, ofOptimizer)) = (others, better);
        if (problems.Count > 0) Report(path, problems, skipMismatch);
        if (ofOptimizer.Count > 0) Diagnostics.Warn($"{path}: the optimizer's state does not fit and was not loaded: {string.Join("; ", ofOptimizer.Take(MostNamed))}.");
        foreach (var (variable, entry) in chosen) VariableFiles.Load(variable, entry.GetMemory(), entry.DType);
        foreach (var layer in layers) LoadNamed(file, layer);
        WarnOfUnused(file, path, layers);
        if (problems.Count > 0) return;
        foreach (var space in model.AllLayers().Append(model).OfType<Utils.FeatureSpace>()) space.HasLoaded();
    }

    /// <summary>Finds every variable's array, and lists what does not fit.</summary>
    static (List<(Variable Variable, WeightEntry Entry)> Chosen, List<string> Problems, List<string> OfOptimizer) Choose(H5File file, List<SavedLayer> layers)
    {
        var (chosen, problems, ofOptimizer) = (new List<(Variable, WeightEntry)>(), new List<string>(), new List<string>());
        foreach (var layer in layers)
        {
            var entries = EntriesOf(file, layer);
            List<string> wrong = [.. ProblemsOf(layer, entries), .. NamedOf(file, layer).Select(n => ProblemOf(layer, n.Name, n.Entry)).OfType<string>()];
            // A model that was saved before its first step has no optimizer's state.
            if (layer.Path == SavedLayers.Optimizer && entries.Count == 0) continue;
            if (wrong.Count == 0) chosen.AddRange(layer.Variables.Zip(entries));
            else (layer.Path == SavedLayers.Optimizer ? ofOptimizer : problems).AddRange(wrong);
        }
        return (chosen, problems, ofOptimizer);
    }

    /// <summary>The arrays of a group, by number.</summary>
    static List<WeightEntry> EntriesOf(H5File file, SavedLayer layer)
    {
        var entries = new List<WeightEntry>();
        if (file.Root.Find(layer.Group) is not { IsDataset: false } group) return entries;
        while (group.Children.TryGetValue(entries.Count.ToString(CultureInfo.InvariantCulture), out var dataset)) entries.Add(Entry(file, dataset));
        return entries.Count == group.Children.Count || layer.State is not null
            ? entries
            : throw new FileFormatException("A group of weights has names that Keras does not write", group.Where, $"numbers from 0 to {group.Children.Count - 1}", string.Join(", ", group.Children.Keys.Take(MostNamed).Select(JsonText.Show)), H5Bytes.Damaged);
    }

    /// <summary>Loads a layer's named arrays, which are stored among its weights.</summary>
    static void LoadNamed(H5File file, SavedLayer layer)
    {
        foreach (var (name, entry) in NamedOf(file, layer))
            if (ProblemOf(layer, name, entry) is null) layer.State!.Load(name, Floats(entry));
    }

    static IEnumerable<(string Name, WeightEntry Entry)> NamedOf(H5File file, SavedLayer layer) => layer.State is null || file.Root.Find(layer.Group) is not { IsDataset: false } group ? []
        : group.Children.Where(c => !int.TryParse(c.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _)).Select(c => (c.Key, Entry(file, c.Value)));

    static string? ProblemOf(SavedLayer layer, string array, WeightEntry entry) =>
        layer.State!.ShapeOf(array) is { } shape && shape != entry.Shape ? $"{TitleOf(layer)}, {array}: expected shape {shape}, received {entry.Shape}" : null;

    static float[] Floats(WeightEntry entry)
    {
        using var memory = entry.GetMemory();
        return [.. HostTensor.OfBytes(entry.DType, entry.Shape, memory.AsSpan().ToArray()).ToDouble().Select(v => (float)v)];
    }

    static WeightEntry Entry(H5File file, H5Object found)
    {
        var dataset = found.Dataset;
        var dtype = dataset.Type is { Opaque: true, Size: 2 } && found.Texts(DTypeAttribute) is ["bfloat16"] ? DType.BFloat16 : dataset.Type.DType;
        return dtype is null
            ? throw new UnsupportedException("A weight has an element type that cannot be read", found.Where, "floats, integers or booleans, little-endian", dataset.Type.Description, "Save the model in float32 first.")
            : file.Entry(found, dtype, found.Path);
    }

    static List<string> ProblemsOf(SavedLayer layer, List<WeightEntry> entries)
    {
        var title = TitleOf(layer);
        if (entries.Count != layer.Variables.Count) return [$"{title}: expected {layer.Variables.Count} variables, received {entries.Count}"];
        return [.. layer.Variables.Zip(entries).Where(p => p.First.shape != p.Second.Shape || !VariableFiles.CanLoad(p.Second.DType, p.First.dtype))
            .Select(p => $"{title}, {p.First.name}: expected {p.First.dtype.Name} {p.First.shape}, received {p.Second.DType.Name} {p.Second.Shape}")];
    }

    static string TitleOf(SavedLayer layer) => layer.Path.Length == 0 ? $"the model '{layer.Name}'" : $"{layer.Path} ('{layer.Name}')";

    static void Report(string path, List<string> problems, bool skipMismatch)
    {
        var text = string.Join("; ", problems.Take(MostNamed)) + (problems.Count > MostNamed ? $"; and {problems.Count - MostNamed} more" : "");
        if (!skipMismatch)
            throw new FileFormatException($"{problems.Count} weights could not be loaded", path, "the weights of this model", text, "Load them into the model that they were saved from, or pass skip_mismatch: true to leave those layers as they are.");
        Diagnostics.Warn($"{path}: layers that do not fit were not loaded: {text}.");
    }

    /// <summary>Warns of arrays in the file that the model has no place for.</summary>
    static void WarnOfUnused(H5File file, string path, List<SavedLayer> layers)
    {
        var known = layers.Select(l => l.Group).ToHashSet(StringComparer.Ordinal);
        var unused = GroupsOf(file.Root).Where(g => g.Children.Count > 0 && !known.Contains(g.Path) && !g.Path.StartsWith(SavedLayers.Optimizer + "/", StringComparison.Ordinal)).Select(g => g.Path).ToList();
        if (unused.Count > 0) Diagnostics.Warn($"{path} holds weights that the model has no layer for: {string.Join(", ", unused.Take(MostNamed))}{(unused.Count > MostNamed ? $" and {unused.Count - MostNamed} more" : "")}.");
    }

    static IEnumerable<H5Object> GroupsOf(H5Object group, int depth = 0)
    {
        if (depth > H5File.Deepest) throw new FileFormatException("The groups of an HDF5 file lie too deep", group.Where, $"up to {H5File.Deepest} levels", "more", H5Bytes.Damaged);
        foreach (var child in group.Children.Values)
        {
            if (child.IsDataset) continue;
            if (child.Path.EndsWith(SavedLayers.Variables, StringComparison.Ordinal)) yield return child;
            foreach (var inner in GroupsOf(child, depth + 1)) yield return inner;
        }
    }
}
