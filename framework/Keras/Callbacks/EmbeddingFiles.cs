using System.Globalization;
using System.Text;
using Keras.Files;
using Keras.Layers;

namespace Keras.Callbacks;

/// <summary>Writes embeddings for TensorBoard's projector: a table of numbers for each layer, and a config that names the tables.</summary>
static class EmbeddingFiles
{
    /// <exception cref="ArgumentException">Labels are given for a layer that is not in the model.</exception>
    public static void WriteConfig(string folder, Model model, EmbeddingsMetadata? metadata)
    {
        var layers = LayersOf(model);
        if (metadata?.ByLayer.Keys.Except(layers.Select(l => l.name)).ToArray() is [_, ..] unknown)
            throw new ArgumentException($"embeddings_metadata names layers that are not Embedding layers of the model: {Known.List(unknown)}. Known: {Known.List(layers.Select(l => l.name))}.");
        var text = new StringBuilder();
        foreach (var layer in layers)
        {
            text.Append(CultureInfo.InvariantCulture, $"embeddings {{\n  tensor_name: \"{layer.name}/embeddings\"\n");
            if ((metadata?.ForAll ?? metadata?.ByLayer.GetValueOrDefault(layer.name)) is { } labels)
                text.Append(CultureInfo.InvariantCulture, $"  metadata_path: \"{Quoted(labels)}\"\n");
            text.Append(CultureInfo.InvariantCulture, $"  tensor_path: \"{Quoted(FileOf(layer))}\"\n}}\n");
        }
        Directory.CreateDirectory(folder);
        AtomicFile.WriteAllText(Path.Combine(folder, "projector_config.pbtxt"), text.ToString());
    }

    public static void WriteRows(string folder, Model model)
    {
        foreach (var layer in LayersOf(model))
        {
            var host = ((Tensor)layer.embeddings.value).RequireEager().ToHost();
            var (values, width) = (host.ToDouble(), (int)host.Shape[^1]);
            AtomicFile.Write(Path.Combine(folder, FileOf(layer)), stream =>
            {
                using var text = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true);
                for (var i = 0; i < values.Length; i++)
                {
                    text.Write(((float)values[i]).ToString("R", CultureInfo.InvariantCulture));
                    text.Write((i + 1) % width == 0 ? '\n' : '\t');
                }
            });
        }
    }

    static string FileOf(Embedding layer) => $"keras_embedding.{string.Concat(layer.name.Select(c => Path.GetInvalidFileNameChars().Contains(c) ? '_' : c))}.tsv";

    static string Quoted(string path) => path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    static Embedding[] LayersOf(Model model) => [.. model.layers.OfType<Embedding>()];
}
