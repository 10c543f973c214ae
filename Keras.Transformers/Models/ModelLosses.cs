using static Keras.Api;

namespace Keras.Transformers;

/// <summary>The losses that models compute themselves when labels are among their inputs; logits may have any floating dtype, losses are float32.</summary>
/// <remarks>Source: transformers/modeling_tf_utils.py; where it ignores problem_type, transformers' PyTorch classes.</remarks>
static class ModelLosses
{
    /// <summary>The label that losses ignore.</summary>
    public const int Ignored = -100;

    /// <summary>Finds the problem type of a classifier.</summary>
    /// <param name="config">Gives the type, or the number of labels.</param>
    /// <param name="labels">The labels of a batch; null where only the configuration counts.</param>
    public static string ProblemOf(PretrainedConfig config, Tensor? labels = null) => config.problem_type
        ?? (config.num_labels == 1 ? "regression" : labels is not null && IsOnePerClass(labels, config.num_labels) ? "multi_label_classification" : "single_label_classification");

    /// <summary>Whether labels hold a number for each class, (B, classes), which PyTorch's classes treat as multi-label.</summary>
    static bool IsOnePerClass(Tensor labels, int classes) => labels.dtype.IsFloating && labels.shape is { HasRank: true, Rank: 2 } shape && shape[1] == classes;

    /// <summary>The loss for the problem type: cross entropy of labels (B), squared error of labels (B) or (B, labels), or binary cross entropy of labels (B, labels).</summary>
    /// <returns>One value per sample, (B).</returns>
    public static Tensor SequenceClassification(Tensor logits, Tensor labels, PretrainedConfig config)
    {
        var problem = ProblemOf(config, labels);
        logits = ops.cast(logits, "float32");
        switch (problem)
        {
            case "regression":
                return ops.mean(ops.squared_difference(logits, ops.reshape(ops.cast(labels, "float32"), ops.shape(logits))), -1);
            case "single_label_classification":
                return PerSample(logits, labels);
            case "multi_label_classification":
                return ops.mean(ops.binary_crossentropy(labels, logits, from_logits: true), -1);
            default:
                throw new ConfigException("There is no such problem_type", "problem_type", "regression, single_label_classification or multi_label_classification", problem);
        }
    }

    /// <summary>Cross entropy of labels (B) or (B, 1) from logits (B, classes), one value per sample, (B).</summary>
    public static Tensor PerSample(Tensor logits, Tensor labels) => CrossEntropy(logits, PerRow(labels));

    /// <summary>The mean over all tokens whose label is not -100, (1), NaN if there are none; with tf_legacy_loss their single losses, (tokens).</summary>
    /// <param name="logits">Scores, (B, T, V).</param>
    /// <param name="labels">Words, (B, T); other negative labels count as word 0, as in Hugging Face TF.</param>
    /// <param name="config">The configuration, whose tf_legacy_loss asks for single losses.</param>
    public static Tensor MaskedLanguageModel(Tensor logits, Tensor labels, PretrainedConfig config)
    {
        labels = ops.cast(labels, "int32");
        return config.tf_legacy_loss ? Single(IsLabel(labels), logits, labels) : MeanOfWords(logits, labels);
    }

    static Tensor IsLabel(Tensor labels) => ops.not_equal(labels, Ignored);

    static Tensor MeanOfWords(Tensor logits, Tensor labels) => MeanWhere(IsLabel(labels), logits, labels);

    /// <summary>As <see cref="MaskedLanguageModel"/>, but for each token's successor; the last token has no loss.</summary>
    /// <remarks>Labels are shifted instead of logits, which would have to be copied.</remarks>
    public static Tensor CausalLanguageModel(Tensor logits, Tensor labels, PretrainedConfig config)
    {
        labels = ops.cast(labels, "int32");
        var none = ops.full([ops.shape(labels)[0], 1], Ignored, "int32");
        return MaskedLanguageModel(logits, ops.concatenate([labels[.., 1..], none], 1), config);
    }

    /// <summary>The mean over all tokens whose label is not negative, (1), NaN if there are none; with tf_legacy_loss their single losses, (tokens).</summary>
    /// <param name="logits">Scores, (B, T, labels).</param>
    /// <param name="labels">Labels, (B, T).</param>
    /// <param name="config">The configuration, whose tf_legacy_loss asks for single losses.</param>
    public static Tensor TokenClassification(Tensor logits, Tensor labels, PretrainedConfig config)
    {
        labels = ops.cast(labels, "int32");
        var counts = labels >= 0;
        return config.tf_legacy_loss ? Single(counts, logits, labels) : MeanWhere(counts, logits, labels);
    }

    /// <summary>Cross entropy of labels (B), one value per sample, (B): 0 where a label is -100; with tf_legacy_loss such samples have none, (samples).</summary>
    public static Tensor NextSentence(Tensor logits, Tensor labels, PretrainedConfig config)
    {
        labels = PerRow(labels);
        if (config.tf_legacy_loss) return Single(IsLabel(labels), logits, labels);
        return CrossEntropy(logits, ops.maximum(labels, 0)) * ops.cast(IsLabel(labels), "float32");
    }

    /// <summary>The mean over the tokens and the mean over the sentences that have a label, added, (1).</summary>
    /// <remarks>tf_legacy_loss changes nothing here, as in Hugging Face TF.</remarks>
    public static Tensor PreTraining(Tensor wordLogits, Tensor sentenceLogits, Tensor words, Tensor sentences) =>
        MeanOfWords(wordLogits, ops.cast(words, "int32")) + MeanOfWords(sentenceLogits, PerRow(sentences));

    /// <summary>The mean of the cross entropies of an answer's first and last position, one value per sample, (B).</summary>
    /// <remarks>A position beyond the sequence does not count, as Hugging Face documents and its PyTorch classes do.</remarks>
    public static Tensor QuestionAnswering(Tensor startLogits, Tensor endLogits, Tensor starts, Tensor ends) =>
        (WithinSequence(startLogits, starts) + WithinSequence(endLogits, ends)) * 0.5;

    static Tensor WithinSequence(Tensor logits, Tensor positions)
    {
        positions = PerRow(positions);
        var inside = positions < ops.shape(logits)[1].ToTensor();
        return CrossEntropy(logits, positions * ops.cast(inside, "int32")) * ops.cast(inside, "float32");
    }

    /// <summary>The mean of the cross entropies of each text among images and each image among texts, where equal indices match, (1).</summary>
    /// <param name="likenesses">(N, N).</param>
    /// <exception cref="ShapeMismatchException">Images and texts differ in number.</exception>
    public static Tensor Contrastive(Tensor likenesses)
    {
        if (likenesses.shape is { HasRank: true } shape && shape[0] >= 0 && shape[1] >= 0 && shape[0] != shape[1])
            throw new ShapeMismatchException("Texts and images do not belong together in pairs", "return_loss", "as many texts as images", $"{shape[0]} texts, {shape[1]} images", "Give each text its image, or leave return_loss out.");
        var numbers = ops.arange(0, ops.shape(likenesses)[0], dtype: "int32");
        return ops.expand_dims((ops.mean(CrossEntropy(likenesses, numbers)) + ops.mean(CrossEntropy(ops.transpose(likenesses), numbers))) * 0.5, 0);
    }

    static Tensor MeanWhere(Tensor counts, Tensor logits, Tensor labels)
    {
        var weights = ops.cast(counts, "float32");
        return ops.expand_dims(ops.sum(CrossEntropy(logits, ops.maximum(labels, 0)) * weights) / ops.sum(weights), 0);
    }

    /// <summary>The single losses of unmasked elements, (count).</summary>
    static Tensor Single(Tensor counts, Tensor logits, Tensor labels)
    {
        var chosen = ops.squeeze(ops.argwhere(ops.ravel(counts)), 1);
        var rows = ops.reshape(logits, [-1, ops.shape(logits)[^1]]);
        return CrossEntropy(ops.take(rows, chosen, 0), ops.take(ops.maximum(Flat(labels), 0), chosen, 0));
    }

    static Tensor CrossEntropy(Tensor logits, Tensor labels) => ops.sparse_categorical_crossentropy(labels, ops.cast(logits, "float32"), from_logits: true);

    /// <summary>Reshapes one label per sample, (B) or (B, 1), to (B).</summary>
    /// <exception cref="ShapeMismatchException">A sample has several labels, as in one-hot labels.</exception>
    static Tensor PerRow(Tensor labels) => !labels.shape.HasRank || labels.ndim == 1 || (labels.ndim == 2 && labels.shape[1] is 1 or < 0) ? Flat(labels)
        : throw new ShapeMismatchException("Labels are not one number for each sample", "labels", "(B) or (B, 1), numbers of classes", labels.shape.ToString(),
            "One-hot labels become numbers by ops.argmax(labels, -1); for several labels at once set problem_type to \"multi_label_classification\".");

    static Tensor Flat(Tensor labels) => ops.ravel(ops.cast(labels, "int32"));
}
