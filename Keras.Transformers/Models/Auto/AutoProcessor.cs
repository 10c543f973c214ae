namespace Keras.Transformers;

/// <summary>Loads the preprocessor for a model's inputs, according to the files in its folder: a tokenizer, an image processor or both.</summary>
/// <remarks>Source: transformers/models/auto/processing_auto.py. Known deviation: damaged files of a tokenizer are an error, even if an image processor could be read.</remarks>
public static class AutoProcessor
{
    /// <summary>The files that may name the processor class, in order of precedence.</summary>
    static readonly string[] Files = ["processor_config.json", ViTImageProcessor.FileName, TokenizerFiles.Config, TokenizerFiles.ModelConfig];

    static IEnumerable<(string Type, (string Name, Func<string, IProcessor> Read) Processor)> Processors => ModelFamilies.All.Where(f => f.Processor is not null).Select(f => (f.ModelType, f.Processor!.Value));

    /// <summary>Loads a processor: of the class that a file names as processor_class, otherwise by the model type in config.json; for other models the tokenizer, and for those that
    /// take no texts the image processor.</summary>
    /// <param name="pretrained_model_name_or_path">The folder of the model, or a repository of the hub, "organisation/name".</param>
    /// <param name="subfolder">The folder within it that holds the files; default none.</param>
    /// <param name="revision">The branch, tag or commit of a repository of the hub; default "main".</param>
    /// <param name="token">The token for the hub; default HF_TOKEN, otherwise what <c>login</c> stored.</param>
    /// <param name="cache_dir">The cache of downloads; default HF_HUB_CACHE, HF_HOME/hub or ~/.cache/huggingface/hub.</param>
    /// <param name="local_files_only">Whether only local files are used, without asking the hub; default false.</param>
    /// <param name="force_download">Whether files are downloaded even if the cache has them; default false.</param>
    /// <returns>A <see cref="VisionTextDualEncoderProcessor"/>, a tokenizer, or an image processor.</returns>
    /// <exception cref="RepositoryNotFoundException">There is neither such a folder nor such a repository.</exception>
    /// <exception cref="HfHubHttpException">The hub failed, or is needed and cannot be asked.</exception>
    /// <exception cref="VocabularyNotFoundException">There is no such folder, or the files of a vocabulary do not exist.</exception>
    /// <exception cref="FileFormatException">A file is damaged.</exception>
    /// <exception cref="UnsupportedException">The files name a processor that is not known, or nothing.</exception>
    public static IProcessor from_pretrained(string pretrained_model_name_or_path, string subfolder = "",
        string? revision = null, string? token = null, string? cache_dir = null, bool local_files_only = false, bool force_download = false)
    {
        var files = FilesOf(pretrained_model_name_or_path, subfolder, new(revision, token, cache_dir, local_files_only, force_download));
        if (Files.Select(f => files.Object(f)["processor_class"]).FirstOrDefault(c => c.HasValue) is { HasValue: true } named)
            return Processors.FirstOrDefault(p => p.Processor.Name == named.Text()).Processor.Read?.Invoke(files.Folder) ?? throw new UnsupportedException("The folder's processor is not known", named.Where,
                $"processor_class {Known.List(Processors.Select(p => p.Processor.Name))}", $"\"{named.Text()}\"", "Read its parts with AutoTokenizer and AutoImageProcessor.");
        var type = files.Object(TokenizerFiles.ModelConfig)["model_type"].TextOrNull();
        if (Processors.FirstOrDefault(p => p.Type == type).Processor.Read is { } read) return read(files.Folder);
        try
        {
            return AutoTokenizer.from_pretrained(files.Folder);
        }
        catch (KerasException e) when (e is UnsupportedException or VocabularyNotFoundException && files.Has(ViTImageProcessor.FileName))
        {
            // A model that takes no texts.
            return AutoImageProcessor.from_pretrained(files.Folder);
        }
    }

    /// <summary>The files of processors and tokenizers, all of one commit.</summary>
    internal static TokenizerFiles FilesOf(string pretrained_model_name_or_path, string subfolder, HubOptions options) =>
        TokenizerFiles.Of(pretrained_model_name_or_path, subfolder, options, [.. Files, .. ModelFamilies.All.Where(f => f.Tokenizer is not null).SelectMany(f => f.Tokenizer!.vocab_files_names.Values)]);
}
