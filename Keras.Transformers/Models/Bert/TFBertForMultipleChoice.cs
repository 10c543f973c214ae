using Keras.Layers;
using static Keras.Api;

namespace Keras.Transformers;

/// <summary>BERT with a head that chooses one of several texts: all inputs have an additional axis, (B, choices, T).</summary>
/// <remarks>Source: transformers/models/bert/modeling_tf_bert.py, TFBertForMultipleChoice.</remarks>
public sealed class TFBertForMultipleChoice : TFBertPreTrainedModel<TFBertForMultipleChoice, BertLabelledInputs, TFMultipleChoiceModelOutput>, IPretrainedModel<TFBertForMultipleChoice>
{
    readonly Dropout dropout;
    readonly Dense classifier;

    /// <summary>Creates a model with newly initialised weights.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public TFBertForMultipleChoice(BertConfig config, string? name = null, DTypePolicy? dtype = null) : base(config, add_pooling_layer: true, name, dtype)
    {
        dropout = new(ClassifierDropout, name: "dropout", dtype: dtype_policy);
        classifier = new(1, kernel_initializer: BertInit.Weights(config), name: "classifier", dtype: dtype_policy);
    }

    /// <inheritdoc/>
    public static TFBertForMultipleChoice Create(PretrainedConfig config, DTypePolicy? dtype = null) => new((BertConfig)config, dtype: dtype);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, (DType DType, Shape Shape)> input_signature { get; } = Signature(new Shape(-1, -1, -1));

    /// <inheritdoc/>
    protected override IEnumerable<WeightRow> WeightRows => [.. BertWeights.Backbone("bert."), .. WeightRow.Dense("classifier", "classifier")];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> OtherHeads => ["cls."];

    /// <inheritdoc/>
    protected override Tensor OwnLoss(BertLabelledInputs labels, TFMultipleChoiceModelOutput outputs) => ModelLosses.PerSample(outputs.logits, labels.labels!);

    /// <inheritdoc/>
    protected override TFMultipleChoiceModelOutput Forward(BertLabelledInputs inputs)
    {
        var texts = inputs.input_ids ?? inputs.inputs_embeds ?? throw new ArgumentException($"{nameof(TFBertForMultipleChoice)} takes either input_ids or inputs_embeds. Received: neither.");
        var choices = ops.shape(texts)[1];
        var outputs = Backbone(new BertDecoderInputs(inputs)
        {
            input_ids = Flat(inputs.input_ids, nameof(inputs.input_ids)),
            attention_mask = Flat(inputs.attention_mask, nameof(inputs.attention_mask)),
            token_type_ids = Flat(inputs.token_type_ids, nameof(inputs.token_type_ids)),
            position_ids = Flat(inputs.position_ids, nameof(inputs.position_ids)),
            inputs_embeds = Flat(inputs.inputs_embeds, nameof(inputs.inputs_embeds)),
        });
        return new()
        {
            logits = ops.reshape(classifier.Apply(dropout.Apply(outputs.pooler_output)), [-1, choices]),
            hidden_states = outputs.hidden_states,
            attentions = outputs.attentions,
        };
    }

    /// <summary>Makes each choice a row: (B, choices, T, ...) to (B · choices, T, ...).</summary>
    static Tensor? Flat(Tensor? x, string name) => x is null ? null
        : x.ndim < 3 ? throw new ShapeMismatchException("An input has no axis for the choices", name, "(B, choices, T)", x.shape.ToString())
        : ops.reshape(x, [-1, .. ops.shape(x)[2..]]);
}
