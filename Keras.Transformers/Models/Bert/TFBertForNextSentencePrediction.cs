using Keras.Layers;

namespace Keras.Transformers;

/// <summary>BERT with a head that predicts whether the second sentence follows the first.</summary>
/// <remarks>Source: transformers/models/bert/modeling_tf_bert.py, TFBertForNextSentencePrediction. A label of -100 makes a loss of 0.</remarks>
public sealed class TFBertForNextSentencePrediction : TFBertPreTrainedModel<TFBertForNextSentencePrediction, BertNextSentenceInputs, TFNextSentencePredictorOutput>, IPretrainedModel<TFBertForNextSentencePrediction>
{
    readonly Dense seq_relationship;

    /// <summary>Creates a model with newly initialised weights.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public TFBertForNextSentencePrediction(BertConfig config, string? name = null, DTypePolicy? dtype = null) : base(config, add_pooling_layer: true, name, dtype) =>
        seq_relationship = new(2, kernel_initializer: BertInit.Weights(config), name: "seq_relationship", dtype: dtype_policy);

    /// <inheritdoc/>
    public static TFBertForNextSentencePrediction Create(PretrainedConfig config, DTypePolicy? dtype = null) => new((BertConfig)config, dtype: dtype);

    /// <inheritdoc/>
    protected override IEnumerable<WeightRow> WeightRows => [.. BertWeights.Backbone("bert."), .. WeightRow.Dense("cls.seq_relationship", "seq_relationship")];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> OtherHeads => ["cls.predictions."];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, InputRange Range)> IntegerInputs => [.. base.IntegerInputs, (nameof(BertForPreTrainingInputs.next_sentence_label), new(0, 1, ModelLosses.Ignored))];

    /// <inheritdoc/>
    public override double? ForwardFlops(long batch, long length) => config.ForwardFlops(batch, length) + (4.0 * batch * config.hidden_size);

    /// <inheritdoc/>
    protected override Tensor OwnLoss(BertNextSentenceInputs labels, TFNextSentencePredictorOutput outputs) => ModelLosses.NextSentence(outputs.logits, labels.next_sentence_label!, config);

    /// <inheritdoc/>
    protected override TFNextSentencePredictorOutput Forward(BertNextSentenceInputs inputs)
    {
        var outputs = Backbone(inputs);
        return new()
        {
            logits = seq_relationship.Apply(outputs.pooler_output),
            hidden_states = outputs.hidden_states,
            attentions = outputs.attentions,
        };
    }

    /// <summary>Calls the model with its inputs as named arguments.</summary>
    /// <remarks>
    /// input_ids to output_hidden_states as in <see cref="TFBertPreTrainedModel{TSelf, TInputs, TOut}"/>'s Apply.
    /// <para>next_sentence_label: 0 if the second sentence follows, 1 if it does not, (B); then the output holds a loss.</para>
    /// </remarks>
    public new TFNextSentencePredictorOutput Apply(Tensors? input_ids = null, Tensor? attention_mask = null, Tensor? token_type_ids = null, Tensor? position_ids = null,
        Tensor? head_mask = null, Tensor? inputs_embeds = null, bool? output_attentions = null, bool? output_hidden_states = null,
        Tensor? next_sentence_label = null, bool? training = null) =>
        Apply(Keywords(input_ids, new BertNextSentenceInputs { attention_mask = attention_mask, token_type_ids = token_type_ids, position_ids = position_ids, head_mask = head_mask, inputs_embeds = inputs_embeds, output_attentions = output_attentions, output_hidden_states = output_hidden_states, next_sentence_label = next_sentence_label }, training));
}
