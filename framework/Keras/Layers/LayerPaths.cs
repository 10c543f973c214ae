namespace Keras;

/// <summary>Maps a model's variables to the names of the layers that hold them, wherever the model was first applied.</summary>
static class LayerPaths
{
    public static IEnumerable<(string Path, Variable Variable)> Of(Layer model) => Walk(model, "").DistinctBy(p => p.Variable);

    static IEnumerable<(string Path, Variable Variable)> Walk(Layer layer, string prefix)
    {
        foreach (var own in layer.OwnWeights) yield return (prefix + own.name, own);
        foreach (var inner in layer.SubLayers)
            foreach (var found in Walk(inner, $"{prefix}{inner.name}/")) yield return found;
    }
}
