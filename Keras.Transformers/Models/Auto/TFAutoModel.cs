namespace Keras.Transformers;

/// <summary>Makes the bare model that a folder's configuration names.</summary>
public static class TFAutoModel
{
    /// <summary>A model with the weights of a folder.</summary>
    /// <param name="pretrained_model_name_or_path">A folder with config.json and model.safetensors.</param>
    /// <param name="config">Further settings by key that override the file's.</param>
    /// <exception cref="ConfigException">There is no such folder, or its configuration is missing, damaged or unknown.</exception>
    /// <exception cref="WeightLoadException">Weights are missing or do not fit.</exception>
    public static TFPreTrainedModel from_pretrained(string pretrained_model_name_or_path, IReadOnlyDictionary<string, object?>? config = null) =>
        ModelRegistry.Load(nameof(TFAutoModel), pretrained_model_name_or_path, null, null, false, config);

    /// <summary>A model with new weights.</summary>
    public static TFPreTrainedModel from_config(PretrainedConfig config) => ModelRegistry.Create(nameof(TFAutoModel), config);
}

/// <summary>Makes the sequence classifier that fits a folder's configuration.</summary>
public static class TFAutoModelForSequenceClassification
{
    /// <summary>A model with the weights of a folder; a head that the file lacks starts new.</summary>
    /// <param name="pretrained_model_name_or_path">A folder with config.json and model.safetensors.</param>
    /// <param name="num_labels">The number of classes; default the configuration's.</param>
    /// <param name="id2label">The names of the classes; default the configuration's.</param>
    /// <param name="ignore_mismatched_sizes">Whether weights of another shape start new instead of being refused; default false.</param>
    /// <param name="config">Further settings by key that override the file's.</param>
    /// <exception cref="ConfigException">There is no such folder, or its configuration is missing, damaged or unknown.</exception>
    /// <exception cref="WeightLoadException">Weights are missing or do not fit.</exception>
    public static TFPreTrainedModel from_pretrained(string pretrained_model_name_or_path, int? num_labels = null, IReadOnlyDictionary<int, string>? id2label = null,
        bool ignore_mismatched_sizes = false, IReadOnlyDictionary<string, object?>? config = null) =>
        ModelRegistry.Load(nameof(TFAutoModelForSequenceClassification), pretrained_model_name_or_path, num_labels, id2label, ignore_mismatched_sizes, config);

    /// <summary>A model with new weights.</summary>
    public static TFPreTrainedModel from_config(PretrainedConfig config) => ModelRegistry.Create(nameof(TFAutoModelForSequenceClassification), config);
}
