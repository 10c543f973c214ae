namespace Keras.Transformers;

/// <summary>Classifies texts by labels that the model was not trained for: whether "This example is {label}." follows from the text.</summary>
/// <remarks>Known deviations: a model none of whose labels begins with "entail" is rejected, where Python takes the last one.
/// Source: transformers/pipelines/zero_shot_classification.py.</remarks>
public sealed class ZeroShotClassificationPipeline : Pipeline<ZeroShotLabels>
{
    internal static readonly string[] Names = [nameof(PipelineOptions.candidate_labels), nameof(PipelineOptions.hypothesis_template), nameof(PipelineOptions.multi_label)];

    const string Template = "This example is {}.";

    readonly int _entailment;

    /// <summary>A pipeline of a model that predicts whether one text follows from another.</summary>
    /// <param name="model">The model, as <see cref="TFAutoModelForSequenceClassification"/> makes it; one of its labels begins with "entail".</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="batch_size">The number of pairs of a text and a label in one call of the model; default 1.</param>
    /// <param name="options">The default options of calls: candidate_labels, hypothesis_template, multi_label.</param>
    /// <exception cref="UnsupportedException">The model does not classify texts, or none of its labels is that something follows.</exception>
    /// <exception cref="ArgumentException">The task has no such option.</exception>
    public ZeroShotClassificationPipeline(TFPreTrainedModel model, PreTrainedTokenizerBase tokenizer, int batch_size = 1, PipelineOptions? options = null)
        : base("zero-shot-classification", Names, PipelineTask.Require("zero-shot-classification", model), tokenizer ?? throw new ArgumentNullException(nameof(tokenizer)), null, batch_size, options)
    {
        var names = model.config.id2label;
        _entailment = names.Where(l => l.Value.StartsWith("entail", StringComparison.OrdinalIgnoreCase)).Select(l => (int?)l.Key).FirstOrDefault()
            ?? throw new UnsupportedException("The model does not say whether one text follows from another", $"{task}, model.config.id2label", "a label that begins with \"entail\", and one other or more", Known.List(names.Values),
                "Use a model that was fine-tuned on natural language inference (MNLI), or name its labels: from_pretrained(..., id2label: ...).");
        if (names.Count < 2) throw new UnsupportedException("The model has one label alone", $"{task}, model.config.id2label", "two labels or more", Known.List(names.Values));
    }

    private protected override IReadOnlyList<PipelineOutputs<ZeroShotLabels>> Run(IReadOnlyList<PipelineInput> batch, PipelineOptions options, CancellationToken cancellation)
    {
        var labels = options.candidate_labels ?? throw new ValueRangeException("There are no labels", $"{task}, candidate_labels", "one label or more", "none", "Give candidate_labels: Apply(text, new() { candidate_labels = [\"sport\", \"politics\"] }).");
        string[] texts = [.. batch.Select(i => i.Text(task) is { Length: > 0 } text ? text : throw new ValueRangeException("A text is empty", task, "a text", "\"\""))];
        string[] hypotheses = [.. labels.Select(l => (options.hypothesis_template ?? Template).Replace("{}", l, StringComparison.Ordinal))];
        EncodingFast[] rows = [.. texts.SelectMany(t => hypotheses.Select(h => Pair(t, h)))];
        var logits = ModelCalls.Rows(this, rows, ["logits"], perToken: false, cancellation).Select(r => r[0].Values).Chunk(labels.Count).ToArray();
        return [.. texts.Select((t, i) => Ordered(t, labels, Probabilities(logits[i], options.multi_label ?? false)))];
    }

    /// <summary>Encodes a text with a hypothesis; if both are too long, only the text is truncated.</summary>
    EncodingFast Pair(string text, string hypothesis)
    {
        try
        {
            return Tokenizer.Apply([text], [hypothesis], truncation: Tokenizer.model_max_length < PreTrainedTokenizerBase.NoMaxLength ? "only_first" : false)[0];
        }
        catch (TokenizationException)
        {
            // No text is left at that length; the model reports if both are too long.
            return Tokenizer.Apply([text], [hypothesis])[0];
        }
    }

    float[] Probabilities(float[][] logits, bool multiple)
    {
        if (!multiple && logits.Length > 1) return Scores.Softmax(Array.ConvertAll(logits, l => l[_entailment]));
        // The contradiction label is the first, or the last if the first is entailment.
        return Array.ConvertAll(logits, l => Scores.Softmax([_entailment == 0 ? l[^1] : l[0], l[_entailment]])[1]);
    }

    static PipelineOutputs<ZeroShotLabels> Ordered(string text, CandidateLabels labels, float[] scores)
    {
        var order = Scores.Greatest(scores, scores.Length);
        return new([new(text, Array.ConvertAll(order, i => labels[i]), Array.ConvertAll(order, i => scores[i]))]);
    }
}
