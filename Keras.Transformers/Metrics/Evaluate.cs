namespace Keras.Transformers;

/// <summary>Hugging Face's <c>evaluate</c>; with <c>using static Keras.Transformers.Evaluate;</c> a metric is loaded by <c>evaluate.load("f1")</c>.</summary>
public static class Evaluate
{
    /// <summary>The functions of Python's <c>evaluate</c> module.</summary>
    public static EvaluateApi evaluate { get; } = new();
}

/// <summary>The functions that load metrics, as in Python's <c>evaluate</c>.</summary>
public sealed class EvaluateApi
{
    internal EvaluateApi() { }

    /// <summary>Loads a metric by name; nothing is downloaded and no script is run.</summary>
    /// <param name="path">The name: "accuracy", "f1", "seqeval", "rouge"; see <see cref="list_evaluation_modules"/>.</param>
    /// <param name="config_name">A form of the metric: a task of "glue", or "multilabel"; default "default".</param>
    /// <param name="module_type">"metric", which all of them are; default null.</param>
    /// <param name="seed">For "rouge": the seed of its aggregator's samples, drawn as in NumPy; default null, which gives the mean.</param>
    /// <exception cref="ArgumentException">There is no such metric or configuration, or it takes no seed.</exception>
    public EvaluationModule load(string path, string? config_name = null, string? module_type = null, int? seed = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Known.OneOf(module_type, nameof(module_type), null, "metric");
        if (seed is { } given) Require.Count(0, given, nameof(seed));
        var name = path.StartsWith("evaluate-metric/", StringComparison.Ordinal) ? path["evaluate-metric/".Length..] : path;
        if (!MetricTable.ByName.TryGetValue(name, out var metric)) throw Known.Unknown("There is no such metric", path, nameof(path), MetricTable.ByName.Keys);
        if (seed is not null && !metric.Draws) throw new ArgumentException($"The metric \"{name}\" draws nothing. Leave seed out; it goes with {Known.List(MetricTable.ByName.Values.Where(m => m.Draws).Select(m => m.Name))}.", nameof(seed));
        string?[] forms = [.. metric.Configs];
        if (!forms.Contains(config_name ?? "default")) throw Known.Unknown($"The metric \"{name}\" needs a form of its own", config_name, nameof(config_name), forms);
        return new(metric, config_name ?? "default", seed);
    }

    /// <summary>Combines several metrics, given by name, into one.</summary>
    /// <param name="evaluations">The metrics' names.</param>
    /// <param name="force_prefix">Whether each result begins with its metric's name; default false, only if two metrics have a result with the same name.</param>
    /// <exception cref="ArgumentException">There is no metric, or a name is unknown.</exception>
    public CombinedEvaluations combine(IEnumerable<string> evaluations, bool force_prefix = false) =>
        combine((evaluations ?? throw new ArgumentNullException(nameof(evaluations))).Select(e => load(e)), force_prefix);

    /// <summary>Combines several metrics into one.</summary>
    /// <param name="evaluations">The metrics.</param>
    /// <param name="force_prefix">Whether each result begins with its metric's name; default false, only if two metrics have a result with the same name.</param>
    /// <exception cref="ArgumentException">There is no metric, or one is null.</exception>
    public CombinedEvaluations combine(IEnumerable<EvaluationModule> evaluations, bool force_prefix = false)
    {
        EvaluationModule[] modules = [.. evaluations ?? throw new ArgumentNullException(nameof(evaluations))];
        if (modules.Length == 0 || modules.Contains(null!)) throw new ArgumentException("There is no metric, or one is null. Expected: one metric or more, none null.", nameof(evaluations));
        return new(modules, force_prefix);
    }

    /// <summary>Lists the names of all metrics.</summary>
    /// <param name="module_type">"metric", which all of them are; default null.</param>
    /// <exception cref="ArgumentException">There is no such type.</exception>
    public IReadOnlyList<string> list_evaluation_modules(string? module_type = null)
    {
        Known.OneOf(module_type, nameof(module_type), null, "metric");
        return [.. MetricTable.ByName.Keys];
    }
}
