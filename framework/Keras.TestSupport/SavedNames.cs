using Keras.Saving;

namespace Keras.Tests;

/// <summary>What weights are called: by the layers that hold them, and in a .weights.h5 file.</summary>
static class SavedNames
{
    /// <summary>The variable of the environment that accepts other names.</summary>
    public const string Accept = "KERAS_ACCEPT_NAMES";

    /// <summary>The paths of a layer's weights.</summary>
    public static IEnumerable<string> Paths(Layer layer) => LayerPaths.Of(layer).Select(p => Line("weight", p.Path, p.Variable.shape));

    /// <summary>The keys of the file that a model writes.</summary>
    public static IEnumerable<string> Keys(Model model)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder, "model.weights.h5");
        model.save_weights(path);
        using var file = H5File.Open(path);
        return [.. Datasets(file.Root).Select(d => Line("file", d.Path, d.Dataset.Shape)).Order(StringComparer.Ordinal)];
    }

    public static string Line(string kind, string name, Shape shape) => $"    {kind} {name} {shape}";

    static IEnumerable<H5Object> Datasets(H5Object found) => found.IsDataset ? [found] : found.Children.Values.SelectMany(Datasets);
}
