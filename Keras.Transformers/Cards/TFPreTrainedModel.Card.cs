namespace Keras.Transformers;

/// <summary>Writing the model's card.</summary>
public abstract partial class TFPreTrainedModel
{
    /// <summary>Writes the model's card, README.md, from the record of the last <c>fit</c>, with learning-curves.svg if training had two epochs or more.</summary>
    /// <param name="output_dir">The folder; created if missing.</param>
    /// <param name="model_name">The model's name.</param>
    /// <param name="language">The codes of its languages, "en"; default none.</param>
    /// <param name="license">The licence's identifier, "apache-2.0"; default none.</param>
    /// <param name="tags">Tags by which it is found; "generated_from_keras_callback" is added.</param>
    /// <param name="finetuned_from">The model that was fine-tuned; default the repository of the hub that it was loaded from, and none otherwise.</param>
    /// <param name="tasks">Its tasks in the hub's names; default the one of its class.</param>
    /// <param name="dataset_tags">The ids of the data sets on the hub; default none.</param>
    /// <param name="dataset">The names of the data sets for readers; default dataset_tags.</param>
    /// <param name="dataset_args">The parts of the data sets that were used; default none.</param>
    /// <param name="license_name">The name of a licence without an identifier, with license "other"; default none.</param>
    /// <param name="sections">Prose by the card's headings, or others (Markdown): "Model description", "Intended uses and limitations", "Training and evaluation data"; default none. Hugging Face leaves them to be written by hand.</param>
    /// <exception cref="ArgumentException">A text is empty.</exception>
    /// <exception cref="FileFormatException">The hub would reject the metadata; the message names the field, and nothing is written.</exception>
    public void create_model_card(string output_dir, string model_name, CardTexts? language = null, string? license = null, CardTexts? tags = null, string? finetuned_from = null, CardTexts? tasks = null,
        CardTexts? dataset_tags = null, CardTexts? dataset = null, CardTexts? dataset_args = null, string? license_name = null, IReadOnlyDictionary<string, string>? sections = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(output_dir);
        if (license is not null) ArgumentException.ThrowIfNullOrWhiteSpace(license);
        if (license_name is not null) ArgumentException.ThrowIfNullOrWhiteSpace(license_name);
        if (finetuned_from is not null) ArgumentException.ThrowIfNullOrWhiteSpace(finetuned_from);
        var summary = TrainingSummary.from_keras(this, model_name, null, language, license, tags, finetuned_from, tasks, dataset_tags, dataset, dataset_args);
        (summary with { license_name = license_name, sections = sections ?? summary.sections }).save(output_dir);
    }
}
