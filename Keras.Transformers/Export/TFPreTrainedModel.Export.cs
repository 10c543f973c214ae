using Keras.Export;
using Keras.Saving;

namespace Keras.Transformers;

public abstract partial class TFPreTrainedModel
{
    /// <summary>Writes a SavedModel with the endpoints <c>serving_default</c> (int32 inputs) and <c>int64_serving</c>, or only the first for a model without integer inputs; batch
    /// size and length stay free.</summary>
    /// <param name="filepath">The folder; for TensorFlow Serving its name is a version number. An existing folder is replaced as a whole.</param>
    /// <param name="format">"tf_saved_model".</param>
    /// <param name="verbose">Whether the endpoints are printed; default false.</param>
    /// <param name="input_signature">Inputs for the model instead of its own; then only Keras' endpoint <c>serve</c> is written.</param>
    /// <param name="options">How to store the weights and what else to write; default variables as they are.</param>
    /// <exception cref="UnsupportedException">The format is not supported.</exception>
    /// <remarks>Hidden states and attentions are outputs only if the configuration asks for them, each stacked into one tensor.</remarks>
    public override void export(string filepath, string format = "tf_saved_model", bool? verbose = null, Tensors? input_signature = null, ExportOptions? options = null)
    {
        EnsureBuilt();
        if (input_signature is not null || format != "tf_saved_model") base.export(filepath, format, verbose ?? false, input_signature, options);
        else export(filepath, ServingSignatures(), options, verbose ?? false);
    }

    /// <summary>Writes a SavedModel that takes texts, with the signatures of <see cref="ServingSignatures(InGraphTokenizer, bool, bool)"/>.</summary>
    /// <param name="filepath">The folder; for TensorFlow Serving its name is a version number. An existing folder is replaced as a whole.</param>
    /// <param name="tokenizer">Makes the model's inputs from texts; it becomes part of the graph.</param>
    /// <param name="text_pairs">Whether texts come in pairs; default false.</param>
    /// <param name="examples">Whether there are signatures of serialized tf.train.Example records too; default false.</param>
    /// <param name="options">How to store the weights and what else to write; default variables as they are.</param>
    /// <exception cref="UnsupportedException">The model takes no text, or the tokenizer takes no pairs.</exception>
    /// <exception cref="IOException">The disk cannot be written.</exception>
    /// <remarks>The file holds core ops only: a server needs nothing but TensorFlow.</remarks>
    public void export(string filepath, InGraphTokenizer tokenizer, bool text_pairs = false, bool examples = false, ExportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(filepath);
        export(filepath, ServingSignatures(tokenizer, text_pairs, examples), options);
    }

    /// <summary>Writes a SavedModel that takes raw images, with the signatures of <see cref="ServingSignatures(TFViTImageProcessor, bool)"/>.</summary>
    /// <param name="filepath">The folder; for TensorFlow Serving its name is a version number. An existing folder is replaced as a whole.</param>
    /// <param name="image_processor">Makes pixel_values from images; it becomes part of the graph.</param>
    /// <param name="examples">Whether there are signatures of serialized tf.train.Example records too; default false.</param>
    /// <param name="options">How to store the weights and what else to write; default variables as they are.</param>
    /// <exception cref="UnsupportedException">The model takes no images, or the processor leaves images in their own sizes.</exception>
    /// <exception cref="IOException">The disk cannot be written.</exception>
    public void export(string filepath, TFViTImageProcessor image_processor, bool examples = false, ExportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(filepath);
        export(filepath, ServingSignatures(image_processor, examples), options);
    }

    /// <inheritdoc cref="export(string, TFViTImageProcessor, bool, ExportOptions)"/>
    public void export(string filepath, ViTImageProcessor image_processor, bool examples = false, ExportOptions? options = null) => export(filepath, TFViTImageProcessor.from_processor(image_processor), examples, options);

    private protected sealed override void RequireExportable() => EnsureBuilt();

    /// <summary>Writes config.json and the weights into a folder; existing files are replaced as a whole.</summary>
    /// <param name="save_directory">The folder; created if missing.</param>
    /// <param name="saved_model">Whether a SavedModel for TensorFlow Serving is written too, into saved_model/<paramref name="version"/>; a server that polls saved_model never sees half of it. Default false.</param>
    /// <param name="version">The SavedModel's version; default 1, null for the highest that is there plus 1.</param>
    /// <param name="max_shard_size">The size above which weights are split over several files; default 5 GB.</param>
    /// <param name="safe_serialization">Whether weights are written as safetensors with PyTorch's names, which every library reads; default true (in Hugging
    /// Face TF false). With false they are written as tf_model.h5, and safetensors of an earlier save, which readers would prefer, are removed.</param>
    /// <param name="variant">The part before the ending of the file names: "fp16" for model.fp16.safetensors, read by <c>from_pretrained(variant: "fp16")</c>; default
    /// nothing. Weights of other variants stay where they are.</param>
    /// <param name="signatures">The SavedModel's signatures in place of the model's own (<see cref="ServingSignatures()"/>, to which others can be added); a single function is serving_default.</param>
    /// <param name="keep_versions">The number of highest versions of the SavedModel to keep; older ones are removed once the new one exists. Default all.</param>
    /// <param name="export_options">How the SavedModel stores weights and what else to write; default variables as they are.</param>
    /// <exception cref="ArgumentException">The variant cannot be a part of a file's name, version is negative, keep_versions is less than 1, or an option of the SavedModel is given though none is written.</exception>
    public void save_pretrained(string save_directory, bool saved_model = false, int? version = 1, MaxShardSize? max_shard_size = null, bool safe_serialization = true, string? variant = null,
        ExportSignatures? signatures = null, int? keep_versions = null, ExportOptions? export_options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(save_directory);
        CheckSaving(saved_model, version, signatures, keep_versions, export_options);
        SaveWeights(save_directory, safe_serialization ? WeightFormat.Safetensors : WeightFormat.TensorFlowH5, max_shard_size, variant);
        if (!saved_model) return;
        var versions = new ModelVersions(Path.Combine(save_directory, "saved_model"));
        versions.Publish(path => export(path, signatures ?? ServingSignatures(), export_options), version, keep_versions);
    }

    /// <summary>Writes the model with its image processor: also preprocessor_config.json, and a SavedModel that takes image files.</summary>
    /// <param name="save_directory">The folder; created if missing.</param>
    /// <param name="image_processor">The processor.</param>
    /// <param name="saved_model">Whether a SavedModel is written, as <see cref="export(string, TFViTImageProcessor, bool, ExportOptions)"/> makes it; default false.</param>
    /// <param name="version">The SavedModel's version; default 1, null for the highest that is there plus 1.</param>
    /// <param name="max_shard_size">The size above which weights are split over several files; default 5 GB.</param>
    /// <param name="safe_serialization">Whether weights are written as safetensors; default true.</param>
    /// <param name="variant">The part before the ending of the file names; default nothing.</param>
    /// <param name="keep_versions">The number of highest versions of the SavedModel to keep; default all.</param>
    /// <param name="export_options">How the SavedModel stores weights and what else to write; default variables as they are.</param>
    /// <exception cref="ArgumentException">An option of the SavedModel is given though none is written.</exception>
    /// <exception cref="UnsupportedException">A SavedModel is requested, but the model takes no images, or the processor leaves images in their own sizes.</exception>
    public void save_pretrained(string save_directory, ViTImageProcessor image_processor, bool saved_model = false, int? version = 1, MaxShardSize? max_shard_size = null, bool safe_serialization = true,
        string? variant = null, int? keep_versions = null, ExportOptions? export_options = null)
    {
        ArgumentNullException.ThrowIfNull(image_processor);
        save_pretrained(save_directory, saved_model, version, max_shard_size, safe_serialization, variant, saved_model ? ServingSignatures(TFViTImageProcessor.from_processor(image_processor)) : null, keep_versions, export_options);
        image_processor.save_pretrained(save_directory);
    }

    /// <summary>Throws, before anything is written, if SavedModel options are given but none is to be written.</summary>
    static void CheckSaving(bool savedModel, int? version, ExportSignatures? signatures, int? keepVersions, ExportOptions? options)
    {
        if (version is { } number) ArgumentOutOfRangeException.ThrowIfNegative(number, nameof(version));
        if (keepVersions is { } kept) ArgumentOutOfRangeException.ThrowIfLessThan(kept, 1, "keep_versions");
        if (savedModel) return;
        foreach (var (name, isGiven) in new[] { (nameof(signatures), signatures is not null), ("keep_versions", keepVersions is not null), ("export_options", options is not null) })
            if (isGiven) throw new ArgumentException($"{name} is for a SavedModel, and none is written. Give saved_model: true too, or leave it out.", name);
    }
}
