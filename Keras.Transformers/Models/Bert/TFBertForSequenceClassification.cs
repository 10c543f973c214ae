using Keras.Layers;

namespace Keras.Transformers;

/// <summary>BERT with a classifier (or, for one label, a regressor) on the pooled first state.</summary>
/// <remarks>Source: transformers/models/bert/modeling_tf_bert.py, TFBertForSequenceClassification. Unlike it, problem_type is honoured, as in PyTorch.</remarks>
public sealed class TFBertForSequenceClassification : TFBertPreTrainedModel<TFBertForSequenceClassification, TFSequenceClassifierOutput>, IPretrainedModel<TFBertForSequenceClassification>
{
    static readonly string[] Names = ["input_ids", "attention_mask", "token_type_ids", "position_ids", "head_mask", "inputs_embeds", "labels"];

    readonly TFBertMainLayer bert;
    readonly Dropout dropout;
    readonly Dense classifier;

    /// <summary>A model with new weights.</summary>
    /// <param name="config">What it is made of.</param>
    /// <param name="name">Its name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public TFBertForSequenceClassification(BertConfig config, string? name = null, DTypePolicy? dtype = null) : base(config, name, dtype)
    {
        bert = new(config, dtype: dtype_policy);
        dropout = new(config.classifier_dropout ?? config.hidden_dropout_prob, name: "dropout", dtype: dtype_policy);
        classifier = new(config.num_labels, kernel_initializer: BertInit.Weights(config), name: "classifier", dtype: dtype_policy);
    }

    /// <inheritdoc/>
    public static string ModelType => "bert";

    /// <inheritdoc/>
    public static TFBertForSequenceClassification Create(PretrainedConfig config) => new((BertConfig)config);

    internal override IReadOnlyList<string> InputNames => Names;

    private protected override IEnumerable<WeightRow> WeightRows => [.. BertWeights.Backbone("bert."), .. WeightRow.Dense("classifier", "classifier")];

    internal override bool IgnoresOnLoad(string key) => key.StartsWith("cls.", StringComparison.Ordinal) || key.StartsWith("qa_outputs.", StringComparison.Ordinal);

    private protected override Func<Tensors, ModelOutput, Tensor>? OwnLoss => (labels, outputs) => ModelLosses.SequenceClassification(outputs["logits"], labels.Single, config);

    private protected override IEnumerable<(string Name, InputRange Range)> IntegerInputs => ModelLosses.ProblemOf(config) == "single_label_classification"
        ? [.. base.IntegerInputs, ("labels", new(0, config.num_labels - 1))]
        : base.IntegerInputs;

    internal override double? ForwardFlops(long batch, long length) => config.ForwardFlops(batch, length) + (2.0 * batch * config.hidden_size * config.num_labels);

    /// <inheritdoc/>
    public override Tensors call(CallArguments args)
    {
        var inputs = new ModelInputs(this, args);
        var outputs = (TFBaseModelOutputWithPooling)bert.Apply(BackboneArguments(inputs, args));
        Tensor logits = classifier.Apply(dropout.Apply(outputs.pooler_output));
        return new TFSequenceClassifierOutput
        {
            loss = inputs["labels"] is { } labels ? ModelLosses.SequenceClassification(logits, labels, config) : null,
            logits = logits,
            hidden_states = outputs.hidden_states,
            attentions = outputs.attentions,
        };
    }
}
