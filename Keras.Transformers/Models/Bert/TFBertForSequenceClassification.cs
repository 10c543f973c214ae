using Keras.Layers;

namespace Keras.Transformers;

/// <summary>BERT with a classifier (or, for one label, a regressor) on the pooled first state.</summary>
/// <remarks>Source: transformers/models/bert/modeling_tf_bert.py, TFBertForSequenceClassification. Unlike it, problem_type is honoured, as in PyTorch.</remarks>
/// <example>
/// <code>
/// var tokenizer = AutoTokenizer.from_pretrained("bert-base-cased");
/// var model = TFBertForSequenceClassification.from_pretrained("bert-base-cased", num_labels: 2);
/// Tensors inputs = tokenizer.Apply(["a fine film", "far too long"], padding: true);
/// Tensor logits = model.Apply(inputs).logits;   // (2, 2)
/// </code>
/// </example>
public sealed class TFBertForSequenceClassification : TFBertPreTrainedModel<TFBertForSequenceClassification, BertLabelledInputs, TFSequenceClassifierOutput>, IPretrainedModel<TFBertForSequenceClassification>
{
    readonly Dropout dropout;
    readonly Dense classifier;

    /// <summary>Creates a model with newly initialised weights.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public TFBertForSequenceClassification(BertConfig config, string? name = null, DTypePolicy? dtype = null) : base(config, add_pooling_layer: true, name, dtype)
    {
        dropout = new(ClassifierDropout, name: "dropout", dtype: dtype_policy);
        classifier = new(config.num_labels, kernel_initializer: BertInit.Weights(config), name: "classifier", dtype: dtype_policy);
    }

    /// <inheritdoc/>
    public static TFBertForSequenceClassification Create(PretrainedConfig config, DTypePolicy? dtype = null) => new((BertConfig)config, dtype: dtype);

    /// <inheritdoc/>
    protected override IEnumerable<WeightRow> WeightRows => [.. BertWeights.Backbone("bert."), .. WeightRow.Dense("classifier", "classifier")];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> OtherHeads => ["cls."];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, InputRange Range)> IntegerInputs => ModelLosses.ProblemOf(config) == "single_label_classification"
        ? [.. base.IntegerInputs, (nameof(BertLabelledInputs.labels), new(0, config.num_labels - 1))]
        : base.IntegerInputs;

    /// <inheritdoc/>
    public override double? ForwardFlops(long batch, long length) => config.ForwardFlops(batch, length) + (2.0 * batch * config.hidden_size * config.num_labels);

    /// <inheritdoc/>
    protected override Tensor OwnLoss(BertLabelledInputs labels, TFSequenceClassifierOutput outputs) => ModelLosses.SequenceClassification(outputs.logits, labels.labels!, config);

    /// <inheritdoc/>
    protected override TFSequenceClassifierOutput Forward(BertLabelledInputs inputs)
    {
        var outputs = Backbone(inputs);
        return new()
        {
            logits = classifier.Apply(dropout.Apply(outputs.pooler_output)),
            hidden_states = outputs.hidden_states,
            attentions = outputs.attentions,
        };
    }
}
