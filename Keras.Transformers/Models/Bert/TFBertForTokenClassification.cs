using Keras.Layers;

namespace Keras.Transformers;

/// <summary>BERT with a classifier on the state of each token.</summary>
/// <remarks>Source: transformers/models/bert/modeling_tf_bert.py, TFBertForTokenClassification. Negative labels are left out of the loss.</remarks>
public sealed class TFBertForTokenClassification : TFBertPreTrainedModel<TFBertForTokenClassification, BertLabelledInputs, TFTokenClassifierOutput>, IPretrainedModel<TFBertForTokenClassification>
{
    readonly Dropout dropout;
    readonly Dense classifier;

    /// <summary>Creates a model with newly initialised weights.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public TFBertForTokenClassification(BertConfig config, string? name = null, DTypePolicy? dtype = null) : base(config, add_pooling_layer: false, name, dtype)
    {
        dropout = new(ClassifierDropout, name: "dropout", dtype: dtype_policy);
        classifier = new(config.num_labels, kernel_initializer: BertInit.Weights(config), name: "classifier", dtype: dtype_policy);
    }

    /// <inheritdoc/>
    public static TFBertForTokenClassification Create(PretrainedConfig config, DTypePolicy? dtype = null) => new((BertConfig)config, dtype: dtype);

    /// <inheritdoc/>
    protected override IEnumerable<WeightRow> WeightRows => [.. BertWeights.Backbone("bert."), .. WeightRow.Dense("classifier", "classifier")];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> OtherHeads => ["bert.pooler.", "cls."];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, InputRange Range)> IntegerInputs => [.. base.IntegerInputs, (nameof(BertLabelledInputs.labels), new(ModelLosses.Ignored, config.num_labels - 1))];

    /// <inheritdoc/>
    public override double? ForwardFlops(long batch, long length) =>
        config.ForwardFlops(batch, length, withPooler: false) + (2.0 * batch * length * config.hidden_size * config.num_labels);

    /// <inheritdoc/>
    protected override Tensor OwnLoss(BertLabelledInputs labels, TFTokenClassifierOutput outputs) => ModelLosses.TokenClassification(outputs.logits, labels.labels!, config);

    /// <inheritdoc/>
    protected override TFTokenClassifierOutput Forward(BertLabelledInputs inputs)
    {
        var outputs = Backbone(inputs);
        return new()
        {
            logits = classifier.Apply(dropout.Apply(outputs.last_hidden_state)),
            hidden_states = outputs.hidden_states,
            attentions = outputs.attentions,
        };
    }
}
