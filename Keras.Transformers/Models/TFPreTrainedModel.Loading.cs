using Keras.Saving;

namespace Keras.Transformers;

public abstract partial class TFPreTrainedModel
{
    /// <summary>Loads the weights from a folder.</summary>
    internal LoadingReport LoadWeights(string folder, bool ignoreMismatched, string? variant = null, bool fromPt = false, bool? useSafetensors = null)
    {
        using var source = WeightSource.OpenFile(WeightFiles.Find(folder, fromPt, useSafetensors, variant));
        return WeightLoader.Load(Weights, source, ignoreMismatched);
    }

    /// <inheritdoc/>
    /// <remarks>A tf_model.h5 of Hugging Face is matched by the names of its weights, whatever their order; weights that it lacks are an error unless
    /// <paramref name="by_name"/> is given.</remarks>
    /// <exception cref="WeightLoadException">Weights of such a file are missing or do not fit; nothing was set.</exception>
    public override void load_weights(string filepath, bool skip_mismatch = false, bool by_name = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(filepath);
        if (filepath.EndsWith(".weights.h5", StringComparison.Ordinal) || !filepath.EndsWith(".h5", StringComparison.Ordinal))
        {
            base.load_weights(filepath, skip_mismatch, by_name);
            return;
        }
        using var source = WeightSource.OpenFile(filepath);
        if (!by_name) WeightLoader.RequireAll(Weights, source);
        WeightLoader.Load(Weights, source, skip_mismatch);
    }
}
