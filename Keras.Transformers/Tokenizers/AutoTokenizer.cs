namespace Keras.Transformers;

/// <summary>Reads the tokenizer that a folder's files name.</summary>
public static class AutoTokenizer
{
    /// <summary>A kind of tokenizer: the names of its class, the model types that use it, and how it is read.</summary>
    sealed record Kind(string[] Classes, string[] ModelTypes, Func<TokenizerFiles, bool, TokenizerOverrides, PreTrainedTokenizerBase> Read);

    // A new tokenizer is one line here.
    static readonly Kind[] Kinds =
    [
        new(["BertTokenizer", "BertTokenizerFast"], ["bert"], BertTokenizer.Read),
    ];

    /// <summary>Reads the tokenizer of a folder: of the class that tokenizer_config.json or config.json names, else of the model type in config.json.</summary>
    /// <param name="pretrained_model_name_or_path">The folder of the model.</param>
    /// <param name="use_fast">Whether the fast class is taken (default) rather than the slow one.</param>
    /// <param name="padding_side">"right" or "left". Default: as the files say, else "right".</param>
    /// <param name="truncation_side">"right" or "left". Default: as the files say, else "right".</param>
    /// <param name="model_max_length">The greatest number of tokens that the model takes. Default: as the files say.</param>
    /// <exception cref="VocabularyNotFoundException">The folder or the files of the vocabulary do not exist.</exception>
    /// <exception cref="FileFormatException">A file is damaged.</exception>
    /// <exception cref="UnsupportedException">The files name no tokenizer, or one that is not known; the message lists the known.</exception>
    public static PreTrainedTokenizerBase from_pretrained(string pretrained_model_name_or_path, bool use_fast = true, string? padding_side = null,
        string? truncation_side = null, int? model_max_length = null)
    {
        var files = new TokenizerFiles(pretrained_model_name_or_path);
        return Find(files).Read(files, use_fast, new(padding_side, truncation_side, model_max_length));
    }

    static Kind Find(TokenizerFiles files)
    {
        var config = files.Object(TokenizerFiles.ModelConfig);
        var (setting, type) = (files.Setting("tokenizer_class"), config["model_type"]);
        var said = setting.HasValue ? setting : config["tokenizer_class"].HasValue ? config["tokenizer_class"] : type;
        var name = said.TextOrNull();
        return Kinds.FirstOrDefault(k => (said.Where == type.Where ? k.ModelTypes : k.Classes).Contains(name))
            ?? throw new UnsupportedException("The folder's tokenizer is not known", config.Exists || setting.Exists ? said.Where : files.Folder,
                $"tokenizer_class {string.Join(", ", Kinds.SelectMany(k => k.Classes))} or model_type {string.Join(", ", Kinds.SelectMany(k => k.ModelTypes))}",
                name is not null ? $"\"{name}\"" : "neither tokenizer_class nor model_type",
                $"Add the right tokenizer_class to {TokenizerFiles.Config}, or use the class itself (BertTokenizerFast.from_pretrained).");
    }
}
