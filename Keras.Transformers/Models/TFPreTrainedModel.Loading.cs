using Keras.Saving;

namespace Keras.Transformers;

public abstract partial class TFPreTrainedModel
{
    /// <summary>Fills the model from a folder.</summary>
    internal LoadingReport LoadWeights(string folder, bool ignoreMismatched, string? variant = null, bool fromPt = false, bool? useSafetensors = null)
    {
        using var source = WeightSource.OpenFile(WeightFiles.Find(folder, fromPt, useSafetensors, variant));
        return WeightLoader.Load(this, source, ignoreMismatched);
    }
}
