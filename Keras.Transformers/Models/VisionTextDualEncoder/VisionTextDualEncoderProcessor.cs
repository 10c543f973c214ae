namespace Keras.Transformers;

/// <summary>A processor of images and a tokenizer together, which make what <see cref="TFVisionTextDualEncoderModel"/> takes.</summary>
/// <remarks>Source: transformers/models/vision_text_dual_encoder/processing_vision_text_dual_encoder.py. Tensors are returned in any case, since models take nothing else.</remarks>
public sealed class VisionTextDualEncoderProcessor : IProcessor
{
    /// <summary>A processor of both.</summary>
    /// <param name="image_processor">What makes tensors of images.</param>
    /// <param name="tokenizer">What makes ids of texts.</param>
    public VisionTextDualEncoderProcessor(ViTImageProcessor image_processor, PreTrainedTokenizerBase tokenizer)
    {
        ArgumentNullException.ThrowIfNull(image_processor);
        ArgumentNullException.ThrowIfNull(tokenizer);
        (this.image_processor, this.tokenizer) = (image_processor, tokenizer);
    }

    /// <summary>What makes tensors of images.</summary>
    public ViTImageProcessor image_processor { get; }

    /// <summary>What makes ids of texts.</summary>
    public PreTrainedTokenizerBase tokenizer { get; }

    /// <summary>What the tensors are called: the tokenizer's, then pixel_values.</summary>
    public IReadOnlyList<string> model_input_names => [.. tokenizer.model_input_names.Append("pixel_values").Distinct()];

    /// <summary>Processes texts, images, or both.</summary>
    /// <param name="text">The texts; null for none.</param>
    /// <param name="images">One image or several; null for none.</param>
    /// <param name="padding">true or "longest": rows as long as the longest; "max_length": as long as <paramref name="max_length"/>. Default false: the texts must be equally long.</param>
    /// <param name="truncation">true or "longest_first": rows of at most <paramref name="max_length"/> tokens; default false.</param>
    /// <param name="max_length">The greatest length with special tokens; default the tokenizer's.</param>
    /// <returns>input_ids, attention_mask and what else the tokenizer returns, int32 (texts, T); pixel_values, (images, C, H, W).</returns>
    /// <exception cref="ArgumentException">Neither texts nor images are given, or there are no texts.</exception>
    /// <exception cref="ShapeMismatchException">Texts differ in length without padding, or images in size.</exception>
    /// <exception cref="FileFormatException">A file is no image, damaged, or too large.</exception>
    public Tensors Apply(IEnumerable<string>? text = null, ImageInput? images = null, PaddingStrategy padding = default, TruncationStrategy? truncation = null, int? max_length = null)
    {
        if (text is null && images is null) throw new ArgumentException("A processor of texts and images was given neither. Expected: text, images or both.", nameof(text));
        Tensors texts = text is null ? ModelParts.Named() : tokenizer.Apply(text, padding: padding, truncation: truncation, max_length: max_length, return_tensors: "tf");
        Tensors pictures = images is null ? ModelParts.Named() : image_processor.Apply(images, return_tensors: "tf");
        return new Tensors(texts.Named().Concat(pictures.Named()));
    }

    /// <summary>The text of ids.</summary>
    /// <inheritdoc cref="PreTrainedTokenizerBase.decode(IEnumerable{int}, bool, bool?)"/>
    public string decode(IEnumerable<int> token_ids, bool skip_special_tokens = false, bool? clean_up_tokenization_spaces = null) => tokenizer.decode(token_ids, skip_special_tokens, clean_up_tokenization_spaces);

    /// <summary>The texts of rows of ids.</summary>
    /// <inheritdoc cref="PreTrainedTokenizerBase.batch_decode(IEnumerable{IEnumerable{int}}, bool, bool?)"/>
    public string[] batch_decode(IEnumerable<IEnumerable<int>> sequences, bool skip_special_tokens = false, bool? clean_up_tokenization_spaces = null) => tokenizer.batch_decode(sequences, skip_special_tokens, clean_up_tokenization_spaces);

    /// <summary>Reads both parts of a folder.</summary>
    /// <param name="pretrained_model_name_or_path">A folder with preprocessor_config.json and a tokenizer's files.</param>
    /// <exception cref="FileFormatException">A file is missing or damaged.</exception>
    /// <exception cref="VocabularyNotFoundException">The folder or the files of the vocabulary do not exist.</exception>
    /// <exception cref="UnsupportedException">A part is of a kind that is not known.</exception>
    public static VisionTextDualEncoderProcessor from_pretrained(string pretrained_model_name_or_path) =>
        new(AutoImageProcessor.from_pretrained(pretrained_model_name_or_path), AutoTokenizer.from_pretrained(pretrained_model_name_or_path));

    /// <summary>Writes both parts into a folder, which <c>from_pretrained</c> and Hugging Face's transformers read.</summary>
    /// <param name="save_directory">The folder; it is made if need be.</param>
    /// <returns>The paths of the files.</returns>
    public IReadOnlyList<string> save_pretrained(string save_directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(save_directory);
        image_processor.ProcessorClass = tokenizer.ProcessorClass = nameof(VisionTextDualEncoderProcessor);
        return [.. image_processor.save_pretrained(save_directory), .. tokenizer.save_pretrained(save_directory)];
    }
}
