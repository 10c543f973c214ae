using Keras.Layers;

namespace Keras.Saving;

/// <summary>The files of layers in an archive, beside the weights: <c>assets</c>, with a folder for each layer, named as in the weight file.</summary>
static class LayerAssets
{
    const string Folder = "assets";

    public static IEnumerable<(string Name, byte[] Content)> Of(Model model) =>
        // Inner layers come before those that hold them, as Keras writes them.
        from layer in SavedLayers.Of(model).Where(l => l.State is not null).OrderByDescending(l => l.Path.Count(c => c == '/')).ThenBy(l => l.Path, StringComparer.Ordinal)
        from asset in layer.State!.Assets()
        select ($"{FolderOf(layer)}{asset.Name}", asset.Content);

    static string FolderOf(SavedLayer layer) => layer.Path.Length == 0 ? $"{Folder}/" : $"{Folder}/{layer.Path}/";

    /// <summary>Loads every layer's files.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The archive, for errors.</param>
    /// <param name="read">Reads a file; null if the archive has none of that name.</param>
    /// <param name="names">Every file of the archive.</param>
    /// <exception cref="FileFormatException">A file does not fit its layer, or is missing.</exception>
    public static void Load(Model model, string path, Func<string, byte[]?> read, IEnumerable<string> names)
    {
        string[] all = [.. names.Where(n => n.StartsWith($"{Folder}/", StringComparison.Ordinal))];
        var layers = SavedLayers.Of(model).Where(l => l.State is not null).Select(l => (Layer: l, Size: l.State!.KnownSize)).ToList();
        foreach (var (layer, _) in layers)
            foreach (var name in all.Where(n => n.StartsWith(FolderOf(layer), StringComparison.Ordinal) && !n[FolderOf(layer).Length..].Contains('/')))
                Load(layer.State!, name[FolderOf(layer).Length..], read(name)!, $"{path}, {name}");
        foreach (var (layer, size) in layers.Where(l => l.Layer.State!.Size < l.Size))
            throw new FileFormatException("An archive lacks tokens of a layer", $"{path}, {FolderOf(layer)}", $"{size} tokens for the layer '{layer.Name}', special ones included", $"{layer.State!.Size}", "The archive is damaged, or was changed by hand.");
    }

    static void Load(ISavedState state, string asset, byte[] content, string where)
    {
        try
        {
            state.Load(asset, content, where);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or ValueRangeException)
        {
            throw new FileFormatException("A file does not fit its layer", where, null, e.Message, "The archive is damaged, or was changed by hand.", e);
        }
    }
}
