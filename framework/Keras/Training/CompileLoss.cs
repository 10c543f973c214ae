using Keras.Graphs;
using Keras.Losses;
using Keras.Metrics;

namespace Keras.Training;

/// <summary>The compiled losses of all outputs and their sum.</summary>
/// <remarks>Losses are resolved at the first call, when the shapes are known. The mean loss of each output weighs batches by their size in every mode;
/// Keras on TensorFlow does that only eagerly, so there the parts need not add up to the loss. Source: keras/src/trainers/compile_utils.py.</remarks>
sealed class CompileLoss(LossArg argument, LossWeightsArg? weights, Func<IReadOnlyList<string>?> outputNames)
{
    readonly Lock _building = new();
    Part[]? _parts;
    OutputMap? _outputs;

    sealed record Part(int Output, Loss Loss, double? Weight, Mean? Tracker);

    /// <summary>The mean loss of each output; none if there is only one loss.</summary>
    public IEnumerable<Metric> Metrics => (_parts ?? []).Select(p => p.Tracker).OfType<Metric>();

    /// <summary>The weighted sum of the losses, a scalar; null if no output has a loss.</summary>
    public Tensor? Compute(Tensors? y, Tensors y_pred, Tensors? sample_weight)
    {
        if (y is null) throw new ArgumentException("The loss needs targets, and the data has none. Give y, or batches (x, y).");
        lock (_building) if (_parts is null) Build(y, y_pred);
        var outputs = _outputs!;
        var predictions = outputs.Pick(y_pred, "y_pred", optional: false);
        var targets = outputs.Pick(y, "y", optional: true);
        var sampleWeights = sample_weight is null ? null : outputs.Pick(sample_weight, "sample_weight", optional: true);
        Tensor? total = null;
        foreach (var (output, loss, weight, tracker) in _parts!)
        {
            var predicted = predictions[output]!;
            var target = targets[output] ?? throw new ShapeMismatchException("A target is missing", $"output '{outputs.Names[output]}'", "an entry of y", "none");
            var value = loss.Apply(target, predicted, sampleWeights?[output]);
            if (value.ndim > 0) value = Tf.Mean(value);
            tracker?.update_state(value, sample_weight: CountedRows.Count(predicted));
            if (weight is { } factor) value *= factor;
            total = total is null ? value : total + value;
        }
        return total;
    }

    void Build(Tensors y, Tensors y_pred)
    {
        var outputs = OutputMap.Of(y_pred, outputNames());
        var losses = argument.Items is null && argument.ByOutput is null
            ? [.. Enumerable.Repeat(argument, outputs.Count)]
            : outputs.Pick(argument.Items, argument.ByOutput, "loss", complete: true);
        var factors = weights is null ? null : outputs.Pick(weights.Items?.Select(w => (object?)w).ToList(),
            weights.ByOutput?.ToDictionary(w => w.Key, w => (object?)w.Value), "loss_weights", complete: false);
        var predictions = outputs.Pick(y_pred, "y_pred", optional: false);
        if (y.IsLeaf && outputs.Count > 1 || !y.IsLeaf && !y.IsDictionary) outputs.Pick(y, "y", optional: false);
        var targets = outputs.Pick(y, "y", optional: true);
        var used = losses.Count(l => l is not null);
        _parts = [.. losses.Select((l, i) => (l, i)).Where(l => l.l is not null && targets[l.i] is not null).Select(l => new Part(
            l.i, l.l!.Resolve(targets[l.i]!.shape, predictions[l.i]!.shape), (double?)factors?[l.i], used > 1 ? new Mean($"{outputs.Names[l.i]}_loss") : null))];
        _outputs = outputs;
    }
}
