namespace Keras.Transformers;

/// <summary>Several metrics computed together on the same samples: <c>evaluate.combine(["accuracy", "f1"])</c>.</summary>
/// <remarks>Source: evaluate/module.py.</remarks>
public sealed class CombinedEvaluations
{
    readonly EvaluationModule[] _modules;
    readonly bool _prefixes;

    internal CombinedEvaluations(EvaluationModule[] modules, bool prefixes) => (_modules, _prefixes) = (modules, prefixes);

    /// <summary>The metrics that are combined.</summary>
    public IReadOnlyList<EvaluationModule> evaluation_modules => _modules;

    /// <summary>Adds one sample to each metric.</summary>
    /// <param name="prediction">The prediction.</param>
    /// <param name="reference">The correct answer.</param>
    public void add(MetricValue prediction, MetricValue reference) => Each(m => m.add(prediction, reference));

    /// <summary>Adds samples to each metric.</summary>
    /// <param name="predictions">The prediction.</param>
    /// <param name="references">The correct answers, in the same order.</param>
    /// <exception cref="ShapeMismatchException">Predictions and references differ in number.</exception>
    public void add_batch(MetricValue predictions, MetricValue references) => Each(m => m.add_batch(predictions, references));

    /// <summary>Computes every metric with its defaults on all samples, including those added before, and forgets them.</summary>
    /// <param name="predictions">The predictions; default only those that were added.</param>
    /// <param name="references">The correct answers, in the same order.</param>
    /// <returns>The results of all by name; if two have the same name, or force_prefix is set, prefixed with their metric's ("f1_f1"; duplicate metrics are numbered, "f1_0_f1").</returns>
    /// <exception cref="ShapeMismatchException">There are no samples, or their numbers differ.</exception>
    public MetricResult compute(MetricValue? predictions = null, MetricValue? references = null)
    {
        var results = Results(predictions, references);
        var twice = results.SelectMany(r => r.Result.Keys).GroupBy(k => k).Where(g => g.Count() > 1).Select(g => g.Key).ToHashSet();
        var all = new MetricValue();
        foreach (var (i, (name, result)) in results.Index())
        {
            var prefix = results.Count(r => r.name == name) > 1 ? $"{name}_{results.Take(i).Count(r => r.name == name)}" : name;
            foreach (var key in result.Keys) all[_prefixes || twice.Contains(key) ? $"{prefix}_{key}" : key] = result[key];
        }
        return new(all);
    }

    /// <summary>Computes all metrics. If one fails, all drop their samples, so that the next computation starts equal for each.</summary>
    (string name, MetricResult Result)[] Results(MetricValue? predictions, MetricValue? references)
    {
        try
        {
            return [.. _modules.Select(m => (m.name, m.compute(predictions, references)))];
        }
        catch
        {
            Each(m => m.Forget());
            throw;
        }
    }

    void Each(Action<EvaluationModule> call)
    {
        foreach (var module in _modules) call(module);
    }
}
