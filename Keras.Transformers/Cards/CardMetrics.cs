namespace Keras.Transformers;

/// <summary>Tells which training logs are evaluation results, and what the hub calls them.</summary>
static class CardMetrics
{
    /// <summary>The metrics that the hub knows; a log is one of them if its name begins or ends so.</summary>
    static readonly string[] Types = ["accuracy", "f1", "precision", "recall", "matthews_correlation", "pearsonr", "spearmanr", "rouge", "sacrebleu", "bleu", "chrf", "perplexity", "exact_match", "roc_auc", "mse", "mae", "wer", "cer"];

    /// <summary>The hub's name for a metric; null if it has none.</summary>
    public static string? TypeOf(string name) => Types.FirstOrDefault(t => name == t || name.EndsWith($"_{t}", StringComparison.Ordinal)) ?? (name.StartsWith("rouge", StringComparison.Ordinal) ? "rouge" : null);

    /// <summary>A log's display name: "val_loss" is "Validation Loss", the training's "accuracy" is "Train Accuracy".</summary>
    public static string Title(string log, IReadOnlyCollection<string> trained) =>
        string.Join(' ', (log.StartsWith("val_", StringComparison.Ordinal) ? $"validation_{log[4..]}" : trained.Contains(log) ? $"train_{log}" : log).Split('_', StringSplitOptions.RemoveEmptyEntries).Select(w => char.ToUpperInvariant(w[0]) + w[1..]));

    /// <summary>The evaluation logs: those of validation, and those that callbacks added to the training logs.</summary>
    public static IEnumerable<(string Name, double Value)> Evaluated(IEnumerable<KeyValuePair<string, double>> logs, IReadOnlyCollection<string> trained)
    {
        foreach (var (log, value) in logs)
        {
            if (log.StartsWith("val_", StringComparison.Ordinal)) yield return (log[4..], value);
            else if (!trained.Contains(log) && log is not ("epoch" or "lr" or "learning_rate")) yield return (log, value);
        }
    }
}
