namespace Keras.Transformers;

/// <summary>Loads the tokenizer that fits a model, from a folder or from the hub.</summary>
/// <example>
/// <code>
/// var tokenizer = AutoTokenizer.from_pretrained("bert-base-cased");
/// var batch = tokenizer.Apply(["a short text", "and a longer one"], padding: true, truncation: true);
/// int[] ids = batch["input_ids"][0];
/// Console.WriteLine(tokenizer.decode(ids, skip_special_tokens: true));
/// </code>
/// </example>
public static class AutoTokenizer
{
    /// <summary>The families that have a tokenizer.</summary>
    static IEnumerable<ModelFamily> Families => ModelFamilies.All.Where(f => f.Tokenizer is not null);

    /// <summary>Loads a tokenizer: of the class that tokenizer_config.json or config.json names, otherwise by the model type in config.json.</summary>
    /// <remarks>For a composed model, it is the type of the part that reads or writes texts: the decoder's if the encoder reads images, the encoder's if both parts are text models, with a
    /// warning where the decoder is of another type. Known deviation: Hugging Face rejects folders that name no class if the model has a vision encoder.</remarks>
    /// <param name="pretrained_model_name_or_path">The folder of the model, or a repository of the hub, "organisation/name".</param>
    /// <param name="use_fast">Whether the fast class is taken (default) rather than the slow one.</param>
    /// <param name="padding_side">"right" or "left". Default: from the files, otherwise "right".</param>
    /// <param name="truncation_side">"right" or "left". Default: from the files, otherwise "right".</param>
    /// <param name="model_max_length">The maximum number of tokens that the model takes. Default: from the files.</param>
    /// <param name="subfolder">The folder within it that holds the files; default none.</param>
    /// <param name="revision">The branch, tag or commit of a repository of the hub; default "main".</param>
    /// <param name="token">The token for the hub; default HF_TOKEN, otherwise what <c>login</c> stored.</param>
    /// <param name="cache_dir">The cache of downloads; default HF_HUB_CACHE, HF_HOME/hub or ~/.cache/huggingface/hub.</param>
    /// <param name="local_files_only">Whether only local files are used, without asking the hub; default false.</param>
    /// <param name="force_download">Whether files are downloaded even if the cache has them; default false.</param>
    /// <exception cref="RepositoryNotFoundException">There is neither such a folder nor such a repository.</exception>
    /// <exception cref="HfHubHttpException">The hub failed, or is needed and cannot be asked.</exception>
    /// <exception cref="VocabularyNotFoundException">The folder or the files of the vocabulary do not exist.</exception>
    /// <exception cref="FileFormatException">A file is damaged.</exception>
    /// <exception cref="UnsupportedException">The files name no tokenizer, or one that is not known; the message lists the known.</exception>
    public static PreTrainedTokenizerBase from_pretrained(string pretrained_model_name_or_path, bool use_fast = true, string? padding_side = null,
        string? truncation_side = null, int? model_max_length = null, string subfolder = "", string? revision = null, string? token = null, string? cache_dir = null, bool local_files_only = false, bool force_download = false)
    {
        var files = TokenizerFiles.Of(pretrained_model_name_or_path, subfolder, new(revision, token, cache_dir, local_files_only, force_download), [.. Families.SelectMany(f => f.Tokenizer!.vocab_files_names.Values)]);
        return Find(files).Read(files, use_fast, new(padding_side, truncation_side, model_max_length));
    }

    /// <summary>Registers a tokenizer class, under the names that it declares and for a model type.</summary>
    /// <param name="model_type">The value of "model_type" in config.json.</param>
    /// <param name="kind">What the class declares of itself.</param>
    /// <param name="exist_ok">Whether it may replace another; default false.</param>
    /// <exception cref="ArgumentException">This kind of model already has a tokenizer, or another class has one of the names.</exception>
    public static void register(string model_type, TokenizerKind kind, bool exist_ok = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(model_type);
        ArgumentNullException.ThrowIfNull(kind);
        foreach (var other in Families)
            if (other.ModelType != model_type && other.Tokenizer != kind && other.Tokenizer!.Classes.Intersect(kind.Classes).FirstOrDefault() is { } taken)
                throw new ArgumentException($"AutoTokenizer knows another class \"{taken}\", that of the model_type \"{other.ModelType}\". Give the class another name.", nameof(kind));
        ModelFamilies.Extend(model_type, nameof(AutoTokenizer), f => f.Tokenizer is not null, f => f with { Tokenizer = kind }, exist_ok);
    }

    static TokenizerKind Find(TokenizerFiles files)
    {
        var config = files.Object(TokenizerFiles.ModelConfig);
        var setting = files.Setting("tokenizer_class");
        var said = setting.HasValue ? setting : config["tokenizer_class"];
        var isClass = said.HasValue;
        if (!isClass) said = ModelFamilies.TypeIn(config, f => f.TokenizerPart);
        var name = said.TextOrNull();
        if (!isClass && config["model_type"].TextOrNull() == TFEncoderDecoderModel.ModelType && config["decoder"]["model_type"].TextOrNull() is { } decoder && decoder != name)
            Graphs.Diagnostics.Warn($"{config["decoder"].Where}: the decoder is of the model_type {decoder}. AutoTokenizer reads the tokenizer of the encoder, {name}; read each with its own class.");
        return Families.FirstOrDefault(f => name is not null && (isClass ? f.Tokenizer!.Classes.Contains(name) : f.ModelType == name))?.Tokenizer
            ?? throw new UnsupportedException("The folder's tokenizer is not known", config.Exists || setting.Exists ? said.Where : files.Folder,
                $"tokenizer_class {Known.List(Families.SelectMany(f => f.Tokenizer!.Classes).Distinct().Order())} or model_type {Known.List(Families.Select(f => f.ModelType))}",
                $"{(name is not null ? $"\"{name}\"" : "neither tokenizer_class nor model_type")}; the folder holds {files.Vocabularies()}",
                name is null && !files.IsOfOtherKind() ? $"Write the right tokenizer_class into {TokenizerFiles.Config}." : OtherFamilies);
    }

    /// <summary>The advice for a model whose tokenizer this library lacks.</summary>
    internal static string OtherFamilies => $"The tokenizers here are those of {Known.List(Families.Select(f => $"{f.ModelType} ({f.Tokenizer!.Classes[0]})"))}. For another family, make ids with its own "
        + "tokenizer and give the model those, or derive a class from PreTrainedTokenizerBase and make it known with AutoTokenizer.register.";
}
