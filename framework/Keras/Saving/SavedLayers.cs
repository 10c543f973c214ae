using System.Globalization;
using Keras.Layers;

namespace Keras.Saving;

/// <summary>A layer and its place in Keras' weight files.</summary>
/// <param name="Path">The names of the attributes that lead to it, joined by '/'; "" for the model.</param>
/// <param name="Name">The layer's own name.</param>
/// <param name="Variables">Its own variables, trainable ones first, without seed states.</param>
sealed record SavedLayer(string Path, string Name, IReadOnlyList<Variable> Variables)
{
    /// <summary>What the layer saves beside its variables; may be null.</summary>
    public ISavedState? State { get; init; }

    /// <summary>The group that holds the variables.</summary>
    public string Group => Path.Length == 0 ? SavedLayers.Variables : $"{Path}/{SavedLayers.Variables}";
}

/// <summary>Lists a model's layers and its optimizer as Keras 3 does when it saves weights: each once, under the first name that leads to it.</summary>
/// <remarks>Source: keras/src/saving/saving_lib.py, _walk_saveable and _save_container_state.</remarks>
static class SavedLayers
{
    public const string Variables = "vars";

    public const string Optimizer = "optimizer";

    const string Container = "container", LayersOfModel = "layers";

    /// <param name="model">The model.</param>
    /// <param name="byFields">Whether layers are found by fields only, as in files from before Keras 3.</param>
    public static List<SavedLayer> Of(Model model, bool byFields = false)
    {
        var found = new List<SavedLayer>();
        Visit(model, "", found, new(ReferenceEqualityComparer.Instance), byFields);
        if (model.compiled && model.optimizer.built) found.Add(new(Optimizer, model.optimizer.name, model.optimizer.variables));
        return found;
    }

    static void Visit(Layer layer, string path, List<SavedLayer> found, HashSet<object> seen, bool byFields)
    {
        if (!seen.Add(layer)) return;
        found.Add(new(path, layer.name, [.. layer.OwnWeights.Where(w => !w.name.EndsWith("seed_generator_state", StringComparison.Ordinal))]) { State = layer as ISavedState });
        if (layer is Model { SavedUnderLayers: { } layers }) VisitItems(layers, Join(path, LayersOfModel), found, seen, byFields);
        foreach (var (name, value) in Members(layer, byFields))
            if (value is Layer inner) Visit(inner, Join(path, name), found, seen, byFields);
            else if (FieldTracker.ItemsOf(value) is { } items) VisitItems(items, Join(path, name), found, seen, byFields);
    }

    /// <summary>A layer's members; a model's "layers" is sorted among them by name, so members after it are found in "layers" first.</summary>
    static IEnumerable<(string Name, object Value)> Members(Layer layer, bool byFields)
    {
        var members = SavedMembers.Of(layer);
        return byFields || layer is not Model { SavedUnderLayers: null } model
            ? members
            : members.Where(m => m.Name != LayersOfModel).Append((LayersOfModel, model.layers.ToArray())).OrderBy(m => SavedMembers.Rank(m.Name), StringComparer.Ordinal);
    }

    static void VisitItems(IEnumerable<object?> items, string path, List<SavedLayer> found, HashSet<object> seen, bool byFields)
    {
        var used = new Dictionary<string, int>();
        foreach (var item in items)
            if (item is Layer layer) Visit(layer, Join(path, Unique(LayerNames.SnakeCase(layer.GetType().Name.Split('`')[0]), used)), found, seen, byFields);
            else if (FieldTracker.ItemsOf(item) is { } inner && seen.Add(item!)) VisitItems(inner, Join(path, Unique(Container, used)), found, seen, byFields);
    }

    static string Unique(string name, Dictionary<string, int> used)
    {
        var count = used.GetValueOrDefault(name);
        used[name] = count + 1;
        return count == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}_{count}");
    }

    static string Join(string path, string name) => path.Length == 0 ? name : $"{path}/{name}";
}
