namespace Keras.Transformers;

/// <summary>Reads what makes a model's inputs, as a folder's files name it.</summary>
/// <remarks>Source: transformers/models/auto/processing_auto.py. Known deviation: damaged files of a tokenizer are an error, also where a processor of images could be read.</remarks>
public static class AutoProcessor
{
    /// <summary>The files that may name the class of a processor, in the order in which they count.</summary>
    static readonly string[] Files = ["processor_config.json", ViTImageProcessor.FileName, TokenizerFiles.Config, TokenizerFiles.ModelConfig];

    static IEnumerable<(string Type, (string Name, Func<string, IProcessor> Read) Processor)> Processors => ModelFamilies.All.Where(f => f.Processor is not null).Select(f => (f.ModelType, f.Processor!.Value));

    /// <summary>Reads the processor of a folder: of the class that a file names as processor_class, else of the model type in config.json; of other models the tokenizer, and of those that take no texts the processor of images.</summary>
    /// <param name="pretrained_model_name_or_path">The folder of the model.</param>
    /// <returns>A <see cref="VisionTextDualEncoderProcessor"/>, a tokenizer, or a processor of images.</returns>
    /// <exception cref="VocabularyNotFoundException">There is no such folder, or the files of a vocabulary do not exist.</exception>
    /// <exception cref="FileFormatException">A file is damaged.</exception>
    /// <exception cref="UnsupportedException">The files name a processor that is not known, or nothing.</exception>
    public static IProcessor from_pretrained(string pretrained_model_name_or_path)
    {
        var files = TokenizerFiles.Of(pretrained_model_name_or_path);
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
}
