namespace Keras.Transformers;

/// <summary>Arguments of <c>from_pretrained</c> that override the file.</summary>
/// <param name="NumLabels">The number of classes; null for the file's.</param>
/// <param name="Id2Label">The names of the classes; null for the file's.</param>
/// <param name="Settings">Further settings by key; null for none.</param>
/// <param name="DType">A policy's name, "auto" for the file's dtype; null for the global policy.</param>
sealed record PretrainedWishes(int? NumLabels, IReadOnlyDictionary<int, string>? Id2Label, IReadOnlyDictionary<string, object?>? Settings, string? DType)
{
    /// <summary>Applies these settings to a configuration that was read from a file.</summary>
    /// <exception cref="ConfigException">The arguments contradict each other, or the model has no such setting.</exception>
    public void ApplyTo(PretrainedConfig config)
    {
        if (Id2Label is not null) config.id2label = Id2Label;
        if (NumLabels is { } count)
        {
            if (Id2Label is not null && Id2Label.Count != count) throw new ConfigException("num_labels and id2label differ", "from_pretrained", $"{count} names", $"{Id2Label.Count}");
            config.num_labels = count;
        }
        if (Settings is not null) config.Update(Settings);
    }
}

/// <summary>A folder, or a repository of the hub, with a configuration and weights.</summary>
/// <param name="path">The folder or the repository.</param>
/// <param name="subfolder">The folder within it that holds both files; "" for none.</param>
/// <param name="variant">The variant in the weights' file name; null for none.</param>
/// <param name="fromPt">Whether PyTorch's pickles come first.</param>
/// <param name="useSafetensors">True for only safetensors, false for none.</param>
/// <param name="options">Where a repository is looked for; null for the settings'.</param>
sealed class PretrainedFolder(string path, string subfolder = "", string? variant = null, bool fromPt = false, bool? useSafetensors = null, HubOptions? options = null)
{
    /// <summary>Loads the model that the configuration describes.</summary>
    public TModel Load<TModel>(PretrainedWishes wishes, Func<PretrainedConfig, DTypePolicy?, TModel> create, bool ignoreMismatched, out LoadingReport report) where TModel : TFPreTrainedModel
    {
        var source = new PretrainedSource(path, subfolder, options);
        source.Fetch(PretrainedConfig.FileName, GenerationConfig.FileName);
        var folder = source.Path;
        var (json, file) = PretrainedConfig.ReadFile(folder);
        var config = ModelFamilies.ConfigOf(json, file);
        wishes.ApplyTo(config);
        var dtype = wishes.DType == "auto" ? config.WeightDType ?? "float32" : wishes.DType;
        var model = create(config, dtype is null ? null : (DTypePolicy)dtype);
        WeightFiles.Fetch(source, fromPt, useSafetensors, variant);
        model.name_or_path = path;
        report = model.LoadWeights(folder, ignoreMismatched, variant, fromPt, useSafetensors);
        if (model.can_generate() && File.Exists(Path.Combine(folder, GenerationConfig.FileName))) model.generation_config = GenerationConfig.from_pretrained(folder);
        return model;
    }
}
