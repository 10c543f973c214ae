using Keras.Saving;

namespace Keras.Transformers;

public abstract partial class TFPreTrainedModel
{
    /// <summary>Fills the model from a folder.</summary>
    internal LoadingReport LoadWeights(string folder, bool ignoreMismatched, string? variant = null)
    {
        var (name, indexName) = (Named(SafetensorsSource.FileName, variant), Named(SafetensorsSource.IndexName, variant));
        var (file, index) = (Path.Combine(folder, name), Path.Combine(folder, indexName));
        if (!File.Exists(file) && !File.Exists(index))
            throw new WeightLoadException("A model folder has no weights", folder, $"{name} or {indexName}",
                string.Join(", ", Directory.GetFiles(folder).Select(Path.GetFileName).Order().Take(12)), "Convert the weights to safetensors, or download them again.");
        using var source = SafetensorsSource.Open(File.Exists(file) ? file : index);
        return WeightLoader.Load(this, source, ignoreMismatched);
    }

    /// <summary>model.safetensors becomes model.fp16.safetensors, model.safetensors.index.json model.safetensors.index.fp16.json.</summary>
    static string Named(string name, string? variant) => variant is null ? name : $"{Path.GetFileNameWithoutExtension(name)}.{variant}{Path.GetExtension(name)}";
}
