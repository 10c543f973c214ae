namespace Keras.Transformers;

/// <summary>An image processor and a tokenizer together, which make the inputs of <see cref="TFVisionTextDualEncoderModel"/>.</summary>
/// <remarks>Source: transformers/models/vision_text_dual_encoder/processing_vision_text_dual_encoder.py. Tensors are returned in any case, since models take nothing else.</remarks>
public sealed class VisionTextDualEncoderProcessor : IProcessor
{
    /// <summary>Creates a processor from an image processor and a tokenizer.</summary>
    /// <param name="image_processor">Turns images into tensors.</param>
    /// <param name="tokenizer">Converts texts to ids.</param>
    public VisionTextDualEncoderProcessor(ViTImageProcessor image_processor, PreTrainedTokenizerBase tokenizer)
    {
        ArgumentNullException.ThrowIfNull(image_processor);
        ArgumentNullException.ThrowIfNull(tokenizer);
        (this.image_processor, this.tokenizer) = (image_processor, tokenizer);
    }

    /// <summary>The image processor.</summary>
    public ViTImageProcessor image_processor { get; }

    /// <summary>The tokenizer.</summary>
    public PreTrainedTokenizerBase tokenizer { get; }

    /// <summary>The names of the tensors that the processor makes: the tokenizer's, then pixel_values.</summary>
    public IReadOnlyList<string> model_input_names => [.. tokenizer.model_input_names.Append("pixel_values").Distinct()];

    /// <summary>Turns texts, images, or both into a model's inputs.</summary>
    /// <param name="text">The texts; null for none.</param>
    /// <param name="images">One image or several; null for none.</param>
    /// <param name="padding">true or "longest": rows as long as the longest; "max_length": as long as <paramref name="max_length"/>. Default false: the texts must be equally long.</param>
    /// <param name="truncation">true or "longest_first": rows of at most <paramref name="max_length"/> tokens; default false.</param>
    /// <param name="max_length">The maximum length with special tokens; default the tokenizer's.</param>
    /// <returns>input_ids, attention_mask and the tokenizer's other outputs, int32 (texts, T); pixel_values, (images, C, H, W).</returns>
    /// <exception cref="ArgumentException">Neither texts nor images are given, or there are no texts.</exception>
    /// <exception cref="ShapeMismatchException">Texts differ in length without padding, or images in size.</exception>
    /// <exception cref="FileFormatException">A file is not an image, is damaged, or is too large.</exception>
    public Tensors Apply(IEnumerable<string>? text = null, ImageInput? images = null, PaddingStrategy padding = default, TruncationStrategy? truncation = null, int? max_length = null)
    {
        if (text is null && images is null) throw new ArgumentException("The processor was given neither texts nor images. Expected: text, images or both.", nameof(text));
        Tensors texts = text is null ? ModelParts.Named() : tokenizer.Apply(text, padding: padding, truncation: truncation, max_length: max_length, return_tensors: "tf");
        Tensors pictures = images is null ? ModelParts.Named() : image_processor.Apply(images, return_tensors: "tf");
        return new Tensors(texts.Named().Concat(pictures.Named()));
    }

    /// <summary>Turns token ids into a text.</summary>
    /// <inheritdoc cref="PreTrainedTokenizerBase.decode(IEnumerable{int}, bool, bool?)"/>
    public string decode(IEnumerable<int> token_ids, bool skip_special_tokens = false, bool? clean_up_tokenization_spaces = null) => tokenizer.decode(token_ids, skip_special_tokens, clean_up_tokenization_spaces);

    /// <summary>Turns rows of token ids into texts.</summary>
    /// <inheritdoc cref="PreTrainedTokenizerBase.batch_decode(IEnumerable{IEnumerable{int}}, bool, bool?)"/>
    public string[] batch_decode(IEnumerable<IEnumerable<int>> sequences, bool skip_special_tokens = false, bool? clean_up_tokenization_spaces = null) => tokenizer.batch_decode(sequences, skip_special_tokens, clean_up_tokenization_spaces);

    /// <summary>Loads both parts from a folder or from the hub.</summary>
    /// <param name="pretrained_model_name_or_path">A folder with preprocessor_config.json and a tokenizer's files, or a repository of the hub, "organisation/name".</param>
    /// <param name="subfolder">The folder within it that holds the files; default none.</param>
    /// <param name="revision">The branch, tag or commit of a repository of the hub; default "main".</param>
    /// <param name="token">The token for the hub; default HF_TOKEN, otherwise what <c>login</c> stored.</param>
    /// <param name="cache_dir">The cache of downloads; default HF_HUB_CACHE, HF_HOME/hub or ~/.cache/huggingface/hub.</param>
    /// <param name="local_files_only">Whether only local files are used, without asking the hub; default false.</param>
    /// <param name="force_download">Whether files are downloaded even if the cache has them; default false.</param>
    /// <exception cref="RepositoryNotFoundException">There is neither such a folder nor such a repository.</exception>
    /// <exception cref="HfHubHttpException">The hub failed, or is needed and cannot be asked.</exception>
    /// <exception cref="FileFormatException">A file is missing or damaged.</exception>
    /// <exception cref="VocabularyNotFoundException">The folder or the files of the vocabulary do not exist.</exception>
    /// <exception cref="UnsupportedException">A part is of a kind that is not known.</exception>
    public static VisionTextDualEncoderProcessor from_pretrained(string pretrained_model_name_or_path,
        string subfolder = "", string? revision = null, string? token = null, string? cache_dir = null, bool local_files_only = false, bool force_download = false)
    {
        var folder = AutoProcessor.FilesOf(pretrained_model_name_or_path, subfolder, new(revision, token, cache_dir, local_files_only, force_download)).Folder;
        return new(AutoImageProcessor.from_pretrained(folder), AutoTokenizer.from_pretrained(folder));
    }

    /// <summary>Pushes the files of <c>save_pretrained</c> to the hub, as one commit.</summary>
    /// <param name="repo_id">The repository, "organisation/name"; without an organisation it is the user's own. It is created if needed.</param>
    /// <param name="commit_message">The commit's first line; default "Upload processor".</param>
    /// <param name="private">Whether a newly created repository is visible only to its owner; default as in the owner's settings.</param>
    /// <param name="token">The token; default HF_TOKEN, otherwise what <c>login</c> stored.</param>
    /// <param name="create_pr">Whether a pull request is made instead of a commit to the branch; default false.</param>
    /// <param name="revision">The branch, created if needed; default "main".</param>
    /// <param name="commit_description">The rest of the commit message after its first line; default none.</param>
    /// <returns>The commit; the branch's last one if no file differs.</returns>
    /// <exception cref="LocalTokenNotFoundException">There is no token.</exception>
    /// <exception cref="HfHubHttpException">The hub rejected the request, or kept failing; nothing was changed there.</exception>
    /// <exception cref="HfValidationException">No repository can have the name.</exception>
    public CommitInfo push_to_hub(string repo_id, string? commit_message = null, bool? @private = null, string? token = null, bool create_pr = false, string? revision = null, string? commit_description = null) =>
        HubPush.Run(HubPush.Options(repo_id, commit_message, "processor", commit_description, @private, token, create_pr, revision), folder => save_pretrained(folder));

    /// <summary>Writes both parts into a folder; <c>from_pretrained</c> and Hugging Face's transformers read it.</summary>
    /// <param name="save_directory">The folder; it is created if needed.</param>
    /// <returns>The paths of the files.</returns>
    public IReadOnlyList<string> save_pretrained(string save_directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(save_directory);
        image_processor.ProcessorClass = tokenizer.ProcessorClass = nameof(VisionTextDualEncoderProcessor);
        return [.. image_processor.save_pretrained(save_directory), .. tokenizer.save_pretrained(save_directory)];
    }
}
