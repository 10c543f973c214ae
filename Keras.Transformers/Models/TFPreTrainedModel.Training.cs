using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>How pretrained models train: with labels in the inputs or beside them, with the model's own loss, and with predictions found among the outputs.</summary>
/// <remarks>Source: TFPreTrainedModel.train_step in transformers/modeling_tf_utils.py. Labels among the inputs are taken out and given to the loss, so both ways give the same history.</remarks>
public abstract partial class TFPreTrainedModel
{
    /// <summary>The output names of labels, if they differ.</summary>
    static readonly Dictionary<string, string> OutputOfLabel = new()
    {
        ["labels"] = "prediction_logits", ["next_sentence_label"] = "seq_relationship_logits", ["start_positions"] = "start_logits", ["end_positions"] = "end_logits",
        ["mc_labels"] = "mc_logits",
    };

    /// <summary>The inputs that are labels rather than data: "labels".</summary>
    public virtual IReadOnlyList<string> LabelNames => [.. InputNames.Where(n => n.Contains("label", StringComparison.Ordinal))];

    private protected abstract Tensor OwnLoss(Tensors labels, ModelOutput outputs);

    /// <summary>Whether the labels among those given are enough for a loss: all of them, unless a class says otherwise.</summary>
    internal virtual bool HasLabels(IEnumerable<string> given) => LossInput is { } input ? given.Contains(input) : LabelNames.Count > 0 && LabelNames.All(given.Contains);

    /// <summary>For a model that learns only from its inputs, the input that makes it compute a loss, the mask; default none.</summary>
    protected virtual string? LossInput => null;

    /// <summary>The allowed values of the integer inputs and labels, by name.</summary>
    protected abstract IEnumerable<(string Name, InputRange Range)> IntegerInputs { get; }

    /// <inheritdoc/>
    protected override DefaultLoss? default_loss => LossInput is { } input ? (_, _, y_pred) => y_pred.TryGet("loss", out var loss) ? loss.Single
            : throw new ArgumentException($"{GetType().Name} needs \"{input}\" among the inputs to compute its loss.")
        : LabelNames.Count == 0 ? null : (_, y, y_pred) => LabelsOf(Named(y, y_pred)) is var labels && HasLabels(labels.Keys)
        ? OwnLoss(labels, (ModelOutput)y_pred)
        : throw new ArgumentException($"{GetType().Name} needs labels to compute its loss. Give {(LabelNames.Count == 1 ? "y, or " : "")}\"{string.Join("\" and \"", LabelNames)}\" in y or among the inputs.");

    /// <summary>Reads y as labels: a single bare label, a dictionary by name, or a list in the model's order.</summary>
    Tensors LabelsOf(Tensors? y)
    {
        if (y is { IsDictionary: true } && y.Keys.Any(LabelNames.Contains)) return y;
        var isWhole = y is not null && (y.IsLeaf ? LabelNames.Count == 1 : y.Count == LabelNames.Count);
        return new Tensors(isWhole ? LabelNames.Zip(y!, KeyValuePair.Create) : []);
    }

    /// <summary>Returns y if all names in a dictionary are labels, or outputs that have a truth.</summary>
    /// <exception cref="ArgumentException">A name is neither a label nor an output.</exception>
    Tensors? Named(Tensors? y, Tensors outputs)
    {
        string[] known = [.. LabelNames, .. outputs.Keys.Where(o => o != "loss")];
        return y?.Keys.FirstOrDefault(k => !known.Contains(k)) is not { } unknown ? y
            : throw Known.Unknown($"y has an entry that is neither a label nor an output of {GetType().Name}", unknown, nameof(y), known);
    }

    /// <inheritdoc/>
    /// <remarks>Outputs have names in training, whatever the configuration says. A decoder's keys and values are for a following call, and there is none here, so fit, evaluate and predict
    /// neither keep nor return them. Hugging Face TF joins those of all batches, GPT-2's along the wrong axis.</remarks>
    protected override Tensors ForwardStep(Tensors x, bool training) => Apply(WithoutPast(x, training));

    /// <inheritdoc/>
    /// <remarks>Without keys and values, as in training.</remarks>
    public override Tensors predict_step(Batch data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Apply(WithoutPast(PrepareBatch(data).x, training: false), config.return_dict);
    }

    CallArguments WithoutPast(Tensors x, bool training)
    {
        var args = new CallArguments(x, training);
        return CallParameters.Contains(UseCache) ? args.WithOption(UseCache, false) : args;
    }

    const string UseCache = "use_cache";

    /// <inheritdoc/>
    protected override Batch PrepareBatch(Batch data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!data.x.IsDictionary || !LabelNames.Any(data.x.ContainsKey)) return data;
        var labels = data.x.Named().Where(i => LabelNames.Contains(i.Key)).ToList();
        return new(new Tensors(data.x.Named().Except(labels)), data.y ?? (labels.Count == 1 && LabelNames.Count == 1 ? labels[0].Value : new Tensors(labels)), data.sample_weight);
    }

    /// <inheritdoc/>
    protected override (Tensors? Y, Tensors Predicted) MatchOutputs(Tensors? x, Tensors? y, Tensors y_pred)
    {
        ArgumentNullException.ThrowIfNull(y_pred);
        var outputs = new Tensors(y_pred.Named().Where(o => o.Key != "loss"));
        if (y is null || y.IsLeaf) return (y, outputs[0]);
        if (!y.IsDictionary) return (y, new Tensors(outputs.Take(y.Count)));
        y = new Tensors(Named(y, outputs)!.Named().Select(l => outputs.ContainsKey(l.Key) || !OutputOfLabel.TryGetValue(l.Key, out var output) || !outputs.ContainsKey(output)
            ? l : KeyValuePair.Create(output, l.Value)));
        return y.Count == 1 ? (y[0], outputs.TryGet(y.Keys[0], out var same) ? same : outputs[0]) : (y, new Tensors(outputs.Named().Where(o => y.ContainsKey(o.Key))));
    }

    /// <inheritdoc/>
    /// <remarks>Labels that the model's own loss leaves out (-100) count in no metric. Hugging Face TF counts them as wrong.</remarks>
    protected override Tensor? CountedByMetrics(Tensor y)
    {
        ArgumentNullException.ThrowIfNull(y);
        return y.dtype.IsInteger && IntegerInputs.Any(i => LabelNames.Contains(i.Name) && (i.Range.Min <= ModelLosses.Ignored || i.Range.Ignored == ModelLosses.Ignored))
            ? Tf.NotEqual(y, Tf.Cast(Tf.Int32Scalar(ModelLosses.Ignored), y.dtype)) : null;
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
            if (ranges.TryGetValue(InputNames[0], out var main)) ranges["x"] = main;
            if (LabelNames.Count == 1 && ranges.TryGetValue(LabelNames[0], out var labels)) ranges["y"] = labels;
            foreach (var (i, name) in LabelNames.Index())
                if (ranges.TryGetValue(name, out var range)) ranges[$"y/{name}"] = ranges[$"y/{i}"] = range;
            return ranges;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Padding rows get labels that the loss ignores, if there are such.</remarks>
    internal override long? FillerOf(string path) =>
        (path[0] == 'y' || LabelNames.Contains(path)) && InputRanges.TryGetValue(path, out var range) && range.Contains(ModelLosses.Ignored) ? ModelLosses.Ignored : null;

    /// <inheritdoc/>
    /// <remarks>A loss of the whole batch ignores padding rows by their labels, if it has labels. tf_legacy_loss gives one loss for each counted label.</remarks>
    internal override bool ComputesRowsApart => LossInput is null && !config.tf_legacy_loss;

    /// <inheritdoc/>
    /// <exception cref="ValueRangeException">Outside of training, where the batch was checked: an id from the host is outside its range.</exception>
    protected override void BeforeCall(CallArguments args)
    {
        base.BeforeCall(args);
        if (Graph.Current is not null) return;
        var named = new Tensors(LayerArguments.Named(InputNames, args.Inputs));
        var data = new Batch(new Tensors(named.Named().Concat(args.Tensors.Where(t => !named.ContainsKey(t.Key)))));
        if (args.Options.Values.Any(o => o is KeyValueCache)) CheckKinds(data);
        else CheckData(data);
    }
}
