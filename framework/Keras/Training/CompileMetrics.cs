using Keras.Graphs;
using Keras.Losses;
using Keras.Metrics;

namespace Keras.Training;

/// <summary>The compiled metrics of all outputs: one metric whose result is a dictionary.</summary>
/// <remarks>They are resolved at the first batch, when the shapes are known ("accuracy"). Source: keras/src/trainers/compile_utils.py.</remarks>
sealed class CompileMetrics(MetricsArg? plain, MetricsArg? weighted, Func<IReadOnlyList<string>?> outputNames) : Metric(name: "compile_metrics")
{
    readonly Lock _building = new();
    readonly List<Metric> _metrics = [];
    List<Part>? _parts;
    OutputMap? _outputs;

    sealed record Part(int Output, Metric Metric, string LogName, bool Weighted);

    /// <summary>The metrics, the unweighted ones first.</summary>
    public IReadOnlyList<Metric> Parts => _metrics;

    /// <summary>Finds the metric of a log, by the log's name or its own; null for none.</summary>
    public Metric? OfLog(string log) => _parts?.Find(p => p.LogName == log)?.Metric ?? _metrics.Find(m => m.name == log);

    /// <summary>Updates the metrics with a batch.</summary>
    /// <param name="y">The truth.</param>
    /// <param name="y_pred">The outputs.</param>
    /// <param name="sample_weight">The weight of each sample, for weighted metrics.</param>
    /// <param name="counted">A mask of the elements of a truth that count, bool of its shape; null for all.</param>
    public void Update(Tensors y, Tensors y_pred, Tensors? sample_weight, Func<Tensor, Tensor?> counted)
    {
        lock (_building) if (_parts is null) Build(y, y_pred);
        var predictions = _outputs!.Pick(y_pred, "y_pred", optional: false);
        var targets = _outputs.Pick(y, "y", optional: true);
        var weights = sample_weight is null ? null : _outputs.Pick(sample_weight, "sample_weight", optional: true);
        var masks = Array.ConvertAll(targets, t => t is null ? null : counted(t));
        foreach (var part in _parts!)
        {
            if (targets[part.Output] is not { } target) continue;
            var weight = part.Weighted ? weights?[part.Output] : null;
            if (masks[part.Output] is { } mask) (target, weight) = (Tf.SelectV2(mask, target, Tf.ZerosLike(target)), Within(mask, weight));
            part.Metric.update_state(target, predictions[part.Output]!, CountedRows.Weights(weight));
        }
    }

    /// <summary>Expands sample weights to each element, with 0 where the mask is false.</summary>
    static Tensor Within(Tensor mask, Tensor? weight)
    {
        var counts = Tf.Cast(mask, DType.Float32);
        if (weight is null) return counts;
        while (weight.ndim < counts.ndim) weight = Tf.ExpandDims(weight, -1);
        return counts * Tf.Cast(weight, DType.Float32);
    }

    /// <summary>The results so far by log name.</summary>
    public override Tensors result() => new((_parts ?? []).Select(p => KeyValuePair.Create(p.LogName, p.Metric.result())));

    public override void reset_state()
    {
        foreach (var metric in _metrics) metric.reset_state();
    }

    void Build(Tensors y, Tensors y_pred)
    {
        var outputs = OutputMap.Of(y_pred, outputNames());
        var predictions = outputs.Pick(y_pred, "y_pred", optional: false);
        var targets = outputs.Pick(y, "y", optional: true);
        var parts = new List<Part>();
        var used = new Dictionary<string, int>();
        void Add(MetricsArg? argument, bool isWeighted, string what)
        {
            if (argument is null) return;
            var byOutput = ForOutputs(argument, outputs, what);
            for (var i = 0; i < byOutput.Length; i++)
            {
                if (byOutput[i] is not { } wanted || targets[i] is not { } target) continue;
                foreach (var metric in wanted.Resolve(target.shape, predictions[i]!.shape))
                    parts.Add(new(i, metric, LogName(metric, outputs.Count > 1 ? outputs.Names[i] : null, isWeighted, used), isWeighted));
            }
        }
        Add(plain, false, "metrics");
        Add(weighted, true, "weighted_metrics");
        _metrics.AddRange(parts.Select(p => p.Metric));
        (_outputs, _parts) = (outputs, parts);
    }

    /// <summary>The metrics of each output; a list without inner lists belongs to the single output, or as a whole to each of several.</summary>
    static MetricsArg?[] ForOutputs(MetricsArg argument, OutputMap outputs, string what)
    {
        if (argument.ByOutput is not null) return outputs.Pick(null, argument.ByOutput, what, complete: false);
        if (outputs.Count == 1) return [argument];
        var nested = argument.Items?.All(i => i is null || i.Items is not null) ?? false;
        return nested || argument.Items?.Count == outputs.Count
            ? outputs.Pick(argument.Items, null, what, complete: true)
            : throw new ArgumentException($"{what} for {outputs.Count} outputs must be a list with a list for each output, or a dictionary by output name.");
    }

    static string LogName(Metric metric, string? output, bool isWeighted, Dictionary<string, int> used)
    {
        var name = output is null ? metric.name : $"{output}_{metric.name}";
        if (used.ContainsKey(name) && isWeighted) name = output is null ? $"weighted_{metric.name}" : $"{output}_weighted_{metric.name}";
        var count = used.GetValueOrDefault(name);
        used[name] = count + 1;
        return count == 0 ? name : $"{name}_{count}";
    }
}
