using Keras.Graphs;
using Keras.Training;

namespace Keras.Transformers;

/// <summary>How pretrained models train: labels in the inputs or beside them, the model's own loss, predictions found among the outputs.</summary>
/// <remarks>Source: TFPreTrainedModel.train_step in transformers/modeling_tf_utils.py. Labels are taken out of the inputs and given to the loss as the
/// truth, so both ways give the same history.</remarks>
public abstract partial class TFPreTrainedModel
{
    /// <summary>The inputs that are truth, not data: "labels".</summary>
    internal virtual IReadOnlyList<string> LabelNames => [.. InputNames.Where(n => n.Contains("label", StringComparison.Ordinal))];

    /// <summary>The model's own loss of predictions, one value per sample, (B), or a scalar; null where it has none.</summary>
    private protected virtual Func<Tensors, ModelOutput, Tensor>? OwnLoss => null;

    /// <summary>What the integer inputs, labels included, may hold, by name.</summary>
    private protected abstract IEnumerable<(string Name, InputRange Range)> IntegerInputs { get; }

    /// <inheritdoc/>
    protected override DefaultLoss? default_loss => OwnLoss is not { } own ? null : (_, y, y_pred) => own(
        y ?? throw new ArgumentException($"{GetType().Name} needs labels to compute its loss. Give y, or \"{string.Join("\", \"", LabelNames)}\" among the inputs."), (ModelOutput)y_pred);

    /// <inheritdoc/>
    protected override Batch PrepareBatch(Batch data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!data.x.IsDictionary || !LabelNames.Any(data.x.ContainsKey)) return data;
        var labels = data.x.Named().Where(i => LabelNames.Contains(i.Key)).ToList();
        return new(new Tensors(data.x.Named().Except(labels)), data.y ?? (labels.Count == 1 ? labels[0].Value : new Tensors(labels)), data.sample_weight);
    }

    /// <inheritdoc/>
    protected override (Tensors? Y, Tensors Predicted) MatchOutputs(Tensors? x, Tensors? y, Tensors y_pred)
    {
        ArgumentNullException.ThrowIfNull(y_pred);
        var outputs = new Tensors(y_pred.Named().Where(o => o.Key != "loss"));
        if (y is null || !y.IsDictionary) return (y, outputs[0]);
        return y.Count == 1 ? (y[0], outputs.TryGet(y.Keys[0], out var same) ? same : outputs[0]) : (y, new Tensors(outputs.Named().Where(o => y.ContainsKey(o.Key))));
    }

    /// <inheritdoc/>
    protected internal override IReadOnlyDictionary<string, InputRange> InputRanges
    {
        get
        {
            var ranges = IntegerInputs.ToDictionary(i => i.Name, i => i.Range);
            // In a list, inputs are known by their position.
            for (var i = 0; i < InputNames.Count; i++)
                if (ranges.TryGetValue(InputNames[i], out var listed)) ranges[i.ToString(System.Globalization.CultureInfo.InvariantCulture)] = listed;
            if (!ranges.TryGetValue(InputNames[0], out var main)) return ranges;
            ranges["x"] = main;
            if (LabelNames.Count == 1 && ranges.TryGetValue(LabelNames[0], out var labels)) ranges["y"] = labels;
            foreach (var name in LabelNames)
                if (ranges.TryGetValue(name, out var range)) ranges[$"y/{name}"] = range;
            return ranges;
        }
    }

    /// <summary>Checks what comes from the host in a call outside of training, before it is computed.</summary>
    void CheckInputs(CallArguments args)
    {
        if (Graph.Current is not null) return;
        var named = args.Inputs.IsDictionary ? args.Inputs : args.Inputs.IsLeaf ? new Tensors([KeyValuePair.Create("x", args.Inputs)])
            : new Tensors(args.Inputs.Zip(InputNames, (value, name) => KeyValuePair.Create(name, value)));
        BatchChecks.Check(new Batch(new Tensors(named.Named().Concat(args.Tensors.Where(t => !named.ContainsKey(t.Key))))), InputRanges);
    }
}
